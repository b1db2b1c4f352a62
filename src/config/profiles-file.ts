/** Files with many profiles: our own, which is also what is written, and llama-swap's. */
import { Document } from 'yaml'
import { z } from 'zod'
import { GatewayError } from '../errors.ts'
import { writtenDuration, writtenSize } from '../wire/amounts.ts'
import { isRecord, parseYaml } from './file.ts'
import { isSwapFile, readSwapFile, type SwappedModels } from './llama-swap.ts'
import { profileSettings, type ProfileSettings } from './schema.ts'

export type ProfilesFile =
  | { readonly form: 'mlx-gateway'; readonly profiles: readonly unknown[]; readonly notes: readonly string[] }
  | ({ readonly form: 'llama-swap' } & SwappedModels)

/** Characters: the parser compares each key with every other. */
const longest = 64 * 1024
/** Each is looked up on disk and written down for good, while everybody else waits. */
const most = 200
const wanted = 'a list of profiles, a configuration file with `profiles:`, or llama-swap’s with `models:`'

/** 1. llama-swap's. 2. A configuration file, ours, of which only the profiles count. 3. A list of profiles. 4. One profile alone.
 *  Throws GatewayError `invalid_request` with `param` yaml. */
export function readProfilesFile(text: string, homeDirectory: string): ProfilesFile {
  if (text.length > longest) throw unreadable(`it is longer than ${longest / 1024} KiB; import it in parts`)
  try {
    const { value, problems } = parseYaml(text, { merge: true })
    if (problems.length > 0) throw unreadable(problems.slice(0, 3).join('; '))
    if (countOf(value) > most) throw unreadable(`it holds more than ${most} profiles; import it in parts`)
    if (isSwapFile(value)) return { form: 'llama-swap', ...readSwapFile(value, homeDirectory) } // 1
    if (isRecord(value) && Array.isArray(value['profiles'])) {
      const others = Object.keys(value).filter((key) => key !== 'profiles')
      const notes = others.length === 0 ? [] : [`Only the profiles are taken over, not: ${others.join(', ')}.`]
      return { form: 'mlx-gateway', profiles: value['profiles'], notes } // 2
    }
    if (Array.isArray(value)) return { form: 'mlx-gateway', profiles: value, notes: [] } // 3
    if (isRecord(value) && 'name' in value) return { form: 'mlx-gateway', profiles: [value], notes: [] } // 4
  } catch (error) {
    if (error instanceof RangeError) throw unreadable('it is nested too deeply')
    if (error instanceof z.ZodError) throw unreadable(z.prettifyError(error))
    throw error
  }
  throw unreadable(`it holds neither ${wanted}`)
}

function countOf(value: unknown): number {
  const held = isRecord(value) ? (value['profiles'] ?? value['models']) : value
  return Array.isArray(held) || isRecord(held) ? Object.keys(held).length : 0
}

function unreadable(why: string): GatewayError {
  return new GatewayError('invalid_request', `This file cannot be imported: ${why}.`, { param: 'yaml' })
}

/** Profiles as YAML, in the form of the configuration file: only what is not so by default, amounts as people write them. `unusable`: what
 *  is to be said of others that are missing from it. */
export function writeProfilesFile(profiles: readonly ProfileSettings[], unusable: readonly string[]): string {
  const document = new Document({ profiles: profiles.map(written) })
  if (unusable.length > 0) document.commentBefore = ['Left out:', ...unusable].map((line) => ` ${line}`).join('\n')
  return document.toString({ lineWidth: 0 })
}

function written(profile: ProfileSettings): Record<string, unknown> {
  const { idle, memory } = profile
  const usual: Readonly<Record<string, unknown>> = profileSettings.parse({ name: profile.name })
  const given = Object.entries(profile).filter(
    ([key, value]) => key === 'name' || JSON.stringify(value) !== JSON.stringify(usual[key]),
  )
  return {
    ...Object.fromEntries(given),
    // 0 has no unit
    ...(idle ? { idle: writtenDuration(idle) } : {}),
    ...(memory ? { memory: writtenSize(memory) } : {}),
  }
}
