/** The door of the catalog: the models we have and how each is served. */
import { rm } from 'node:fs/promises'
import type { ModelPlace, ProfileSettings, Settings } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { Candidate, SearchedPlace } from './candidate.ts'
import type { CatalogEvent } from './events.ts'
import { createLibrary, type IncompleteModel } from './library.ts'
import type { Model } from './model.ts'
import { createProfileBook } from './profile-book.ts'
import type { Profile, Served } from './profile.ts'
import { createReader } from './reader.ts'
import { rootsOf } from './scan.ts'
import { createServing } from './serving.ts'
import { modelsDirectory, STARTER, starterDirectory } from './starter.ts'

export interface Catalog {
  /** Looks for models again. Asked while it looks, it looks once more afterwards. */
  refresh(): Promise<void>
  /** For a name that nobody knows: looks again, but at most once in three seconds. */
  refreshIfStale(): Promise<void>
  /** Every whole model that was on disk at the last look, by id; the same list until the next. */
  models(): readonly Model[]
  /** Folders that looked like models and could not be used, with why. */
  incomplete(): readonly IncompleteModel[]
  /** Of the file, the store and the starter; names and aliases do not clash. The same list until one changes. */
  profiles(): readonly Profile[]
  /** The profile a local model has without anybody's doing; the same object for the same model. */
  localProfile(model: Model): Profile
  /** The model a profile was last found to serve; no look at the disk. */
  modelOf(profile: Profile): Model | undefined
  /** Throws GatewayError `conflict` where a name or alias is taken. */
  createProfile(settings: ProfileSettings): Profile
  /** Throws GatewayError `not_found`, `read_only` or `conflict`. */
  replaceProfile(name: string, settings: ProfileSettings): Profile
  /** Throws GatewayError `not_found` or `read_only`. */
  removeProfile(name: string): void
  /** A profile beside its model, draft model and adapter, found and checked now.
   *  Throws GatewayError `model_not_found` or `model_load_failed`. */
  serve(profile: Profile): Promise<Served>
  /** Deletes the starter model's folder, following no links; its server must have been stopped. Throws GatewayError `read_only` for
   *  any other model and `not_found` for none. */
  removeModel(id: string): Promise<void>
  /** Stops a search under way. */
  close(): Promise<void>
}

export interface CatalogParts {
  readonly places: readonly ModelPlace[]
  readonly dataDirectory: string
  readonly settings: Pick<Settings, 'models' | 'scheduling'>
  readonly store: Pick<Store, 'profiles' | 'modelFacts'>
  readonly fileProfiles: readonly ProfileSettings[]
  readonly announce: (event: CatalogEvent) => void
  readonly now: () => number
}

/** Reads the profiles; looks for models only when asked to. */
export function createCatalog(parts: CatalogParts): Catalog {
  const { dataDirectory, settings, announce, now } = parts
  const starterPath = starterDirectory(dataDirectory)
  const own: SearchedPlace = { path: modelsDirectory(dataDirectory), kind: 'folder', optional: true }
  const places = [own, ...parts.places]
  const reader = createReader(parts.store.modelFacts)
  const admit = (candidate: Candidate): Candidate | undefined => admitStarter(candidate, starterPath, settings)
  const library = createLibrary({ places, admit, reader, announce, now })
  const book = createProfileBook({ ...parts, store: parts.store.profiles })
  const roots = () => rootsOf(places)
  const serving = createServing({ library, reader, roots, starterPath }, settings.scheduling)

  async function refresh(): Promise<void> {
    await library.refresh()
    await Promise.allSettled(book.list().map(serving.serve))
  }

  return {
    refresh,
    refreshIfStale: library.refreshIfStale,
    models: library.models,
    incomplete: library.incomplete,
    profiles: book.list,
    localProfile: serving.localProfile,
    modelOf: serving.modelOf,
    serve: serving.serve,
    createProfile: book.create,
    replaceProfile: book.replace,
    removeProfile(name) {
      const local = library.byId(name) !== undefined && !book.list().some((profile) => profile.name === name)
      if (local) throw new GatewayError('read_only', `"${name}" is a model on disk that answers to its own id.`)
      book.remove(name)
    },
    async removeModel(id) {
      refuseRemoval(id, library.byId(id))
      await rm(starterPath, { recursive: true, force: true })
      await refresh()
    },
    close: library.close,
  }
}

/** The starter's folder is known as such, and passed over where the starter is switched off. */
function admitStarter(
  candidate: Candidate,
  starterPath: string,
  { models }: Pick<Settings, 'models'>,
): Candidate | undefined {
  if (candidate.path !== starterPath) return candidate
  return models.starter ? { ...candidate, source: 'starter' } : undefined
}

function refuseRemoval(id: string, found: Candidate | undefined): void {
  if (found === undefined && id !== STARTER.id) throw new GatewayError('not_found', `No model is called "${id}".`)
  if (found === undefined || found.source === 'starter') return
  const message = `The gateway removes only what it fetched itself; "${id}" lies in ${found.path}.`
  throw new GatewayError('read_only', message)
}

export type { CatalogEvent } from './events.ts'
export { reservation } from './footprint.ts'
export type { Capability, Model } from './model.ts'
export { isName, LONGEST_NAME } from './names.ts'
export { launchFingerprint } from './profile.ts'
export type { Profile, ProfileOrigin, Served } from './profile.ts'
export { readModelFolder } from './read-model.ts'
export { isStarter, STARTER, starterDirectory } from './starter.ts'
