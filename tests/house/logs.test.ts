/** What the gateway and its servers have written, as whoever looks after them reads it. */
import { describe, expect, test } from 'vitest'
import { admin } from '../fixtures/admin.ts'
import { say } from '../fixtures/ask.ts'
import { ask } from '../fixtures/gateway/client.ts'
import { furnish } from '../fixtures/gateway/furnish.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { startGatewayProcess } from '../fixtures/start-gateway.ts'

type Reached = Parameters<typeof admin>[0]

/** The lines of a log as they come; `over` resolves when the gateway ends the stream. */
async function following({ url, adminToken }: Reached, path: string) {
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${adminToken}` }
  const { body } = await fetch(`${url}/admin/api${path}`, { headers, signal: leaving.signal })
  if (body === null) throw new Error('no stream')
  const lines: string[] = []
  const over = read(body, lines)
  over.catch(() => {})
  return {
    lines,
    over,
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await over.catch(() => {})
    },
  }
}

async function read(body: ReadableStream<Uint8Array>, lines: string[]): Promise<void> {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) if (block.startsWith('data: ')) lines.push(JSON.parse(block.slice(6)))
  }
}

describe('the gateway’s own log', () => {
  test('is told as a person reads it, and then line by line until the gateway stops', async () => {
    await using house = await openHouse([{ name: 'small' }])
    await house.warm('small')
    const { lines } = await house.admin('GET', '/logs')
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO gateway\.started url=http:\S+ pid=\d+ /)
    expect(lines).toContainEqual(expect.stringMatching(/ INFO server\.ready profile=small /))

    await using live = await following(house, '/logs/follow')
    await expect.poll(() => live.lines).toEqual(expect.arrayContaining(lines))
    const before = live.lines.length
    await house.admin('POST', '/servers/small/stop')
    await expect
      .poll(() => live.lines.slice(before))
      .toContainEqual(expect.stringMatching(/ INFO server\.stopped profile=small /))
    const everything = JSON.stringify([lines, live.lines])
    expect(everything).not.toContain(house.adminToken)
    expect(everything).not.toContain('hello')
    await house[Symbol.asyncDispose]()
    await live.over
  })

  test('is for nobody but who has the admin token', async () => {
    await using house = await openHouse([])
    for (const path of ['/logs', '/logs/follow', '/settings'])
      expect((await fetch(`${house.url}/admin/api${path}`)).status).toBe(401)
  })
})

describe('the log of a server', () => {
  test('is there after a restart, before the server is, and goes on where it ended', async () => {
    const furnished = furnish([{ name: 'small' }, { name: 'never' }])
    using _ = { [Symbol.dispose]: furnished.remove }
    const options = { settings: furnished.settings, dataDirectory: `${furnished.folder}/data` }
    let earlier: string[]
    {
      await using gateway = await startGatewayProcess(options)
      expect((await ask(gateway.url, say('small', 'hello'))).status).toBe(200)
      await gateway.stop()
      await using again = await startGatewayProcess(options)
      earlier = (await admin(again, 'GET', '/servers/small/logs')).lines
    }
    expect(earlier.length).toBeGreaterThan(0)

    await using gateway = await startGatewayProcess(options)
    expect((await admin(gateway, 'GET', '/servers')).servers).toEqual([])
    const { out } = await runCli(['logs', 'small', '--data', gateway.dataDirectory])
    expect(out).toBe(earlier.map((line) => `${line}\n`).join(''))
    await using live = await following(gateway, '/servers/small/logs/follow')
    await expect.poll(() => live.lines).toEqual(earlier)
    await ask(gateway.url, say('small', 'hello'))
    await expect.poll(() => live.lines.length).toBeGreaterThan(earlier.length)
    expect((await admin(gateway, 'GET', '/servers/small/logs')).lines.slice(0, earlier.length)).toEqual(earlier)
    await expect(admin(gateway, 'GET', '/servers/never/logs')).rejects.toThrow(/404 .*has had no server yet/)
  })

  test('can be followed before its first server, and is heard from its first line', async () => {
    await using house = await openHouse([{ name: 'small' }])
    await using live = await following(house, '/servers/small/logs/follow')
    await house.warm('small')
    const { lines } = await house.admin('GET', '/servers/small/logs')
    await expect.poll(() => live.lines).toEqual(expect.arrayContaining(lines))
  })
})
