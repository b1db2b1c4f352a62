/** A download, as the admin API shows it. */
import type { DownloadView } from '../../../../src/api/admin/admin.ts'

export function download(given: Partial<DownloadView> = {}): DownloadView {
  return {
    id: 1,
    repo: 'maker/model',
    revision: 'main',
    commit: 'c'.repeat(40),
    state: 'running',
    pausedBy: null,
    reason: null,
    bytes: 1.2e9,
    totalBytes: 4.3e9,
    bytesPerSecond: null,
    leftMs: null,
    files: [],
    createdAt: 0,
    updatedAt: 0,
    ...given,
  }
}
