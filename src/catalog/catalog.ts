/** The door of the catalog: the models we have and how each is served. */
import type { ModelPlace, ProfileSettings, Settings } from '../config/config.ts'
import type { GatewayError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { Candidate, SearchedPlace } from './candidate.ts'
import type { VerifiedFile } from './checks.ts'
import type { CatalogEvent } from './events.ts'
import { createKeeping, type Users, type Which } from './keeping.ts'
import { createLibrary } from './library.ts'
import { localModel, type LocalModel } from './local-model.ts'
import type { Model } from './model.ts'
import { createProfileBook } from './profile-book.ts'
import { toProfile, type Profile, type Served } from './profile.ts'
import { createReader } from './reader.ts'
import { rootsOf } from './scan.ts'
import { createServing } from './serving.ts'
import type { IncompleteModel, Shelf } from './shelf.ts'
import { createSizes } from './sizes.ts'
import { modelsDirectory, starterDirectory } from './starter.ts'
import type { VerifyOptions } from './verify.ts'

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
  /** Everything for which these settings would be refused, as a new profile or in the place of another: the errors of which `createProfile`
   *  and `replaceProfile` throw the first. `before`: as it would be once these were saved. */
  refusals(settings: ProfileSettings, replaces?: string, before?: readonly ProfileSettings[]): readonly GatewayError[]
  /** The profile that these settings would make; nobody can ask for it. */
  draftProfile(settings: ProfileSettings): Profile
  /** Those of the store as they were saved; `unusable` says in sentences which cannot be read. */
  savedProfiles(): { readonly profiles: readonly ProfileSettings[]; readonly unusable: readonly string[] }
  /** Throws GatewayError `conflict` where a name or alias is taken. */
  createProfile(settings: ProfileSettings): Profile
  /** Throws GatewayError `not_found`, `read_only` or `conflict`. */
  replaceProfile(name: string, settings: ProfileSettings): Profile
  /** Throws GatewayError `not_found` or `read_only`. */
  removeProfile(name: string): void
  /** A profile beside its model, draft model and adapter, found and checked now.
   *  Throws GatewayError `model_not_found` or `model_load_failed`. */
  serve(profile: Profile): Promise<Served>
  /** Every model that was on disk at the last look, whole or not, with what it takes; no look at the disk. */
  local(): readonly LocalModel[]
  /** What all of them take on disk, as last measured: what several share is counted once. */
  totalBytes(): number
  /** Resolves when the sizes of what the last look found are known. */
  measured(): Promise<void>
  /** Who uses a model, or one revision of it. Throws as `removeModel`. */
  usersOf(id: string, which?: Which): Promise<Users>
  /** Deletes a model from disk, or one revision and what no other needs, following no links; nobody must use it. Resolves with what the
   *  disk got back. Throws GatewayError `not_found`, `invalid_request` for a revision of a plain folder, and `read_only`, before anything
   *  is deleted, for a folder that is not the model's alone, or is reached through a link, or cannot be read. The starter, which may not
   *  have been fetched, is always deleted. */
  removeModel(id: string, which?: Which): Promise<{ readonly freedBytes: number }>
  /** Reads every file of a model again and compares it with what it must be; changes nothing. Throws as `removeModel`, GatewayError
   *  `model_load_failed` where its folder cannot be looked into, or the signal's reason. */
  verifyModel(id: string, which: Which, options: VerifyOptions): Promise<readonly VerifiedFile[]>
  /** Deletes the blobs that the last verification of a hub model found to be broken and that have not changed since, so that a pull
   *  fetches them anew; until then the model is incomplete. */
  discardBroken(id: string, which?: Which): Promise<{ readonly files: number; readonly freedBytes: number }>
  /** Stops a search under way. */
  close(): Promise<void>
}

export interface CatalogParts {
  readonly places: readonly ModelPlace[]
  readonly dataDirectory: string
  readonly settings: Pick<Settings, 'models' | 'scheduling'>
  readonly store: Pick<Store, 'profiles' | 'modelFacts' | 'modelSizes'>
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
  const reader = createReader(parts.store.modelFacts, announce)
  const admit = (candidate: Candidate): Candidate | undefined => admitStarter(candidate, starterPath, settings)
  const sizes = createSizes({ kept: parts.store.modelSizes, announce, now })
  const looked = ({ entries }: Shelf) => sizes.update(entries.map(({ candidate }) => candidate))
  const library = createLibrary({ places, admit, reader, looked, announce, now })
  const isModel = (name: string): boolean => library.shelf().byId(name) !== undefined
  const book = createProfileBook({ ...parts, store: parts.store.profiles, isModel })
  const roots = () => rootsOf(places)
  const serving = createServing({ library, reader, roots, starterPath }, settings.scheduling)
  const { servedOf } = serving
  const place = { places, roots, dataDirectory, starterPath }
  const keeping = createKeeping({ ...place, library, profiles: book.list, servedOf, refresh, announce })

  async function refresh(): Promise<void> {
    await library.refresh()
    await Promise.allSettled(book.list().map(serving.serve))
  }

  return {
    refresh,
    refreshIfStale: library.refreshIfStale,
    models: () => library.shelf().models,
    incomplete: () => library.shelf().incomplete,
    profiles: book.list,
    localProfile: serving.localProfile,
    modelOf: (profile) => servedOf(profile)?.model,
    serve: serving.serve,
    refusals: book.refusals,
    draftProfile: (draft) => toProfile(draft, 'store', settings.scheduling),
    savedProfiles: book.saved,
    createProfile: book.create,
    replaceProfile: book.replace,
    removeProfile: book.remove,
    local: () =>
      library
        .shelf()
        .entries.map((entry) => localModel(entry, sizes.of(entry.candidate.folder), book.list(), servedOf)),
    totalBytes: sizes.total,
    measured: sizes.settled,
    usersOf: keeping.usersOf,
    removeModel: keeping.remove,
    verifyModel: keeping.verify,
    discardBroken: keeping.discardBroken,
    async close() {
      await Promise.all([library.close(), sizes.close()])
    },
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

export { isBad, type VerifiedFile } from './checks.ts'
export type { CatalogEvent } from './events.ts'
export { remoteFacts, type RemoteFacts } from './facts.ts'
export { fitOf, foresee, type Fit, type Foresight, type Room } from './fit.ts'
export { isWeights } from './folder.ts'
export { reservation } from './footprint.ts'
export type { Users, Which } from './keeping.ts'
export type { Incomplete, LocalModel, LocalRevision } from './local-model.ts'
export type { Capability, Model } from './model.ts'
export { isName, LONGEST_NAME } from './names.ts'
export { idleOf, launchFingerprint, settingsOf } from './profile.ts'
export type { Profile, ProfileOrigin, Served } from './profile.ts'
export { readModelFolder } from './read-model.ts'
export { findRevision, pullCommand } from './revisions.ts'
export { isStarter, STARTER, starterDirectory } from './starter.ts'
export type { HashFile, VerifyOptions, VerifyProgress } from './verify.ts'
