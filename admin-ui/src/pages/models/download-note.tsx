/** Beside a model: how far its download is. */
import { Progress } from '@mantine/core'
import type { DownloadView } from '../../../../src/api/admin/admin.ts'
import { percentOf, standingOf } from '../../parts/download-words.ts'
import styles from './models.module.css'

export function DownloadNote({ download }: { readonly download: DownloadView }) {
  const { bytes, totalBytes, repo } = download
  const { colour, word } = standingOf(download)
  return (
    <div className={styles['coming']} style={{ color: colour }}>
      {word} {percentOf(bytes, totalBytes)}
      <Progress
        value={totalBytes === 0 ? 0 : (100 * bytes) / totalBytes}
        size={4}
        aria-label={`Downloaded of ${repo}`}
      />
    </div>
  )
}
