import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Profile } from '../../../src/catalog/catalog.ts'
import { openStore } from '../../../src/store/store.ts'
import { openCatalog, profileOf, temporaryFolder, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'

const STARTER = 'smollm2-135m-instruct'
const names = (profiles: readonly Profile[]) => profiles.map(({ name, origin }) => `${name} (${origin})`)

const readOnly = (words: string) =>
  expect.objectContaining({ code: 'read_only', message: expect.stringContaining(words) })

function folderPlace() {
  const path = temporaryFolder()
  return { path, places: [{ path, kind: 'folder' } as const] }
}

describe('models', () => {
  it('are listed when whole, and explained when not', async () => {
    const { path, places } = folderPlace()
    writeModel(join(path, 'owner', 'whole'))
    writeFiles(path, { 'half/model.safetensors': 'x' })
    const { catalog, events } = openCatalog({ places })
    await catalog.refresh()
    expect(catalog.models().map(({ id }) => id)).toEqual(['owner/whole'])
    expect(catalog.incomplete()).toEqual([
      { id: 'half', path: join(path, 'half'), reason: 'config.json is missing', resumable: false },
    ])
    expect(events).toContainEqual({ type: 'catalog.refreshed', models: 1, incomplete: 1, ms: 0 })
  })

  it('of one id count once, the first whole one', async () => {
    const { path, places } = folderPlace()
    const other = temporaryFolder()
    writeFiles(path, { 'tiny/config.json': '{' })
    const whole = writeModel(join(other, 'tiny'))
    const third = temporaryFolder()
    writeModel(join(third, 'tiny'))
    const more = [other, third].map((path) => ({ path, kind: 'folder' as const }))
    const { catalog } = openCatalog({ places: [...places, ...more] })
    await catalog.refresh()
    expect(catalog.models().map(({ path }) => path)).toEqual([whole])
    expect(catalog.incomplete()).toEqual([])
  })

  it('stay the same objects while their files are the same, and so do their profiles', async () => {
    const { path, places } = folderPlace()
    writeModel(join(path, 'tiny'))
    const { catalog } = openCatalog({ places })
    await catalog.refresh()
    const [before] = catalog.models()
    await catalog.refresh()
    const [after] = catalog.models()
    expect(after).toBe(before)
    if (before === undefined || after === undefined) throw new Error('not found')
    expect(catalog.localProfile(after)).toBe(catalog.localProfile(before))
    expect(catalog.localProfile(after)).toMatchObject({ name: 'tiny', origin: 'local', concurrency: 8 })
  })

  it('are looked for once more when asked for during a search, for all who asked', async () => {
    const { path, places } = folderPlace()
    const { catalog, events } = openCatalog({ places })
    const first = catalog.refresh()
    writeModel(join(path, 'late'))
    await Promise.all([first, catalog.refresh(), catalog.refresh(), catalog.refresh()])
    expect(catalog.models().map(({ id }) => id)).toEqual(['late'])
    expect(events.filter(({ type }) => type === 'catalog.refreshed')).toHaveLength(2)
  })

  it('are looked for at most once in three seconds for unknown names', async () => {
    const { path, places } = folderPlace()
    const { catalog, clock, events } = openCatalog({ places })
    await Promise.all([catalog.refreshIfStale(), catalog.refreshIfStale()])
    writeModel(join(path, 'new'))
    clock.now += 2999
    await catalog.refreshIfStale()
    expect(catalog.models()).toEqual([])
    clock.now += 1
    await Promise.all([catalog.refreshIfStale(), catalog.refreshIfStale()])
    expect(catalog.models().map(({ id }) => id)).toEqual(['new'])
    expect(events.filter(({ type }) => type === 'catalog.refreshed')).toHaveLength(2)
  })

  it('that are gone are forgotten, and with them what was read of them', async () => {
    const { path, places } = folderPlace()
    const folder = writeModel(join(path, 'tiny'))
    const { catalog, store } = openCatalog({ places })
    await catalog.refresh()
    expect(store.modelFacts.get(folder)).toBeDefined()
    rmSync(folder, { recursive: true })
    await catalog.refresh()
    expect(catalog.models()).toEqual([])
    expect(store.modelFacts.get(folder)).toBeUndefined()
  })

  it('whose place is missing are told of once, and again when it goes missing again', async () => {
    const { path, places } = folderPlace()
    const { catalog, events } = openCatalog({ places })
    const troubles = () => events.filter(({ type }) => type === 'catalog.trouble').length
    rmSync(path, { recursive: true })
    await catalog.refresh()
    await catalog.refresh()
    expect(troubles()).toBe(1)
    mkdirSync(path)
    await catalog.refresh()
    rmSync(path, { recursive: true })
    await catalog.refresh()
    expect(troubles()).toBe(2)
  })

  it('are not looked for once the catalog is closed', async () => {
    const { catalog } = openCatalog(folderPlace())
    await catalog.close()
    await expect(catalog.refresh()).rejects.toMatchObject({ code: 'shutting_down' })
  })
})

describe('profiles', () => {
  const small = { name: 'small', aliases: ['gpt-4o-mini'], model: '/m', idle: '10m' }

  it('come from the file, the store and the starter, in this order', () => {
    const { catalog } = openCatalog({ fileProfiles: [small] })
    catalog.createProfile(profileOf({ name: 'mine', model: '/m' }))
    expect(names(catalog.profiles())).toEqual(['small (file)', 'mine (store)', `${STARTER} (starter)`])
  })

  it('do without the starter where it is switched off', () => {
    expect(openCatalog({ settings: { models: { starter: false } } }).catalog.profiles()).toEqual([])
  })

  it('made here survive a restart', () => {
    const first = openCatalog()
    const made = first.catalog.createProfile(profileOf({ name: 'mine', model: '/m', idle: '1h', memory: '3GB' }))
    const { catalog } = openCatalog({ dataDirectory: first.dataDirectory })
    expect(catalog.profiles()[0]).toEqual(made)
    expect(first.events).toContainEqual({ type: 'profile.created', profile: 'mine' })
  })

  it('are refused whose name or alias is taken', () => {
    const { catalog } = openCatalog({ fileProfiles: [small] })
    const conflict = expect.objectContaining({ code: 'conflict', param: 'name' })
    expect(() => catalog.createProfile(profileOf({ name: 'gpt-4o-mini', model: '/m' }))).toThrow(conflict)
    catalog.createProfile(profileOf({ name: 'mine', model: '/m' }))
    catalog.createProfile(profileOf({ name: 'other', model: '/m' }))
    expect(() => catalog.replaceProfile('mine', profileOf({ name: 'other', model: '/m' }))).toThrow(conflict)
    expect(names(catalog.profiles())).toContain('mine (store)')
  })

  it('can be renamed, and keep their own names while they change', () => {
    const { catalog, events } = openCatalog()
    catalog.createProfile(profileOf({ name: 'mine', aliases: ['a'], model: '/m' }))
    catalog.replaceProfile('mine', profileOf({ name: 'mine', aliases: ['a', 'b'], model: '/m' }))
    const renamed = catalog.replaceProfile('mine', profileOf({ name: 'yours', aliases: ['a'], model: '/m' }))
    expect(catalog.profiles()[0]).toBe(renamed)
    expect(names(catalog.profiles())).toEqual(['yours (store)', `${STARTER} (starter)`])
    expect(events).toContainEqual({ type: 'profile.changed', profile: 'yours', before: 'mine' })
  })

  it('can be removed', () => {
    const { catalog, events } = openCatalog()
    catalog.createProfile(profileOf({ name: 'mine', model: '/m' }))
    catalog.removeProfile('mine')
    expect(names(catalog.profiles())).toEqual([`${STARTER} (starter)`])
    expect(events).toContainEqual({ type: 'profile.removed', profile: 'mine' })
    expect(() => catalog.removeProfile('mine')).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  it('that were not made here can neither be changed nor removed, and say where they are declared', async () => {
    const { path, places } = folderPlace()
    writeModel(join(path, 'tiny'))
    const { catalog } = openCatalog({ places, fileProfiles: [small] })
    await catalog.refresh()
    expect(() => catalog.removeProfile('small')).toThrow(readOnly('in the configuration file'))
    expect(() => catalog.replaceProfile('small', profileOf(small))).toThrow(readOnly('in the configuration file'))
    expect(() => catalog.removeProfile(STARTER)).toThrow(readOnly('models.starter: false'))
    expect(() => catalog.removeProfile('tiny')).toThrow(readOnly('a model on disk'))
    const other = profileOf({ name: 'mine', model: '/m' })
    expect(() => catalog.replaceProfile('tiny', other)).toThrow(readOnly('a model on disk'))
    expect(() => catalog.replaceProfile('none', other)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  it('of the file hide those of the store, which come back with the next file', () => {
    const { catalog, dataDirectory } = openCatalog()
    catalog.createProfile(profileOf({ name: 'small', model: '/mine' }))
    const second = openCatalog({ dataDirectory, fileProfiles: [small] })
    expect(second.catalog.profiles()[0]).toMatchObject({ name: 'small', origin: 'file' })
    expect(second.events).toEqual([
      { type: 'catalog.trouble', message: expect.stringContaining('"small" (store) is hidden') },
    ])
    expect(openCatalog({ dataDirectory }).catalog.profiles()[0]).toMatchObject({ model: '/mine' })
  })
})

describe('a profile saved in a shape that this version does not know', () => {
  it('is told of, left alone, and can be replaced', () => {
    const dataDirectory = temporaryFolder()
    const store = openStore(dataDirectory)
    store.profiles.add({ name: 'odd', settings: '{"name":"odd","engine":"steam"}', createdAt: 1, updatedAt: 1 })
    store.close()
    const { catalog, events } = openCatalog({ dataDirectory })
    expect(names(catalog.profiles())).toEqual([`${STARTER} (starter)`])
    expect(events).toEqual([
      { type: 'catalog.trouble', message: expect.stringContaining('Profile "odd" cannot be used') },
    ])
    catalog.replaceProfile('odd', profileOf({ name: 'odd', model: '/m' }))
    expect(names(catalog.profiles())).toContain('odd (store)')
  })
})

function fetched() {
  const test = openCatalog()
  return { ...test, folder: writeModel(join(test.dataDirectory, 'models', STARTER)) }
}

describe('the starter model', () => {
  it('is a model of its own source once it has been fetched', async () => {
    const { catalog, folder } = fetched()
    await catalog.refresh()
    expect(catalog.models()).toMatchObject([{ id: STARTER, source: 'starter', path: folder }])
  })

  it('is not shown where it is switched off, even though it is there', async () => {
    const { dataDirectory } = fetched()
    const { catalog } = openCatalog({ dataDirectory, settings: { models: { starter: false } } })
    await catalog.refresh()
    expect(catalog.models()).toEqual([])
  })

  it('can be removed, and asked for again afterwards', async () => {
    const { catalog, folder } = fetched()
    await catalog.refresh()
    expect((await catalog.removeModel(STARTER)).freedBytes).toBeGreaterThan(0)
    expect(existsSync(folder)).toBe(false)
    expect(catalog.models()).toEqual([])
    expect(names(catalog.profiles())).toEqual([`${STARTER} (starter)`])
    expect(await catalog.removeModel(STARTER)).toEqual({ freedBytes: 0 })
  })

  it('is removed without what its links lead to', async () => {
    const { catalog, folder } = fetched()
    const precious = writeFiles(temporaryFolder(), { 'weights.bin': 'x' })
    symlinkSync(precious, join(folder, 'link'))
    await catalog.removeModel(STARTER)
    expect(existsSync(folder)).toBe(false)
    expect(existsSync(join(precious, 'weights.bin'))).toBe(true)

    symlinkSync(precious, folder)
    await catalog.removeModel(STARTER)
    expect(existsSync(join(precious, 'weights.bin'))).toBe(true)
  })
})
