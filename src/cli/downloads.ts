/** `mlx-gateway downloads`. */
import type { Config } from '../config/config.ts'
import { inPath, read } from './admin-client.ts'
import { rate, type Download } from './download-said.ts'
import type { Options } from './options.ts'
import { json, size, span, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

export function listDownloads(config: Config, world: World, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    const all = await read(client.downloads.$get())
    if (options.json) return json(world, all)
    const rows = all.downloads.map((download) => [
      download.id,
      download.revision === 'main' ? download.repo : `${download.repo}@${download.revision}`,
      download.pausedBy === null || download.pausedBy === 'hand' ? download.state : `waits for ${download.pausedBy}`,
      `${percentOf(download)} %`,
      size(download.totalBytes),
      rate(download),
      span(download.leftMs),
    ])
    const head = ['id', 'model', 'state', 'done', 'size', 'speed', 'left']
    table(world, head, rows, 'No downloads. mlx-gateway search finds models, mlx-gateway pull gets one.')
    for (const { repo, reason } of all.downloads) if (reason !== null) world.out.write(`\n${repo}: ${reason}\n`)
  })
}

export function changeDownload(
  config: Config,
  world: World,
  verb: 'pause' | 'resume' | 'cancel',
  id: string,
): Promise<void> {
  return withAdmin(config, world, { mustRun: verb === 'resume' }, async ({ client }) => {
    const download = await read(client.downloads[':id'][verb].$post({ param: inPath({ id }) }))
    world.out.write(`${download.repo}: ${download.state}\n`)
  })
}

export function forgetDownload(config: Config, world: World, id: string): Promise<void> {
  return withAdmin(config, world, { mustRun: false }, async ({ client }) => {
    await read(client.downloads[':id'].$delete({ param: inPath({ id }) }))
    world.out.write(`Forgot download ${id}.\n`)
  })
}

function percentOf({ bytes, totalBytes }: Download): number {
  return totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100)
}
