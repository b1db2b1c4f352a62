/** `mlx-gateway serve`: the gateway in the foreground, until a signal. */
import type { Config } from '../config/config.ts'
import { startGateway } from '../gateway.ts'
import type { World } from './world.ts'

/** Resolves when the gateway has closed. The first SIGTERM, SIGINT or SIGHUP drains; the second ends at once. */
export async function serve(config: Config, world: World): Promise<void> {
  const gateway = await startGateway(config, { environment: world.environment, platform: world.platform })
  world.out.write(
    `mlx-gateway listens on ${gateway.url}\nOpenAI clients use ${gateway.url}/v1. Ctrl-C drains and stops it, a second one stops it at once.\n`,
  )
  const { promise: closed, resolve, reject } = Promise.withResolvers<void>()
  const close = (): void => {
    gateway.close().then(resolve, reject)
  }
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, close)
  await closed
  for (const signal of signals) process.off(signal, close)
}
