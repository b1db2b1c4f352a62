/** What the hub's list leaves out of a model: the exact size of its weights, and its configuration. */
import { LRUCache } from 'lru-cache'
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { parseObject, type JsonObject } from '../wire/json.ts'
import type { Line } from './line.ts'
import { readText } from './read-text.ts'
import { readFiles, type HubFile } from './repository.ts'
import { requestFile } from './request-file.ts'

export interface Details {
  /** Of the files that mlx_lm loads. */
  readonly weightsBytes: number | undefined
  readonly config: JsonObject | undefined
  /** Why something is not known. */
  readonly unknown: string | undefined
}

export interface Commit {
  readonly id: string
  readonly commit: string
}

export type ReadDetails = (model: Commit, line: Line, files?: readonly HubFile[]) => Promise<Details>

const REMEMBERED = 2000
const MOST_CONFIG = 1024 ** 2

/** Never fails but by the signal: what cannot be had is unknown. A commit never changes, so what was whole once is remembered. `isWeights`:
 *  by the name in the repository, what mlx_lm loads. */
export function createDetails(access: HubAccess, isWeights: (path: string) => boolean): ReadDetails {
  const remembered = new LRUCache<string, Details>({ max: REMEMBERED })
  return async ({ id, commit }, line, known) => {
    const key = `${id}@${commit}`
    const before = remembered.get(key)
    if (before !== undefined) return before
    const details = await read({ id, commit }, line, known)
    if (details.unknown === undefined) remembered.set(key, details)
    return details
  }

  async function read(model: Commit, line: Line, known: readonly HubFile[] | undefined): Promise<Details> {
    const [files, config] = await Promise.all([
      known ?? orWhy(line, () => readFiles(access, model, line)),
      orWhy(line, () => readConfig(model, line)),
    ])
    const weights = typeof files === 'string' ? [] : files.filter(({ path }) => isWeights(path))
    const weightsBytes = weights.length === 0 ? undefined : weights.reduce((sum, { bytes }) => sum + bytes, 0)
    const whyNoSize =
      typeof files === 'string'
        ? files
        : weightsBytes === undefined
          ? 'It has no weights that mlx_lm loads.'
          : undefined
    const whyNoConfig = typeof config === 'string' ? config : undefined
    return {
      weightsBytes,
      config: typeof config === 'string' ? undefined : config,
      unknown: whyNoSize ?? whyNoConfig,
    }
  }

  async function readConfig(model: Commit, line: Line): Promise<JsonObject> {
    const { body } = await requestFile(access, { ...model, path: 'config.json' }, line)
    const config = parseObject(await readText(access, body, MOST_CONFIG, line))
    if (config === undefined) throw new GatewayError('hub_unreachable', 'Its config.json is no JSON object.')
    return config
  }
}

/** What was asked for, or why it cannot be had. */
async function orWhy<T>({ signal }: Line, ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask()
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof GatewayError) return thrown.message
    throw thrown
  }
}
