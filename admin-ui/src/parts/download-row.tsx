/** One download: how far it is, why it does not move, and what can be done with it. */
import { Badge, Progress, Text, UnstyledButton } from '@mantine/core'
import { memo, useId, useState } from 'react'
import type { DownloadView } from '../../../src/api/admin/admin.ts'
import { DownloadButtons } from './download-buttons.tsx'
import { DownloadFiles } from './download-files.tsx'
import { adviceOf, amountOf, isOver, speedOf, standingOf } from './download-words.ts'
import styles from './download.module.css'
import { bytes, some, time } from './format.ts'

export const DownloadRow = memo(function DownloadRow({ download }: { readonly download: DownloadView }) {
  const { repo, revision, files, totalBytes, state, updatedAt } = download
  const { colour, word } = standingOf(download)
  const [opened, setOpened] = useState(false)
  const list = useId()
  const advice = adviceOf(download)
  return (
    <article className={styles['row']} aria-label={`Download of ${repo}`}>
      <div className={styles['head']}>
        <Text fw={600} className={styles['name']}>
          {repo}
          {revision !== 'main' && (
            <Text span c="dimmed" fw={400}>
              {' '}
              {/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 12) : revision}
            </Text>
          )}
        </Text>
        <Badge color={colour}>{word}</Badge>
        <div className={styles['buttons']}>
          <DownloadButtons download={download} />
        </div>
      </div>
      {isOver(download) || (
        <Progress
          value={totalBytes === 0 ? 0 : (100 * download.bytes) / totalBytes}
          size={6}
          color={state === 'failed' ? 'var(--bad)' : state === 'paused' ? 'var(--idle)' : 'var(--accent)'}
          aria-label={`Downloaded of ${repo}`}
          transitionDuration={300}
        />
      )}
      <div className={styles['facts']}>
        <span>
          {state === 'cancelled'
            ? `${bytes(totalBytes)} in all · what had come was thrown away`
            : isOver(download)
              ? `${amountOf(download)} · ${time(updatedAt)}`
              : amountOf(download)}
        </span>
        <span>{speedOf(download)}</span>
        {isOver(download) || (
          <UnstyledButton
            className={styles['files']}
            onClick={() => setOpened(!opened)}
            aria-expanded={opened}
            aria-controls={list}
          >
            {opened ? 'Hide its files' : some(files.length, 'file')}
          </UnstyledButton>
        )}
      </div>
      {advice.map((words) => (
        <Text key={words} size="sm" c={state === 'failed' && words === download.reason ? 'var(--bad)' : 'dimmed'}>
          {words}
        </Text>
      ))}
      <div id={list} hidden={!opened}>
        {opened && <DownloadFiles files={files} />}
      </div>
    </article>
  )
})
