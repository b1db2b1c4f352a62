/** What a person may have a server do, by the state that it is in. */
import type { ServerView } from '../../../src/api/admin/admin.ts'
import { api, ask, inPath } from '../api.ts'

export interface ServerAction {
  readonly label: string
  /** The one that is most likely wanted. */
  readonly first?: boolean
  readonly run: () => Promise<unknown>
}

/** `server`: undefined where the profile has had none yet. */
export function serverActions(server: ServerView | undefined, name: string): readonly ServerAction[] {
  const param = { profile: inPath(name) }
  const start = { label: 'Start', run: () => ask(api.servers[':profile'].start.$post({ param })) }
  const stop = (label: string, now: boolean) => ({
    label,
    run: () => ask(api.servers[':profile'].stop.$post({ param, json: { now } })),
  })
  const pin = (pinned: boolean) => ({
    label: pinned ? 'Keep' : 'Let go when idle',
    run: () => ask(api.servers[':profile'].pin.$post({ param, json: { pinned } })),
  })
  switch (server?.state) {
    case undefined:
    case 'stopped':
      return [start]
    case 'starting':
      return [stop('Cancel', true)]
    case 'ready':
      return [pin(!server.pinned), stop('Unload', false)]
    case 'stopping':
      return server.active > 0 ? [stop('Stop now', true)] : []
    case 'failed':
      return [{ label: 'Retry now', first: true, run: () => ask(api.servers[':profile'].retry.$post({ param })) }]
  }
}
