/** Where the hub is and who we are to it: from the settings, else from what its own tools leave in the environment and on disk. */
import { join, resolve } from 'node:path'
import { readEndpoint } from './endpoint.ts'
import type { Origin } from './layers.ts'
import { expandHome } from './paths.ts'
import type { Surroundings } from './places.ts'
import type { Settings } from './schema.ts'

/** Plain data, so that a thread can be given it. */
export interface HubAccess {
  /** `https://huggingface.co`; never a slash at its end. */
  readonly endpoint: string
  /** A secret. */
  readonly token: string | undefined
  /** Nothing is to be asked of it. */
  readonly offline: boolean
}

const PUBLIC_HUB = 'https://huggingface.co'

export interface FoundHub {
  readonly access: HubAccess
  /** Settings that are not set, and what is in force in their place, by their path; of the token only that it is set. */
  readonly elsewhere: Readonly<Record<string, Origin>>
  readonly problems: readonly string[]
}

/** As huggingface_hub/constants.py and _auth.py find them. */
export function findHub({ endpoint, token, offline }: Settings['hub'], surroundings: Surroundings): FoundHub {
  const named = endpoint === undefined ? variable(surroundings, 'HF_ENDPOINT') : undefined
  const theirs = token === undefined ? theirToken(surroundings) : undefined
  const noted = offline === undefined ? variable(surroundings, 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE') : undefined
  const found = readEndpoint(endpoint ?? named?.value ?? PUBLIC_HUB)
  const isOffline = offline ?? isTrue(noted?.value)
  return {
    access: { endpoint: found ?? PUBLIC_HUB, token: token ?? theirs?.value, offline: isOffline },
    elsewhere: {
      ...(named && { 'hub.endpoint': { ...named, value: found } }),
      ...(theirs && { 'hub.token': { ...theirs, value: 'set' } }),
      ...(noted && { 'hub.offline': { ...noted, value: isOffline } }),
    },
    problems: found === undefined ? ['HF_ENDPOINT: write an address, for example https://huggingface.co'] : [],
  }
}

interface Given extends Pick<Origin, 'origin' | 'detail'> {
  readonly value: string
}

/** The first of these that is set; an empty one is not. */
function variable({ environment }: Surroundings, ...names: readonly string[]): Given | undefined {
  const detail = names.find((name) => environment[name])
  return detail === undefined ? undefined : { value: environment[detail] ?? '', origin: 'environment', detail }
}

function theirToken(surroundings: Surroundings): Given | undefined {
  const { environment, homeDirectory, readFile } = surroundings
  if (isTrue(environment['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined
  const given = variable(surroundings, 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN')
  const value = cleaned(given?.value)
  if (given !== undefined && value !== undefined) return { ...given, value }
  const path = (written: string) => resolve(expandHome(written, homeDirectory))
  const home = environment['HF_HOME'] || join(environment['XDG_CACHE_HOME'] || '~/.cache', 'huggingface')
  const detail = path(environment['HF_TOKEN_PATH'] || join(home, 'token'))
  try {
    const kept = cleaned(readFile(detail))
    return kept === undefined ? undefined : { value: kept, origin: 'file', detail }
  } catch {
    return undefined // another program's file: where it cannot be read, nobody is logged in
  }
}

/** What cannot stand in a header is no token. */
function cleaned(token: string | undefined): string | undefined {
  const trimmed = token?.replaceAll(/[\r\n]/g, '').trim() ?? ''
  return /^[\x21-\x7e]+$/.test(trimmed) ? trimmed : undefined
}

function isTrue(written: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(written ?? '')
}
