/** `mlx-gateway downloads`. */
import type { Config } from '../config/config.ts'
import { inPath, read } from './admin-client.ts'
import { rate, timeLeft, whyItRests, type Download } from './download-said.ts'
import { eachOf } from './each-of.ts'
import { withRevision } from './model-name.ts'
import type { Options } from './options.ts'
import { json, printable, size, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function listDownloads(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client, running }) => {
    const all = await read(client.downloads.$get())
    if (options.json) return json(world, all)
    const { downloads } = all
    const rows = downloads.map((download) => [
      download.id,
      withRevision(download.repo, download.revision),
      stateOf(download),
      `${percentOf(download)} % of ${size(download.totalBytes)}`,
      rate(download),
      timeLeft(download),
    ])
    const head = ['id', 'model', 'state', 'done', 'speed', 'left']
    const none = 'No downloads. mlx-gateway search finds models, mlx-gateway pull gets one.'
    table(world, head, rows, none, ['speed', 'left', 'state'])
    for (const download of downloads) {
      const why = whyItRests(download)
      if (why !== undefined) world.out.write(printable(`\n${download.repo}: ${why}\n`))
    }
    if (!running && downloads.some(goesOnByItself)) world.out.write(`\n${NOTHING_COMES}\n`)
  })
}

const NOTHING_COMES =
  'No gateway is running, so nothing comes: start one with mlx-gateway serve, or repeat the mlx-gateway pull.'

function goesOnByItself({ state, pausedBy }: Download): boolean {
  return ['queued', 'running', 'verifying'].includes(state) || (state === 'paused' && pausedBy !== 'hand')
}

function stateOf({ state, pausedBy }: Download): string {
  if (pausedBy === 'disk') return 'no space'
  return pausedBy === 'network' ? 'no network' : state
}

function percentOf({ bytes, totalBytes }: Download): number {
  return totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100)
}

/** `which`: numbers, or models. */
export function changeDownloads(
  config: Config,
  world: World,
  verb: 'pause' | 'resume' | 'cancel',
  which: readonly string[],
): Promise<number> {
  return withAdmin(config, world, { mustRun: verb === 'resume' }, ({ client }) =>
    eachOf(which, world, async (id) => {
      const download = await read(client.downloads[':id'][verb].$post({ param: inPath({ id }) }))
      world.out.write(`${download.repo}: ${[download.state, pausedWords(download)].filter(Boolean).join('. ')}\n`)
    }),
  )
}

function pausedWords({ id, state }: Download): string | undefined {
  return state === 'paused' ? `mlx-gateway downloads resume ${id} lets it go on.` : undefined
}

export function forgetDownloads(
  config: Config,
  world: World,
  which: readonly string[],
  options: Options,
): Promise<number> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    if (options.all === true) {
      const { removed } = await read(client.downloads.$delete())
      world.out.write(removed.length === 0 ? 'There was none that is over.\n' : `Forgot ${removed.join(', ')}.\n`)
    }
    return eachOf(which, world, async (id) => {
      const { removed } = await read(client.downloads[':id'].$delete({ param: inPath({ id }) }))
      world.out.write(`Forgot download ${removed}.\n`)
    })
  })
}
