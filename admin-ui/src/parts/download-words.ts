/** A download in words: where it stands, how fast it comes, what there is to do. Pure. */
import type { DownloadView } from '../../../src/api/admin/admin.ts'
import { bytes, duration, share } from './format.ts'

type Facts = Pick<DownloadView, 'state' | 'pausedBy' | 'bytes' | 'totalBytes' | 'bytesPerSecond' | 'leftMs' | 'reason'>

/** Only what needs a person is red; only what is moving is amber. */
export function standingOf({ state, pausedBy }: Pick<DownloadView, 'state' | 'pausedBy'>): {
  readonly colour: string
  readonly word: string
} {
  switch (state) {
    case 'queued':
      return { colour: 'var(--idle)', word: 'waits for its turn' }
    case 'running':
      return { colour: 'var(--warn)', word: 'downloading' }
    case 'verifying':
      return { colour: 'var(--warn)', word: 'verifying' }
    case 'paused':
      if (pausedBy === 'disk') return { colour: 'var(--bad)', word: 'no space left' }
      return { colour: 'var(--idle)', word: pausedBy === 'network' ? 'waits for the hub' : 'paused' }
    case 'complete':
      return { colour: 'var(--ok)', word: 'complete' }
    case 'failed':
      return { colour: 'var(--bad)', word: 'failed' }
    case 'cancelled':
      return { colour: 'var(--idle)', word: 'given up' }
  }
}

/** "1.2 GB of 4.3 GB · 28 %" */
export function amountOf({ state, bytes: come, totalBytes }: Facts): string {
  if (state === 'complete') return bytes(totalBytes)
  return [`${bytes(come)} of ${bytes(totalBytes)}`, ...(totalBytes > 0 ? [percentOf(come, totalBytes)] : [])].join(
    ' · ',
  )
}

/** "28 MB/s · ~2 min left"; empty where nothing is to come. */
export function speedOf({ bytesPerSecond, leftMs }: Facts): string {
  if (bytesPerSecond === null) return ''
  if (bytesPerSecond < 1) return 'nothing comes at the moment'
  return [`${bytes(bytesPerSecond)}/s`, ...(leftMs === null || leftMs === 0 ? [] : [`~${soon(leftMs)} left`])].join(
    ' · ',
  )
}

/** An estimate has no tenths, and from a minute on no seconds. */
function soon(ms: number): string {
  if (ms >= 59_500) return duration(Math.round(ms / 60_000) * 60_000)
  return ms < 10_000 ? `${Math.ceil(ms / 1000)} s` : duration(ms)
}

/** Why it does not move, in the gateway's words, and what will or can be done about it; empty where it moves or is over. */
export function adviceOf({ state, pausedBy, reason, bytes: come }: Facts): readonly string[] {
  const kept = come > 0 ? [`The ${bytes(come)} that have come are kept.`] : []
  const why = reason === null || reason === '' ? [] : [reason]
  if (state === 'failed') return [...why, ...kept]
  if (state !== 'paused') return []
  switch (pausedBy) {
    case 'disk':
      return [...why, 'Deleting a model makes room.']
    case 'network':
      return why
    case 'hand':
    case null:
      return kept
  }
}

export function isOver({ state }: Pick<DownloadView, 'state'>): boolean {
  return state === 'complete' || state === 'cancelled'
}

/** Never 100 % before all is there. */
export function percentOf(come: number, total: number): string {
  return share(total === 0 ? null : come >= total ? 1 : Math.min(come / total, 0.99))
}
