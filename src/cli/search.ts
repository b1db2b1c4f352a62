/** `mlx-gateway search`. */
import type { Config } from '../config/config.ts'
import { read } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, ofMemory, printable, table, weightsOf } from './print.ts'
import { withAdmin, type Client } from './session.ts'
import type { World } from './world.ts'

type Found = Awaited<ReturnType<typeof ask>>
type Hit = Found['hits'][number]

const USUAL = 20
/** A narrow search may have to look far; it ends after so many answers. */
const MOST_ANSWERS = 5

export function search(config: Config, world: World, words: string, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const found = await gather(client, words, options)
    if (options.json) return json(world, found)
    if (found.reason !== null) world.err.write(`${found.reason}\n`)
    if (found.offline) world.err.write('These are the models on this machine.\n')
    for (const why of whatIsUnknown(found.hits)) world.err.write(`${printable(why)}\n`)
    const rows = found.hits.map((hit) => [
      hit.id,
      weightsOf(hit.weightsBytes, hit.quantization),
      hit.fit && verdicts[hit.fit.verdict],
      ofMemory(hit.fit?.needBytes),
      hit.contextLength,
      hit.license,
      hit.gated === 'open' ? 'no' : hit.gated,
      hit.local ? 'yes' : 'no',
    ])
    const head = ['model', 'weights', 'fits', 'needs', 'context', 'licence', 'gated', 'here']
    table(world, head, rows, 'Nothing found.', ['context', 'needs', 'licence', 'gated', 'here'])
    tellRoom(found.hits, world)
    if (found.cursor !== null) world.out.write('\nThere are more: search for more words, or set a higher --limit.\n')
  })
}

async function gather(client: Client, words: string, options: Options): Promise<Found> {
  const limit = options.limit ?? USUAL
  let found = await ask(client, words, options, limit, undefined)
  for (let answers = 1; answers < MOST_ANSWERS && found.cursor !== null && found.hits.length < limit; answers++) {
    const { hits, ...rest } = await ask(client, words, options, limit - found.hits.length, found.cursor)
    found = { ...rest, hits: [...found.hits, ...hits] }
  }
  return found
}

function ask(client: Client, q: string, options: Options, limit: number, cursor: string | undefined) {
  const { owner, task, bits, minSize: minBytes, maxSize: maxBytes, sort } = options
  const given = Object.entries({ q, owner, task, bits, minBytes, maxBytes, sort, limit, cursor })
  const query = Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''))
  return read(client.hub.models.$get({ query }))
}

const verdicts = { fits: 'yes', 'fits alone': 'alone', 'does not fit': 'no' } as const

function tellRoom(hits: readonly Hit[], world: World): void {
  const fits = hits.flatMap(({ fit }) => fit ?? [])
  if (fits[0] === undefined) return
  const alone = fits.some(({ verdict }) => verdict === 'fits alone') ? ' alone: once the others are unloaded.' : ''
  world.out.write(`\nAll servers together may hold ${ofMemory(fits[0].budgetBytes)}.${alone}\n`)
}

/** Each reason once, however many models it is told of. */
function whatIsUnknown(hits: readonly Hit[]): readonly string[] {
  const told = hits.flatMap(({ id, unknown }) => (unknown === null ? [] : [{ id, unknown }]))
  const alike = Map.groupBy(told, ({ id, unknown }) => unknown.replaceAll(id, ''))
  return [...alike.values()].map(([first, ...others]) => {
    const more = others.length === 0 ? '' : ` The same holds for ${others.length} more.`
    const { id = '', unknown = '' } = first ?? {}
    return `${unknown.startsWith(id) ? '' : `${id}: `}${unknown}${more}`
  })
}
