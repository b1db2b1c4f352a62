import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRouter } from '../../../src/router/router.ts'
import { openCatalog, profileOf, temporaryFolder, writeFiles, writeModel } from '../catalog/model-folder.ts'

const STARTER = 'smollm2-135m-instruct'

/** A router over a folder of models, and how often it looked at the disk. */
function setUp(fileProfiles: readonly object[] = []) {
  const folder = temporaryFolder()
  const { catalog, clock } = openCatalog({ places: [{ path: folder, kind: 'folder' }], fileProfiles })
  const looks = { serve: 0, refresh: 0 }
  const router = createRouter({
    catalog: {
      ...catalog,
      serve: (profile) => {
        looks.serve += 1
        return catalog.serve(profile)
      },
      refreshIfStale: () => {
        looks.refresh += 1
        return catalog.refreshIfStale()
      },
    },
    now: () => clock.now,
  })
  return { router, catalog, clock, folder, looks }
}

describe('a name that is known', () => {
  it('leads to its profile and model, and is echoed as it was asked', async () => {
    const model = writeModel(join(temporaryFolder(), 'm'))
    const { router } = setUp([{ name: 'small', aliases: ['gpt-4o-mini'], model }])
    expect(await router.resolve('gpt-4o-mini')).toMatchObject({
      name: 'gpt-4o-mini',
      profile: { name: 'small' },
      model: { path: model },
    })
  })

  it('may be the id of a local model that came after the last look, in any case', async () => {
    const { router, catalog, clock, folder } = setUp()
    await catalog.refresh()
    writeModel(join(folder, 'Owner', 'Tiny'))
    clock.now += 10_000
    const target = await router.resolve('Owner/Tiny')
    expect(target).toMatchObject({ profile: { name: 'Owner/Tiny', origin: 'local' }, model: { id: 'Owner/Tiny' } })
    expect((await router.resolve('owner/tiny')).profile).toBe(target.profile)
  })

  it('may be the starter’s, before it has been fetched', async () => {
    expect(await setUp().router.resolve(STARTER)).toMatchObject({ profile: { name: STARTER }, model: undefined })
  })

  it('costs one look at the disk in five seconds, however many ask', async () => {
    const { router, clock, folder, looks } = setUp()
    writeModel(join(folder, 'tiny'))
    await router.resolve('tiny')
    await Promise.all(Array.from({ length: 50 }, () => router.resolve('tiny')))
    clock.now += 4999
    await router.resolve('tiny')
    expect(looks).toEqual({ serve: 1, refresh: 1 })
    clock.now += 1
    await Promise.all([router.resolve('tiny'), router.resolve('tiny')])
    expect(looks).toEqual({ serve: 2, refresh: 1 })
  })

  it('leads to the changed profile at once', async () => {
    const { router, catalog, folder } = setUp()
    writeModel(join(folder, 'a'))
    writeModel(join(folder, 'b'))
    catalog.createProfile(profileOf({ name: 'p', model: 'a' }))
    expect((await router.resolve('p')).model?.id).toBe('a')
    catalog.replaceProfile('p', profileOf({ name: 'p', model: 'b' }))
    expect((await router.resolve('p')).model?.id).toBe('b')
    catalog.removeProfile('p')
    await expect(router.resolve('p')).rejects.toMatchObject({ code: 'model_not_found' })
  })

  it('is tried again at once after a failure', async () => {
    const model = join(temporaryFolder(), 'late')
    const { router } = setUp([{ name: 'p', model }])
    await expect(router.resolve('p')).rejects.toMatchObject({ code: 'model_load_failed' })
    writeModel(model)
    expect((await router.resolve('p')).model).toMatchObject({ path: model })
  })
})

describe('a name that is not known', () => {
  it('is refused with the nearest, and where to see them all', async () => {
    const { router } = setUp([{ name: 'small', aliases: ['gpt-4o-mini'], model: '/m' }])
    await expect(router.resolve('gpt-4o')).rejects.toMatchObject({
      code: 'model_not_found',
      param: 'model',
      message:
        'No model is called "gpt-4o". Did you mean "gpt-4o-mini"? GET /v1/models lists every name that can be asked for.',
    })
  })

  it('of a model that is not whole is refused with what is missing', async () => {
    const { router, folder } = setUp()
    writeFiles(folder, { 'half/config.json': '{}' })
    await expect(router.resolve('half')).rejects.toMatchObject({
      code: 'model_load_failed',
      message: expect.stringContaining('"half" is on this machine but cannot be used: it has no model*.safetensors'),
    })
  })

  it.each(['', '../../etc/passwd', '/srv/models/x', 'a\nb', 'x'.repeat(100_000), '\ud800', '__proto__/../x'])(
    'that could be nobody’s is refused without a look at the disk: %#',
    async (name) => {
      const { router, looks } = setUp()
      await expect(router.resolve(name)).rejects.toMatchObject({ code: 'model_not_found' })
      expect(looks).toEqual({ serve: 0, refresh: 0 })
    },
  )

  it.each(['__proto__', 'constructor', 'toString'])('is no way into the language: %s', async (name) => {
    await expect(setUp().router.resolve(name)).rejects.toMatchObject({ code: 'model_not_found' })
  })
})

describe('the list', () => {
  it('names profiles, the starter and local models without a look at the disk', async () => {
    const model = writeModel(join(temporaryFolder(), 'm'))
    const { router, catalog, folder, looks } = setUp([{ name: 'small', model }])
    writeModel(join(folder, 'tiny'))
    await catalog.refresh()
    expect(router.list()).toMatchObject([
      { id: 'small', model: { path: model }, available: true, origin: 'file' },
      { id: STARTER, model: undefined, available: true, origin: 'starter' },
      { id: 'tiny', available: true, origin: 'local', contextLength: 2048 },
    ])
    expect(looks).toEqual({ serve: 0, refresh: 0 })
  })
})
