import { existsSync, readFileSync, readlinkSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { discardPartials, type TransferProgress } from '../../../src/downloads/transfer.ts'
import { filesOf } from '../../fixtures/downloads/files-of.ts'
import { furnish, ID, MEBIBYTE, never } from '../../fixtures/downloads/furnish.ts'
import { generated } from '../../fixtures/hub/fake-hub.ts'

const weights = generated(40 * MEBIBYTE + 12_345)
const files = { 'config.json': '{"a":1}', 'deep/er/notes.txt': 'x', 'empty.txt': '', 'model.safetensors': weights }
const everything = weights.read(0, weights.bytes)

describe('a transfer', () => {
  test('brings the files into the layout of the Hugging Face cache, each request a part of a large one', async () => {
    await using world = await furnish({ files })
    const reports = await world.pull()

    expect(world.read('model.safetensors').equals(everything)).toBe(true)
    expect(['config.json', 'deep/er/notes.txt', 'empty.txt'].map((path) => String(world.read(path)))).toEqual([
      '{"a":1}',
      'x',
      '',
    ])
    const snapshot = join(world.home, 'snapshots', world.commit)
    const blobOf = (path: string) => world.files.find((file) => file.path === path)?.blob
    expect(readlinkSync(join(snapshot, 'config.json'))).toBe(`../../blobs/${blobOf('config.json')}`)
    expect(readlinkSync(join(snapshot, 'deep/er/notes.txt'))).toBe(`../../../../blobs/${blobOf('deep/er/notes.txt')}`)
    expect(readFileSync(join(world.home, 'refs/main'), 'utf8')).toBe(world.commit)
    expect(world.blobs(), 'nothing is left beside the blobs').toEqual(world.files.map(({ blob }) => blob).toSorted())
    expect(world.hub.requests.filter(({ range, host }) => range !== undefined && host === 'cdn')).toHaveLength(3)

    const bytes = world.files.reduce((sum, file) => sum + file.bytes, 0)
    expect(reports.at(-1)).toMatchObject({ phase: 'verifying', bytes, resumed: 0 })
    expect(reports.at(-1)?.files.map(({ state }) => state)).toEqual(['there', 'there', 'there', 'there'])
    expect(world.sent()).toBe(bytes)
  })

  test('fetches nothing that is there already, not even to look at it', async () => {
    await using world = await furnish({ files })
    await world.pull()
    world.hub.forget()
    const reports = await world.pull()
    expect(world.hub.requests).toEqual([])
    expect(reports.at(-1)).toMatchObject({ bytes: reports.at(-1)?.resumed })
  })

  test('takes a blob that Python keeps once for several models, elsewhere in the cache', async () => {
    await using world = await furnish({ files })
    await world.pull()
    const { blob = '' } = world.files.find(({ path }) => path === 'model.safetensors') ?? {}
    renameSync(join(world.home, 'blobs', blob), join(world.cache, 'shared'))
    symlinkSync('../../shared', join(world.home, 'blobs', blob))
    world.hub.forget()
    await world.pull()
    expect(world.hub.requests).toEqual([])
  })

  test('fetches a blob again that is shorter than it should be', async () => {
    await using world = await furnish({ files })
    await world.pull()
    const { blob = '' } = world.files.find(({ path }) => path === 'model.safetensors') ?? {}
    truncateSync(join(world.home, 'blobs', blob), 1000)
    await world.pull()
    expect(world.read('model.safetensors').equals(everything)).toBe(true)
  })

  test('notes another revision beside the first, and fetches only what differs', async () => {
    await using world = await furnish({ files })
    await world.pull()
    const commit = world.hub.commit(ID, { ...files, 'config.json': '{"a":2}' }, 'dev')
    world.hub.forget()
    await world.pull({ commit, revision: 'dev', files: await filesOf(world.hub.endpoint, commit, ID) })
    expect(world.hub.sent('model.safetensors')).toBe(0)
    expect(readFileSync(join(world.home, 'refs/dev'), 'utf8')).toBe(commit)
    expect(readFileSync(join(world.home, 'refs/main'), 'utf8')).toBe(world.commit)
    expect(readFileSync(join(world.home, 'snapshots', commit, 'config.json'), 'utf8')).toBe('{"a":2}')
    await world.pull({ revision: world.commit })
    expect(existsSync(join(world.home, 'refs', world.commit)), 'a commit needs no note').toBe(false)
  })

  test('and another of the same model at the same time are one transfer', async () => {
    await using world = await furnish({ files, hub: { pace: 20 * MEBIBYTE } })
    const commit = world.hub.commit(ID, { ...files, 'config.json': '{"a":2}' }, 'dev')
    const listed = await filesOf(world.hub.endpoint, commit, ID)
    world.hub.forget()
    await Promise.all([world.pull(), world.pull(), world.pull({ commit, revision: 'dev', files: listed })])
    expect(world.hub.sent('model.safetensors')).toBe(weights.bytes)
    expect(world.read('model.safetensors').equals(everything)).toBe(true)
  })

  test('goes on for the one when the other is stopped', async () => {
    await using world = await furnish({ files, hub: { pace: 10 * MEBIBYTE } })
    const stop = new AbortController()
    const stopped = world.transfers.start(world.job(), () => stop.abort(new Error('no more')), stop.signal)
    const [outcome] = await Promise.allSettled([stopped, world.pull()])
    expect(outcome).toEqual({ status: 'rejected', reason: new Error('no more') })
    expect(world.read('model.safetensors').equals(everything)).toBe(true)
    expect(world.hub.sent('model.safetensors')).toBeLessThan(weights.bytes * 1.5)
  })

  test.each(['the same', 'other'])('that was stopped goes on from the last byte, in %s threads', async (threads) => {
    await using world = await furnish({ files, hub: { pace: 2 * MEBIBYTE } })
    const stop = new AbortController()
    let came = 0
    const half = ({ bytes }: TransferProgress): void => {
      came = bytes
      if (bytes > 3 * MEBIBYTE) stop.abort(new Error('no more'))
    }
    await expect(world.transfers.start(world.job(), half, stop.signal)).rejects.toThrow('no more')
    if (threads === 'other') await world.transfers.close()
    world.hub.pace(Number.POSITIVE_INFINITY)
    world.hub.forget()
    const last = (await world.pull()).at(-1)
    expect([last?.resumed, world.sent()]).toEqual([came, (last?.bytes ?? 0) - came])
    expect(world.read('model.safetensors').equals(everything)).toBe(true)
  })

  test('leaves nothing of what had come, once that is thrown away, but what others are after', async () => {
    await using world = await furnish({ files, hub: { pace: 4 * MEBIBYTE } })
    const stop = new AbortController()
    await expect(world.transfers.start(world.job(), () => stop.abort(new Error('x')), stop.signal)).rejects.toThrow('x')
    expect(world.blobs().some((name) => name.endsWith('.gateway.incomplete'))).toBe(true)
    const blobs = new Set(world.files.map(({ blob }) => blob))
    await discardPartials(world.cache, ID, world.files, blobs, 'test')
    expect(world.blobs().some((name) => name.endsWith('.gateway.incomplete'))).toBe(true)
    await discardPartials(world.cache, ID, world.files, new Set(), 'test')
    expect(world.blobs().filter((name) => name.includes('gateway'))).toEqual([])
    await discardPartials(join(world.cache, 'new'), ID, world.files, new Set(), 'test')
  })

  test('never writes into what another gateway has begun in the same cache', async () => {
    await using world = await furnish({ files, hub: { pace: 40 * MEBIBYTE } })
    const other = world.open({}, 'other')
    const both = [world.pull(), other.start(world.job(), () => {}, never)]
    await Promise.all(both)
    await other.close()
    expect(world.read('model.safetensors').equals(everything)).toBe(true)
    expect(world.blobs()).toEqual(world.files.map(({ blob }) => blob).toSorted())
  })

  test('has no more files open than it fetches at a time', async () => {
    const many = Array.from({ length: 30 }, (_, at) => [`model-${at}.safetensors`, generated(50_000, at)] as const)
    await using world = await furnish({ files: Object.fromEntries(many), hub: { pace: 500_000 } })
    const seen: number[] = []
    const look = setInterval(() => seen.push(world.blobs().filter((name) => name.endsWith('.incomplete')).length), 2)
    await world.pull({ connections: 3 })
    clearInterval(look)
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(3)
    // three that come, and some that are being verified
    expect(Math.max(...seen)).toBeLessThan(10)
  })

  test('keeps below the limit for all transfers together', async () => {
    const few = { 'model.safetensors': generated(2 * MEBIBYTE) }
    await using world = await furnish({ files: few, settings: { bandwidth: 4 * MEBIBYTE } })
    const began = performance.now()
    await world.pull()
    expect(performance.now() - began).toBeGreaterThan(450)
    expect(world.read('model.safetensors')).toHaveLength(2 * MEBIBYTE)
  })

  test('heeds a limit that is lifted while it is under way', async () => {
    await using world = await furnish({ files, settings: { bandwidth: 256 * 1024 } })
    const { transfers } = world
    let slowly: number | undefined
    await transfers.start(
      world.job(),
      ({ bytes }) => {
        if (slowly !== undefined || bytes === 0) return
        slowly = bytes
        // all of it would take two and a half minutes
        transfers.limit(undefined)
      },
      never,
    )
    expect(slowly).toBeLessThan(4 * MEBIBYTE)
    expect(world.read('model.safetensors').equals(everything)).toBe(true)
  })

  test.each(['before it', 'while it is under way'])('heeds a limit that comes %s', async (when) => {
    await using world = await furnish({ files, hub: { pace: 16 * MEBIBYTE } })
    const { transfers } = world
    const leaving = new AbortController()
    const came: number[] = []
    if (when === 'before it') transfers.limit(256 * 1024)
    const pull = transfers.start(
      world.job({ connections: 1 }),
      ({ bytes }) => {
        if (bytes > 0 && came.push(bytes) === 1) transfers.limit(256 * 1024)
        if (came.length === 4) leaving.abort(new Error('seen enough'))
      },
      leaving.signal,
    )
    await expect(pull).rejects.toThrow('seen enough')
    // without the limit 4 MiB would have come in each quarter of a second
    expect(Number(came[3]) - Number(came[1])).toBeLessThan(2 * MEBIBYTE)
  })

  test('hashes a file on disk as the hub does', async () => {
    await using world = await furnish({ files })
    await world.pull()
    const read: number[] = []
    for (const { path, bytes, hash, blob } of world.files) {
      const file = { path: join(world.home, 'snapshots', world.commit, path), bytes, hash }
      expect(await world.transfers.hash(file, (bytes) => read.push(bytes), never)).toBe(blob)
    }
    expect(Math.max(...read)).toBe(weights.bytes)
    const path = join(world.cache, 'other')
    writeFileSync(path, 'hello\n')
    expect(await world.transfers.hash({ path, bytes: 6, hash: 'git-sha1' }, () => {}, never)).toBe(
      'ce013625030ba8dba906f756967f9e9ca394464a',
    )
    const absent = { path: join(world.cache, 'absent'), bytes: 6, hash: 'sha256' } as const
    await expect(world.transfers.hash(absent, () => {}, never)).rejects.toMatchObject({ code: 'store_unusable' })
    await expect(world.transfers.hash(absent, () => {}, AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
  })
})
