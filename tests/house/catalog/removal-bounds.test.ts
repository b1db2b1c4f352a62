/** What deleting must never touch. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planFolder } from '../../../src/catalog/removal-plan.ts'
import { treeOf } from '../../../src/catalog/tree.ts'
import { carryOut } from '../../../src/catalog/unlink.ts'
import { openCache, refusal } from '../../unit/catalog/deletions.ts'
import { blobOf, heldIn, homeOf, pathsIn, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, temporaryFolder, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'
import { id, old } from '../../unit/catalog/two-commits.ts'

function folders(kind: 'folder' | 'lmstudio' = 'folder') {
  const folder = temporaryFolder()
  return { folder, ...openCatalog({ places: [{ path: folder, kind }] }) }
}

describe('deleting never leaves its model', () => {
  it('where the repository is a link', async () => {
    const { catalog, cache, home } = openCache()
    const elsewhere = join(cache, 'elsewhere')
    writeRevision(elsewhere, id, old, { refs: ['main'] })
    symlinkSync(homeOf(elsewhere, id), home)
    const before = pathsIn(elsewhere)
    await catalog.refresh()
    expect(catalog.models()).toHaveLength(1)
    await expect(catalog.removeModel(id)).rejects.toMatchObject(refusal('read_only', 'reached through a link'))
    expect(pathsIn(elsewhere)).toEqual(before)
  })

  it('where the repository is a link out of the cache', async () => {
    const { catalog, cache, home } = openCache()
    const outside = join(dirname(cache), 'outside')
    writeRevision(outside, id, old, { refs: ['main'] })
    symlinkSync(homeOf(outside, id), home)
    const before = pathsIn(outside)
    await catalog.refresh()
    expect(catalog.incomplete()).toMatchObject([{ id }])
    await expect(catalog.removeModel(id)).rejects.toMatchObject(refusal('read_only', 'reached through a link'))
    expect(pathsIn(outside)).toEqual(before)
  })

  it.each(['blobs', 'snapshots', 'refs', '.locks'])('where %s is a link that leads out', async (name) => {
    const { catalog, cache, home } = openCache()
    const outside = writeFiles(join(dirname(cache), 'outside'), { [`models--owner--name/${old}`]: 'precious' })
    writeRevision(cache, id, old, { refs: ['main'] })
    const linked = name === '.locks' ? join(cache, name) : join(home, name)
    if (existsSync(linked)) renameSync(linked, join(outside, name))
    symlinkSync(name === '.locks' ? outside : join(outside, name), linked)
    const before = pathsIn(outside)
    await catalog.refresh()
    await catalog.removeModel(id)
    expect(pathsIn(outside)).toEqual(before)
    expect(catalog.models()).toEqual([])
  })

  it('where a blob, or a snapshot’s file, is a link to another repository’s blob', async () => {
    const { catalog, cache, home } = openCache()
    writeRevision(cache, 'owner/other', old, { refs: ['main'] })
    const theirs = join(homeOf(cache, 'owner/other'), 'blobs')
    const weights = blobOf('model.safetensors', tinyFiles['model.safetensors'] ?? '')
    const snapshot = writeRevision(cache, id, old, { refs: ['main'] })
    rmSync(join(home, 'blobs', weights))
    symlinkSync(join(theirs, weights), join(home, 'blobs', weights))
    rmSync(join(snapshot, 'tokenizer.json'))
    symlinkSync(join(theirs, blobOf('tokenizer.json', '{}')), join(snapshot, 'tokenizer.json'))
    const before = pathsIn(theirs)
    await catalog.refresh()
    await catalog.measured()
    const said = catalog.local().find((model) => model.id === id)?.sizeBytes
    expect(await catalog.removeModel(id, { revision: 'main' })).not.toEqual({ freedBytes: 0 })
    expect(said).toBeLessThan(heldIn(theirs) * 2)
    expect(pathsIn(theirs)).toEqual(before)
    expect(catalog.models()).toMatchObject([{ id: 'owner/other' }])
  })

  it('where a folder in it turns into a link while it is being deleted', async () => {
    const { cache, home } = openCache()
    const outside = writeFiles(join(dirname(cache), 'outside'), { precious: 'x' })
    writeRevision(cache, id, old, { refs: ['main'] })
    const blobs = join(home, 'blobs')
    const tree = await treeOf(home)
    rmSync(blobs, { recursive: true })
    for (const { path } of tree.filter((entry) => dirname(entry.path) === blobs)) {
      writeFileSync(join(outside, path.slice(blobs.length + 1)), 'precious')
    }
    symlinkSync(outside, blobs)
    const before = pathsIn(outside)
    await expect(carryOut(planFolder(home, tree))).rejects.toMatchObject(refusal('read_only', 'has become a link'))
    expect(pathsIn(outside)).toEqual(before)
  })
})

describe('deleting a plain folder’s model', () => {
  it('takes the folder with all in it, unlinks what leads out, and says what it freed', async () => {
    const { folder, catalog } = folders('lmstudio')
    const outside = writeFiles(temporaryFolder(), { 'large.bin': 'x'.repeat(100_000) })
    const home = writeModel(join(folder, 'owner', 'tiny'), { 'onnx/model.onnx': 'x', '.gitattributes': 'x' })
    symlinkSync(outside, join(home, 'link'))
    symlinkSync(join(outside, 'large.bin'), join(home, 'large.bin'))
    writeModel(join(folder, 'owner', 'other'))
    await catalog.refresh()
    const held = heldIn(home)
    expect(await catalog.removeModel('owner/tiny')).toEqual({ freedBytes: held })
    expect(readdirSync(join(folder, 'owner'))).toEqual(['other'])
    expect(pathsIn(outside)).toEqual(['large.bin'])
  })

  it('is refused where the place itself is the model, or holds another place', async () => {
    const home = writeModel(join(temporaryFolder(), 'smol'))
    const { catalog } = openCatalog({ places: [{ path: home, kind: 'folder' }] })
    await catalog.refresh()
    await expect(catalog.removeModel('smol')).rejects.toMatchObject(refusal('read_only', 'is or holds a folder'))

    const { folder } = folders()
    const around = writeModel(join(folder, 'around'))
    mkdirSync(join(around, 'inner'))
    const places = [folder, join(around, 'inner')].map((path) => ({ path, kind: 'folder' as const }))
    const nested = openCatalog({ places }).catalog
    await nested.refresh()
    await expect(nested.removeModel('around')).rejects.toMatchObject(refusal('read_only', 'is or holds a folder'))
    expect([existsSync(join(home, 'config.json')), existsSync(join(around, 'config.json'))]).toEqual([true, true])
  })

  it('is refused where the gateway’s own data lies in it', async () => {
    const folder = temporaryFolder()
    const around = writeModel(join(folder, 'around'))
    const dataDirectory = join(around, 'data')
    const { catalog } = openCatalog({ places: [{ path: folder, kind: 'folder' }], dataDirectory })
    await catalog.refresh()
    await expect(catalog.removeModel('around')).rejects.toMatchObject(refusal('read_only', dataDirectory))
  })

  it('is refused for any project that has a config.json and no weights', async () => {
    const { folder, catalog } = folders()
    writeFiles(folder, {
      'website/config.json': '{}',
      'website/src/index.ts': 'x',
      'website/models/model.safetensors': 'x',
    })
    await catalog.refresh()
    await expect(catalog.removeModel('website')).rejects.toMatchObject(refusal('read_only', 'may be something else'))
    expect(existsSync(join(folder, 'website/src/index.ts'))).toBe(true)
  })

  it('is refused where another model lies in it', async () => {
    const { folder, catalog } = folders('lmstudio')
    const home = writeModel(join(folder, 'owner', 'tiny'), { '1_Pooling/config.json': '{}' })
    const inner = writeModel(join(home, 'variants', '4bit'))
    await catalog.refresh()
    await expect(catalog.removeModel('owner/tiny')).rejects.toMatchObject(refusal('read_only', inner))
    rmSync(inner, { recursive: true })
    await catalog.removeModel('owner/tiny')
    expect(existsSync(home)).toBe(false)
  })

  it('is refused where its folder, or one around it, is a link', async () => {
    const { folder, catalog } = folders()
    const home = writeModel(join(folder, 'hidden', '.deep', 'tiny'))
    symlinkSync(home, join(folder, 'linked'))
    symlinkSync(dirname(home), join(folder, 'owner'))
    await catalog.refresh()
    for (const name of ['linked', 'owner/tiny'])
      await expect(catalog.removeModel(name)).rejects.toMatchObject(refusal('read_only', 'reached through a link'))
    expect(existsSync(join(home, 'config.json'))).toBe(true)
  })

  it('finds what has come since the last look, and what two places show once', async () => {
    const folder = temporaryFolder()
    const again = join(temporaryFolder(), 'again')
    symlinkSync(folder, again)
    const { catalog } = openCatalog({ places: [folder, again].map((path) => ({ path, kind: 'folder' })) })
    writeModel(join(folder, 'tiny'))
    expect(await catalog.usersOf('tiny')).toEqual({ profiles: ['tiny'], paths: [join(folder, 'tiny')] })
    expect(catalog.local()).toHaveLength(1)
    await catalog.removeModel('tiny')
    expect(pathsIn(folder)).toEqual([])
  })

  it('of an id that two have takes the one in use, or the one that is named by its folder', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()]
    for (const folder of [first, second]) writeModel(join(folder, 'tiny'))
    const { catalog } = openCatalog({ places: [first, second].map((path) => ({ path, kind: 'folder' })) })
    await catalog.refresh()
    expect(catalog.local().map(({ folder, shadowed }) => [folder, shadowed])).toEqual([
      [join(first, 'tiny'), false],
      [join(second, 'tiny'), true],
    ])
    await catalog.removeModel('tiny', { folder: join(second, 'tiny') })
    expect([readdirSync(first), readdirSync(second)]).toEqual([['tiny'], []])
    await catalog.removeModel('tiny')
    expect(readdirSync(first)).toEqual([])
  })
})
