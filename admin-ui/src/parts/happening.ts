/** What happened and why, in a person's words. */
import type { DownloadView, LiveEvent, LiveSnapshot, RequestView } from '../../../src/api/admin/admin.ts'
import { endingOf } from './endings.ts'
import { bytes, duration, ofMemory } from './format.ts'

/** A model's name among the words, which is shown in its colour. */
export interface Named {
  readonly model: string
}
export type Words = readonly (string | Named)[]

type Told = LiveSnapshot['recent'][number]['event'] | LiveEvent
interface Happening {
  readonly at: number
  readonly event: Told
}
type Stopped = Extract<Told, { type: 'server.stopped' }>
type Evicted = Extract<Told, { type: 'profile.evicted' }>

export function isWorthTelling(event: Told): boolean {
  return wordsOf(event) !== undefined
}

export function plainWords(event: Told): string {
  return (wordsOf(event) ?? []).map((word) => (typeof word === 'string' ? word : word.model)).join('')
}

/** Once a server has failed, why its requests failed at that moment has been told. */
export function newsOf(recent: readonly Happening[]): readonly { readonly at: number; readonly words: Words }[] {
  return recent.flatMap(({ at, event }) => {
    const words = wordsOf(event)
    return words === undefined || follows(event, at, recent) ? [] : [{ at, words }]
  })
}

const ofServers = new Set([
  'model_load_failed',
  'server_failed',
  'server_timeout',
  'server_unavailable',
  'engine_unavailable',
  'insufficient_memory',
])

function follows(event: Told, at: number, recent: readonly Happening[]): boolean {
  if (event.type !== 'request.ended' || !ofServers.has(event.record.error ?? '')) return false
  return recent.some(
    ({ at: then, event: other }) =>
      other.type === 'server.failed' && other.profile === event.record.profile && Math.abs(at - then) <= 1_000,
  )
}

/** Undefined where an event is no news: each request, each measurement. */
export function wordsOf(event: Told): Words | undefined {
  switch (event.type) {
    case 'profile.loading':
      return ['Loading ', { model: event.profile }, askedBy(event.askedBy)]
    case 'server.ready':
      return [{ model: event.profile }, ` is ready after ${duration(event.loadMs)}`]
    case 'server.failed':
      return [{ model: event.profile }, ` failed: ${event.diagnosis.reason}`]
    case 'profile.evicted':
      return evicted(event)
    case 'profile.unloaded':
      return [
        'Unloaded ',
        { model: event.profile },
        `: not used for ${duration(event.idleMs)}${freed(event.freedBytes, event.ms)}`,
      ]
    case 'server.stopped':
      return stopped(event)
    case 'server.reaped':
      return ['Ended what an earlier gateway had left of ', { model: event.profile }]
    case 'download.changed':
      return download(event.download)
    case 'engine.installing':
      return [`Installing ${event.engine} ${event.version}`]
    case 'engine.installed':
      return [`${event.engine} ${event.version} is installed`]
    case 'engine.failed':
      return [`${event.engine} could not be installed: ${event.reason}`]
    case 'model.removed':
      return [`Deleted ${deleted(event)}: ${bytes(event.freedBytes)} freed`]
    case 'request.ended':
      return failed(event.record)
    case 'profile.created':
      return ['Made the profile ', { model: event.profile }]
    case 'profile.changed':
      return [
        `Changed the profile ${event.before === event.profile ? '' : `${event.before}, now `}`,
        { model: event.profile },
      ]
    case 'profile.removed':
      return ['Deleted the profile ', { model: event.profile }]
    case 'profile.pinned':
      return [
        event.pinned ? 'Keeping ' : 'Letting ',
        { model: event.profile },
        event.pinned ? ' loaded' : ' go when idle',
      ]
    case 'gateway.started':
      return ['The gateway has started']
    case 'gateway.stopping':
      return ['The gateway is stopping']
    case 'gateway.trouble':
    case 'catalog.trouble':
    case 'scheduler.trouble':
    case 'supervisor.trouble':
    case 'download.trouble':
    case 'history.trouble':
      return [event.message]
    default:
      return undefined
  }
}

function deleted({ id, revision }: Extract<Told, { type: 'model.removed' }>): string {
  return revision === undefined ? id : `revision ${revision.slice(0, 12)} of ${id}`
}

function askedBy(name: string | null): string {
  return name === null ? '' : `: asked for by ${name}`
}

const whyStopped: Partial<Record<Stopped['reason'], string>> = {
  asked: ': somebody asked for it',
  changed: ': its profile has changed',
  wedged: ': it no longer answered',
  abandoned: ': nobody waited for it any longer',
  shutdown: ': the gateway is stopping',
}

/** Undefined where it is told as what it was for: room for another, or nobody's need. */
function stopped({ profile, reason, freedBytes, ms }: Stopped): Words | undefined {
  if (reason === 'evicted' || reason === 'idle') return undefined
  return ['Unloaded ', { model: profile }, `${whyStopped[reason] ?? ''}${freed(freedBytes, ms)}`]
}

function evicted({ profile, for: other, freedBytes, ms }: Evicted): Words {
  const room = other === undefined ? [' to keep to the budget'] : [' to make room for ', { model: other }]
  return ['Unloaded ', { model: profile }, ...room, `: idle the longest${freed(freedBytes, ms)}`]
}

function freed(freedBytes: number | undefined, ms: number): string {
  return freedBytes === undefined ? ` (in ${duration(ms)})` : `, ${ofMemory(freedBytes)} freed in ${duration(ms)}`
}

function failed({ error, model }: RequestView): Words | undefined {
  if (error === null || error === 'client_left' || error === 'request_cancelled') return undefined
  return ['A request for ', { model }, ` failed. ${endingOf(error)}`]
}

function download({ repo, state, reason }: DownloadView): Words | undefined {
  switch (state) {
    case 'complete':
      return [`${repo} has been downloaded and verified`]
    case 'failed':
      return [`The download of ${repo} failed: ${reason ?? 'the reason is not known'}`]
    case 'paused':
      return [`The download of ${repo} waits${reason === null ? '' : `: ${reason}`}`]
    case 'running':
      return [`Downloading ${repo}`]
    case 'queued':
    case 'verifying':
    case 'cancelled':
      return undefined
  }
}
