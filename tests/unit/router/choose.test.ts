import { describe, expect, it } from 'vitest'
import { choose, echo, namesOf, nearest } from '../../../src/router/choose.ts'
import { modelNamed, profileNamed } from './named.ts'

const known = ['mlx-community/Qwen3-4B-4bit', 'mlx-community/Llama-3.2-1B', 'gpt-4o-mini', 'small']

describe('a name', () => {
  const profiles = [profileNamed('a', 'alias', 'b'), profileNamed('b', 'owner/model')]
  const models = [
    modelNamed('owner/model'),
    modelNamed('a'),
    modelNamed('Other'),
    modelNamed('Twice'),
    modelNamed('twice'),
  ]
  const chosen = (name: string) => {
    const choice = choose(name, namesOf(profiles, models))
    return choice?.kind === 'profile' ? `profile ${choice.profile.name}` : choice && `model ${choice.model.id}`
  }

  it.each([
    ['a profile before a model of the same name', 'a', 'profile a'],
    ['an alias', 'alias', 'profile a'],
    ['a profile’s name before another’s alias', 'b', 'profile b'],
    ['an alias before a model of the same name', 'owner/model', 'profile b'],
    ['a local model', 'Other', 'model Other'],
    ['a local model in another case', 'oTHER', 'model Other'],
    ['the model in exactly this case where two differ in nothing else', 'twice', 'model twice'],
  ])('means %s', (_, name, expected) => {
    expect(chosen(name)).toBe(expected)
  })

  it.each(['TWICE', 'Alias', 'unknown'])('means nothing where it is unknown or not the only one: %s', (name) => {
    expect(chosen(name)).toBeUndefined()
  })
})

describe('the nearest names', () => {
  it.each([
    ['smal', ['small']],
    ['gpt-4o', ['gpt-4o-mini']],
    ['qwen3-4b', ['mlx-community/Qwen3-4B-4bit']],
    ['other-owner/llama-3.2-1b', ['mlx-community/Llama-3.2-1B']],
    ['completely-different-thing', []],
  ])('of %s', (name, expected) => {
    expect(nearest(name, known)).toEqual(expected)
  })

  it('are three at most, the likeliest first', () => {
    const known = ['model-10', 'model-9', 'modem', 'models', 'another']
    expect(nearest('model', known)).toEqual(['models', 'model-9', 'model-10'])
  })

  it('are none of what is too long for a name, though it holds one', () => {
    expect(nearest(`${'x'.repeat(100)}small`, known)).toEqual(['small'])
    expect(nearest(`${'x'.repeat(200)}small`, known)).toEqual([])
  })
})

describe('an echo', () => {
  it('shows a name in quotes', () => {
    expect(echo('owner/name')).toBe('"owner/name"')
  })

  it('lets nothing through that could change a terminal or a page', () => {
    expect(echo('a"\n\u001b[31m\u202eb\u00e9')).toBe(String.raw`"a\"\n\u001b[31m\u202eb\u00e9"`)
  })

  it('is short, however long the name', () => {
    expect(echo('x'.repeat(100_000))).toBe(`"${'x'.repeat(80)}…"`)
  })
})
