/** A profile: one way to serve a model, and the names it answers to. */
import { createHash } from 'node:crypto'
import type { ProfileSettings, Settings } from '../config/config.ts'
import type { Model } from './model.ts'
import { isStarter, STARTER } from './starter.ts'

/** `file`: declared in the configuration, read-only here · `store`: made through the admin API · `local`: a model on disk
 *  that answers to its own id · `starter`: the small model offered from the first start. */
export type ProfileOrigin = 'file' | 'store' | 'local' | 'starter'

export interface Profile extends ProfileSettings {
  readonly origin: ProfileOrigin
  /** Milliseconds without a request until it is unloaded; 0: never. */
  readonly idle: number
  /** Requests sent to its server at once. */
  readonly concurrency: number
  /** Which of these figures are the house's own, because it was given none; absent: neither. */
  readonly usual?: readonly ('idle' | 'concurrency')[]
}

/** A profile beside the model it serves, found and checked. `model` is absent for engine `command` without a model folder, and for the
 *  starter until it has been fetched. Here the profile's `adapter` and `draftModel` are absolute real paths. */
export interface Served {
  readonly profile: Profile
  readonly model: Model | undefined
  readonly draft?: Model
}

/** A profile with the house's own idle time and concurrency where it names none. */
export function toProfile(
  settings: ProfileSettings,
  origin: ProfileOrigin,
  scheduling: Settings['scheduling'],
): Profile {
  const { idle = scheduling.idle, concurrency = scheduling.concurrency } = settings
  const usual = (['idle', 'concurrency'] as const).filter((figure) => settings[figure] === undefined)
  return { ...settings, origin, idle, concurrency, usual }
}

/** Its idle time by now: the house's own may have changed since the profile was made. */
export function idleOf({ idle, usual = [] }: Profile, scheduling: Pick<Settings['scheduling'], 'idle'>): number {
  return usual.includes('idle') ? scheduling.idle : idle
}

/** A profile as it was given, without what is the house's own: what another of the kind would be made from. */
export function settingsOf(profile: Profile): ProfileSettings {
  const { origin: _, usual = [], idle, concurrency, ...settings } = profile
  return {
    ...settings,
    ...(usual.includes('idle') ? {} : { idle }),
    ...(usual.includes('concurrency') ? {} : { concurrency }),
  }
}

/** The profile of a model that was given none: it answers to its own id. */
export function plainProfile(id: string, origin: 'local' | 'starter', scheduling: Settings['scheduling']): Profile {
  return {
    name: id,
    aliases: [],
    engine: 'mlx-lm',
    model: id,
    arguments: [],
    environment: {},
    defaults: {},
    force: {},
    pinned: false,
    preload: false,
    origin,
    idle: scheduling.idle,
    concurrency: scheduling.concurrency,
    usual: ['idle', 'concurrency'],
  }
}

/** Changes when a running server would have to be started anew for the profile's settings to hold. */
export function launchFingerprint({ profile, model }: Served): string {
  const { engine, command, servedModel, adapter, draftModel, context, environment } = profile
  const facts = [
    engine,
    command,
    profile.arguments,
    environment,
    servedModel,
    adapter,
    draftModel,
    context,
    // The starter is fetched by its own first start, which must not make that start look outdated.
    isStarter(profile) ? STARTER.id : model?.path,
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)
}
