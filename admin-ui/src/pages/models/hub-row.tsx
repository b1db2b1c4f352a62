/** One model of the hub: what it would be on this machine, and how to bring it here. */
import { Button, Table } from '@mantine/core'
import { memo, useId, useState } from 'react'
import type { DownloadView } from '../../../../src/api/admin/admin.ts'
import { FitBadge } from '../../parts/fit-badge.tsx'
import type { Hit } from '../../parts/fit-words.ts'
import { bytes, contextSize, unknown } from '../../parts/format.ts'
import { useHeldFocus } from '../../parts/use-held-focus.ts'
import { DownloadNote } from './download-note.tsx'
import { notesOf } from './hub-offer.ts'
import styles from './models.module.css'
import { PullRevision } from './pull-named.tsx'
import { useAskedPull } from './use-asked-pull.tsx'

interface Props {
  readonly hit: Hit
  readonly local: boolean
  /** What brings it. */
  readonly download: DownloadView | undefined
  readonly now: number
}

export const HubRow = memo(function HubRow({ hit, local, download, now }: Props) {
  const { id, weightsBytes, quantization, contextLength, fit, unknown: why } = hit
  const [opened, setOpened] = useState(false)
  const details = useId()
  const { request, question, busy, refusal } = useAskedPull(id, fit)
  const more = useHeldFocus<HTMLButtonElement>(download === undefined)
  return (
    <>
      <Table.Tr data-opened={opened || undefined}>
        <Table.Td>
          <b className={styles['paths']}>{id}</b>
          <div className={styles['notes']}>
            <span className={styles['phone']}>
              {[quantization, contextLength === null ? undefined : `context ${contextSize(contextLength)}`]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <span>{notesOf(hit, now).join(' · ')}</span>
            {why !== null && <span>{why}</span>}
            {download !== undefined && <DownloadNote download={download} />}
            {refusal !== undefined && (
              <span className={styles['bad']} role="alert">
                {refusal}
              </span>
            )}
          </div>
        </Table.Td>
        <Table.Td ta="right" className={styles['number']}>
          {bytes(weightsBytes)}
        </Table.Td>
        <Table.Td className={styles['wide']}>{quantization ?? unknown}</Table.Td>
        <Table.Td ta="right" className={styles['wide']}>
          {contextSize(contextLength)}
        </Table.Td>
        <Table.Td>{fit === null ? unknown : <FitBadge fit={fit} name={id} />}</Table.Td>
        <Table.Td>
          <div className={styles['actions']}>
            {question}
            {local ? (
              <span className={styles['here']}>on this machine</span>
            ) : (
              download === undefined && (
                <Button loading={busy} onClick={() => request()} aria-label={`Pull ${id}`}>
                  Pull
                </Button>
              )
            )}
            <Button
              ref={more}
              onClick={() => setOpened(!opened)}
              aria-expanded={opened}
              aria-controls={details}
              aria-label={`${opened ? 'Less' : 'More'} about ${id}`}
            >
              {opened ? 'Less' : 'More'}
            </Button>
          </div>
        </Table.Td>
      </Table.Tr>
      <Table.Tr id={details} hidden={!opened} className={styles['details']}>
        <Table.Td colSpan={6}>{opened && <HitDetails hit={hit} />}</Table.Td>
      </Table.Tr>
    </>
  )
})

function HitDetails({ hit: { id, task, commit, fit } }: { readonly hit: Hit }) {
  return (
    <div className={styles['about']}>
      <dl className={styles['facts']}>
        {task !== null && (
          <div>
            <dt>Task</dt>
            <dd>{task}</dd>
          </div>
        )}
        {commit !== null && (
          <div>
            <dt>Commit</dt>
            <dd>{commit}</dd>
          </div>
        )}
      </dl>
      <PullRevision id={id} revision={undefined} fit={fit} label="Pull this revision" />
    </div>
  )
}
