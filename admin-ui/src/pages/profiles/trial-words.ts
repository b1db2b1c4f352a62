/** What a trial of a profile has come to, in words. Pure. */
import type { LiveRequest, ServerView } from '../../../../src/api/admin/admin.ts'
import type { api, Held } from '../../api.ts'
import { duration, listed, share, some } from '../../parts/format.ts'
import { loadNote, loadShare, loadWord } from '../../parts/load.ts'

export type Tried = Held<Awaited<ReturnType<(typeof api.profiles)[':name']['test']['$post']>>>

export interface Progress {
  readonly words: string
  /** What else there is to say. */
  readonly note: string
  /** 0 to 1; null where that cannot be told. */
  readonly share: number | null
}

/** The question as the gateway sees it; what it asks itself goes by such a name. */
export function trialAmong(requests: Iterable<LiveRequest>, profile: string): LiveRequest | undefined {
  return [...requests].findLast((request) => request.id.startsWith('test_') && request.profile === profile)
}

/** `now`: by the gateway's clock. */
export function progressOf(request: LiveRequest | undefined, server: ServerView | undefined, now: number): Progress {
  switch (request?.phase) {
    case undefined:
      return { words: 'Asking for it', note: '', share: null }
    case 'queued':
      return {
        words: 'Waiting for a place',
        note: [busy(request), soon(request)].filter(Boolean).join(', '),
        share: null,
      }
    case 'loading': {
      const { progress = null, usualLoadMs = null } = server ?? {}
      const load = { progress, usualLoadMs }
      const done = progress?.share ?? null
      return {
        words: [loadWord(progress), ...(done === null ? [] : [share(done)])].join(', '),
        note: loadNote(load),
        share: loadShare(load, now - request.since),
      }
    }
    case 'prefill':
      return { words: 'Reading the question', note: '', share: null }
    case 'decode':
      return { words: 'Answering', note: request.tokens === null ? '' : some(request.tokens, 'token'), share: null }
  }
}

function busy({ waitedFor }: LiveRequest): string {
  return waitedFor.length === 0 ? '' : `${listed(waitedFor)} ${waitedFor.length === 1 ? 'is' : 'are'} busy`
}

function soon({ estimateMs }: LiveRequest): string {
  return estimateMs === null ? '' : `about ${duration(estimateMs)}`
}

/** How long the load took, if there was one. */
export function loadOf({ loadMs }: Pick<Tried, 'loadMs'>): string {
  return loadMs === 0 ? 'was loaded' : duration(loadMs)
}
