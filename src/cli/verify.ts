/** `mlx-gateway models verify`: reads a model again, and mends it. */
import { isBad, type VerifiedFile } from '../catalog/catalog.ts'
import type { Config } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../wire/json.ts'
import { eachEvent, inPath, refusal } from './admin-client.ts'
import { downloadSaid, type Download } from './download-said.ts'
import { splitRevision } from './model-name.ts'
import type { Options } from './options.ts'
import { json, printable, size, table } from './print.ts'
import { progressLine, type ProgressLine } from './progress-line.ts'
import { withAdmin, type Client } from './session.ts'
import type { World } from './world.ts'

interface Outcome {
  readonly files: readonly VerifiedFile[]
  readonly repaired: boolean
  /** Why nobody knows whether other files should be there. */
  readonly unlisted: string | null
}

/** Ends with a failure where something is broken and was not mended. */
export function verifyModel(config: Config, world: World, wanted: string, options: Options): Promise<void> {
  return withAdmin(config, world, { mustRun: false, command: 'models verify' }, async ({ client }) => {
    const outcome = await verify(client, world, wanted, options)
    const { files, repaired, unlisted } = outcome
    const bad = files.filter(isBad)
    if (options.json) json(world, outcome)
    else {
      const rows = bad.map(({ path, state, why }) => [path, state, why])
      if (rows.length > 0) table(world, ['file', 'is', 'because'], rows, '')
      world.out.write(`${wanted}: ${counted(files)}${repaired ? '; fetched again and right now' : ''}.\n`)
      if (unlisted !== null) world.out.write(printable(`Whether files are missing is not known: ${unlisted}\n`))
    }
    if (bad.length === 0 || repaired) return
    const advice = options.repair ? '' : ` Mend it with: mlx-gateway models verify ${wanted} --repair`
    throw new GatewayError('verification_failed', `${wanted} is not as it should be.${advice}`)
  })
}

async function verify(client: Client, world: World, wanted: string, options: Options): Promise<Outcome> {
  const [id, revision] = splitRevision(wanted)
  const { folder, repair = false } = options
  const query = { ...(revision && { revision }), ...(folder && { folder }), repair: repair ? 'true' : 'false' } as const
  const answer = await client.models[':id'].verify.$post({ param: inPath({ id }), query })
  using line = progressLine(world)
  let files: readonly VerifiedFile[] | undefined
  let [repaired, unlisted, failure]: [boolean, string | null, unknown] = [false, null, undefined]
  await eachEvent(answer, (event, data) => {
    if (!isObject(data)) return
    if (event === 'progress') showRead(line, data)
    if (event === 'verified') {
      files = data['files'] as unknown as readonly VerifiedFile[]
      if (typeof data['unlisted'] === 'string') unlisted = data['unlisted']
    }
    if (event === 'download') line.show(...downloadSaid(data as unknown as Download))
    if (event === 'repaired') repaired = true
    if (event === 'error') failure = data
  })
  if (failure !== undefined) throw refusal(answer.status, JSON.stringify(failure))
  if (files === undefined) throw new GatewayError('server_unavailable', 'The gateway ended before the model was read.')
  return { files, repaired, unlisted }
}

function showRead(line: ProgressLine, { bytes, totalBytes }: JsonObject): void {
  if (typeof bytes !== 'number' || typeof totalBytes !== 'number') return
  line.show(`${size(bytes)} of ${size(totalBytes)} read`, totalBytes === 0 ? 1 : bytes / totalBytes)
}

/** `of 4 files 3 right, 1 broken` */
function counted(files: readonly VerifiedFile[]): string {
  const counts = [
    ['ok', 'right'],
    ['broken', 'broken'],
    ['missing', 'missing'],
    ['unknown', 'without a known checksum'],
  ].map(([state, said]) => [files.filter((file) => file.state === state).length, said] as const)
  const said = counts.flatMap(([count, said]) => (count === 0 ? [] : `${count} ${said}`))
  return `of ${files.length} files ${said.join(', ')}`
}
