import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { plainProfile } from '../../src/catalog/profile.ts'
import { readModelFolder, STARTER, type Served } from '../../src/catalog/catalog.ts'
import { settings as schema } from '../../src/config/schema.ts'
import { childEnvironment, createEngines, type EngineEvent, type LaunchCommand } from '../../src/engines/engines.ts'

const settings = schema.parse({})
const data = await mkdtemp(join(tmpdir(), 'gateway install-'))
const home = join(data, 'engines/mlx-lm/0.32.2')
const never = new AbortController().signal
afterAll(() => rm(data, { recursive: true, force: true }))

/** What a gateway has at its start, on the same data directory each time. */
function start() {
  const events: EngineEvent[] = []
  const engines = createEngines({
    settings,
    dataDirectory: data,
    environment: process.env,
    platform: process.platform,
    announce: (event) => events.push(event),
    readModel: (path) => readModelFolder(path, { id: STARTER.id, source: 'starter' }),
  })
  return { engines, events }
}

const starter: Served = { profile: plainProfile(STARTER.id, 'starter', settings.scheduling), model: undefined }

/** The server, once its port is open. */
async function launch({ file, arguments: given, environment }: LaunchCommand): Promise<ChildProcess> {
  const env = { ...childEnvironment(process.env, process.platform), ...environment }
  const server = spawn(file, given, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void server.kill('SIGKILL'))
  const lines = createInterface(server.stderr)
  for await (const line of lines) if (line.includes('Starting httpd at 127.0.0.1')) return server
  throw new Error('The server ended before it listened.')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function post(port: number, path: string, body: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return `${answer.status} ${await answer.text()}`
}

describe('mlx-lm, installed by the gateway', { timeout: 300_000 }, () => {
  test('is not there after a gateway that was killed while installing it', async () => {
    const code = `
      import { createEngines } from ${JSON.stringify(new URL('../../src/engines/engines.ts', import.meta.url).href)}
      const { platform, env } = process
      const parts = { settings: ${JSON.stringify(settings)}, dataDirectory: ${JSON.stringify(data)}, environment: env, platform, announce() {} }
      await createEngines(parts).install('mlx-lm', ({ message }) => console.log(message), new AbortController().signal)`
    const gateway = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface(gateway.stdout)
    for await (const line of lines) if (line.startsWith('Installing packages')) break
    gateway.kill('SIGKILL')
    await once(gateway, 'exit')

    expect(await readdir(home)).toEqual([expect.stringMatching(/^env-/)])
    expect(await start().engines.installed()).toMatchObject([{ state: 'not installed' }])
  })

  test('is made anew by the next one, which takes nothing of the remains', async () => {
    const [remains] = await readdir(home)
    const { engines, events } = start()
    const messages: string[] = []
    await engines.install('mlx-lm', ({ message }) => messages.push(message), never)

    expect(events.map(({ type }) => type)).toEqual(['engine.installing', 'engine.installed'])
    expect(messages).toContainEqual(expect.stringMatching(/^Downloading /))
    expect(await readdir(home)).toEqual([expect.stringMatching(/^env-/), 'installed'])
    expect(await readdir(home)).not.toContain(remains)
    expect(await engines.installed()).toMatchObject([{ state: 'installed', version: '0.32.2' }])
  })

  test('fetches the starter model, which knows the capital of France', async () => {
    const { engines, events } = start()
    const engine = engines.engine('mlx-lm')
    const phases = new Set<string>()
    const prepared = await engine.prepare(starter, ({ phase }) => phases.add(phase), never)
    expect([...phases]).toEqual(['fetching'])
    expect(events).toEqual([])
    expect(prepared.version).toBe('0.32.2')
    expect(prepared.served.model?.facts).toMatchObject({ contextLength: STARTER.contextLength, vocabSize: 49_152 })
    expect(await readFile(join(prepared.served.model?.path ?? '', 'LICENSE'), 'utf8')).toContain('Apache License')

    const port = await freePort()
    const server = await launch(engine.command(prepared, port))
    const ready = engine.dialect.readinessRequest(prepared.served)
    expect(await post(port, ready.path, ready.body)).toMatch(/^200 /)
    const messages = [{ role: 'user', content: 'What is the capital of France?' }]
    const answer = await post(port, '/v1/chat/completions', { model: 'default_model', messages, max_tokens: 20 })
    expect(answer).toContain('The capital of France is Paris.')

    const ended = once(server, 'exit')
    server.kill(engine.stopLadder[0]?.signal)
    await ended
  })

  test('and the model are used as they are from then on', async () => {
    const { engines, events } = start()
    const heard: string[] = []
    const prepared = await engines.engine('mlx-lm').prepare(starter, ({ message }) => heard.push(message), never)
    expect(prepared.served.model?.id).toBe(STARTER.id)
    expect([heard, events]).toEqual([[], []])
  })
})
