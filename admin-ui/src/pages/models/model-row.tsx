/** One model on disk. */
import { Button, Table } from '@mantine/core'
import { memo, useId, useState } from 'react'
import { Link } from 'wouter'
import type { DownloadView } from '../../../../src/api/admin/admin.ts'
import { ago, bytes, contextSize, unknown } from '../../parts/format.ts'
import { talkTo } from '../../parts/links.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { useHeldFocus } from '../../parts/use-held-focus.ts'
import { usePull } from '../../parts/use-pull.ts'
import { DownloadNote } from './download-note.tsx'
import { ModelDetails } from './model-details.tsx'
import styles from './models.module.css'
import { isTalkative, missingOf, sizeOf } from './shelf.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import type { Updates } from './use-library.ts'
import { useVerification } from './use-verification.ts'
import { isUnderWay } from './verification.ts'

interface Props {
  readonly model: LocalModel
  /** What brings it, or more of it. */
  readonly download: DownloadView | undefined
  /** What the hub has something newer of. */
  readonly newer: Updates['updates']
  readonly now: number
}

export const ModelRow = memo(function ModelRow({ model, download, newer, now }: Props) {
  const { id, facts, lastUsed, incomplete, shadowed, usedBy } = model
  const [opened, setOpened] = useState(false)
  const details = useId()
  const { pull, busy, refusal } = usePull()
  const more = useHeldFocus<HTMLButtonElement>(download === undefined)
  const verification = useVerification(model.folder)
  const missing = missingOf(model)
  const [update] = newer
  const used = lastUsed === null ? 'never' : ago(lastUsed, now)
  return (
    <>
      <Table.Tr data-opened={opened || undefined}>
        <Table.Td>
          <ModelName name={id} weight={facts === null || shadowed ? 400 : 600} />
          <div className={`${styles['notes']} ${styles['indented']}`}>
            <span className={styles['phone']}>
              {[
                facts?.quantization,
                facts === null ? undefined : `context ${contextSize(facts.contextLength)}`,
                `used ${used}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {usedBy.length > 0 && <span>serves as {usedBy.join(', ')}</span>}
            {shadowed && <span>not used: another of this name comes before it</span>}
            {download !== undefined ? (
              <DownloadNote download={download} />
            ) : (
              incomplete !== null && <span className={styles['warn']}>incomplete: {incomplete.reason}</span>
            )}
            {verification !== null && isUnderWay(verification) && <span>being verified</span>}
            {update !== undefined && <span className={styles['accent']}>newer on the hub</span>}
            {refusal !== undefined && (
              <span className={styles['bad']} role="alert">
                {refusal}
              </span>
            )}
          </div>
        </Table.Td>
        <Table.Td ta="right" className={styles['number']}>
          {bytes(sizeOf(model))}
        </Table.Td>
        <Table.Td className={styles['wide']}>{facts?.quantization ?? unknown}</Table.Td>
        <Table.Td ta="right" className={styles['wide']}>
          {contextSize(facts?.contextLength)}
        </Table.Td>
        <Table.Td className={`${styles['number']} ${styles['wide']}`}>{used}</Table.Td>
        <Table.Td>
          <div className={styles['actions']}>
            {download === undefined && missing !== undefined && (
              <Button
                loading={busy}
                onClick={() => void pull(missing.id, missing.revision)}
                aria-label={`Resume: ${id}`}
              >
                Resume
              </Button>
            )}
            {download === undefined && update !== undefined && (
              <Button loading={busy} onClick={() => void pull(id, update.revision)} aria-label={`Update: ${id}`}>
                Update
              </Button>
            )}
            {isTalkative(model) && (
              <Button component={Link} href={talkTo(id)} aria-label={`Talk to ${id}`}>
                Talk
              </Button>
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
        <Table.Td colSpan={6}>{opened && <ModelDetails model={model} newer={newer} />}</Table.Td>
      </Table.Tr>
    </>
  )
})
