/** Finds what a profile serves, at the time of use: by grammar, and by real path inside the folders where models may live. */
import { realpath, stat } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import { GatewayError, messageOf } from '../errors.ts'
import type { Candidate } from './candidate.ts'
import type { Roots } from './folder.ts'
import type { Library } from './library.ts'
import type { Model } from './model.ts'
import { isName } from './names.ts'
import type { Profile, Served } from './profile.ts'
import { openFolder, unloadable } from './read-model.ts'
import type { Reader } from './reader.ts'
import { isStarter, STARTER } from './starter.ts'

export interface ServeParts {
  readonly library: Library
  readonly reader: Reader
  /** The real paths of the places where models may live, as they are now. */
  readonly roots: () => Promise<readonly string[]>
  readonly starterPath: string
}

/** Resolves a profile's model, draft model and adapter. Throws GatewayError `model_not_found` for an id that nobody knows,
 *  `model_load_failed` for a folder that is gone, broken, incomplete or out of bounds. */
export async function serve(profile: Profile, parts: ServeParts): Promise<Served> {
  const model = await findServed(profile, parts)
  const draft = profile.draftModel === undefined ? undefined : await findModel(profile.draftModel, profile, parts)
  const adapter = profile.adapter === undefined ? undefined : await findAdapter(profile.adapter, profile, parts)
  if (draft === undefined) return { profile: adapter === undefined ? profile : { ...profile, adapter }, model }
  const resolved = { ...profile, draftModel: draft.path }
  return { profile: adapter === undefined ? resolved : { ...resolved, adapter }, model, draft }
}

/** 1. Engine `command`: the model is its own affair (a GGUF file, a name on the hub); known here only where it is a model folder.
 *  2. The starter model may not have been fetched yet.
 *  3. Anything else must be there. */
async function findServed(profile: Profile, parts: ServeParts): Promise<Model | undefined> {
  const { engine, model, name } = profile
  if (engine === 'command') return model === undefined ? undefined : findIfFolder(model, profile, parts) // 1
  if (model === undefined) {
    throw new GatewayError('model_not_found', `Profile "${name}" names no model; set its \`model\`.`, {
      param: 'model',
    })
  }
  return isStarter(profile) ? findStarter(parts) : findModel(model, profile, parts) // 2, 3
}

async function findIfFolder(named: string, profile: Profile, parts: ServeParts): Promise<Model | undefined> {
  if (!isAbsolute(named) && parts.library.byId(named) === undefined) return undefined
  try {
    return await findModel(named, profile, parts)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'model_load_failed') return undefined
    throw error
  }
}

async function findStarter({ library, reader, roots, starterPath }: ServeParts): Promise<Model | undefined> {
  const own: Candidate = { id: STARTER.id, source: 'starter', path: starterPath, roots: await roots() }
  const candidate = library.byId(STARTER.id) ?? own
  const fetched = await stat(candidate.path).then(
    () => true,
    () => false,
  )
  return fetched ? read(candidate, reader) : undefined
}

/** 1. A folder, by absolute path. One that the configuration file names may lie anywhere: the owner wrote it.
 *  2. The id of a local model. */
function findModel(named: string, profile: Profile, parts: ServeParts): Promise<Model> {
  return isAbsolute(named) ? modelAt(named, profile, parts) : modelCalled(named, parts)
}

async function modelAt(path: string, profile: Profile, parts: ServeParts): Promise<Model> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw unloadable(path, new Error('there is no such folder', { cause }))
  })
  const known = parts.library.byPath(real)
  if (known !== undefined) return read(known, parts.reader)
  const roots = await allowed(profile, parts)
  return read({ id: basename(real), source: 'folder', path: real, roots }, parts.reader)
}

/** Where it is unknown, or no longer as it was, the places are searched once more: it may have come, moved or been updated. */
async function modelCalled(id: string, { library, reader }: ServeParts): Promise<Model> {
  if (!isName(id)) {
    throw new GatewayError(
      'model_not_found',
      `${JSON.stringify(id)} is neither an absolute path nor the id of a model.`,
    )
  }
  const known = library.byId(id)
  const model = known && (await reader.read(known).catch(() => undefined))
  if (model !== undefined) return model

  await library.refreshIfStale()
  const found = library.byId(id)
  if (found !== undefined) return read(found, reader)
  const incomplete = library.incomplete().find((model) => model.id === id)
  if (incomplete !== undefined) throw unloadable(id, new Error(incomplete.reason))
  throw new GatewayError('model_not_found', `No model on this machine is called "${id}"; see \`mlx-gateway models\`.`)
}

async function findAdapter(path: string, profile: Profile, parts: ServeParts): Promise<string> {
  const refuse = (why: string, cause?: unknown): never => {
    const message = `The adapter of profile "${profile.name}" cannot be used: ${why}.`
    throw new GatewayError('model_load_failed', message, { cause })
  }
  if (!isAbsolute(path)) return refuse(`${JSON.stringify(path)} is not an absolute path`)
  const { folder, files } = await openFolder(path, await allowed(profile, parts)).catch((cause: unknown) =>
    refuse(messageOf(cause), cause),
  )
  for (const name of ['adapter_config.json', 'adapters.safetensors']) {
    if (!files.some((file) => file.name === name)) return refuse(`${name} is missing in ${path}`)
  }
  return folder
}

async function allowed(profile: Profile, parts: ServeParts): Promise<Roots> {
  return profile.origin === 'file' ? 'anywhere' : parts.roots()
}

async function read(candidate: Candidate, reader: Reader): Promise<Model> {
  try {
    return await reader.read(candidate)
  } catch (cause) {
    throw unloadable(candidate.id, cause)
  }
}
