/** `mlx-gateway doctor`: looks for what would go wrong, and says what to do. */
import { mayListen } from '../access/access.ts'
import type { Config } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import { createHost } from '../host/host.ts'
import { read } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, ofMemory, printable, size, table } from './print.ts'
import { withAdmin } from './session.ts'
import type { World } from './world.ts'

interface Finding {
  readonly matter: string
  /** A problem stops requests from being answered; a warning may not. */
  readonly verdict: 'good' | 'warning' | 'problem'
  readonly said: string
  /** What a person can do about it. */
  readonly advice?: string
}

/** Its exit code: 1 where there is a problem. */
export async function doctor(config: Config, world: World, options: Options): Promise<number> {
  const findings = [
    await memory(world),
    await disk(config, world),
    ...(await cacheDisk(config, world)),
    hub(config),
    ...session(world),
    ...(await house(config, world)),
  ]
  if (options.json) json(world, findings)
  else tell(findings, world)
  return findings.some(({ verdict }) => verdict === 'problem') ? 1 : 0
}

function tell(findings: readonly Finding[], world: World): void {
  const rows = findings.map(({ matter, verdict, said }) => [verdict, matter, said])
  table(world, ['', 'what', 'found'], rows, '')
  const advised = findings.flatMap(({ matter, advice }) => (advice === undefined ? [] : [`  ${matter}: ${advice}\n`]))
  if (advised.length > 0) world.out.write(printable(`\nWhat to do:\n${advised.join('')}`))
}

async function memory(world: World): Promise<Finding> {
  const { totalBytes, availableBytes, source } = await createHost(world.platform).memory()
  const said = `${ofMemory(availableBytes)} of ${ofMemory(totalBytes)} available (${source})`
  return { matter: 'memory', verdict: 'good', said }
}

/** The engine and the starter model need about 160 MB while they are fetched, and more once they are unpacked. */
async function disk({ dataDirectory }: Config, world: World): Promise<Finding> {
  const free = await createHost(world.platform).freeBytes(dataDirectory)
  const finding = { matter: 'disk', said: `${size(free)} free for ${dataDirectory}` }
  if (free >= 2e9) return { ...finding, verdict: 'good' }
  const advice = 'free some space, or choose another data directory with --data'
  return { ...finding, verdict: free < 5e8 ? 'problem' : 'warning', advice }
}

/** Where models are pulled to. */
async function cacheDisk({ modelPlaces, settings }: Config, world: World): Promise<Finding[]> {
  const cache = modelPlaces.find(({ kind }) => kind === 'huggingface')?.path
  if (cache === undefined) return []
  const { keepFree } = settings.downloads
  try {
    const free = await createHost(world.platform).freeBytes(cache)
    const finding = { matter: 'models disk', said: `${size(free)} free for ${cache}` }
    if (free > keepFree) return [{ ...finding, verdict: 'good' }]
    const advice = `free some space: downloads wait while less than ${size(keepFree)} is free (downloads.keepFree)`
    return [{ ...finding, verdict: 'warning', advice }]
  } catch (error) {
    const said = `${cache} cannot be looked at: ${messageOf(error)}`
    return [{ matter: 'models disk', verdict: 'warning', said, advice: 'see to it, or set models.huggingfaceCache' }]
  }
}

/** What the gateway goes by; nothing is asked of it. */
function hub({ hub: { endpoint, token, offline }, origins, elsewhere }: Config): Finding {
  const from = (path: string): string => (elsewhere[path] ?? origins[path])?.detail ?? 'default'
  const said = [
    endpoint,
    token === undefined ? 'no token' : `token set (${from('hub.token')})`,
    ...(offline ? [`offline: nothing is asked of it (${from('hub.offline')})`] : []),
  ]
  return { matter: 'hub', verdict: 'good', said: said.join(', ') }
}

/** Under a LaunchAgent long prompts were seen a hundred times slower than from a login session (raullenchai/Rapid-MLX #1363). */
function session(world: World): Finding[] {
  const service = world.environment['XPC_SERVICE_NAME']
  if (world.platform !== 'darwin' || service === undefined || service === '0') return []
  const said = `started by launchd as ${service}: models may run slowly`
  return [{ matter: 'session', verdict: 'warning', said, advice: 'compare with a start from Terminal' }]
}

/** 1. The gateway and who may reach it. 2. Engines. 3. Models. 4. Profiles whose model is not there. */
async function house(config: Config, world: World): Promise<Finding[]> {
  try {
    return await withAdmin(config, world, { mustRun: false }, async ({ client, running }) => {
      const { models } = await read(client.models.refresh.$post())
      const { keys } = await read(client.keys.$get())
      const { engines } = await read(client.engines.$get())
      const { profiles } = await read(client.profiles.$get())
      return [
        gateway(running, config, keys), // 1
        ...engines.map(engine), // 2
        { matter: 'models', verdict: 'good', said: `${models.filter(({ facts }) => facts !== null).length} on disk` }, // 3
        ...models.flatMap(leftOut),
        ...profiles.filter(({ available }) => !available).map(withoutModel), // 4
      ]
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const said = 'the data directory cannot be used'
    return [{ matter: 'gateway', verdict: 'problem', said, advice: error.message }]
  }
}

function gateway(running: boolean, { settings }: Config, keys: readonly { revokedAt: number | null }[]): Finding {
  if (running) return { matter: 'gateway', verdict: 'good', said: 'running' }
  try {
    mayListen(
      settings.server.host,
      keys.some(({ revokedAt }) => revokedAt === null),
    )
    return { matter: 'gateway', verdict: 'good', said: 'not running; start it with: mlx-gateway serve' }
  } catch (error) {
    return { matter: 'gateway', verdict: 'problem', said: 'it would not start', advice: messageOf(error) }
  }
}

interface EngineShown {
  readonly name: string
  readonly state: string
  readonly version: string | null
  readonly reason: string | null
}

function engine({ name, state, version, reason }: EngineShown): Finding {
  const finding = { matter: `engine ${name}`, said: [state, version].filter(Boolean).join(', ') }
  if (state !== 'failed') return { ...finding, verdict: 'good' }
  return { ...finding, verdict: 'problem', advice: reason ?? `try again: mlx-gateway engines install ${name}` }
}

interface ModelShown {
  readonly id: string
  readonly folder: string
  readonly incomplete: { readonly reason: string; readonly resumable: boolean } | null
}

function leftOut({ id, folder, incomplete }: ModelShown): Finding[] {
  if (incomplete === null) return []
  const { reason, resumable } = incomplete
  const advice = resumable ? `fetch what is missing: mlx-gateway pull ${id}` : `fetch ${folder} anew, or delete it`
  return [{ matter: 'model', verdict: 'warning', said: `${folder}: ${reason}`, advice }]
}

function withoutModel({ name, model }: { readonly name: string; readonly model?: string | undefined }): Finding {
  const matter = `profile ${name}`
  const advice = 'put the model there or correct the profile; mlx-gateway models shows what was found'
  return { matter, verdict: 'problem', said: `its model was not found: ${model}`, advice }
}
