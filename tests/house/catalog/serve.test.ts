import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import {
  openCatalog,
  profileOf,
  temporaryFolder,
  writeFiles,
  writeModel,
  writeRepository,
} from '../../unit/catalog/model-folder.ts'

const STARTER = 'smollm2-135m-instruct'

/** A catalog over one folder, and what it serves for a profile of the store or of the file. */
function setUp() {
  const folder = writeFiles(join(temporaryFolder(), 'models'), {})
  const places = [{ path: folder, kind: 'folder' } as const]
  const test = openCatalog({ places })
  const stored = (written: object) =>
    test.catalog.serve(test.catalog.createProfile(profileOf({ name: 'p', ...written })))
  const declared = (written: object) =>
    serveFirst(openCatalog({ places, fileProfiles: [{ name: 'p', ...written }] }).catalog)
  return { ...test, folder, stored, declared }
}

async function serveFirst(catalog: Catalog) {
  const [profile] = catalog.profiles()
  if (profile === undefined) throw new Error('no profile')
  return catalog.serve(profile)
}

const refusal = (code: string, words: string) => ({ code, message: expect.stringContaining(words) })

describe('a model by id', () => {
  it('is found without anybody having looked before', async () => {
    const { folder, stored } = setUp()
    const path = writeModel(join(folder, 'owner', 'tiny'))
    expect(await stored({ model: 'owner/tiny' })).toMatchObject({ model: { id: 'owner/tiny', path } })
  })

  it('unknown is refused in words that say where to look', async () => {
    await expect(setUp().stored({ model: 'owner/none' })).rejects.toMatchObject(
      refusal('model_not_found', 'No model on this machine is called "owner/none"'),
    )
  })

  it.each(['../outside', 'a/../../outside', 'a/b/c', './x'])('never climbs: %s', async (model) => {
    const { folder, stored } = setUp()
    writeModel(join(folder, '..', 'outside'))
    await expect(stored({ model })).rejects.toMatchObject(
      refusal('model_not_found', 'neither an absolute path nor the id'),
    )
  })

  it('that is not whole is refused with what is missing', async () => {
    const { folder, stored } = setUp()
    rmSync(join(writeModel(join(folder, 'half')), 'model.safetensors'))
    await expect(stored({ model: 'half' })).rejects.toMatchObject(refusal('model_load_failed', 'no model*.safetensors'))
  })

  it('that was removed since is noticed, and so is one that has come back elsewhere', async () => {
    const { catalog, clock, folder, stored } = setUp()
    const path = writeModel(join(folder, 'tiny'))
    const { profile } = await stored({ model: 'tiny' })
    clock.now += 10_000
    renameSync(path, join(folder, 'moved'))
    await expect(catalog.serve(profile)).rejects.toMatchObject({ code: 'model_not_found' })
    expect(catalog.models().map(({ id }) => id)).toEqual(['moved'])
    expect(catalog.modelOf(profile)).toBeUndefined()
  })

  it('whose file was cut short since is refused at the next use', async () => {
    const { catalog, folder, stored } = setUp()
    writeModel(join(folder, 'tiny'))
    const { profile } = await stored({ model: 'tiny' })
    writeFiles(folder, { 'tiny/model.safetensors': 'x' })
    await expect(catalog.serve(profile)).rejects.toMatchObject(refusal('model_load_failed', 'cut short'))
  })

  it('follows the Hugging Face cache to its next revision', async () => {
    const cache = temporaryFolder()
    const { catalog, clock } = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
    const old = writeRepository(cache, 'owner/name', 'aaa111')
    const profile = catalog.createProfile(profileOf({ name: 'p', model: 'owner/name' }))
    expect((await catalog.serve(profile)).model?.path).toBe(old)
    const next = writeRepository(cache, 'owner/name', 'bbb222')
    rmSync(old, { recursive: true })
    clock.now += 10_000
    expect((await catalog.serve(profile)).model?.path).toBe(next)
  })

  it('in the Hugging Face cache may not have files from elsewhere', async () => {
    const cache = temporaryFolder()
    const { catalog } = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
    const snapshot = writeRepository(cache, 'owner/name', 'aaa111')
    const other = writeRepository(cache, 'owner/other', 'ccc333')
    rmSync(join(snapshot, 'config.json'))
    symlinkSync(join(other, 'config.json'), join(snapshot, 'config.json'))
    const profile = catalog.createProfile(profileOf({ name: 'p', model: 'owner/name' }))
    await expect(catalog.serve(profile)).rejects.toMatchObject(
      refusal('model_load_failed', 'config.json is a link that leads out'),
    )
  })
})

describe('a model by path', () => {
  it('inside the places may be named by any profile, and is the same model as by its id', async () => {
    const { catalog, folder, stored } = setUp()
    const path = writeModel(join(folder, 'owner', 'tiny'))
    await catalog.refresh()
    expect((await stored({ model: path })).model).toBe(catalog.models()[0])
  })

  it('outside the places may be named only by the file', async () => {
    const { stored, declared } = setUp()
    const path = writeModel(join(temporaryFolder(), 'outside'))
    expect((await declared({ model: path })).model).toMatchObject({ id: 'outside', path })
    await expect(stored({ model: path })).rejects.toMatchObject(
      refusal('model_load_failed', 'outside the model folders'),
    )
  })

  it('cannot leave the places through a link or a climb', async () => {
    const { folder, stored } = setUp()
    const path = writeModel(join(temporaryFolder(), 'outside'))
    symlinkSync(path, join(folder, 'link'))
    await expect(stored({ model: join(folder, 'link') })).rejects.toMatchObject({ code: 'model_load_failed' })
  })

  it('does not become a model of its own by a name that nobody can ask for', async () => {
    const { catalog, folder, stored } = setUp()
    const path = writeModel(join(folder, 'My Model (1)'))
    await stored({ model: path })
    await catalog.refresh()
    expect([catalog.models(), catalog.incomplete()]).toMatchObject([[], [{ id: 'My Model (1)' }]])
  })

  it('that leads nowhere is refused by its path', async () => {
    await expect(setUp().declared({ model: '/srv/none' })).rejects.toMatchObject(
      refusal('model_load_failed', '"/srv/none" cannot be loaded: there is no such folder'),
    )
  })

  it('is known to those who only list, after a look', async () => {
    const path = writeModel(join(temporaryFolder(), 'outside'))
    const { catalog } = openCatalog({ fileProfiles: [{ name: 'p', model: path }] })
    await catalog.refresh()
    expect(catalog.profiles().map(catalog.modelOf)).toMatchObject([{ path }, undefined])
  })

  it('stays known to them while other profiles come, change and go', async () => {
    const { catalog, folder, stored } = setUp()
    const path = writeModel(join(folder, 'tiny'))
    await stored({ model: path })
    const known = () => catalog.profiles().slice(0, 1).map(catalog.modelOf)[0]
    catalog.createProfile(profileOf({ name: 'q', aliases: ['r'], model: path }))
    expect(known()).toMatchObject({ path })
    catalog.replaceProfile('q', profileOf({ name: 'q', model: path }))
    catalog.removeProfile('q')
    expect(known()).toMatchObject({ path })
    catalog.replaceProfile('p', profileOf({ name: 'p', model: 'owner/other' }))
    expect(known()).toBeUndefined()
  })
})

describe('the starter', () => {
  it('is served without a model until it has been fetched', async () => {
    const { catalog, dataDirectory } = openCatalog()
    expect(await serveFirst(catalog)).toMatchObject({ profile: { name: STARTER }, model: undefined })
    const path = writeModel(join(dataDirectory, 'models', STARTER))
    expect((await serveFirst(catalog)).model).toMatchObject({ id: STARTER, source: 'starter', path })
    await catalog.refresh()
    expect((await serveFirst(catalog)).model).toBe(catalog.models()[0])
    rmSync(path, { recursive: true })
    expect((await serveFirst(catalog)).model).toBeUndefined()
  })

  it('is not taken for one to be fetched where its folder cannot be looked at', async () => {
    const { catalog, dataDirectory } = openCatalog()
    symlinkSync('models', join(dataDirectory, 'models'))
    await expect(serveFirst(catalog)).rejects.toMatchObject(refusal('model_load_failed', 'ELOOP'))
  })
})

describe('engine command', () => {
  const command = ['serve', '--port', '${port}']

  it('needs no model', async () => {
    const { declared } = setUp()
    expect((await declared({ engine: 'command', command })).model).toBeUndefined()
  })

  it('may name anything as its model, and is known by it where it is a model folder', async () => {
    const { declared } = setUp()
    const path = writeModel(join(temporaryFolder(), 'tiny'))
    expect((await declared({ engine: 'command', command, model: path })).model).toMatchObject({ path })
    expect((await declared({ engine: 'command', command, model: '/srv/llama.gguf' })).model).toBeUndefined()
    expect((await declared({ engine: 'command', command, model: 'hub/model' })).model).toBeUndefined()
  })
})

describe('a draft model and an adapter', () => {
  it('are found like a model, and given as real paths', async () => {
    const { folder, stored } = setUp()
    writeModel(join(folder, 'tiny'))
    const draft = writeModel(join(folder, 'draft'))
    const adapter = writeFiles(join(folder, 'lora'), { 'adapter_config.json': '{}', 'adapters.safetensors': 'x' })
    symlinkSync(adapter, join(folder, 'lora-link'))
    const served = await stored({ model: 'tiny', draftModel: 'draft', adapter: join(folder, 'lora-link') })
    expect(served).toMatchObject({ profile: { draftModel: draft, adapter }, draft: { id: 'draft', path: draft } })
  })

  it('are refused where they are missing, outside, or no adapter', async () => {
    const { folder, stored, catalog } = setUp()
    writeModel(join(folder, 'tiny'))
    const outside = writeFiles(temporaryFolder(), { 'adapter_config.json': '{}', 'adapters.safetensors': 'x' })
    const refused = async (written: object, code: string, words: string) => {
      await expect(stored({ model: 'tiny', ...written })).rejects.toMatchObject(refusal(code, words))
      catalog.removeProfile('p')
    }
    await refused({ draftModel: 'none' }, 'model_not_found', '"none"')
    await refused({ adapter: outside }, 'model_load_failed', 'outside the model folders')
    await refused({ adapter: 'lora' }, 'model_load_failed', 'not an absolute path')
    await refused({ adapter: join(folder, 'tiny') }, 'model_load_failed', 'adapter_config.json is missing')
  })
})
