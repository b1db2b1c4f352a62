/** The one event stream: it feeds the cache, and says when it is broken. Nothing else on the page asks by a clock. */
import { useQuery } from '@tanstack/react-query'
import type { LiveEvent, LiveSnapshot } from '../../src/api/admin/admin.ts'
import { apply, begin, nothingYet } from './live-state.ts'
import type { LiveState } from './live-state.ts'
import { unlessSame } from './parts/unless-same.ts'
import { queryClient } from './query-client.ts'
import { whileSeen } from './parts/while-seen.ts'
import { askWhoIsHere } from './session.ts'

export type { LiveState } from './live-state.ts'

const key = ['live']
/** A busy gateway tells hundreds of things a second; people see ten. */
const batchMs = 100
const firstPauseMs = 500
const longestPauseMs = 15_000

/** What a part of the page needs of what is live; it is drawn again when that part changes. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => nothingYet,
    initialData: nothingYet,
    enabled: false,
    select,
    structuralSharing: unlessSame,
  })
  return data
}

function change(next: (state: LiveState) => LiveState): void {
  queryClient.setQueryData<LiveState>(key, (state = nothingYet) => next(state))
}

/** What is asked anew when an event of this kind came: lists that the stream does not carry itself. */
const outdated: Partial<Record<LiveEvent['type'], readonly string[]>> = {
  'catalog.refreshed': ['models', 'profiles', 'disk'],
  'catalog.measured': ['models', 'disk'],
  'model.removed': ['models', 'disk'],
  'profile.created': ['profiles'],
  'profile.changed': ['profiles'],
  'profile.removed': ['profiles'],
  'setting.changed': ['settings'],
  'engine.installing': ['engines'],
  'engine.installed': ['engines'],
  'engine.failed': ['engines'],
}

/** Follows the gateway until the result is called. A stream that breaks is opened again, later each time; the snapshot that it begins
 *  with makes up for what was missed. */
export function follow(): () => void {
  let source: EventSource | undefined
  let pause = firstPauseMs
  let retry: ReturnType<typeof setTimeout> | undefined
  let flush: ReturnType<typeof setTimeout> | undefined
  let waiting: LiveEvent[] = []
  let resting = false

  const settle = (): void => {
    flush = undefined
    const events = waiting
    waiting = []
    change((state) => apply(state, events))
    const keys = new Set(events.flatMap(({ type }) => outdated[type] ?? []))
    for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey: [queryKey] })
  }
  const open = (): void => {
    retry = undefined
    resting = false
    source = new EventSource('/admin/api/events')
    source.addEventListener('snapshot', ({ data }) => {
      const snapshot = JSON.parse(data) as LiveSnapshot
      const again = queryClient.getQueryData<LiveState>(key)?.connection === 'reconnecting'
      pause = firstPauseMs
      // what an earlier stream has told is part of it
      waiting = []
      change((state) => begin(state, snapshot, Date.now()))
      if (again) void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'live' })
    })
    source.addEventListener('message', ({ data }) => {
      waiting.push(JSON.parse(data) as LiveEvent)
      flush ??= setTimeout(settle, batchMs)
    })
    source.addEventListener('error', () => void broken())
  }
  const broken = async (): Promise<void> => {
    source?.close()
    change((state) => ({ ...state, connection: 'reconnecting' }))
    const here = await askWhoIsHere()
    if (resting || here === 'nobody') return
    retry ??= setTimeout(open, pause * (0.5 + Math.random()))
    pause = Math.min(longestPauseMs, pause * 2)
  }
  const hurry = (): void => {
    if (retry === undefined || document.visibilityState === 'hidden') return
    clearTimeout(retry)
    open()
  }
  const seen = whileSeen({
    begin: open,
    end() {
      resting = true
      clearTimeout(retry)
      retry = undefined
      source?.close()
    },
  })

  addEventListener('online', hurry)
  document.addEventListener('visibilitychange', hurry)
  return () => {
    seen()
    clearTimeout(flush)
    removeEventListener('online', hurry)
    document.removeEventListener('visibilitychange', hurry)
  }
}
