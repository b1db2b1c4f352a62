import { existsSync, linkSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCache, refusal } from '../../unit/catalog/deletions.ts'
import { blobOf, heldIn, pathsIn, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, temporaryFolder, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'
import { id, next, nextFiles, old } from '../../unit/catalog/two-commits.ts'

describe('deleting a hub model', () => {
  it('takes the whole repository, unfinished parts and locks, nothing of another, and says what it freed', async () => {
    const { catalog, cache, home, put, events } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    writeRevision(cache, id, next, { files: nextFiles, refs: ['refs/pr/7'] })
    put(`blobs/${'0'.repeat(64)}.gateway.incomplete`, 'x'.repeat(30_000))
    put(`.no_exist/${old}/added_tokens.json`, '')
    writeRevision(cache, 'owner/name-2', old, { refs: ['main'] })
    writeFiles(cache, { '.locks/models--owner--name/a.lock': '', '.locks/models--owner--name-2/a.lock': '' })
    const others = pathsIn(cache).filter((path) => path.includes('name-2'))
    await catalog.refresh()
    await catalog.measured()
    const said = catalog.local().find((model) => model.id === id)?.sizeBytes
    const held = heldIn(home)
    expect(await catalog.removeModel(id)).toEqual({ freedBytes: held })
    expect(said).toBe(held)
    expect(pathsIn(cache)).toEqual(['.locks', ...others])
    expect(catalog.models().map(({ id }) => id)).toEqual(['owner/name-2'])
    expect(events).toContainEqual({ type: 'model.removed', id, freedBytes: held })
  })

  it('takes one that never came whole', async () => {
    const { catalog, home, put } = openCache()
    put(`blobs/${'0'.repeat(64)}.gateway.incomplete`, 'x'.repeat(30_000))
    await catalog.refresh()
    const held = heldIn(home)
    expect(await catalog.removeModel(id)).toEqual({ freedBytes: held })
    expect(existsSync(home)).toBe(false)
  })

  it('frees nothing for what has another name elsewhere', async () => {
    const { catalog, cache, home } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    const weights = join(home, 'blobs', blobOf('model.safetensors', tinyFiles['model.safetensors'] ?? ''))
    linkSync(weights, join(dirname(cache), 'kept'))
    await catalog.refresh()
    await catalog.measured()
    const held = heldIn(home) - statSync(weights).blocks * 512
    expect(catalog.local()[0]).toMatchObject({ sizeBytes: heldIn(home), ownBytes: held })
    expect(await catalog.removeModel(id)).toEqual({ freedBytes: held })
    expect(existsSync(join(dirname(cache), 'kept'))).toBe(true)
  })

  it('knows it by its exact name', async () => {
    const { catalog, cache, home } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    await catalog.refresh()
    for (const name of ['Owner/Name', 'owner/none', '../hub', 'owner/../owner/name'])
      await expect(catalog.removeModel(name)).rejects.toMatchObject(refusal('not_found', 'No model is called'))
    expect(existsSync(home)).toBe(true)
  })
})

describe('deleting a revision', () => {
  it('takes what no other needs and the refs that point at it, and frees what was said', async () => {
    const { catalog, cache, home } = openCache()
    writeRevision(cache, id, old, { refs: ['v1', 'refs/pr/7'] })
    writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
    await catalog.refresh()
    await catalog.measured()
    const said = catalog.local()[0]?.revisions[0]?.ownBytes ?? 0
    const refs = heldIn(join(home, 'refs')) - statSync(join(home, 'refs', 'main')).blocks * 512
    expect(await catalog.removeModel(id, { revision: 'v1' })).toEqual({ freedBytes: said + refs })
    expect(pathsIn(join(home, 'blobs'))).toEqual(
      Object.entries(nextFiles)
        .map(([name, content]) => blobOf(name, content))
        .sort(),
    )
    expect(readdirSync(join(home, 'snapshots'))).toEqual([next])
    expect(pathsIn(join(home, 'refs')).filter((ref) => !statSync(join(home, 'refs', ref)).isDirectory())).toEqual([
      'main',
    ])
    expect(catalog.models()).toMatchObject([{ id, facts: { vocabSize: 300 } }])
  })

  it('leaves the parts of a download, and takes all with the last revision where there are none', async () => {
    const { catalog, cache, home, put } = openCache()
    const part = `${'0'.repeat(64)}.gateway.incomplete`
    writeRevision(cache, id, old, { refs: ['main'] })
    put(`blobs/${part}`)
    await catalog.refresh()
    await catalog.removeModel(id, { revision: old })
    expect(pathsIn(join(home, 'blobs'))).toEqual([part])
    expect(catalog.incomplete()).toMatchObject([{ id, resumable: true }])

    rmSync(join(home, 'blobs', part))
    writeRevision(cache, id, next, { refs: ['main'] })
    writeFiles(cache, { '.locks/models--owner--name/a.lock': '' })
    await catalog.refresh()
    await catalog.removeModel(id, { revision: 'main' })
    expect(pathsIn(cache)).toEqual(['.locks'])
  })

  it('leaves another that holds its files itself, as it is where there are no links', async () => {
    const { catalog, cache, home, put } = openCache()
    writeRevision(cache, id, old, { refs: ['v1'] })
    writeModel(join(home, 'snapshots', next))
    put('refs/main', next)
    await catalog.refresh()
    await catalog.removeModel(id, { revision: 'v1' })
    expect(catalog.models()).toMatchObject([{ id, path: join(home, 'snapshots', next) }])
  })

  it('is refused where there is none of this name', async () => {
    const { catalog, cache } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    await catalog.refresh()
    await expect(catalog.removeModel(id, { revision: 'v1' })).rejects.toMatchObject(refusal('not_found', '"v1"'))
    const folder = temporaryFolder()
    const { catalog: plain } = openCatalog({ places: [{ path: folder, kind: 'folder' }] })
    writeModel(join(folder, 'tiny'))
    await plain.refresh()
    await expect(plain.removeModel('tiny', { revision: 'v1' })).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'revision',
    })
  })
})
