/** How far each file of a download is; the large ones first. */
import { Progress } from '@mantine/core'
import type { DownloadView } from '../../../src/api/admin/admin.ts'
import styles from './download.module.css'
import { bytes } from './format.ts'

export function DownloadFiles({ files }: { readonly files: DownloadView['files'] }) {
  const ordered = files.toSorted((one, other) => other.totalBytes - one.totalBytes)
  return (
    <ul className={styles['list']} tabIndex={files.length > 8 ? 0 : undefined} aria-label="Its files">
      {ordered.map(({ path, bytes: come, totalBytes }) => (
        <li key={path}>
          <span className={styles['path']}>{path}</span>
          <Progress
            value={totalBytes === 0 ? 100 : (100 * come) / totalBytes}
            size={4}
            color={come >= totalBytes ? 'var(--ok)' : 'var(--accent)'}
            aria-label={`Downloaded of ${path}`}
          />
          <span className={styles['amount']}>
            {come >= totalBytes ? bytes(totalBytes) : `${bytes(come)} of ${bytes(totalBytes)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
