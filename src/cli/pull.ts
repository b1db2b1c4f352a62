/** `mlx-gateway pull`. */
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../wire/json.ts'
import { eachEvent, read } from './admin-client.ts'
import { downloadSaid, showDownload, type Download } from './download-said.ts'
import { eachOf } from './each-of.ts'
import { interruption } from './interruption.ts'
import { splitRevision } from './model-name.ts'
import type { Options } from './options.ts'
import { json, size } from './print.ts'
import { progressLine, type ProgressLine } from './progress-line.ts'
import { type AdminSession, type Client, withAdmin } from './session.ts'
import type { World } from './world.ts'

/** As a shell has it of a program that Ctrl-C ended. */
const INTERRUPTED = 130

/** On a terminal, or where it was told to wait, shows how they come along; Ctrl-C leaves that, and the gateway goes on with the downloads.
 *  Where no gateway runs this command does the work itself, and stays until it is done. */
export function pull(config: Config, world: World, wanted: readonly string[], options: Options): Promise<number> {
  return withAdmin(config, world, { mustRun: false, command: 'pull' }, async (session) => {
    const downloads: Download[] = []
    const refused = await eachOf(wanted, world, async (model) => {
      const [id, revision] = splitRevision(model)
      downloads.push(await read(session.client.downloads.$post({ json: { id, ...(revision && { revision }) } })))
    })
    const say = (text: string) => options.json !== true && world.out.write(text)
    const stays = !session.running || options.wait === true || world.err.isTTY
    if (!stays) for (const { repo } of downloads) say(`Pulling ${repo}; mlx-gateway downloads shows how far it is.\n`)
    const code = stays && downloads.length > 0 ? await stay(session, world, downloads, say) : 0
    if (options.json) json(world, { downloads })
    return code || refused
  })
}

/** Puts what became of each into its place. */
async function stay(
  { client, running }: AdminSession,
  world: World,
  downloads: Download[],
  say: (text: string) => unknown,
): Promise<number> {
  using ctrlC = interruption()
  if (world.err.isTTY) {
    const meaning = running ? 'leaves this display; the download goes on' : 'stops it; the same command goes on with it'
    world.err.write(`Ctrl-C ${meaning}.\n`)
  }
  try {
    return await eachOf([...downloads.entries()], world, async ([at, { id, repo }]) => {
      const last = await follow(client, id, ctrlC.signal, progressLine(world, downloads.length > 1 ? repo : undefined))
      downloads[at] = last
      if (last.state !== 'complete') throw new GatewayError('server_unavailable', whyNot(last))
      say(`${last.repo} is on disk (${size(last.totalBytes)}).\n`)
    })
  } catch (error) {
    if (!ctrlC.signal.aborted) throw error
    const goesOn = running ? 'The download goes on; see mlx-gateway downloads.' : 'Stopped; the same command goes on.'
    world.err.write(`${goesOn}\n`)
    return INTERRUPTED
  }
}

function whyNot({ repo, state, reason }: Download): string {
  if (state === 'cancelled' || reason === null) return `The download of ${repo} was ${state}.`
  return state === 'paused' ? `${repo}: ${reason}` : reason
}

/** Shows the download until nothing more happens to it by itself. Rejects with the signal's reason. */
async function follow(client: Client, id: number, signal: AbortSignal, shown: ProgressLine): Promise<Download> {
  using line = shown
  const leaving = new AbortController()
  try {
    // listens before it asks, so that nothing is missed
    const events = await client.events.$get(undefined, { init: { signal: leaving.signal } })
    let last = await showDownload(client, id)
    const isOver = (): boolean => {
      const over = ['complete', 'failed', 'cancelled'].includes(last.state) || last.pausedBy === 'hand'
      if (!over) line.show(...downloadSaid(last))
      return over
    }
    const hear = (data: unknown): boolean => {
      const told = isObject(data) && isObject(data['download']) ? data['download'] : undefined
      if (told?.['id'] !== id) return true
      const news = told as unknown as Download
      // told before we asked
      if (news.updatedAt < last.updatedAt) return true
      last = news
      return !isOver()
    }
    if (!isOver()) await eachEvent(events, (_, data) => hear(data), signal)
    if (isOver()) return last
  } finally {
    // an open connection would keep this process alive
    leaving.abort()
  }
  const message = 'The gateway has ended; the download goes on as soon as one runs again: mlx-gateway serve'
  throw new GatewayError('server_unavailable', message)
}
