/** Models of the hub as a download leaves them: revisions, and what is not finished. */
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Look } from '../../../src/catalog/candidate.ts'
import { entriesOf } from '../../../src/catalog/folder.ts'
import { repositoriesIn } from '../../../src/catalog/hugging-face.ts'
import { blobOf, homeOf, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, profileOf, temporaryFolder, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'
import { id, next, nextFiles, old } from '../../unit/catalog/two-commits.ts'

function setUp() {
  const cache = temporaryFolder()
  const test = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
  const home = homeOf(cache, id)
  const put = (path: string, content = 'x') => writeFiles(home, { [path]: content })
  /** What is shown of it, after a look. */
  async function shown() {
    await test.catalog.refresh()
    return test.catalog.local().find((model) => model.id === id)
  }
  const serve = (written: object) =>
    test.catalog.serve({ ...test.catalog.createProfile(profileOf({ name: 'p', model: id, ...written })) })
  return { ...test, cache, home, put, shown, serve }
}

describe('a repository whose folder cannot be looked at', () => {
  it('is shown with why, unless it has just gone', async () => {
    const cache = temporaryFolder()
    const snapshot = writeRevision(cache, 'owner/whole', old)
    /** As things were a moment ago. */
    const before: Look = async (path) => entriesOf(path.endsWith('blobs') ? join(snapshot, '..', '..', 'blobs') : cache)
    const shown: unknown[] = []
    symlinkSync('models--owner--loop', homeOf(cache, 'owner/loop'))
    symlinkSync('nowhere', homeOf(cache, 'owner/gone'))
    for await (const { id, broken } of repositoriesIn(cache, [cache], before)) shown.push([id, broken])
    expect(shown).toEqual([
      ['owner/loop', expect.stringMatching(/^its folder cannot be looked at \(ELOOP/)],
      ['owner/whole', expect.anything()],
    ])
  })
})

describe('revisions', () => {
  it('are listed with the branches and tags that point at them, and the model by main', async () => {
    const { cache, shown } = setUp()
    writeRevision(cache, id, old, { refs: ['v1', 'refs/pr/7'] })
    const path = writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
    expect(await shown()).toMatchObject({
      model: { path, facts: { vocabSize: 300 } },
      revisions: [
        { commit: old, refs: ['refs/pr/7', 'v1'], incomplete: undefined },
        { commit: next, refs: ['main'], incomplete: undefined },
      ],
    })
  })

  it('that are not whole are told of without harm to the others', async () => {
    const { cache, shown } = setUp()
    writeRevision(cache, id, next, { refs: ['main'] })
    rmSync(join(writeRevision(cache, id, old, { refs: ['v1'] }), 'config.json'))
    const found = await shown()
    expect(found?.incomplete).toBeUndefined()
    expect(found?.revisions[0]?.incomplete).toEqual({ reason: 'config.json is missing', resumable: true })
  })

  it('can be chosen by a profile, by tag, branch or commit; without one it follows main', async () => {
    const { catalog, cache, serve } = setUp()
    const before = writeRevision(cache, id, old, { refs: ['v1'] })
    const after = writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
    const pathWith = async (written: object) => {
      const { model } = await serve(written)
      catalog.removeProfile('p')
      return [model?.id, model?.path]
    }
    for (const revision of ['v1', old, old.slice(0, 7)]) expect(await pathWith({ revision })).toEqual([id, before])
    expect(await pathWith({ revision: 'main' })).toEqual([id, after])
    expect(await pathWith({})).toEqual([id, after])
  })

  it('chosen by a profile stay the same model while nothing changes', async () => {
    const { catalog, cache, serve } = setUp()
    writeRevision(cache, id, old, { refs: ['v1'] })
    writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
    const { profile, model } = await serve({ revision: 'v1' })
    await catalog.refresh()
    expect((await catalog.serve(profile)).model).toBe(model)
    expect(catalog.models().map(({ id }) => id)).toEqual([id])
  })

  it('that are not there are refused with those that are, and the command to pull', async () => {
    const { cache, serve } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    await expect(serve({ revision: 'v2' })).rejects.toMatchObject({
      code: 'model_not_found',
      message: expect.stringMatching(/there is main \(aaaaaaaaaaaa\)\. `mlx-gateway pull owner\/name@v2` fetches it/),
    })
  })

  it('belong to models of the hub: a plain folder has none', async () => {
    const folder = temporaryFolder()
    writeModel(join(folder, 'tiny'))
    const { catalog } = openCatalog({ places: [{ path: folder, kind: 'folder' }] })
    const profile = catalog.createProfile(profileOf({ name: 'p', model: 'tiny', revision: 'v1' }))
    await expect(catalog.serve(profile)).rejects.toMatchObject({
      code: 'model_load_failed',
      message: expect.stringContaining('plain folder, which has no revision "v1"'),
    })
  })

  it('of the hub are served where a plain folder has the model’s name as well', async () => {
    const [folder, cache] = [temporaryFolder(), temporaryFolder()]
    writeModel(join(folder, id))
    const path = writeRevision(cache, id, old, { refs: ['main'] })
    const places = [{ path: folder, kind: 'lmstudio' } as const, { path: cache, kind: 'huggingface' } as const]
    const { catalog } = openCatalog({ places })
    const profile = catalog.createProfile(profileOf({ name: 'p', model: id, revision: 'main' }))
    expect((await catalog.serve(profile)).model?.path).toBe(path)
    expect(catalog.models()).toMatchObject([{ source: 'lmstudio' }])
    expect(catalog.local().map(({ source, shadowed, usedBy }) => [source, shadowed, usedBy])).toEqual([
      ['lmstudio', false, []],
      ['huggingface', true, ['p']],
    ])
  })

  it('without a main among several are no model by themselves, but a profile may name one', async () => {
    const { cache, shown, serve } = setUp()
    const before = writeRevision(cache, id, old)
    writeRevision(cache, id, next, { files: nextFiles })
    expect((await shown())?.incomplete).toEqual({
      reason: 'it has 2 revisions and none of them is main; a profile can name one as its `revision`',
      resumable: false,
    })
    expect((await serve({ revision: old })).model?.path).toBe(before)
  })

  it('are not told by a main that says nothing: then the only one counts', async () => {
    const { cache, put, shown } = setUp()
    const path = writeRevision(cache, id, old)
    put('refs/main', '../..')
    expect((await shown())?.model?.path).toBe(path)
  })

  it('never lead out: neither a link for a snapshot nor a commit that climbs', async () => {
    const { cache, home, put, shown } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    symlinkSync(writeModel(join(temporaryFolder(), 'outside')), join(home, 'snapshots', next))
    put('refs/up', '../../../outside')
    put('noted', old)
    symlinkSync(join(home, 'noted'), join(home, 'refs', 'link'))
    const revisions = (await shown())?.revisions ?? []
    expect(revisions.map(({ commit, refs }) => [commit, refs])).toEqual([
      [old, ['main']],
      [next, []],
    ])
    expect(revisions[1]?.incomplete?.reason).toContain('lies outside the model folders')
  })
})

describe('a download that is not finished', () => {
  const blob = blobOf('x', 'more')

  it.each([
    'incomplete',
    '1a2b3c4d.incomplete',
    'gateway.incomplete',
    'ab12.gateway.incomplete',
    'ab12.gateway.journal',
  ])('keeps a model that was never whole from use: %s', async (end) => {
    const { cache, put, shown } = setUp()
    writeRevision(cache, id, old, { refs: ['main'] })
    put(`blobs/${blob}.${end}`)
    const incomplete = { reason: 'its download is not finished', resumable: true }
    expect(await shown()).toMatchObject({ model: undefined, incomplete, revisions: [{ incomplete }] })
    put(`blobs/${blob}`)
    expect((await shown())?.incomplete).toBeUndefined()
  })

  it.each(['.incomplete', '.gateway.incomplete'])('shows though nothing else is there: %s', async (end) => {
    const { catalog, home, put } = setUp()
    put(`blobs/${blob}${end}`)
    await catalog.refresh()
    const reason = 'its download is not finished'
    expect(catalog.incomplete()).toEqual([{ id, path: home, reason, resumable: true }])
  })

  it('shows where whole blobs came and nothing else, and where main points at what has not come', async () => {
    const { cache, put, shown } = setUp()
    put(`blobs/${blob}`)
    expect((await shown())?.incomplete?.resumable).toBe(true)
    writeRevision(cache, id, old)
    put('refs/main', next)
    expect((await shown())?.incomplete).toEqual({ reason: 'its download is not finished', resumable: true })
  })

  it('is no model where not a byte has come', async () => {
    const { put, shown } = setUp()
    put('refs/main', old)
    expect(await shown()).toBeUndefined()
  })

  it('of a next revision takes nothing from one that was whole before, nor after a restart', async () => {
    const { cache, put, shown, dataDirectory } = setUp()
    const path = writeRevision(cache, id, old, { refs: ['main'] })
    await shown()
    put(`blobs/${blob}.gateway.incomplete`)
    expect((await shown())?.model?.path).toBe(path)
    const { catalog } = openCatalog({ places: [{ path: cache, kind: 'huggingface' }], dataDirectory })
    await catalog.refresh()
    expect(catalog.models()).toMatchObject([{ id, path }])
  })

  it('takes a model that was whole before from use once a file of it changes', async () => {
    const { cache, home, put, shown } = setUp()
    const snapshot = writeRevision(cache, id, old, { refs: ['main'] })
    await shown()
    put(`blobs/${blob}.incomplete`)
    renameSync(join(snapshot, 'tokenizer.json'), join(home, 'away'))
    expect((await shown())?.incomplete?.reason).toBe('its download is not finished')
  })

  it('can be resumed where shards or links are missing, and only in the cache of the hub', async () => {
    const { cache, home, shown } = setUp()
    const { 'model.safetensors': weights, ...rest } = tinyFiles
    const files = { ...rest, 'model-00001-of-00002.safetensors': weights ?? '' }
    writeRevision(cache, id, old, { files, refs: ['main'] })
    const reason = '1 of its weight files are missing, the first is model-00002-of-00002.safetensors'
    expect((await shown())?.incomplete).toEqual({ reason, resumable: true })
    rmSync(join(home, 'blobs', blobOf('tokenizer.json', '{}')))
    expect((await shown())?.incomplete).toEqual({ reason: 'tokenizer.json is missing or unreadable', resumable: true })

    const folder = temporaryFolder()
    rmSync(join(writeModel(join(folder, 'tiny')), 'config.json'))
    const { catalog } = openCatalog({ places: [{ path: folder, kind: 'folder' }] })
    await catalog.refresh()
    expect(catalog.incomplete()).toMatchObject([{ resumable: false }])
  })

  it('cannot help a model that is of another format', async () => {
    const { cache, shown } = setUp()
    writeRevision(cache, id, old, { files: { 'config.json': '{}', 'model.gguf': 'x' }, refs: ['main'] })
    expect((await shown())?.incomplete).toMatchObject({ resumable: false })
  })
})
