import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  files,
  forever,
  hasBegun,
  id,
  isComplete,
  kindOf,
  openDownloads,
  weights,
  world,
} from '../../fixtures/downloads/life.ts'
import { sha256Of, startFakeHub } from '../../fixtures/hub/fake-hub.ts'

function fail(): never {
  throw new Error('no ear')
}

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

  test('whose hub is gone in the middle waits, and goes on from there by itself when it is back', async () => {
    await using made = await world()
    made.hub.pace(2 * 1024 ** 2)
    await using gateway = openDownloads(made)
    const { id: number } = await gateway.downloads.pull(id, 'main', forever)
    const waiting = gateway.downloads.wait(number, () => {}, forever)
    await gateway.until(({ bytes }) => bytes > 4 * 1024 ** 2)
    await made.hub.close()
    const { state } = await gateway.until(({ state }) => state.kind === 'paused')
    expect(state).toMatchObject({
      by: 'network',
      reason: expect.stringMatching(/cannot be reached \(it refuses the connection\).* It is tried again by itself\.$/),
    })
    await using again = await startFakeHub({ port: Number(new URL(made.hub.endpoint).port) })
    again.add({ id, files })
    await waiting
    expect(again.sent('model.safetensors')).toBeLessThan(5 * 1024 ** 2)
    expect(await readFile(join(made.blobs, sha256Of(weights)))).toEqual(weights.read(0, weights.bytes))
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
      code: 'not_found',
      message: expect.stringContaining('has failed'),
    })
  })

  test('ends with what it throws itself, and the download goes on', async () => {
    await using made = await world()
    await using gateway = openDownloads(made)
    const failing = gateway.downloads.fetch(id, 'main', ({ state }) => state.kind === 'running' && fail(), forever)
    await expect(failing).rejects.toThrow('no ear')
    await gateway.until(isComplete)
  })
})
