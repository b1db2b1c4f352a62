import { appendFileSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HashFile, VerifyProgress } from '../../../src/catalog/catalog.ts'
import { blobOf, hashFile, homeOf, pathsIn, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, temporaryFolder, tinyWeights, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'
import { id, next, nextFiles, old } from '../../unit/catalog/two-commits.ts'

const signal = new AbortController().signal

function setUp() {
  const cache = temporaryFolder()
  const test = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
  const home = homeOf(cache, id)
  const blob = (name: string) => join(home, 'blobs', blobOf(name, tinyFiles[name] ?? ''))
  const snapshot = writeRevision(cache, id, old, { refs: ['main'] })
  async function verify(options: { readonly hash?: HashFile; readonly revision?: string } = {}) {
    const { hash = hashFile, revision } = options
    await test.catalog.refresh()
    return test.catalog.verifyModel(id, { revision }, { hash, signal })
  }
  /** What is not right, by path. */
  async function wrong(options?: Parameters<typeof verify>[0]) {
    const files = (await verify(options)).filter(({ state }) => state !== 'ok')
    return Object.fromEntries(files.map(({ path, state, why }) => [path, `${state}: ${why}`]))
  }
  return { ...test, cache, home, snapshot, blob, verify, wrong }
}

describe('verifying a hub model', () => {
  it('hashes every blob against its name, sha256 and git’s, and counts bytes to the last', async () => {
    const { catalog, verify, events } = setUp()
    const files = await verify()
    expect(files.map(({ path, state, revisions }) => [path, state, revisions])).toEqual(
      Object.keys(tinyFiles).map((path) => [path, 'ok', [old]]),
    )
    expect(events).toContainEqual({ type: 'model.verified', id, files: 4, broken: 0 })
    const told: VerifyProgress[] = []
    await catalog.verifyModel(id, {}, { hash: hashFile, signal, report: (progress) => told.push(progress) })
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(told.at(-1)).toEqual({ bytes: total, totalBytes: total })
    expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).sort((a, b) => a - b))
  })

  it('finds the one wrong byte', async () => {
    const { blob, wrong } = setUp()
    const weights = readFileSync(blob('model.safetensors'))
    weights[weights.length - 1] = 1
    writeFileSync(blob('model.safetensors'), weights)
    expect(await wrong()).toEqual({
      'model.safetensors': expect.stringMatching(/^broken: its sha256 is [0-9a-f]{64}$/),
    })
  })

  it('finds what is missing: blobs, shards that are promised, the configuration', async () => {
    const { home, snapshot, blob, wrong, cache } = setUp()
    rmSync(blob('tokenizer.json'))
    rmSync(join(snapshot, 'config.json'))
    const index = JSON.stringify({ weight_map: { a: 'model.safetensors', b: 'more.safetensors' } })
    writeRevision(cache, id, old.replace('a', 'c'), { files: { 'model.safetensors.index.json': index } })
    symlinkSync(`../../blobs/${blobOf('x', index)}`, join(snapshot, 'model.safetensors.index.json'))
    rmSync(join(home, 'snapshots', old.replace('a', 'c')), { recursive: true })
    const why = 'missing: the model needs it and it is not there'
    expect(await wrong()).toEqual({
      'tokenizer.json': 'missing: its blob is not there',
      'config.json': why,
      'more.safetensors': why,
    })
  })

  it('reads a blob once, however many revisions have it, and only those of the revision asked for', async () => {
    const { cache, verify } = setUp()
    writeRevision(cache, id, next, { files: nextFiles, refs: ['v2'] })
    const read: string[] = []
    const hash: HashFile = (file, ...rest) => {
      read.push(file.path)
      return hashFile(file, ...rest)
    }
    const files = await verify({ hash })
    expect([read.length, new Set(read).size]).toEqual([5, 5])
    expect(files.find(({ path }) => path === 'tokenizer.json')?.revisions).toEqual([old, next])
    expect(files.filter(({ path }) => path === 'config.json').map(({ revisions }) => revisions)).toEqual([
      [old],
      [next],
    ])
    read.length = 0
    await verify({ hash, revision: 'v2' })
    expect(read).toHaveLength(4)
  })

  it('reads nothing outside the repository: links that lead out are broken, whatever they lead to', async () => {
    const { cache, home, snapshot, blob, wrong } = setUp()
    const outside = writeFiles(temporaryFolder(), tinyFiles)
    writeRevision(cache, 'owner/other', next, { refs: ['main'] })
    rmSync(join(snapshot, 'tokenizer.json'))
    symlinkSync(join(outside, 'tokenizer.json'), join(snapshot, 'tokenizer.json'))
    rmSync(join(snapshot, 'config.json'))
    const theirs = join(homeOf(cache, 'owner/other'), 'blobs', blobOf('config.json', tinyFiles['config.json'] ?? ''))
    symlinkSync(theirs, join(snapshot, 'config.json'))
    rmSync(blob('model.safetensors'))
    symlinkSync(join(outside, 'model.safetensors'), blob('model.safetensors'))
    const read: string[] = []
    const hash: HashFile = (file, ...rest) => {
      read.push(file.path)
      return hashFile(file, ...rest)
    }
    expect(await wrong({ hash })).toEqual({
      'tokenizer.json': 'broken: it is a link that leads out of its repository',
      'config.json': 'broken: it is a link that leads out of its repository',
      'model.safetensors': 'broken: its blob is no file',
    })
    expect(read.every((path) => path.startsWith(home))).toBe(true)
  })

  it('says of a blob with another name, and of a file in place of a link, that nobody knows', async () => {
    const { home, snapshot, wrong } = setUp()
    rmSync(join(snapshot, 'tokenizer.json'))
    writeFileSync(join(snapshot, 'tokenizer.json'), '{}')
    rmSync(join(snapshot, 'model.safetensors'))
    writeFileSync(join(home, 'blobs', 'odd.safetensors'), tinyWeights)
    symlinkSync('../../blobs/odd.safetensors', join(snapshot, 'model.safetensors'))
    expect(await wrong()).toEqual({
      'tokenizer.json': 'unknown: no checksum of it is known',
      'model.safetensors': 'unknown: no checksum of it is known; its header and its length are right',
    })
  })

  it('goes on where a file goes meanwhile, turns into a link or cannot be read', async () => {
    const { home, blob, wrong } = setUp()
    const outside = writeFiles(temporaryFolder(), { precious: 'x' })
    const hash: HashFile = (file, ...rest) => {
      if (file.path === blob('config.json')) {
        rmSync(blob('tokenizer.json'))
        rmSync(blob('tokenizer_config.json'))
        symlinkSync(join(outside, 'precious'), blob('tokenizer_config.json'))
      }
      if (file.path === blob('model.safetensors')) return Promise.reject(new Error('EIO: i/o error'))
      return hashFile(file, ...rest)
    }
    expect(await wrong({ hash })).toEqual({
      'model.safetensors': 'unknown: it cannot be read: EIO: i/o error',
      'tokenizer.json': 'missing: it has gone',
      'tokenizer_config.json': 'broken: it has become a link',
    })
    expect(pathsIn(home)).toContain('blobs')
  })

  it('ends when it is called off, at the last file too, with the reason', async () => {
    const { catalog } = setUp()
    await catalog.refresh()
    const reason = new Error('enough')
    const stop = new AbortController()
    let left = Object.keys(tinyFiles).length
    const hash: HashFile = (...args) => {
      left -= 1
      if (left === 0) stop.abort(reason)
      return hashFile(...args)
    }
    await expect(catalog.verifyModel(id, {}, { hash, signal: stop.signal })).rejects.toBe(reason)
  })

  it('is refused for a model or a revision that is not there, and for one behind a link out of the cache', async () => {
    const { catalog, cache, verify } = setUp()
    await expect(verify({ revision: 'v9' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(catalog.verifyModel('owner/none', {}, { hash: hashFile, signal })).rejects.toMatchObject({
      code: 'not_found',
    })
    const outside = temporaryFolder()
    writeRevision(outside, 'owner/linked', old, { refs: ['main'] })
    symlinkSync(homeOf(outside, 'owner/linked'), homeOf(cache, 'owner/linked'))
    await catalog.refresh()
    await expect(catalog.verifyModel('owner/linked', {}, { hash: hashFile, signal })).rejects.toMatchObject({
      code: 'model_load_failed',
      message: expect.stringContaining('leads out'),
    })
  })
})

describe('what a verification found to be broken', () => {
  it('is deleted alone, and the model is incomplete until it has been fetched again', async () => {
    const { catalog, cache, home, blob, wrong } = setUp()
    writeFileSync(blob('tokenizer.json'), '[]')
    await wrong()
    const before = pathsIn(home)
    expect(await catalog.discardBroken(id)).toMatchObject({ files: 1, freedBytes: expect.any(Number) })
    expect(pathsIn(home)).toEqual(before.filter((path) => !path.endsWith(blobOf('tokenizer.json', '{}'))))
    expect(catalog.incomplete()).toMatchObject([{ id, resumable: true }])
    expect(await catalog.discardBroken(id)).toEqual({ files: 0, freedBytes: 0 })

    rmSync(join(home, 'snapshots', old), { recursive: true })
    writeRevision(cache, id, old)
    expect(await wrong()).toEqual({})
    expect(catalog.models()).toMatchObject([{ id }])
  })

  it('stays where it has been mended since', async () => {
    const { catalog, blob, wrong } = setUp()
    writeFileSync(blob('tokenizer.json'), '[]')
    await wrong()
    writeFileSync(blob('tokenizer.json'), '{} ')
    truncateSync(blob('tokenizer.json'), 2)
    expect(await catalog.discardBroken(id)).toEqual({ files: 0, freedBytes: 0 })
    expect(await wrong()).toEqual({})
  })

  it('was found by a verification or not at all', async () => {
    const { catalog, blob } = setUp()
    writeFileSync(blob('tokenizer.json'), '[]')
    await catalog.refresh()
    expect(await catalog.discardBroken(id)).toEqual({ files: 0, freedBytes: 0 })
  })
})

function folderWith(more: Parameters<typeof writeModel>[1] = {}) {
  const folder = temporaryFolder()
  const home = writeModel(join(folder, 'tiny'), more)
  const { catalog } = openCatalog({ places: [{ path: folder, kind: 'folder' }] })
  async function states() {
    await catalog.refresh()
    const files = await catalog.verifyModel('tiny', {}, { hash: hashFile, signal })
    return Object.fromEntries(files.map(({ path, state, why }) => [path, `${state}: ${why}`]))
  }
  return { home, catalog, states }
}

describe('verifying a plain folder', () => {
  it('can but compare headers and lengths, and says so', async () => {
    const { home, states } = folderWith({ '.cache/huggingface/x.lock': '' })
    expect(await states()).toEqual({
      'config.json': 'unknown: no checksum of it is known',
      'model.safetensors': 'unknown: no checksum of it is known; its header and its length are right',
      'tokenizer.json': 'unknown: no checksum of it is known',
      'tokenizer_config.json': 'unknown: no checksum of it is known',
    })
    truncateSync(join(home, 'model.safetensors'), tinyWeights.length - 1)
    expect(await states()).toMatchObject({ 'model.safetensors': 'broken: it is cut short' })
    appendFileSync(join(home, 'model.safetensors'), 'xx')
    expect(await states()).toMatchObject({ 'model.safetensors': expect.stringMatching(/^broken/) })
  })

  it('finds missing shards, an index that is none, and links that lead nowhere or out', async () => {
    const { home, states } = folderWith({ 'model-00001-of-00002.safetensors': tinyWeights })
    symlinkSync('nowhere', join(home, 'chat_template.jinja'))
    symlinkSync(join(writeFiles(temporaryFolder(), { 'x.txt': 'x' }), 'x.txt'), join(home, 'merges.txt'))
    expect(await states()).toMatchObject({
      'model-00002-of-00002.safetensors': 'missing: the model needs it and it is not there',
      'chat_template.jinja': 'missing: it is a link that leads nowhere',
      'merges.txt': 'broken: it is a link that leads out of the model folders',
    })
    writeFiles(home, { 'model.safetensors.index.json': '{' })
    expect(await states()).toMatchObject({
      'model.safetensors.index.json': 'broken: model.safetensors.index.json is not JSON',
    })
  })

  it('never deletes anything: nobody knows what is broken', async () => {
    const { home, catalog, states } = folderWith()
    truncateSync(join(home, 'model.safetensors'), 10)
    await states()
    expect(await catalog.discardBroken('tiny')).toEqual({ files: 0, freedBytes: 0 })
    expect(pathsIn(home)).toContain('model.safetensors')
  })
})
