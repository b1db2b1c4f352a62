/** Blobs that huggingface_hub (from 2.4 on) keeps once for all repositories of a cache. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sweep } from '../../../src/catalog/sweep.ts'
import { lockFile } from '../../../src/host/host.ts'
import { blobOf, commitOf, hashFile, heldIn, homeOf, pathsIn, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, temporaryFolder, tinyWeights, writeFiles } from '../../unit/catalog/model-folder.ts'

const commit = commitOf('a')
const [one, two] = ['owner/one', 'owner/two']
const weights = blobOf('model.safetensors', tinyWeights)
const xet = '0123456789abcdef'.repeat(4)
const signal = new AbortController().signal

function setUp({ marker = '1\n' } = {}) {
  const cache = temporaryFolder()
  const test = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
  const payload = join(cache, 'blobs', xet.slice(0, 2), xet)
  if (marker !== '') writeFiles(join(cache, 'blobs'), { '.huggingface-shared-blobs': marker })
  /** As `publish_blob_to_shared_store` does. */
  function share(id: string): void {
    const blob = join(homeOf(cache, id), 'blobs', weights)
    mkdirSync(dirname(payload), { recursive: true })
    if (existsSync(payload)) rmSync(blob)
    else renameSync(blob, payload)
    chmodSync(payload, 0o444)
    symlinkSync(relative(dirname(blob), payload), blob)
    appendFileSync(`${payload}.refs`, `${relative(cache, blob)}\n`)
  }
  for (const id of [one, two]) {
    writeRevision(cache, id, commit, { refs: ['main'] })
    share(id)
  }
  async function local(id: string) {
    await test.catalog.refresh()
    await test.catalog.measured()
    return test.catalog.local().find((model) => model.id === id)
  }
  const held = lstatSync(payload).blocks * 512
  return { ...test, cache, payload, held, local }
}

describe('a model whose blobs lie in the store', () => {
  it('is whole', async () => {
    const { local } = setUp()
    expect(await local(one)).toMatchObject({ model: { id: one }, incomplete: undefined })
  })

  it.each(['', '2\n'])('is refused where the store is none that we know: marked %j', async (marker) => {
    const { local } = setUp({ marker })
    expect((await local(one))?.incomplete?.reason).toContain('leads out')
  })

  it('takes what it shares with another, and frees only what is its own, until the other is gone', async () => {
    const { catalog, cache, payload, held, local } = setUp()
    const own = heldIn(homeOf(cache, one))
    expect(await local(one)).toMatchObject({
      sizeBytes: own + held,
      ownBytes: own,
      revisions: [{ bytes: own + held - refsOf(cache), ownBytes: own - refsOf(cache) }],
    })
    expect(catalog.totalBytes()).toBe(own + heldIn(homeOf(cache, two)) + held)
    expect(await catalog.removeModel(one)).toEqual({ freedBytes: own })
    expect(readFileSync(`${payload}.refs`, 'utf8')).toBe(`models--owner--two/blobs/${weights}\n`)

    const last = await local(two)
    expect(last).toMatchObject({ model: { id: two }, ownBytes: own + held })
    expect(await catalog.removeModel(two, { revision: commit })).toEqual({ freedBytes: own + held })
    expect(pathsIn(cache).filter((path) => basename(path).startsWith(xet))).toEqual([`blobs/01/${xet}.lock`])
  })

  it('is verified there', async () => {
    const { catalog, local, payload } = setUp()
    const verify = async () =>
      (await catalog.verifyModel(one, {}, { hash: hashFile, signal })).map(({ state }) => state)
    await local(one)
    expect(await verify()).toEqual(['ok', 'ok', 'ok', 'ok'])
    chmodSync(payload, 0o644)
    writeFileSync(payload, Buffer.alloc(tinyWeights.length))
    expect((await verify()).filter((state) => state === 'broken')).toHaveLength(1)
    expect(await catalog.discardBroken(one)).toMatchObject({ files: 1 })
    expect(existsSync(payload)).toBe(false)
    const resumable = { resumable: true }
    expect(catalog.incomplete()).toMatchObject([
      { id: one, ...resumable },
      { id: two, ...resumable },
    ])
  })
})

describe('what lies in the store stays', () => {
  const cases: Readonly<Record<string, (manifest: string) => void>> = {
    'where its list is missing': (manifest) => rmSync(manifest),
    'where its list is a link': (manifest) => {
      renameSync(manifest, `${manifest}.moved`)
      symlinkSync(`${manifest}.moved`, manifest)
    },
    'where its list is no file': (manifest) => {
      rmSync(manifest)
      mkdirSync(manifest)
    },
    'where a data set leads to it': (manifest) => {
      const blob = join(dirname(manifest), '../../datasets--owner--set/blobs/x')
      mkdirSync(dirname(blob), { recursive: true })
      symlinkSync(`../../blobs/01/${xet}`, blob)
      appendFileSync(manifest, 'datasets--owner--set/blobs/x\n')
    },
  }

  it.each(Object.entries(cases))('%s', async (_, spoil) => {
    const { catalog, payload, local } = setUp()
    spoil(`${payload}.refs`)
    await local(one)
    await catalog.removeModel(one)
    const said = (await local(two))?.ownBytes
    expect(await catalog.removeModel(two)).toEqual({ freedBytes: said })
    expect(existsSync(payload)).toBe(true)
  })

  it('where somebody else holds its lock', async () => {
    const { catalog, payload, held, local } = setUp()
    await local(one)
    await catalog.removeModel(two)
    await using lock = await lockFile(`${payload}.lock`)
    const said = (await local(one))?.ownBytes ?? 0
    expect(lock).toBeDefined()
    expect(await catalog.removeModel(one)).toEqual({ freedBytes: said - held })
    expect(existsSync(payload)).toBe(true)
  })

  it('where its folder is a link that leads out', async () => {
    const { catalog, cache, payload, local } = setUp()
    const outside = temporaryFolder()
    renameSync(join(cache, 'blobs', '01'), join(outside, '01'))
    symlinkSync(join(outside, '01'), join(cache, 'blobs', '01'))
    const before = pathsIn(outside)
    expect(await local(one)).toMatchObject({ sizeBytes: heldIn(homeOf(cache, one)), model: undefined })
    expect(await sweep([payload], cache, expect.unreachable)).toBe(0)
    for (const id of [one, two]) await catalog.removeModel(id)
    expect(pathsIn(outside)).toEqual(before)
  })

  it('though lines of its list climb, lead nowhere, or name what is no link to it: such do not count', async () => {
    const { catalog, cache, payload, held, local } = setUp()
    const lines = ['../../etc/passwd', '/etc/passwd', 'models--x--y/blobs/gone', 'models--../blobs/x', 'a/b', '']
    appendFileSync(`${payload}.refs`, `${[...lines, `models--owner--one/blobs/${blobOf('x', '{}')}`].join('\n')}\n`)
    const own = heldIn(homeOf(cache, one))
    const elsewhere = writeFiles(cache, { 'models--x--z/blobs/other': 'x' })
    symlinkSync('other', join(elsewhere, 'models--x--z/blobs/link'))
    appendFileSync(`${payload}.refs`, 'models--x--z/blobs/link\n')
    await local(one)
    await catalog.removeModel(one)
    expect(await catalog.removeModel(two)).toEqual({ freedBytes: own + held })
    expect(existsSync(payload)).toBe(false)
  })
})

/** What the refs of one of them hold. */
function refsOf(cache: string): number {
  return heldIn(join(homeOf(cache, one), 'refs'))
}
