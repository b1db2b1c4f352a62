import { describe, expect, it } from 'vitest'
import { arrangeProfiles, clashesOf } from '../../../src/catalog/profile-names.ts'
import { plainProfile, toProfile, type ProfileOrigin } from '../../../src/catalog/profile.ts'
import { settings } from '../../../src/config/schema.ts'
import { profileOf } from './model-folder.ts'

const { scheduling } = settings.parse({})
const written = (name: string, ...aliases: readonly string[]) => profileOf({ name, aliases, model: '/m' })
const profile = (origin: ProfileOrigin, name: string, ...aliases: readonly string[]) =>
  toProfile(written(name, ...aliases), origin, scheduling)
const starter = plainProfile('smollm2-135m-instruct', 'starter', scheduling)

describe('a clash', () => {
  const others = [profile('file', 'a', 'b'), profile('store', 'c', 'd'), starter]

  it.each([
    ['a name that is a name', written('a'), 'name', 'of the configuration file'],
    ['a name that is an alias', written('b'), 'name', 'profile "a"'],
    ['an alias that is a name', written('x', 'y', 'c'), 'aliases[1]', 'profile "c"'],
    ['an alias that is an alias', written('x', 'd'), 'aliases[0]', 'profile "c"'],
  ])('is %s', (_, settings, param, words) => {
    expect(clashesOf(settings, others)).toEqual([{ param, message: expect.stringContaining(words) }])
  })

  it('is told of every name that is taken, not only of the first', () => {
    const params = clashesOf(written('a', 'd', 'free', 'c'), others).map(({ param }) => param)
    expect(params).toEqual(['name', 'aliases[0]', 'aliases[2]'])
  })

  it('is not a free name, and not the starter’s, which gives way', () => {
    expect(clashesOf(written('x', 'y'), others)).toEqual([])
    expect(clashesOf(written(starter.name), others)).toEqual([])
  })
})

describe('the profiles in force', () => {
  it('hide a later one whose name is taken, and say so', () => {
    const first = profile('file', 'a', 'b')
    const { shown, hidden } = arrangeProfiles([first, profile('store', 'a'), profile('store', 'b')])
    expect(shown).toEqual([first])
    expect(hidden).toEqual([
      'Profile "a" (store) is hidden: the name belongs to profile "a" of the configuration file.',
      'Profile "b" (store) is hidden: the name belongs to profile "a" of the configuration file.',
    ])
  })

  it('take an alias from a later one and leave it the rest', () => {
    const { shown, hidden } = arrangeProfiles([profile('file', 'a', 'x'), profile('store', 'b', 'x', 'y')])
    expect(shown.map(({ name, aliases }) => [name, ...aliases])).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ])
    expect(hidden).toEqual([expect.stringContaining('loses the alias "x"')])
  })

  it('hide the starter without a word', () => {
    const own = profile('store', starter.name)
    expect(arrangeProfiles([own, starter])).toEqual({ shown: [own], hidden: [] })
  })
})
