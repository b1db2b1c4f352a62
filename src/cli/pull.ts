/** `mlx-gateway pull`. */
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../wire/json.ts'
import { eachEvent, read } from './admin-client.ts'
import { downloadSaid, showDownload, type Download } from './download-said.ts'
import { splitRevision } from './model-name.ts'
import type { Options } from './options.ts'
import { size } from './print.ts'
import { progressLine } from './progress-line.ts'
import { type AdminSession, type Client, withAdmin } from './session.ts'
import type { World } from './world.ts'

/** On a terminal, or where it was told to wait, shows how it comes along; Ctrl-C leaves that, and the gateway goes on with the download.
 *  Where no gateway runs this command does the work itself, and stays until it is done. */
export function pull(config: Config, world: World, wanted: string, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async (session) => {
    const [id, revision] = splitRevision(wanted)
    const asked = revision === undefined ? { id } : { id, revision }
    if (!session.running || options.wait === true || world.err.isTTY) return pullAndWait(session, world, asked)
    const { repo } = await read(session.client.downloads.$post({ json: asked }))
    world.out.write(`Pulling ${repo}; mlx-gateway downloads shows how far it is.\n`)
  })
}

async function pullAndWait(
  { client, running }: AdminSession,
  world: World,
  asked: { readonly id: string; readonly revision?: string },
): Promise<void> {
  const leaving = new AbortController()
  try {
    // listens before it asks, so that nothing is missed
    const events = await client.events.$get(undefined, { init: { signal: leaving.signal } })
    const { id, repo } = await read(client.downloads.$post({ json: asked }))
    if (world.err.isTTY) {
      const meaning = running
        ? 'leaves this display; the download goes on'
        : 'stops it; the same command goes on with it'
      world.err.write(`Ctrl-C ${meaning}.\n`)
    }
    const { state, reason, totalBytes } = await follow(world, client, events, id)
    if (state === 'complete') world.out.write(`${repo} is on disk (${size(totalBytes)}).\n`)
    else throw new GatewayError('server_unavailable', reason ?? `The download of ${repo} was ${state}.`)
  } finally {
    // an open connection would keep this process alive
    leaving.abort()
  }
}

/** Shows the download until nothing more happens to it by itself. */
async function follow(world: World, client: Client, events: Response, id: number): Promise<Download> {
  const line = progressLine(world)
  let last = await showDownload(client, id)
  const isOver = (): boolean => {
    const over = ['complete', 'failed', 'cancelled'].includes(last.state) || last.pausedBy === 'hand'
    if (!over) line.show(...downloadSaid(last))
    return over
  }
  if (!isOver()) {
    await eachEvent(events, (_, data) => {
      const told = isObject(data) && isObject(data['download']) ? data['download'] : undefined
      if (told?.['id'] !== id) return true
      const news = told as unknown as Download
      // told before we asked
      if (news.updatedAt < last.updatedAt) return true
      last = news
      return !isOver()
    })
  }
  line.end()
  if (isOver()) return last
  const message = 'The gateway has ended; the download goes on as soon as one runs again: mlx-gateway serve'
  throw new GatewayError('server_unavailable', message)
}
