/** `mlx-gateway serve`: the gateway in the foreground, until a signal. */
import type { Config } from '../config/config.ts'
import { startGateway, type Gateway } from '../gateway.ts'
import { linkOf } from './admin.ts'
import type { World } from './world.ts'

/** Resolves when the gateway has closed. The first SIGTERM, SIGINT or SIGHUP drains; the second ends at once. */
export async function serve(config: Config, world: World): Promise<void> {
  const gateway = await startGateway(config, { environment: world.environment, platform: world.platform })
  world.out.write(welcome(gateway, world.out.isTTY))
  const { promise: closed, resolve, reject } = Promise.withResolvers<void>()
  const close = (): void => {
    gateway.close().then(resolve, reject)
  }
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, close)
  await closed
  for (const signal of signals) process.off(signal, close)
}

/** The link that signs in is for a person alone: what is not written to a terminal may end up in a log file. */
export function welcome({ url, makeCode }: Pick<Gateway, 'url' | 'makeCode'>, terminal: boolean): string {
  const page = terminal
    ? `The admin page: ${linkOf(url, makeCode())}\nThis link signs you in, once and within 10 minutes; mlx-gateway admin prints another.`
    : `The admin page is at ${url}/admin/; mlx-gateway admin prints a link that signs you in.`
  const lines = [
    `mlx-gateway listens on ${url}`,
    `OpenAI clients use ${url}/v1. Ctrl-C drains and stops it, a second one stops it at once.`,
    page,
  ]
  return `${lines.join('\n')}\n`
}
