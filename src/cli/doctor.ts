/** `mlx-gateway doctor`: looks for what would go wrong, and says what to do. */
import { statfs } from 'node:fs/promises'
import { homedir } from 'node:os'
import type { Config } from '../config/config.ts'
import { messageOf } from '../errors.ts'
import { createHost } from '../host/host.ts'
import { read, withAdmin } from './admin-client.ts'
import type { Options } from './options.ts'
import { json, size, table } from './print.ts'
import type { World } from './world.ts'

interface Finding {
  readonly matter: string
  readonly verdict: 'good' | 'warning' | 'problem'
  readonly said: string
}

export async function doctor(config: Config, world: World, options: Options): Promise<void> {
  const findings = [await memory(world), await disk(config), ...session(world), ...(await house(config, world))]
  if (options.json) json(world, findings)
  else
    table(
      world,
      ['', 'what', 'found'],
      findings.map(({ matter, verdict, said }) => [verdict, matter, said]),
      '',
    )
}

async function memory(world: World): Promise<Finding> {
  const { totalBytes, availableBytes, source } = await createHost(world.platform).memory()
  return {
    matter: 'memory',
    verdict: 'good',
    said: `${size(availableBytes)} of ${size(totalBytes)} available (${source})`,
  }
}

async function disk(config: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(config.dataDirectory).catch(() => statfs(homedir()))
  const free = bavail * bsize
  return {
    matter: 'disk',
    verdict: free < 2 * 1024 ** 3 ? 'warning' : 'good',
    said: `${size(free)} free for ${config.dataDirectory}`,
  }
}

/** Under a LaunchAgent long prompts were seen a hundred times slower than from a login session (raullenchai/Rapid-MLX #1363). */
function session(world: World): Finding[] {
  const service = world.environment['XPC_SERVICE_NAME']
  if (world.platform !== 'darwin' || service === undefined || service === '0') return []
  const said = `started by launchd as ${service}: models may run slowly; compare with a start from Terminal`
  return [{ matter: 'session', verdict: 'warning', said }]
}

async function house(config: Config, world: World): Promise<Finding[]> {
  try {
    return await withAdmin(config, world, { mustRun: false }, async ({ client, running }) => {
      const { engines } = await read(client.engines.$get())
      const { models, incomplete } = await read(client.models.$get())
      return [
        {
          matter: 'gateway',
          verdict: 'good',
          said: running ? 'running' : 'not running; start it with: mlx-gateway serve',
        },
        ...engines.map(({ name, state, version, reason }): Finding => ({
          matter: `engine ${name}`,
          verdict: state === 'failed' ? 'problem' : 'good',
          said: [state, version, reason].filter(Boolean).join(', '),
        })),
        { matter: 'models', verdict: 'good', said: `${models.length} on disk` },
        ...incomplete.map(({ path, reason }): Finding => ({
          matter: 'model',
          verdict: 'warning',
          said: `${path}: ${reason}`,
        })),
      ]
    })
  } catch (error) {
    return [{ matter: 'gateway', verdict: 'problem', said: messageOf(error) }]
  }
}
