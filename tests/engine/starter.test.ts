import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { STARTER, starterDirectory } from '../../src/catalog/catalog.ts'
import { createHost } from '../../src/host/host.ts'
import { modelList } from '../../src/wire/openai.ts'
import { follow } from '../fixtures/admin.ts'
import { barePath, basePython } from '../fixtures/bare-path.ts'
import { ask, stream } from '../fixtures/gateway/client.ts'
import { processesWith } from '../fixtures/processes.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { type GatewayOptions, type GatewayProcess, startGatewayProcess } from '../fixtures/start-gateway.ts'

const engine = inject('engine')
const dataDirectory = await mkdtemp(join(tmpdir(), 'starter data-'))
const path = await barePath({ python3: await basePython(engine.python) })
afterAll(async () => {
  await rm(dataDirectory, { recursive: true, force: true, maxRetries: 10 })
  await rm(path, { recursive: true, force: true })
})

/** As `npm start` on a machine that has Node and Python and nothing else; further starts find what is there. */
function start(...settings: readonly string[]): Promise<GatewayProcess> {
  const options: GatewayOptions = { dataDirectory, environment: { ...process.env, PATH: path } }
  const all = ['models.huggingfaceCache=false', 'models.lmStudio=false', ...settings]
  return startGatewayProcess({ ...options, args: all.flatMap((setting) => ['--set', setting]) })
}

const question = {
  model: STARTER.id,
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  max_tokens: 40,
}

async function listed({ url }: GatewayProcess): Promise<string[]> {
  return modelList.parse(await (await fetch(`${url}/v1/models`)).json()).data.map(({ id }) => id)
}

async function onDisk(): Promise<string[]> {
  const { out } = await runCli(['models', 'list', '--json', '--data', dataDirectory])
  return JSON.parse(out).models.map(({ id }: { id: string }) => id)
}

describe('the starter model', { timeout: 300_000 }, () => {
  test('is listed, fetched with its engine when it is asked for, and answers; left alone, its process ends', async () => {
    await using gateway = await start('scheduling.idle=1s', 'timeouts.heartbeat=500ms')
    await using live = await follow(gateway)
    expect(await listed(gateway)).toEqual([STARTER.id])

    const { status, said, comments, finish, done } = await stream(gateway.url, question).read()
    expect([status, finish, done, said]).toEqual([200, 'stop', true, expect.stringContaining('Paris')])
    expect(comments).toContainEqual(expect.stringMatching(/^: installing\b/))
    expect(comments).toContainEqual(expect.stringMatching(/^: fetching\b/))
    expect(await onDisk()).toEqual([STARTER.id])

    const { pid } = await live.until('server.ready')
    await live.until('profile.unloaded', ({ profile }) => profile === STARTER.id)
    await live.until('server.stopped', ({ reason }) => reason === 'idle')
    expect(await createHost().group(pid)).toEqual([])
    expect(await processesWith(join(dataDirectory, 'engines'))).toEqual([])
  })

  test('is neither listed nor served where it is switched off, though it is on disk', async () => {
    expect(existsSync(starterDirectory(dataDirectory))).toBe(true)
    await using gateway = await start('models.starter=false')
    expect(await listed(gateway)).toEqual([])
    const { status, body } = await ask(gateway.url, question)
    expect([status, body.error.code]).toEqual([404, 'model_not_found'])
  })

  test('is used as it is by the next gateway, until it is removed', async () => {
    await using gateway = await start()
    await using live = await follow(gateway)
    const { status, body } = await ask(gateway.url, question)
    expect([status, body.choices[0].message.content]).toEqual([200, expect.stringContaining('Paris')])
    const told = live.events.flatMap((event) =>
      event.type === 'server.progress' ? [event.progress.phase] : [event.type],
    )
    expect(told).toContain('loading')
    expect(told.filter((one) => /^(?:installing|fetching|engine\..*)$/.test(one))).toEqual([])
    expect(await onDisk()).toEqual([STARTER.id])

    const { pid } = await live.until('server.ready')
    const removed = await runCli(['models', 'rm', STARTER.id, '--data', dataDirectory])
    expect(removed).toEqual({ code: 0, out: expect.stringMatching(/^Deleted smollm2-135m-instruct\b.* MB/), err: '' })
    expect(await createHost().group(pid)).toEqual([])
    expect(existsSync(starterDirectory(dataDirectory))).toBe(false)
    expect(await onDisk()).toEqual([])
    expect(await listed(gateway), 'what may be asked for, and would be fetched').toEqual([STARTER.id])
  })
})
