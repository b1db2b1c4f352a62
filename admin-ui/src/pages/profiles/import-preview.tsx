/** What would become of each profile in a file. */
import { Badge, Checkbox, Table, Text } from '@mantine/core'
import { actionColours, actionWords, inShort, remarksOf, servesOf } from './import-words.ts'
import type { Imported, ImportedProfile } from './import-words.ts'
import styles from './profiles.module.css'

interface Props {
  readonly planned: Imported
  /** Names that shall not be imported. */
  readonly aside: ReadonlySet<string>
  readonly put: (name: string, aside: boolean) => void
}

export function ImportPreview({ planned, aside, put }: Props) {
  return (
    <div className={styles['preview']}>
      <Text role="status">{inShort(planned)}</Text>
      {planned.notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
      {planned.profiles.length > 0 && (
        <Table aria-label="Profiles in the file" className={styles['planned']}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th aria-label="Import it" />
              <Table.Th>Profile</Table.Th>
              <Table.Th>What happens</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {planned.profiles.map((profile, place) => (
              // a name may stand in a file twice
              // oxlint-disable-next-line react/no-array-index-key
              <Row key={place} profile={profile} taken={!aside.has(profile.name)} put={put} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  )
}

interface RowProps {
  readonly profile: ImportedProfile
  readonly taken: boolean
  readonly put: Props['put']
}

function Row({ profile, taken, put }: RowProps) {
  const { name, action } = profile
  const can = action !== 'skip'
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          radius={4}
          aria-label={`Import ${name}`}
          checked={can && taken}
          disabled={!can}
          onChange={() => put(name, taken)}
        />
      </Table.Td>
      <Table.Td className={styles['words']}>
        <b>{name}</b>
        <div className={styles['small']}>{servesOf(profile)}</div>
      </Table.Td>
      <Table.Td className={styles['words']}>
        <Badge color={actionColours[action]}>{actionWords[action]}</Badge>
        {remarksOf(profile).map((remark) => (
          <div key={remark} className={styles['small']}>
            {remark}
          </div>
        ))}
      </Table.Td>
    </Table.Tr>
  )
}
