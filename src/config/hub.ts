/** Where the hub is and who we are to it: from the settings, else from what its own tools leave in the environment and on disk. */
import { join, resolve } from 'node:path'
import { readEndpoint } from './endpoint.ts'
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
  readonly problems: readonly string[]
}

/** As huggingface_hub/constants.py and _auth.py find them. */
export function findHub({ endpoint, token, offline }: Settings['hub'], surroundings: Surroundings): FoundHub {
  const { environment } = surroundings
  const named = endpoint ?? (environment['HF_ENDPOINT'] || PUBLIC_HUB)
  const found = readEndpoint(named)
  return {
    access: {
      endpoint: found ?? PUBLIC_HUB,
      token: token ?? (isTrue(environment['HF_HUB_DISABLE_IMPLICIT_TOKEN']) ? undefined : theirToken(surroundings)),
      offline: offline ?? isTrue(environment['HF_HUB_OFFLINE'] || environment['TRANSFORMERS_OFFLINE']),
    },
    problems: found === undefined ? ['HF_ENDPOINT: write an address, for example https://huggingface.co'] : [],
  }
}

function theirToken({ environment, homeDirectory, readFile }: Surroundings): string | undefined {
  const fromEnvironment = cleaned(environment['HF_TOKEN'] || environment['HUGGING_FACE_HUB_TOKEN'])
  if (fromEnvironment !== undefined) return fromEnvironment
  const path = (written: string) => resolve(expandHome(written, homeDirectory))
  const home = environment['HF_HOME'] || join(environment['XDG_CACHE_HOME'] || '~/.cache', 'huggingface')
  try {
    return cleaned(readFile(path(environment['HF_TOKEN_PATH'] || join(home, 'token'))))
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
