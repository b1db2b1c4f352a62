/** Finds what a profile serves, at the time of use: by grammar, and by real path inside the folders where models may live. */
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { GatewayError, codeOf, messageOf } from '../errors.ts'
import { allowed, findModel, read, type FindParts } from './find-model.ts'
import type { Model } from './model.ts'
import type { Profile, Served } from './profile.ts'
import { openFolder, unloadable } from './read-model.ts'
import type { Readable } from './reader.ts'
import { isStarter, STARTER } from './starter.ts'

export interface ServeParts extends FindParts {
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
  if (isStarter(profile) && profile.revision === undefined) return findStarter(parts) // 2
  return findModel(model, profile, parts, profile.revision) // 3
}

async function findIfFolder(named: string, profile: Profile, parts: ServeParts): Promise<Model | undefined> {
  if (!isAbsolute(named) && parts.library.shelf().find(named) === undefined) return undefined
  try {
    return await findModel(named, profile, parts, profile.revision)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'model_load_failed') return undefined
    throw error
  }
}

async function findStarter({ library, reader, roots, starterPath }: ServeParts): Promise<Model | undefined> {
  const own = { id: STARTER.id, source: 'starter', path: starterPath, roots: await roots() } as const
  const candidate: Readable = library.shelf().byId(STARTER.id) ?? own
  return (await isThere(candidate.path)) ? read(candidate, reader) : undefined
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw unloadable(STARTER.id, cause)
  }
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
