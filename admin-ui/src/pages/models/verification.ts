/** What reading a model again, and mending it, has shown so far: one step for each event. Pure. */
import type { DownloadView } from '../../../../src/api/admin/admin.ts'
import { some } from '../../parts/format.ts'

export interface CheckedFile {
  readonly path: string
  /** Commits of the revisions that have it; none in a plain folder. */
  readonly revisions: readonly string[]
  readonly bytes: number
  readonly state: 'ok' | 'broken' | 'missing' | 'unknown'
  readonly why?: string
}

export type Verification =
  | { readonly kind: 'reading'; readonly mend: boolean; readonly bytes: number; readonly totalBytes: number | null }
  | { readonly kind: 'fetching'; readonly files: readonly CheckedFile[]; readonly download: DownloadView | undefined }
  | { readonly kind: 'read'; readonly files: readonly CheckedFile[]; readonly mended: boolean; readonly at: number }
  | { readonly kind: 'failed'; readonly message: string; readonly files: readonly CheckedFile[] }

export function begun(mend: boolean): Verification {
  return { kind: 'reading', mend, bytes: 0, totalBytes: null }
}

export function isUnderWay({ kind }: Verification): boolean {
  return kind === 'reading' || kind === 'fetching'
}

/** `at`: ms since 1970. What it does not know changes nothing. */
export function step(state: Verification, event: string, data: unknown, at: number): Verification {
  const told = data as Partial<{
    bytes: number
    totalBytes: number
    files: readonly CheckedFile[]
    error: { readonly message: string }
  }>
  switch (event) {
    case 'progress':
      return state.kind === 'reading'
        ? { ...state, bytes: told.bytes ?? 0, totalBytes: told.totalBytes ?? null }
        : state
    case 'verified': {
      const files = told.files ?? []
      const goesOn = state.kind === 'reading' && state.mend && files.some(isBad)
      return goesOn ? { kind: 'fetching', files, download: undefined } : { kind: 'read', files, mended: false, at }
    }
    case 'download':
      return state.kind === 'fetching' ? { ...state, download: data as DownloadView } : state
    case 'repaired':
      return state.kind === 'fetching' ? { kind: 'read', files: state.files, mended: true, at } : state
    case 'error':
      return failed(state, told.error?.message ?? 'The gateway does not say why it stopped.')
    default:
      return state
  }
}

/** What had been found stays in sight. */
export function failed(state: Verification, message: string): Verification {
  return { kind: 'failed', message, files: 'files' in state ? state.files : [] }
}

export function isBad({ state }: Pick<CheckedFile, 'state'>): boolean {
  return state === 'broken' || state === 'missing'
}

/** "All 9 files are right." · "1 of 9 files is broken." */
export function verdict(files: readonly CheckedFile[]): string {
  const count = (state: CheckedFile['state']) => files.filter((file) => file.state === state).length
  const bad = count('broken') + count('missing')
  const unknown = count('unknown')
  const without = `${some(unknown, 'file')} without a known checksum`
  if (bad === 0 && unknown === 0)
    return files.length === 1 ? 'Its file is right.' : `All ${files.length} files are right.`
  if (bad === 0) return `Nothing is broken: ${count('ok')} of ${some(files.length, 'file')} right, ${without}.`
  return `${bad} of ${some(files.length, 'file')} ${bad === 1 ? 'is' : 'are'} broken or missing.`
}
