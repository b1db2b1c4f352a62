/** The hub's hits as a table. */
import { Table, VisuallyHidden } from '@mantine/core'
import { useLive } from '../../live.ts'
import type { Hit } from '../../parts/fit-words.ts'
import { useNow } from '../../parts/use-now.ts'
import { HubRow } from './hub-row.tsx'
import styles from './models.module.css'
import { downloadOf } from './shelf.ts'
import type { LocalModel } from '../../parts/use-models.ts'

const minute = 60_000

interface Props {
  readonly hits: readonly Hit[]
  readonly models: readonly LocalModel[]
}

export function HubTable({ hits, models }: Props) {
  const downloads = useLive(({ downloads }) => downloads)
  const now = useNow(minute)
  const here = new Set(models.flatMap(({ id, incomplete }) => (incomplete === null ? [id.toLowerCase()] : [])))
  return (
    <Table aria-labelledby="hub" className={styles['table']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th ta="right">Weights</Table.Th>
          <Table.Th>Quantisation</Table.Th>
          <Table.Th ta="right">Context</Table.Th>
          <Table.Th>Fit</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {hits.map((hit) => (
          <HubRow
            key={hit.id}
            hit={hit}
            local={here.has(hit.id.toLowerCase())}
            download={downloadOf(downloads, hit.id)}
            now={now}
          />
        ))}
      </Table.Tbody>
    </Table>
  )
}
