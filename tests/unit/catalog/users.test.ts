import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blobOf, homeOf, writeRevision } from './hub-cache.ts'
import { openCatalog, profileOf, temporaryFolder } from './model-folder.ts'
import { id, next, nextFiles, old } from './two-commits.ts'

describe('who uses a model', () => {
  it('is told by what profiles serve, draft with, or would serve if it were whole', async () => {
    const cache = temporaryFolder()
    const home = homeOf(cache, id)
    const { catalog } = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
    const path = writeRevision(cache, id, old, { refs: ['v1'] })
    const main = writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
    writeRevision(cache, 'owner/other', old, { refs: ['main'] })
    for (const [name, written] of Object.entries({
      byId: { model: id },
      byPath: { model: path },
      byTag: { model: id, revision: 'v1' },
      drafting: { model: 'owner/other', draftModel: id },
      lost: { model: id, revision: 'v3' },
      other: { model: 'owner/other' },
    })) {
      catalog.createProfile(profileOf({ name, ...written }))
    }
    await catalog.refresh()
    const usedBy = () => catalog.local().find((model) => model.id === id)?.usedBy
    expect(usedBy()).toEqual(['byId', 'byPath', 'byTag', 'drafting', 'lost'])
    expect(await catalog.usersOf(id)).toEqual({ profiles: [id, ...(usedBy() ?? [])], paths: [main, path] })
    expect(await catalog.usersOf(id, { revision: 'v1' })).toEqual({ profiles: ['byPath', 'byTag'], paths: [path] })
    expect(await catalog.usersOf(id, { revision: next })).toEqual({ profiles: [id, 'byId', 'drafting'], paths: [main] })

    rmSync(join(home, 'blobs', blobOf('tokenizer.json', '{}')))
    await catalog.refresh()
    expect(usedBy()).toEqual(['byId', 'byTag', 'drafting', 'lost'])
    await expect(catalog.usersOf('owner/none')).rejects.toMatchObject({ code: 'not_found' })
  })
})
