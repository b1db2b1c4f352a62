import { appendFileSync, linkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSizes } from '../../../src/catalog/sizes.ts'
import { blobOf, heldIn, homeOf, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, temporaryFolder, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'
import { id, next, old } from '../../unit/catalog/two-commits.ts'

const other: typeof tinyFiles = {
  ...tinyFiles,
  'config.json': `${tinyFiles['config.json']} `,
  'notes.md': 'x'.repeat(10_000),
}

function setUp(dataDirectory?: string, cache = temporaryFolder()) {
  const places = [{ path: cache, kind: 'huggingface' } as const]
  const test = openCatalog({ places, ...(dataDirectory !== undefined && { dataDirectory }) })
  /** What is known of the model after a look, and how often it has been measured. */
  async function measured() {
    await test.catalog.refresh()
    await test.catalog.measured()
    return test.catalog.local().find((model) => model.id === id)
  }
  const times = () => test.events.filter(({ type }) => type === 'catalog.measured').length
  return { ...test, cache, home: homeOf(cache, id), measured, times }
}

describe('the size of a model', () => {
  it('is what all its blobs, links and unfinished parts hold of the disk', async () => {
    const { cache, home, measured } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    writeFiles(home, { [`blobs/${'0'.repeat(40)}.gateway.incomplete`]: 'x'.repeat(50_000) })
    expect((await measured())?.sizeBytes).toBe(heldIn(home))
  })

  it('tells of each revision what it needs, and what it alone needs', async () => {
    const { cache, home, measured } = setUp()
    writeRevision(cache, id, old, { refs: ['v1'] })
    writeRevision(cache, id, next, { files: other, refs: ['main'] })
    const found = await measured()
    const [before, after] = found?.revisions ?? []
    const own = (names: readonly string[]) =>
      names.reduce((sum, name) => sum + statSync(join(home, 'blobs', blobOf(name, other[name] ?? ''))).blocks * 512, 0)
    const links = heldIn(join(home, 'snapshots', next))
    expect(after?.bytes).toBe(links + own(Object.keys(other)))
    expect(after?.ownBytes).toBe(links + own(['config.json', 'notes.md']))
    expect(before?.ownBytes).toBeLessThan(before?.bytes ?? 0)
  })

  it('counts a file once, however many names it has', async () => {
    const { cache, home, measured } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    const before = (await measured())?.sizeBytes
    const weights = join(home, 'blobs', blobOf('model.safetensors', tinyFiles['model.safetensors'] ?? ''))
    linkSync(weights, join(home, 'blobs', 'again'))
    expect((await measured())?.sizeBytes).toBe(before)
  })

  it('never follows a link: neither a blob’s nor a folder’s', async () => {
    const { cache, home, measured } = setUp()
    const outside = writeFiles(temporaryFolder(), { large: 'x'.repeat(1_000_000) })
    writeRevision(cache, id, old, { refs: ['main'] })
    symlinkSync(join(outside, 'large'), join(home, 'blobs', '1'.repeat(40)))
    symlinkSync(outside, join(home, 'elsewhere'))
    expect((await measured())?.sizeBytes).toBeLessThan(1_000_000)
  })

  it('of a model that a link leads to is not known: it is another’s', async () => {
    const { cache, measured } = setUp()
    const elsewhere = join(cache, 'elsewhere')
    writeRevision(elsewhere, id, old, { refs: ['main'] })
    symlinkSync(homeOf(elsewhere, id), homeOf(cache, id))
    expect(await measured()).toMatchObject({ model: { id }, sizeBytes: undefined })
  })

  it('of a plain folder follows its files, those in place too', async () => {
    const folder = temporaryFolder()
    const tiny = writeModel(join(folder, 'tiny'), { 'deep/er/notes.txt': 'x'.repeat(9_000) })
    const { catalog } = openCatalog({ places: [{ path: folder, kind: 'folder' }] })
    const size = async () => {
      await catalog.refresh()
      await catalog.measured()
      return catalog.local()[0]?.sizeBytes
    }
    expect(await size()).toBe(heldIn(tiny))
    appendFileSync(join(tiny, 'tokenizer.json'), 'x'.repeat(20_000))
    expect(await size()).toBe(heldIn(tiny))
  })
})

describe('sizes', () => {
  it('are measured once, and again when something comes, goes or grows', async () => {
    const { cache, home, measured, times } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    await measured()
    await measured()
    expect(times()).toBe(1)
    const part = join(home, 'blobs', `${'0'.repeat(64)}.gateway.incomplete`)
    for (const change of [
      () => writeFileSync(part, 'x'),
      () => appendFileSync(part, 'x'.repeat(100_000)),
      () => rmSync(part),
      () => writeRevision(cache, id, next, { files: other }),
    ]) {
      const before = times()
      change()
      expect((await measured())?.sizeBytes).toBe(heldIn(home))
      expect(times()).toBe(before + 1)
    }
  })

  it('are known at once after a restart, and not measured again', async () => {
    const first = setUp()
    writeRevision(first.cache, id, old, { refs: ['main'] })
    const before = await first.measured()
    const { catalog, measured, times } = setUp(first.dataDirectory, first.cache)
    await catalog.refresh()
    expect(catalog.local()[0]?.sizeBytes).toBe(before?.sizeBytes)
    await measured()
    expect(times()).toBe(0)
  })

  it('that were damaged in the store are measured again', async () => {
    const first = setUp()
    writeRevision(first.cache, id, old, { refs: ['main'] })
    const before = await first.measured()
    for (const row of first.store.modelSizes.list()) first.store.modelSizes.set({ ...row, sizes: '{"bytes":"many"}' })
    const { measured, times } = setUp(first.dataDirectory, first.cache)
    expect((await measured())?.sizeBytes).toBe(before?.sizeBytes)
    expect(times()).toBe(1)
  })

  it('of models that are gone are forgotten', async () => {
    const { cache, home, measured, store } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    await measured()
    expect(store.modelSizes.list()).toHaveLength(1)
    rmSync(home, { recursive: true })
    await measured()
    expect(store.modelSizes.list()).toEqual([])
  })

  it('are reckoned in the background, of all that was asked for last, and no more once it is closed', async () => {
    const { cache, store } = setUp()
    const announced: string[] = []
    const sizes = createSizes({ kept: store.modelSizes, announce: ({ type }) => announced.push(type), now: () => 0 })
    const candidates = ['owner/one', 'owner/two'].map((id) => {
      writeRevision(cache, id, old)
      const folder = homeOf(cache, id)
      return { id, source: 'huggingface', path: folder, folder, place: cache, roots: [folder] } as const
    })
    const known = () => candidates.map(({ folder }) => sizes.of(folder) !== undefined)
    sizes.update(candidates.slice(0, 1))
    sizes.update(candidates)
    expect(known()).toEqual([false, false])
    await sizes.settled()
    expect(known()).toEqual([true, true])
    writeRevision(cache, 'owner/two', next, { files: other })
    sizes.update(candidates)
    await sizes.close()
    expect(announced).toEqual(['catalog.measured', 'catalog.measured'])
  })
})
