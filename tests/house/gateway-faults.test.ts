/** Faults 18 to 20, 23 and 25: the gateway itself is killed, told to end, or started twice, its disk is full, its database is lost. It is a
 *  process of its own here. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { openStore } from '../../src/store/store.ts'
import { groupGone } from '../../src/supervisor/child.ts'
import { admin, servers } from '../fixtures/admin.ts'
import { say } from '../fixtures/ask.ts'
import { ask, endless, hello, stream } from '../fixtures/gateway/client.ts'
import { furnish, type Sections, type Sketch } from '../fixtures/gateway/furnish.ts'
import { quickStart } from '../fixtures/quick-start.ts'
import { doorsOf } from '../fixtures/start-fake.ts'
import { type GatewayOptions, type GatewayProcess, main, startGatewayProcess } from '../fixtures/start-gateway.ts'

const host = createHost()

/** A folder for gateways that are started one after the other on the same data directory. */
function place(profiles: readonly Sketch[], sections: Sections = {}) {
  const furnished = furnish(profiles, sections)
  onTestFinished(furnished.remove)
  const { settings, folder } = furnished
  const dataDirectory = join(folder, 'data')
  return {
    ...furnished,
    dataDirectory,
    async start(more: Pick<GatewayOptions, 'command'> = {}): Promise<GatewayProcess> {
      const gateway = await startGatewayProcess({
        ...more,
        settings,
        dataDirectory,
        environment: { ...process.env, ...quickStart },
      })
      onTestFinished(() => gateway[Symbol.asyncDispose]())
      return gateway
    },
  }
}

/** The leader of the group of a profile's server, and the test doors of that. */
async function serverOf(gateway: GatewayProcess, profile: string) {
  const { pid, port } = (await servers(gateway)).servers.find((server) => server.profile === profile) ?? {}
  const leader = pid ?? 0
  onTestFinished(async () => {
    for (const member of await host.group(leader)) process.kill(member.pid, 'SIGKILL')
  })
  return { leader, ...doorsOf(`http://127.0.0.1:${port}`) }
}

async function expectServing({ url }: GatewayProcess, profile: string): Promise<void> {
  const { status, text } = await ask(url, say(profile, 'hello'))
  expect([status, text]).toEqual([200, expect.stringContaining(hello)])
}

/** Resolves when it says that it is closing. */
async function closing(gateway: GatewayProcess): Promise<void> {
  await expect.poll(() => gateway.output(), { timeout: 5_000 }).toContain('gateway.stopping')
}

describe('18: a gateway that is killed', () => {
  test('takes its servers with it, also one that ignores signals and its child, and starts again', async () => {
    const { start, started } = place([
      { name: 'meek' },
      { name: 'stubborn', mode: 'ignore-term,ignore-int,grandchild' },
    ])
    const gateway = await start()
    await Promise.all([expectServing(gateway, 'meek'), expectServing(gateway, 'stubborn')])
    const running = stream(gateway.url, endless('meek'))
    await running.until('three')
    const leaders = [(await serverOf(gateway, 'meek')).leader, (await serverOf(gateway, 'stubborn')).leader]
    await gateway.kill()
    await expect(running.ended).rejects.toThrow('aborted')
    expect(await Promise.all(leaders.map((leader) => groupGone(host, leader, 5_000)))).toEqual([true, true])
    const again = await start()
    await expectServing(again, 'meek')
    expect(started('meek')).toHaveLength(2)
    expect(await again.stop()).toBe(0)
  })

  test('in the middle of a start leaves nothing behind either', async () => {
    const { start, started } = place([{ name: 'slow', mode: 'slow-load=60000' }])
    const gateway = await start()
    const waiting = stream(gateway.url, say('slow', 'hello'))
    await expect.poll(() => started('slow'), { timeout: 10_000 }).toHaveLength(1)
    const { leader } = await serverOf(gateway, 'slow')
    await gateway.kill()
    await expect(waiting.ended).rejects.toThrow('socket hang up')
    expect(await groupGone(host, leader, 5_000)).toBe(true)
  })

  test('and whose watchdogs are killed as well, is cleaned up after by the next one', async () => {
    const { start } = place([{ name: 'first' }])
    const gateway = await start()
    await expectServing(gateway, 'first')
    const { leader } = await serverOf(gateway, 'first')
    const members = await host.group(leader)
    const guard = members.find(({ pid, commandLine }) => pid !== leader && commandLine.includes('mlx-gateway-'))
    process.kill(guard?.pid ?? 0, 'SIGKILL')
    await gateway.kill()
    expect(await host.process(leader)).toBeDefined()
    const next = await start()
    expect(await host.group(leader)).toEqual([])
    await expect.poll(() => next.output(), { timeout: 5_000 }).toContain('server.reaped')
    await expectServing(next, 'first')
  })

  test('and whose server’s pid now is another program’s, leaves that program alone', async () => {
    const { start, dataDirectory } = place([{ name: 'first' }])
    const innocent = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => void innocent.kill('SIGKILL'))
    const pid = innocent.pid ?? 0
    const startTime = (await host.process(pid))?.startTime ?? null
    const row = { profile: 'first', port: 1, pid, createdAt: Date.now() }
    const store = openStore(dataDirectory)
    store.children.add({ ...row, nonce: 'another-start', startTime: 'long ago' })
    store.children.add({ ...row, nonce: 'another-command', startTime })
    store.close()
    const gateway = await start()
    await expectServing(gateway, 'first')
    expect((await host.process(pid))?.startTime).toBe(startTime)
    expect(gateway.output()).not.toContain('server.reaped')
    await gateway.stop()
    const after = openStore(dataDirectory)
    expect(after.children.list()).toEqual([])
    after.close()
  })
})

describe('19: a gateway that is told to end', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '(%s) lets answers under way end, lets nobody in, and ends with 0 and without a process left',
    async (signal) => {
      const { start, dataDirectory } = place([{ name: 'first', fake: ['--token-ms', '20'] }])
      const gateway = await start()
      const streamed = stream(gateway.url, say('first', 'count', { max_tokens: 50 }))
      await streamed.until('three')
      const { leader } = await serverOf(gateway, 'first')
      process.kill(gateway.pid, signal)
      await closing(gateway)
      await expect(fetch(`${gateway.url}/livez`)).rejects.toThrow('fetch failed')
      const { done, finish, error } = await streamed.read()
      expect([done, finish, error]).toEqual([true, 'length', undefined])
      expect(await gateway.exited).toBe(0)
      expect(await host.group(leader)).toEqual([])
      expect(existsSync(join(dataDirectory, 'gateway.json'))).toBe(false)
    },
  )

  test('tells those who wait, and ends what is under way after the drain with an error, never with a plain end', async () => {
    const profiles = [
      { name: 'first', concurrency: 1 },
      { name: 'slow', mode: 'slow-load=60000' },
    ]
    const { start } = place(profiles, { server: { drain: '500ms' } })
    const gateway = await start()
    const streamed = stream(gateway.url, endless('first'))
    await streamed.until('three')
    const waiting = [ask(gateway.url, say('first', 'hello')), ask(gateway.url, say('slow', 'hello'))]
    const queues = async () => (await servers(gateway)).servers.map((server) => server.waiting)
    await expect.poll(queues, { timeout: 5_000 }).toEqual([1, 1])
    process.kill(gateway.pid, 'SIGTERM')
    for (const { status, body } of await Promise.all(waiting)) {
      expect([status, body.error.code]).toEqual([503, 'shutting_down'])
    }
    const { done, error, finish } = await streamed.read()
    expect([done, finish]).toEqual([false, undefined])
    expect(error).toMatchObject({ type: 'server_error', code: 'shutting_down' })
    expect(await gateway.exited).toBe(0)
  })

  test('twice ends at once', async () => {
    const { start } = place([{ name: 'first' }], { server: { drain: '10m' } })
    const gateway = await start()
    const streamed = stream(gateway.url, endless('first'))
    await streamed.until('three')
    const { leader, seen } = await serverOf(gateway, 'first')
    process.kill(gateway.pid, 'SIGTERM')
    await closing(gateway)
    const { requests } = await seen()
    await seen({ tokens: requests.reduce((sum, { tokens }) => sum + tokens, 300) })
    process.kill(gateway.pid, 'SIGTERM')
    const { done, error } = await streamed.read()
    expect([done, error.code]).toEqual([false, 'shutting_down'])
    expect(await gateway.exited).toBe(0)
    expect(await host.group(leader)).toEqual([])
  })
})

describe('20: a second gateway on the same data directory', () => {
  test('refuses and names the first, which goes on', async () => {
    const { start } = place([{ name: 'first' }])
    const gateway = await start()
    await expect(start()).rejects.toThrow(`pid ${gateway.pid}`)
    await expectServing(gateway, 'first')
  })

  test('may start as soon as the first is gone, however it went', async () => {
    const { start, started } = place([{ name: 'first' }])
    await (await start()).kill()
    await expectServing(await start(), 'first')
    expect(started('first')).toHaveLength(1)
  })
})

describe('23: a gateway whose disk is full', () => {
  /** No file may grow beyond some hundred KB: to SQLite that is a disk that refuses. */
  const cramped = ['sh', '-c', 'ulimit -f 400; exec "$0" "$@"', process.execPath, main] as const
  const large = 'x'.repeat(900_000)

  test('says so, keeps no half of what it was told, goes on, and recovers', async () => {
    const { start, dataDirectory } = place([{ name: 'first' }])
    const gateway = await start({ command: cramped })
    const refusal = /^POST \S+: 503 .*"The disk refuses: gateway\.db .*"store_unusable"/
    await expect(admin(gateway, 'POST', '/keys', { name: 'test', models: [large] })).rejects.toThrow(refusal)
    const huge = { name: 'huge', engine: 'command', command: ['x', large, '${port}'] }
    await expect(admin(gateway, 'POST', '/profiles', huge)).rejects.toThrow(refusal)
    await expectServing(gateway, 'first')
    expect(await admin(gateway, 'GET', '/keys')).toEqual({ keys: [] })
    expect(gateway.output()).toContain('disk I/O error')

    const { secret } = await admin(gateway, 'POST', '/keys', { name: 'test' })
    expect((await ask(gateway.url, say('first', 'hello'))).status).toBe(401)
    expect((await ask(gateway.url, say('first', 'hello'), secret)).status).toBe(200)
    // the -wal file has room for this one, the database file has not
    await admin(gateway, 'POST', '/keys', { name: 'test', models: [large.slice(0, 150_000)] })
    expect(await gateway.stop()).toBe(0)
    const store = openStore(dataDirectory)
    expect([store.keys.list().length, store.profiles.list()]).toEqual([2, []])
    store.close()
  })
})

describe('25: a gateway that was killed after a key was made', () => {
  test('knows it without its -wal file, and lets nobody in without one', async () => {
    const { start, dataDirectory } = place([{ name: 'first' }])
    const gateway = await start()
    const { secret } = await admin(gateway, 'POST', '/keys', { name: 'test' })
    await gateway.kill()
    for (const name of ['gateway.db-wal', 'gateway.db-shm']) rmSync(join(dataDirectory, name))
    const again = await start()
    expect((await ask(again.url, say('first', 'hello'))).status).toBe(401)
    expect((await ask(again.url, say('first', 'hello'), secret)).status).toBe(200)
  })

  test('does not start without its database, until a person says that it should begin anew', async () => {
    const { start, dataDirectory } = place([{ name: 'first' }])
    const gateway = await start()
    await admin(gateway, 'POST', '/keys', { name: 'test' })
    await gateway.kill()
    for (const name of ['gateway.db', 'gateway.db-wal', 'gateway.db-shm']) rmSync(join(dataDirectory, name))
    await expect(start()).rejects.toThrow('API keys were made')
    rmSync(join(dataDirectory, 'keys-were-made'))
    await expectServing(await start(), 'first')
  })
})

test('a gateway that serves keeps everything in its data directory for its owner alone', async () => {
  const { start, dataDirectory } = place([{ name: 'first' }])
  const gateway = await start()
  await admin(gateway, 'POST', '/keys', { name: 'test', scopes: ['admin'] })
  await ask(gateway.url, say('first', 'hello'), gateway.adminToken)
  const logs = readdirSync(join(dataDirectory, 'logs')).map((name) => join('logs', name))
  expect(logs).toEqual([expect.stringContaining('first')])
  const open = [...readdirSync(dataDirectory), ...logs].filter(
    (name) => (statSync(join(dataDirectory, name)).mode & 0o077) !== 0,
  )
  expect(open).toEqual([])
})
