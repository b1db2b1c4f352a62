/** The models on disk as a table; a row opens to what else there is to know and to do. */
import { Table, VisuallyHidden } from '@mantine/core'
import { useMemo } from 'react'
import { useLive } from '../../live.ts'
import { useNow } from '../../parts/use-now.ts'
import { UpdatesSaid } from './look.tsx'
import { ModelRow } from './model-row.tsx'
import styles from './models.module.css'
import { downloadOf, newerOf } from './shelf.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import type { Updates } from './use-library.ts'
import { useUpdates } from './use-library.ts'

const minute = 60_000
const nothing: Updates['updates'] = []

export function LibraryTable({ models }: { readonly models: readonly LocalModel[] }) {
  const downloads = useLive(({ downloads }) => downloads)
  const { data: updates } = useUpdates()
  const now = useNow(minute)
  const newer = useMemo(() => models.map((model) => newerOf(model, updates)), [models, updates])
  return (
    <>
      <UpdatesSaid newer={newer.filter(({ length }) => length > 0).length} />
      <Table aria-labelledby="library" className={styles['table']}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
            <Table.Th>Quantisation</Table.Th>
            <Table.Th ta="right">Context</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((model, place) => (
            <ModelRow
              key={model.folder}
              model={model}
              download={downloadOf(downloads, model.id)}
              newer={newer[place] ?? nothing}
              now={now}
            />
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
