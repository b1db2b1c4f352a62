import { execFile } from 'node:child_process'
import { readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, test } from 'vitest'
import { furnish, ID, MEBIBYTE, never } from '../fixtures/downloads/furnish.ts'
import { generated } from '../fixtures/hub/fake-hub.ts'

const { python } = inject('engine')
const run = promisify(execFile)
const client = join(import.meta.dirname, '../fixtures/hub_client.py')
const weights = generated(24 * MEBIBYTE + 7)
const files = {
  'README.md': '# Small',
  'config.json': '{"model_type":"llama"}',
  'deep/er/notes.txt': 'x',
  'model-00001-of-00002.safetensors': weights,
  'model-00002-of-00002.safetensors': generated(3 * MEBIBYTE, 2),
}
type World = Awaited<ReturnType<typeof furnish>>

/** The Hugging Face client in the engine's own environment, with the fake hub in place of the real one. */
async function ask({ hub, cache }: World, action: 'scan' | 'find' | 'fetch'): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: join(cache, 'home'),
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...(action === 'fetch' ? {} : { HF_HUB_OFFLINE: '1' }),
  }
  const { stdout } = await run(python, [client, action, cache, ID], { env })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

const snapshotOf = ({ home, commit }: World) => join(home, 'snapshots', commit)

/** Every file is the one that its blob's name promises, and nothing is left beside the blobs. */
async function expectOneRightModel(world: World): Promise<void> {
  for (const { path, bytes, hash, blob } of world.files) {
    const file = realpathSync(join(snapshotOf(world), path))
    const digits = await world.transfers.hash({ path: file, bytes, hash }, () => {}, never)
    expect([path, digits]).toEqual([path, blob])
  }
  expect(world.blobs()).toEqual(world.files.map(({ blob }) => blob).toSorted())
  expect(await ask(world, 'scan')).toEqual({
    warnings: [],
    repos: [
      {
        id: ID,
        bytes: world.files.reduce((sum, { bytes }) => sum + bytes, 0),
        revisions: { [world.commit]: { refs: ['main'], files: world.files.map(({ path }) => path).toSorted() } },
      },
    ],
  })
}

describe('a model in the Hugging Face cache', () => {
  test('that we fetched is complete for Python, with and without a network', async () => {
    await using world = await furnish({ files })
    await world.pull()
    await expectOneRightModel(world)
    expect(await ask(world, 'find')).toBe(snapshotOf(world))
    world.hub.forget()
    expect(await ask(world, 'fetch')).toBe(snapshotOf(world))
    expect(world.sent(), 'Python fetches none of it again').toBe(0)
  })

  test('that Python fetched is complete for us', async () => {
    await using world = await furnish({ files })
    expect(await ask(world, 'fetch')).toBe(snapshotOf(world))
    world.hub.forget()
    await world.pull()
    expect(world.hub.requests).toEqual([])
    await expectOneRightModel(world)
  })

  test('that both fetch at the same time is one right model in the end', async () => {
    await using world = await furnish({ files, hub: { pace: 8 * MEBIBYTE } })
    const theirs = ask(world, 'fetch')
    // Python takes its time to start
    await expect.poll(() => world.sent(), { timeout: 20_000, interval: 5 }).toBeGreaterThan(0)
    await Promise.all([theirs, world.pull(), world.pull()])
    await expectOneRightModel(world)
    expect(await ask(world, 'find')).toBe(snapshotOf(world))
    expect(readdirSync(world.home).filter((name) => name.includes('gateway'))).toEqual([])
  })

  test('of which half has come is none for Python', async () => {
    await using world = await furnish({ files, hub: { pace: MEBIBYTE } })
    const stop = new AbortController()
    const half = (bytes: number) => bytes > MEBIBYTE && stop.abort(new Error('half'))
    await expect(world.transfers.start(world.job(), ({ bytes }) => half(bytes), stop.signal)).rejects.toThrow('half')
    expect(await ask(world, 'scan')).toMatchObject({ warnings: [], repos: [{ id: ID, bytes: 0, revisions: {} }] })
    await expect(ask(world, 'find')).rejects.toThrow('LocalEntryNotFoundError')
  })
})
