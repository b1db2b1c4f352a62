/** `mlx-gateway logs --follow`, which ends only when somebody leaves: the gateway, the person, or whoever reads. */
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { open, say } from '../fixtures/ask.ts'
import { furnish } from '../fixtures/gateway/furnish.ts'
import { spawnCli } from '../fixtures/run-cli.ts'
import { type GatewayProcess, startGatewayProcess } from '../fixtures/start-gateway.ts'

/** Follows a server's log, as far as its first line. */
async function following(gateway: GatewayProcess) {
  await open(gateway.url, '/chat/completions', say('first', 'hello')).ended
  const child = spawnCli(['logs', 'first', '--follow', '--data', gateway.dataDirectory])
  const err = text(child.stderr)
  await once(child.stdout, 'data')
  return { child, ended: once(child, 'exit'), err }
}
async function start(): Promise<GatewayProcess> {
  const furnished = furnish([{ name: 'first' }])
  onTestFinished(furnished.remove)
  const gateway = await startGatewayProcess({ settings: furnished.settings })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  return gateway
}

describe('logs --follow', () => {
  test('says that the gateway was killed, or has stopped, and ends with 1', async () => {
    const killed = await start()
    const one = await following(killed)
    await killed.kill()
    await one.ended
    expect([one.child.exitCode, await one.err]).toEqual([
      1,
      'error: The connection to the gateway broke: it has ended.\n',
    ])

    const stopped = await start()
    const other = await following(stopped)
    await Promise.all([stopped.stop(), other.ended])
    expect([other.child.exitCode, await other.err]).toEqual([
      1,
      'error: The gateway has ended the log; it is stopping.\n',
    ])
  })

  test('ends by Ctrl-C without a word', async () => {
    const { child, ended, err } = await following(await start())
    child.kill('SIGINT')
    await ended
    expect([child.signalCode, await err]).toEqual(['SIGINT', ''])
  })

  test('ends when nobody reads it any more', async () => {
    const gateway = await start()
    const { child, ended, err } = await following(gateway)
    child.stdout.destroy()
    await open(gateway.url, '/chat/completions', say('first', 'hello')).ended
    await ended
    expect([child.exitCode, await err]).toEqual([0, ''])
  })
})
