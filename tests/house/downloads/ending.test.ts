/** Downloads that are given up, fail, are forgotten, or are refused from the start. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
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
import { generated, sha256Of, type Content } from '../../fixtures/hub/fake-hub.ts'

describe('a download that ends before its time', () => {
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
    await gateway.downloads.forget(number)
    expect(gateway.downloads.list()).toEqual([])
  })

  test.each([203, 204])('whose host answers with %i, which is no file, can be given up', async (status) => {
    await using made = await world()
    made.hub.misbehave({ path: 'model.safetensors', fault: { kind: 'ignore-range', status } })
    await using gateway = openDownloads(made)
    const { id: number } = await gateway.downloads.pull(id, 'main', forever)
    await gateway.until(({ state }) => state.kind === 'paused')
    expect(kindOf(await gateway.downloads.cancel(number))).toBe('cancelled')
  })

  test('at a small bandwidth is given up at once', async () => {
    await using made = await world()
    // few enough that a socket would read them all in a row
    made.hub.add({ id: 'owner/short', files: { ...files, 'model.safetensors': generated(100 * 1024) } })
    await using gateway = openDownloads({ ...made, bandwidth: 16 * 1024 })
    const { id: number, totalBytes } = await gateway.downloads.pull('owner/short', 'main', forever)
    const begun = await gateway.until(({ bytes }) => bytes > 1024)
    expect(begun.bytes).toBeLessThan(totalBytes)
    expect(kindOf(await gateway.downloads.cancel(number))).toBe('cancelled')
  })

  test('that has failed leaves nothing behind either once it is forgotten', async () => {
    await using made = await world()
    made.hub.misbehave({ host: 'hub', path: 'model.safetensors', fault: { kind: 'status', status: 403 } })
    await using gateway = openDownloads(made)
    const { id: number } = await gateway.downloads.pull(id, 'main', forever)
    await gateway.until(({ state }) => state.kind === 'failed')
    expect(await readdir(made.blobs)).not.toEqual([])
    expect(gateway.downloads.forgetOver()).toEqual([])
    await gateway.downloads.forget(number)
    expect([await readdir(made.blobs), gateway.downloads.list()]).toEqual([[], []])
  })

  test('that is over is forgotten with all others that are, and one that is not stays', async () => {
    await using made = await world()
    made.hub.add({ id: 'mlx-community/other', files })
    await using gateway = openDownloads(made)
    await gateway.downloads.fetch(id, 'main', () => {}, forever)
    await gateway.downloads.fetch(id, 'main', () => {}, forever)
    made.hub.misbehave({ fault: { kind: 'stall', after: 0 } })
    const { id: stays } = await gateway.downloads.pull('mlx-community/other', 'main', forever)
    expect(gateway.downloads.forgetOver()).toEqual([1, 2])
    await expect(gateway.downloads.forget(stays)).rejects.toMatchObject({ code: 'conflict' })
    expect(gateway.downloads.list().map((download) => download.id)).toEqual([stays])
    expect(await readdir(join(made.blobs, '..', 'snapshots'))).toEqual([made.commit])
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

  test('that is asked to go on while it does is still one, and can be given up', async () => {
    await using made = await world()
    made.hub.pace(1024 ** 2)
    await using gateway = openDownloads(made)
    const { id: number } = await gateway.downloads.pull(id, 'main', forever)
    await gateway.until(hasBegun)
    for (const _ of [1, 2]) expect(kindOf(gateway.downloads.resume(number))).toBe('running')
    await gateway.downloads.cancel(number)
    expect(gateway.states().map(([, kind]) => kind)).toEqual(['queued', 'running', 'cancelled'])
    // one that went on would have been waited for
    expect(made.hub.sent('model.safetensors')).toBeLessThan(weights.bytes)
  })
})

describe('a download', () => {
  test('of a gated model without a token that may have it is refused at once, and leaves nothing', async () => {
    await using made = await world()
    made.hub.add({ id: 'owner/gated', gated: 'manual', files })
    await using gateway = openDownloads(made)
    const { pull, fetch } = gateway.downloads
    for (const ask of [
      pull,
      (...[repo, revision]: Parameters<typeof pull>) => fetch(repo, revision, () => {}, forever),
    ]) {
      await expect(ask('owner/gated', 'main', forever)).rejects.toMatchObject({
        code: 'permission_denied',
        message: expect.stringContaining(`accept it at ${made.hub.endpoint}/owner/gated`),
      })
    }
    expect([gateway.downloads.list(), existsSync(join(made.folder, 'hub'))]).toEqual([[], false])
  })

  test('of a repository with more files than a model has is refused at once, and other downloads go on', async () => {
    await using made = await world()
    const many = Array.from({ length: 5000 }, (_, at) => [`part-${at}.json`, '{}'] as const)
    made.hub.add({ id: 'owner/many', files: { ...files, ...Object.fromEntries(many) } })
    made.hub.pace(8 * 1024 ** 2)
    await using gateway = openDownloads(made)
    await gateway.downloads.pull(id, 'main', forever)
    await gateway.until(hasBegun)
    await expect(gateway.downloads.pull('owner/many', 'main', forever)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('5002 files to download'),
    })
    await gateway.until(isComplete)
    expect(gateway.downloads.list().map(({ repo }) => repo)).toEqual([id])
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
