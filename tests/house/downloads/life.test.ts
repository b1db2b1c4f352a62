import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createDownloads, type Download, type DownloadsEvent } from '../../../src/downloads/downloads.ts'
import { openStore } from '../../../src/store/store.ts'
import { generated, type Content, sha256Of, startFakeHub, type FakeHub } from '../../fixtures/hub/fake-hub.ts'
import { hubAt } from '../../fixtures/hub/furnish.ts'

const id = 'mlx-community/small'
const weights = generated(8 * 1024 ** 2, 7)
const settings = { parallel: 1, connections: 2, bandwidth: undefined, stall: 2000, attempts: 2 }
const forever = new AbortController().signal

interface Wishes {
  readonly hub: FakeHub
  readonly folder: string
  readonly keepFree?: number
  readonly freeBytes?: () => Promise<number>
}

/** The downloads of one gateway; another one with the same folder comes after it. */
function openDownloads({ hub: fake, folder, keepFree = 0, freeBytes = () => Promise.resolve(Infinity) }: Wishes) {
  const events: DownloadsEvent[] = []
  const waiting = new Set<() => void>()
  const arrived: string[] = []
  const store = openStore(join(folder, 'data'))
  const hub = hubAt({ endpoint: fake.endpoint, token: undefined, offline: false })
  const downloads = createDownloads({
    hub,
    settings: { ...settings, keepFree },
    freeBytes,
    cache: join(folder, 'hub'),
    store: store.downloads,
    mark: 'test',
    lookAgainMs: 50,
    pauseMs: 10,
    now: () => Date.now(),
    async arrived() {
      arrived.push('once')
    },
    announce(event) {
      events.push(event)
      for (const look of waiting) look()
    },
  })
  return {
    downloads,
    arrived,
    states: () =>
      events.flatMap((event) =>
        event.type === 'download.changed' ? [[event.download.id, event.download.state.kind]] : [],
      ),
    /** Resolves with the first download that is as wanted, now or later. */
    async until(isSo: (download: Download) => boolean): Promise<Download> {
      const found = () => downloads.list().find(isSo)
      const { promise, resolve } = Promise.withResolvers<Download>()
      const look = () => {
        const download = found()
        if (download !== undefined) resolve(download)
      }
      waiting.add(look)
      look()
      return promise.finally(() => waiting.delete(look))
    },
    async [Symbol.asyncDispose]() {
      await downloads.close()
      await hub.close()
      store.close()
    },
  }
}

async function world() {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'downloads-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const hub = stack.use(await startFakeHub())
  const commit = hub.add({
    id,
    files: { 'config.json': '{"model_type":"llama"}', 'model.safetensors': weights, 'README.md': 'nothing to run' },
  })
  const kept = stack.move()
  const blobs = join(folder, 'hub', 'models--mlx-community--small', 'blobs')
  return { hub, folder, commit, blobs, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

const kindOf = ({ state }: Download) => state.kind
const isComplete = (download: Download) => kindOf(download) === 'complete'
const hasBegun = ({ state, bytes }: Download) => state.kind === 'running' && bytes > 0

describe('a download', () => {
  test('goes through its states, brings what an engine needs and nothing else, and tells who keeps the catalog', async () => {
    await using made = await world()
    await using gateway = openDownloads(made)
    const begun = await gateway.downloads.pull(id, 'main', forever)
    expect(begun).toMatchObject({ repo: id, revision: 'main', commit: made.commit, totalBytes: weights.bytes + 22 })
    const done = await gateway.until(isComplete)
    expect(done).toMatchObject({ bytes: done.totalBytes, bytesPerSecond: undefined })
    expect(gateway.states().map(([, kind]) => kind)).toEqual(['queued', 'running', 'verifying', 'complete'])
    expect(gateway.arrived).toEqual(['once'])
    const snapshot = join(made.blobs, '..', 'snapshots', made.commit)
    expect((await readdir(snapshot)).sort()).toEqual(['config.json', 'model.safetensors'])
    expect(await readFile(join(snapshot, 'model.safetensors'))).toEqual(weights.read(0, weights.bytes))
  })

  test('is one, however often it is asked for', async () => {
    await using made = await world()
    await using gateway = openDownloads(made)
    const asked = await Promise.all(
      ['main', 'main', made.commit].map((rev) => gateway.downloads.pull(id, rev, forever)),
    )
    expect(new Set(asked.map((download) => download.id)).size).toBe(1)
    await gateway.until(isComplete)
    expect(made.hub.sent('model.safetensors')).toBe(weights.bytes)
  })

  test('that is there already is complete without a byte', async () => {
    await using made = await world()
    await using gateway = openDownloads(made)
    await gateway.downloads.fetch(id, 'main', () => {}, forever)
    made.hub.forget()
    await gateway.downloads.fetch(id, 'main', () => {}, forever)
    expect(made.hub.sent('model.safetensors')).toBe(0)
    expect(gateway.downloads.list().map(kindOf)).toEqual(['complete', 'complete'])
  })

  test('keeps what has come while it is paused, and goes on from there', async () => {
    await using made = await world()
    made.hub.pace(2 * 1024 ** 2)
    await using gateway = openDownloads(made)
    await gateway.downloads.pull(id, 'main', forever)
    const { id: number } = await gateway.until(({ bytes }) => bytes > 1024 ** 2)
    expect(kindOf(gateway.downloads.pause(number))).toBe('paused')
    made.hub.pace(Infinity)
    expect(kindOf(gateway.downloads.resume(number))).not.toBe('paused')
    await gateway.until(isComplete)
    expect(made.hub.sent('model.safetensors')).toBeLessThan(weights.bytes + 1024 ** 2)
  })

  test('is gone on with by the next gateway, unless it was paused', async () => {
    await using made = await world()
    made.hub.add({ id: 'mlx-community/other', files: { 'config.json': '{}', 'model.safetensors': 'short' } })
    made.hub.pace(2 * 1024 ** 2)
    {
      await using gateway = openDownloads(made)
      await gateway.downloads.pull(id, 'main', forever)
      const other = await gateway.downloads.pull('mlx-community/other', 'main', forever)
      gateway.downloads.pause(other.id)
      await gateway.until(hasBegun)
    }
    made.hub.pace(Infinity)
    await using next = openDownloads(made)
    next.downloads.start()
    await next.until(isComplete)
    expect(next.downloads.list().map(kindOf)).toEqual(['complete', 'paused'])
  })

  test('waits for its turn', async () => {
    await using made = await world()
    made.hub.add({ id: 'mlx-community/other', files: { 'config.json': '{}', 'model.safetensors': 'short' } })
    await using gateway = openDownloads(made)
    const [first, second] = [
      await gateway.downloads.pull(id, 'main', forever),
      await gateway.downloads.pull('mlx-community/other', 'main', forever),
    ]
    expect(kindOf(second)).toBe('queued')
    await gateway.until((download) => download.id === second.id && isComplete(download))
    const order = gateway.states()
    const at = (number: number, kind: string) => order.findIndex((one) => one[0] === number && one[1] === kind)
    expect(at(second.id, 'running')).toBeGreaterThan(at(first.id, 'complete'))
  })

  test('that is given up leaves nothing behind, and the next one its turn', async () => {
    await using made = await world()
    made.hub.pace(1024 ** 2)
    await using gateway = openDownloads(made)
    const { id: number } = await gateway.downloads.pull(id, 'main', forever)
    await gateway.until(hasBegun)
    expect(kindOf(await gateway.downloads.cancel(number))).toBe('cancelled')
    const left = existsSync(made.blobs) ? await readdir(made.blobs) : []
    expect(left.filter((name) => name.startsWith(sha256Of(weights)))).toEqual([])
    expect(() => gateway.downloads.resume(number)).toThrow(expect.objectContaining({ code: 'conflict' }))
    gateway.downloads.forget(number)
    expect(gateway.downloads.list()).toEqual([])
  })

  test('that is given up keeps no whole file either, but one that another revision has', async () => {
    const [one, two, three, four] = [1, 2, 3, 4].map((seed) => generated(2 * 1024 ** 2, seed)) as [
      Content,
      Content,
      Content,
      Content,
    ]
    const files = { 'config.json': '{}', 'model-1.safetensors': one, 'model-2.safetensors': two }
    await using made = await world()
    made.hub.add({ id: 'maker/sharded', files })
    await using gateway = openDownloads(made)
    await gateway.downloads.fetch('maker/sharded', 'main', () => {}, forever)
    made.hub.commit('maker/sharded', { ...files, 'model-2.safetensors': three, 'model-3.safetensors': four })
    made.hub.misbehave({ path: 'model-3.safetensors', fault: { kind: 'stall', after: 1024 } })
    const { id: number } = await gateway.downloads.pull('maker/sharded', 'main', forever)
    await gateway.until(({ id, bytes, totalBytes }) => id === number && bytes > totalBytes - 2 * 1024 ** 2)
    const blobs = join(made.folder, 'hub', 'models--maker--sharded', 'blobs')
    await vi.waitFor(async () => expect(await readdir(blobs)).toContain(sha256Of(three)), 30_000)
    await gateway.downloads.cancel(number)
    const left = (await readdir(blobs)).filter((name) => name.length >= 64)
    expect(left.toSorted()).toEqual([sha256Of(one), sha256Of(two)].toSorted())
  })

  test('brings further files where they are asked for, which is another download', async () => {
    await using made = await world()
    made.hub.pace(2 * 1024 ** 2)
    await using gateway = openDownloads(made)
    const { id: usual } = await gateway.downloads.pull(id, 'main', forever)
    const { id: more } = await gateway.downloads.pull(id, 'main', forever, { also: new Set(['README.md']) })
    expect(more).not.toBe(usual)
    await gateway.until((download) => download.id === more && isComplete(download))
    const snapshot = join(made.blobs, '..', 'snapshots', made.commit)
    expect(await readFile(join(snapshot, 'README.md'), 'utf8')).toBe('nothing to run')
    expect(made.hub.sent('model.safetensors')).toBe(weights.bytes)
  })

  test('whose hub is lost waits for it, and goes on by itself', async () => {
    await using made = await world()
    made.hub.misbehave({ path: 'model.safetensors', fault: { kind: 'status', status: 503 } })
    await using gateway = openDownloads(made)
    await gateway.downloads.pull(id, 'main', forever)
    await gateway.until(({ state }) => state.kind === 'paused' && state.by === 'network')
    made.hub.behave()
    expect(await gateway.until(isComplete)).toMatchObject({ state: { kind: 'complete' } })
  })

  test('without room waits, and tries again as soon as there is some', async () => {
    await using made = await world()
    let free = 0
    // no disk has so much
    const keepFree = Number.MAX_SAFE_INTEGER / 2
    await using gateway = openDownloads({ ...made, keepFree, freeBytes: () => Promise.resolve(free) })
    await gateway.downloads.pull(id, 'main', forever)
    const { state } = await gateway.until((download) => download.state.kind === 'paused')
    expect(state).toMatchObject({ by: 'disk', reason: expect.stringContaining('There is no room on the disk') })
    const before = gateway.states().length
    free = Number.MAX_SAFE_INTEGER
    await gateway.until(({ state }) => state.kind === 'running')
    expect(
      gateway
        .states()
        .slice(before)
        .map(([, kind]) => kind),
    ).toEqual(['queued', 'running'])
  })

  test.each([
    ['that nobody has', 'mlx-community/none', 'not_found'],
    ['that no MLX server can load', 'owner/gguf', 'invalid_request'],
    ['with a name that is none', '../etc/passwd', 'invalid_request'],
  ])('of a model %s is refused at once', async (_, wanted, code) => {
    await using made = await world()
    made.hub.add({ id: 'owner/gguf', files: { 'model.gguf': 'other weights' } })
    await using gateway = openDownloads(made)
    await expect(gateway.downloads.pull(wanted, 'main', forever)).rejects.toMatchObject({ code })
    expect(gateway.downloads.list()).toEqual([])
  })
})

describe('who waits for a model', () => {
  test('hears how far it is, and may leave without stopping it', async () => {
    await using made = await world()
    made.hub.pace(2 * 1024 ** 2)
    await using gateway = openDownloads(made)
    const leaving = new AbortController()
    const heard: number[] = []
    const left = gateway.downloads.fetch(id, 'main', ({ bytes }) => heard.push(bytes), leaving.signal)
    const stayed = gateway.downloads.fetch(id, 'main', () => {}, forever)
    await gateway.until(hasBegun)
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect(heard.length).toBeGreaterThan(1)
    made.hub.pace(Infinity)
    await stayed
  })

  test('is told why it will not come', async () => {
    await using made = await world()
    made.hub.misbehave({ host: 'hub', path: 'model.safetensors', fault: { kind: 'status', status: 404 } })
    await using gateway = openDownloads(made)
    await expect(gateway.downloads.fetch(id, 'main', () => {}, forever)).rejects.toMatchObject({
      code: 'server_unavailable',
      message: expect.stringContaining('has failed'),
    })
  })
})
