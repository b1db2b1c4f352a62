/** Models on their way, and those that have just come: what the event stream says, so that a reload changes nothing. */
import { Paper, Title } from '@mantine/core'
import { useMemo } from 'react'
import { api, ask } from '../../api.ts'
import { useLive } from '../../live.ts'
import { Act } from '../../parts/act.tsx'
import { DownloadRow } from '../../parts/download-row.tsx'
import { isOver } from '../../parts/download-words.ts'
import { bytes } from '../../parts/format.ts'
import styles from './models.module.css'

export function Downloads() {
  const downloads = useLive(({ downloads }) => downloads)
  const { shown, over, speed } = useMemo(() => {
    const all = [...downloads.values()].toReversed()
    const over = all.filter(isOver)
    const speed = all.reduce((sum, { bytesPerSecond }) => sum + (bytesPerSecond ?? 0), 0)
    return { shown: [...all.filter((one) => !isOver(one)), ...over], over: over.length, speed }
  }, [downloads])
  if (shown.length === 0) return null
  return (
    <Paper component="section" aria-labelledby="downloads">
      <div className={styles['row']}>
        <Title order={2} id="downloads" c="dimmed" mr="auto">
          Downloads{speed > 0 && `, ${bytes(speed)}/s`}
        </Title>
        {over > 1 && <Act label="Forget those that are over" run={() => ask(api.downloads.$delete())} />}
      </div>
      <div className={styles['downloads']}>
        {shown.map((download) => (
          <DownloadRow key={download.id} download={download} />
        ))}
      </div>
    </Paper>
  )
}
