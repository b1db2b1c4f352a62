/** Profiles of one kind, each with its server's state, what that takes, and what can be done. */
import { Badge, Table } from '@mantine/core'
import { memo } from 'react'
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { StatePill } from '../../parts/state-pill.tsx'
import type { Profile } from '../../parts/use-profiles.ts'
import { ProfileActions } from './profile-actions.tsx'
import styles from './profiles.module.css'
import { lifeOf, memoryOf, notesOf } from './shelves.ts'

interface Props {
  /** Their kind, for a screen reader. */
  readonly of: string
  readonly profiles: readonly Profile[]
  readonly servers: ReadonlyMap<string, ServerView>
}

export function ProfileTable({ of, profiles, servers }: Props) {
  return (
    <Table aria-label={of} className={styles['table']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Profile</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Reserved</Table.Th>
          <Table.Th>Unloads</Table.Th>
          <Table.Th aria-label="Actions" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {profiles.map((profile) => (
          <Row key={profile.name} profile={profile} server={servers.get(profile.name)} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

interface RowProps {
  readonly profile: Profile
  readonly server: ServerView | undefined
}

const Row = memo(function Row({ profile, server }: RowProps) {
  const { name, available } = profile
  const [memory, held] = memoryOf(profile, server)
  const [leaves, preload] = lifeOf(profile, server)
  return (
    <Table.Tr>
      <Table.Td>
        <ModelName name={name} />
        <div className={styles['notes']}>
          {notesOf(profile).map((note) => (
            <span key={note}>{note}</span>
          ))}
        </div>
      </Table.Td>
      <Table.Td>
        {server !== undefined && (available || server.state !== 'stopped') ? (
          <StatePill server={server} />
        ) : available ? (
          <Badge color="var(--idle)">not loaded</Badge>
        ) : (
          <Badge color="var(--warn)">no model yet</Badge>
        )}
      </Table.Td>
      <Table.Td data-name="reserves">
        <span className={styles['amount']}>{memory}</span>
        <div className={`${styles['small']} ${styles['amount']}`}>{held}</div>
      </Table.Td>
      <Table.Td data-name="unloads">
        {leaves}
        <div className={styles['small']}>{preload}</div>
      </Table.Td>
      <Table.Td>
        <ProfileActions profile={profile} server={server} />
      </Table.Td>
    </Table.Tr>
  )
})
