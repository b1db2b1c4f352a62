/** The revisions of a hub model that are on disk: each can be made whole, renewed or deleted by itself. */
import { Button, Table, Text, VisuallyHidden } from '@mantine/core'
import { bytes } from '../../parts/format.ts'
import { usePull } from '../../parts/use-pull.ts'
import { DeleteModel } from './delete-model.tsx'
import { nameOf } from './deletion.ts'
import styles from './models.module.css'
import type { LocalModel, Revision } from '../../parts/use-models.ts'
import type { Updates } from './use-library.ts'

interface Props {
  readonly model: LocalModel
  readonly newer: Updates['updates']
}

export function Revisions({ model, newer }: Props) {
  return (
    <Table aria-label={`Revisions of ${model.id}`} className={styles['revisions']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Revision</Table.Th>
          <Table.Th>Commit</Table.Th>
          <Table.Th ta="right">Takes</Table.Th>
          <Table.Th ta="right">Frees</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {model.revisions.map((revision) => (
          <RevisionRow
            key={revision.commit}
            model={model}
            revision={revision}
            newer={newer.find(({ revision: ref }) => revision.refs.includes(ref))}
          />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function RevisionRow({
  model,
  revision,
  newer,
}: {
  readonly model: LocalModel
  readonly revision: Revision
  readonly newer: Updates['updates'][number] | undefined
}) {
  const { refs, commit, incomplete, sizeBytes, ownBytes } = revision
  const { pull, busy, refusal } = usePull()
  const ref = refs[0] ?? commit
  return (
    <Table.Tr>
      <Table.Td>
        {nameOf(revision)}
        {incomplete !== null && (
          <Text size="sm" className={styles['warn']}>
            incomplete: {incomplete.reason}
          </Text>
        )}
        {newer !== undefined && (
          <Text size="sm" className={styles['accent']}>
            the hub has {newer.latest?.slice(0, 12)}
          </Text>
        )}
        {refusal !== undefined && (
          <Text size="sm" className={styles['bad']} role="alert">
            {refusal}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <code>{commit.slice(0, 12)}</code>
      </Table.Td>
      <Table.Td ta="right">{bytes(sizeBytes)}</Table.Td>
      <Table.Td ta="right">{bytes(ownBytes)}</Table.Td>
      <Table.Td>
        <div className={styles['actions']}>
          {incomplete?.resumable === true && (
            <Button loading={busy} onClick={() => void pull(model.id, ref)} aria-label={`Resume: revision ${ref}`}>
              Resume
            </Button>
          )}
          {incomplete === null && newer !== undefined && (
            <Button loading={busy} onClick={() => void pull(model.id, ref)} aria-label={`Update: revision ${ref}`}>
              Update
            </Button>
          )}
          {model.revisions.length > 1 && <DeleteModel model={model} revision={revision} />}
        </div>
      </Table.Td>
    </Table.Tr>
  )
}
