import { describe, expect, it } from 'vitest'
import { openStore } from '../../../src/store/store.ts'
import { openCatalog, profileOf, temporaryFolder } from '../../unit/catalog/model-folder.ts'

const written = (name: string, ...aliases: readonly string[]) => profileOf({ name, aliases, model: '/m' })
const codes = (errors: readonly { readonly code: string; readonly param: string | undefined }[]) =>
  errors.map(({ code, param }) => `${code} ${param}`)

function withProfiles() {
  const test = openCatalog({ fileProfiles: [{ name: 'file', aliases: ['f'], model: '/m' }] })
  test.catalog.createProfile(written('mine', 'm'))
  return test.catalog
}

describe('what a profile would be refused for', () => {
  it('is all of it, in the order in which saving tells the first', () => {
    const catalog = withProfiles()
    expect(codes(catalog.refusals(written('file', 'm', 'free')))).toEqual(['conflict name', 'conflict aliases[0]'])
    expect(codes(catalog.refusals(written('mine', 'f'), 'nobody'))).toEqual([
      'not_found undefined',
      'conflict name',
      'conflict aliases[0]',
    ])
    expect(codes(catalog.refusals(written('file', 'f'), 'file'))).toEqual(['read_only undefined'])
    for (const replaces of [undefined, 'nobody', 'file']) {
      const wrong = written('file', 'm')
      const [first] = catalog.refusals(wrong, replaces)
      const save = () =>
        replaces === undefined ? catalog.createProfile(wrong) : catalog.replaceProfile(replaces, wrong)
      expect(save).toThrow(expect.objectContaining({ code: first?.code, message: first?.message }))
    }
  })

  it('is nothing where it can be saved, and looking changes nothing', () => {
    const catalog = withProfiles()
    const before = catalog.profiles()
    expect(catalog.refusals(written('new', 'n'))).toEqual([])
    expect(catalog.refusals(written('mine', 'm', 'n'), 'mine')).toEqual([])
    expect(catalog.refusals(written('smollm2-135m-instruct'))).toEqual([])
    expect(catalog.profiles()).toBe(before)
  })

  it('reckons with those that would be saved before it', () => {
    const catalog = withProfiles()
    expect(codes(catalog.refusals(written('new', 'n'), undefined, [written('other', 'n')]))).toEqual([
      'conflict aliases[0]',
    ])
    expect(codes(catalog.refusals(written('new'), undefined, [written('new')]))).toEqual(['conflict name'])
    expect(catalog.refusals(written('new', 'm'), undefined, [written('mine')])).toEqual([])
  })

  it('is also the name of one that was saved and cannot be read', () => {
    const dataDirectory = temporaryFolder()
    const store = openStore(dataDirectory)
    store.profiles.add({ name: 'odd', settings: '{"name":"odd","engine":"steam"}', createdAt: 1, updatedAt: 1 })
    store.close()
    const { catalog } = openCatalog({ dataDirectory })
    expect(codes(catalog.refusals(written('odd')))).toEqual(['conflict name'])
    expect(catalog.refusals(written('odd'), 'odd')).toEqual([])
    expect(catalog.savedProfiles()).toEqual({
      profiles: [],
      unusable: [expect.stringContaining('Profile "odd" cannot be used as it was saved')],
    })
  })
})

describe('the saved profiles', () => {
  it('are as they were given, also where the file has the name by now', () => {
    const { catalog, dataDirectory } = openCatalog()
    const given = profileOf({ name: 'mine', aliases: ['a'], model: '/m', idle: '1h' })
    catalog.createProfile(given)
    const later = openCatalog({ dataDirectory, fileProfiles: [{ name: 'mine', model: '/other' }] })
    expect(later.catalog.savedProfiles()).toEqual({ profiles: [given], unusable: [] })
  })
})
