import { describe, expect, it } from 'vitest'
import type { Model } from '../../../src/catalog/model.ts'
import { launchFingerprint, plainProfile, settingsOf, toProfile } from '../../../src/catalog/profile.ts'
import { readModelFolder } from '../../../src/catalog/read-model.ts'
import { settings } from '../../../src/config/schema.ts'
import { profileOf, temporaryFolder, writeModel } from './model-folder.ts'

const { scheduling } = settings.parse({ scheduling: { idle: '7m', concurrency: 3 } })

describe('a profile', () => {
  it('has the house’s idle time and concurrency where it names none, zero being a name', () => {
    const plain = toProfile(profileOf({ name: 'p', model: '/m' }), 'file', scheduling)
    expect(plain).toMatchObject({ origin: 'file', idle: 420_000, concurrency: 3 })
    const own = toProfile(profileOf({ name: 'p', model: '/m', idle: 0, concurrency: 1 }), 'file', scheduling)
    expect(own).toMatchObject({ idle: 0, concurrency: 1 })
  })

  it('tells what it was given, without what is the house’s own', () => {
    for (const written of [{}, { idle: '7m' }, { concurrency: 3 }, { idle: 0, concurrency: 1, aliases: ['q'] }]) {
      const given = profileOf({ name: 'p', model: '/m', ...written })
      expect(settingsOf(toProfile(given, 'store', scheduling))).toEqual(given)
    }
    expect(settingsOf(plainProfile('owner/m', 'local', scheduling))).toEqual(
      profileOf({ name: 'owner/m', model: 'owner/m' }),
    )
  })

  it('of a local model is what a person would get who wrote nothing but its name', () => {
    const written = profileOf({ name: 'owner/m', model: 'owner/m' })
    expect(plainProfile('owner/m', 'local', scheduling)).toEqual(toProfile(written, 'local', scheduling))
  })
})

const of = (written: object) => toProfile(profileOf({ name: 'p', model: '/m', ...written }), 'file', scheduling)
const print = (written: object, model?: Model) => launchFingerprint({ profile: of(written), model })

describe('the launch fingerprint', () => {
  it('changes with what a server is started with, and not with what a request is given', () => {
    expect(print({ arguments: ['--x'] })).not.toBe(print({}))
    expect(print({ adapter: '/a' })).not.toBe(print({}))
    expect(print({ defaults: { temperature: 0 }, idle: 5, aliases: ['q'] })).toBe(print({}))
  })

  it('changes with the model’s folder, but not when the starter is fetched by its own start', async () => {
    const model = await readModelFolder(writeModel(temporaryFolder()), { id: 'm', source: 'folder' })
    expect(print({}, model)).not.toBe(print({}))
    const starter = { model: 'smollm2-135m-instruct' }
    expect(print(starter, model)).toBe(print(starter))
  })
})
