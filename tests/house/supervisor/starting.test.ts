import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Model } from '../../../src/catalog/catalog.ts'
import { GatewayError } from '../../../src/errors.ts'
import { host, never, rowsInMemory, served, settings, smallEngine } from '../../fixtures/supervisor/small.ts'
import { supervised } from '../../fixtures/supervisor/world.ts'

describe('a start', () => {
  test('happens once, however many ask for it', async () => {
    const { supervisor, count, stateOf } = supervised()
    const small = served('small')
    const ready = await Promise.all(Array.from({ length: 50 }, () => supervisor.ensureReady(small, never)))
    expect(new Set(ready.map(({ pid }) => pid)).size).toBe(1)
    expect(count('server.starting')).toBe(1)
    expect(ready[0]).toMatchObject({ served: small, pid: expect.any(Number), port: expect.any(Number) })
    expect(stateOf('small')).toMatchObject({ kind: 'ready', port: ready[0]?.port })
  })

  test('goes on when the one who asked for it has left', async () => {
    const { supervisor, announced, count } = supervised()
    const client = new AbortController()
    const asked = supervisor.ensureReady(served('small'), client.signal)
    client.abort(new Error('left'))
    await expect(asked).rejects.toThrow('left')
    await announced('server.ready')
    expect(count('server.starting')).toBe(1)
  })

  test('shows what is being prepared, what is loaded, what it weighs and what it says', async () => {
    const progress = { phase: 'installing', message: 'Downloading mlx', share: 0.5 } as const
    const prepare = smallEngine().prepare
    const engine = smallEngine({
      prepare(served, report, signal) {
        report(progress)
        return prepare(served, report, signal)
      },
    })
    const { supervisor, events, announced } = supervised({ engine })
    await supervisor.ensureReady(served('small'), never)
    await announced('server.measured')
    expect(events).toContainEqual({ type: 'server.progress', profile: 'small', progress })
    expect(events.map(({ type }) => type)).toEqual([
      'server.starting',
      'server.progress',
      'server.progress',
      'server.ready',
      'server.measured',
    ])
    expect(supervisor.servers()).toMatchObject([{ profile: 'small', version: '1.0', memoryBytes: expect.any(Number) }])
    expect(supervisor.log('small')).toEqual(['listening as small'])
  })

  test('is measured for who looks while it loads, and seldom where that takes long', async () => {
    let measured = 0
    const groupFootprint = async (pid: number) => {
      measured += 1
      const bytes = await host.groupFootprint(pid)
      await new Promise((later) => setTimeout(later, 50))
      return bytes
    }
    const { supervisor, announced } = supervised({ host: { ...host, groupFootprint } })
    const starting = supervisor.ensureReady(served('small', 'mute'), never)
    starting.catch(() => {})
    const listening = Promise.withResolvers<void>()
    supervisor.follow('small', () => listening.resolve(), never)
    await listening.promise
    await supervisor.measure()
    await announced('server.measured')
    expect(supervisor.servers()).toMatchObject([{ state: { kind: 'starting' }, memoryBytes: expect.any(Number) }])
    await supervisor.measure()
    expect(measured).toBe(1)
  })

  test('hands out the model that was fetched during the start', async () => {
    const model = { id: 'fetched', source: 'starter', path: '/m', facts: {} } as unknown as Model
    const prepare = smallEngine().prepare
    const engine = smallEngine({
      prepare: async (given, report, signal) => {
        const prepared = await prepare(given, report, signal)
        return { ...prepared, served: { ...given, model: { ...model, facts: { ...model.facts, weightsBytes: 0 } } } }
      },
    })
    const { supervisor } = supervised({ engine })
    const ready = await supervisor.ensureReady(served('small'), never)
    expect(ready.served.model?.id).toBe('fetched')
  })

  test.for([
    ['one that ran until it was stopped', []],
    ['one that died in its start', ['dies']],
    ['one that never was ready', ['silent']],
  ] as const)('lets go of what was prepared when its server is gone: %s', async ([, traits]) => {
    const { prepare } = smallEngine()
    const released = Promise.withResolvers<number>()
    const pids: number[] = []
    const release = () =>
      void Promise.all(pids.map(host.group)).then((groups) => released.resolve(groups.flat().length))
    const engine = smallEngine({
      prepare: async (given, report, signal) => ({ ...(await prepare(given, report, signal)), release }),
    })
    const store = rowsInMemory()
    const started = (nonce: string, pid: number, startTime: string) => {
      pids.push(pid)
      store.started(nonce, pid, startTime)
    }
    const { supervisor } = supervised({
      engine,
      store: { ...store, started },
      settings: { ...settings, startStall: 300 },
    })
    await supervisor.ensureReady(served('small', ...traits), never).catch(() => {})
    await supervisor.stop('small', 'asked')
    expect(await released.promise).toBe(0)
  })

  test('records its process while it may live', async () => {
    const { supervisor, store } = supervised()
    const { pid, port } = await supervisor.ensureReady(served('small'), never)
    const facts = await host.process(pid)
    expect(store.list()).toMatchObject([{ profile: 'small', pid, port, startTime: facts?.startTime }])
    expect(facts?.commandLine).toContain(store.list()[0]?.nonce)
    await supervisor.stop('small', 'asked')
    expect(store.list()).toEqual([])
  })

  test('takes no more of the gateway’s environment than a server may see', async () => {
    const environment = { ...process.env, HF_TOKEN: 'secret' }
    const print = ['-c', 'echo "token=$HF_TOKEN path=${PATH:+set}"; exit 1'] as const
    const engine = smallEngine({ command: () => ({ file: 'sh', arguments: print, environment: {} }) })
    const { supervisor } = supervised({ engine, environment })
    await expect(supervisor.ensureReady(served('small'), never)).rejects.toThrow('failed')
    expect(supervisor.log('small')).toEqual(['token= path=set'])
  })

  test('that ends by an exit fails, and its last lines are kept', async () => {
    const { supervisor, stateOf } = supervised()
    const failed = supervisor.ensureReady(served('small', 'dies'), never)
    await expect(failed).rejects.toThrow('It ended with 3.')
    await expect(failed).rejects.toMatchObject({ code: 'server_failed' })
    expect(stateOf('small')).toMatchObject({ kind: 'failed', failures: 1, lines: ['Traceback: no such weights'] })
  })

  test('of a program that is not there fails, and says so', async () => {
    const engine = smallEngine({ command: () => ({ file: 'no-such-program', arguments: [], environment: {} }) })
    const { supervisor } = supervised({ engine })
    await expect(supervisor.ensureReady(served('small'), never)).rejects.toThrow('It ended with 127.')
    expect(supervisor.log('small').join()).toContain('no-such-program: not found')
  })

  test('whose engine cannot be had fails with the engine’s own words and code', async () => {
    const missing = new GatewayError('engine_unavailable', 'Install Python 3.10.')
    const { supervisor, store, stateOf } = supervised({
      engine: smallEngine({ prepare: () => Promise.reject(missing) }),
    })
    const failed = supervisor.ensureReady(served('small'), never)
    await expect(failed).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining('Install'),
    })
    expect(store.list()).toEqual([])
    await supervisor.stop('small', 'asked')
    expect(stateOf('small').kind).toBe('failed')
  })

  test.for(['silent', 'mute'])('without a sign of progress fails, and its processes are gone: %s', async (trait) => {
    const { supervisor, store, announced } = supervised({ settings: { ...settings, startStall: 160 } })
    const failed = supervisor.ensureReady(served('small', trait), never)
    await expect(failed).rejects.toThrow('No sign of progress')
    await announced('server.failed')
    expect(store.list()).toEqual([])
  })

  test('of a server that goes on refusing its readiness request fails for good, with its answer', async () => {
    const { supervisor, stateOf } = supervised({ settings: { ...settings, startStall: 400 } })
    const refused = supervisor.ensureReady(served('small', 'refuses'), never)
    await expect(refused).rejects.toMatchObject({
      code: 'model_load_failed',
      message: expect.stringContaining('It answers POST /v1/completions with 404: no model is called m. Correct'),
    })
    expect(stateOf('small')).toMatchObject({ kind: 'stopping', failure: { diagnosis: { kind: 'permanent' } } })
  })

  test('is not kept alive by what a server writes of the question itself', async () => {
    const { supervisor } = supervised({ settings: { ...settings, startStall: 400 } })
    const stalled = supervisor.ensureReady(served('small', 'loads-for-ever'), never)
    await expect(stalled).rejects.toMatchObject({
      code: 'server_timeout',
      message: expect.stringContaining('It answers its readiness request with 500: still loading.'),
    })
    expect(supervisor.log('small').filter((line) => line === 'POST 500').length).toBeGreaterThan(2)
  })

  test('of a server that says it is dead fails at once', async () => {
    const { supervisor } = supervised()
    await expect(supervisor.ensureReady(served('small', 'dead'), never)).rejects.toMatchObject({
      code: 'server_failed',
    })
  })

  test('that finds its port taken is made once more, on another port', async () => {
    const { supervisor, count } = supervised()
    await supervisor.ensureReady(served('small', 'finds-port-taken'), never)
    expect(count('server.starting')).toBe(1)
    expect(count('server.failed')).toBe(0)
    expect(supervisor.log('small').at(-1)).toBe('listening as small')
  })

  test('never takes a foreign listener on its port for its own server', async () => {
    const foreign = createServer((_request, response) => response.end('{}'))
    const listening = Promise.withResolvers<void>()
    foreign.listen(0, '127.0.0.1', listening.resolve)
    await listening.promise
    onTestFinished(() => void foreign.close())
    const { port } = foreign.address() as AddressInfo
    const ports = [port, port, await host.freePort()]
    const stealing = { ...host, freePort: async () => ports.shift() ?? 0 }
    const { supervisor, announced } = supervised({ host: stealing })
    const small = served('small', 'silent')
    await expect(supervisor.ensureReady(small, never)).rejects.toThrow('taken by another program')
    await announced('server.failed')
    const own = await supervisor.ensureReady(served('small'), never)
    expect(own.port).not.toBe(port)
  })

  test('is believed where the system does not tell who listens', async () => {
    const { supervisor } = supervised({ host: { ...host, listeners: async () => undefined } })
    await expect(supervisor.ensureReady(served('small'), never)).resolves.toMatchObject({ loadMs: expect.any(Number) })
  })

  test('is not hindered by a flood of output without an end of line', async () => {
    const { supervisor } = supervised()
    const line = Promise.withResolvers<string>()
    supervisor.follow('small', line.resolve, never)
    await supervisor.ensureReady(served('small', 'floods'), never)
    expect(await line.promise).toMatch(/^x{4096}…$/)
  })
})
