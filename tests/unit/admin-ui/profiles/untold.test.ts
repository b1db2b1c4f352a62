import { describe, expect, test } from 'vitest'
import { isToCome, whyUntold } from '../../../../admin-ui/src/pages/profiles/untold.ts'

const wrong = (...paths: string[]) => ({
  problems: paths.map((path) => ({ path, message: 'is missing' })),
  warnings: [],
})
const warned = { problems: [], warnings: ['There is none.'] }

describe('why a command line cannot be told', () => {
  test('is the field that decides it', () => {
    expect(whyUntold(wrong('name', 'model'), '', [])).toBe('It can be told once a model is named.')
    expect(whyUntold(wrong('command[0]'), 'tiny', [])).toBe('It can be told once the command is right.')
    expect(whyUntold(wrong('model', 'command'), 'a b', [])).toBe(
      'It can be told once the model and the command are right.',
    )
    expect(whyUntold(wrong(''), 'tiny', [])).toContain('at the foot of the form')
  })

  test('is the model that is not here', () => {
    expect(whyUntold(warned, 'maker/tiny', [])).toBe('It can be told once maker/tiny is downloaded.')
    expect(whyUntold(wrong('name'), 'starter', []), 'the starter').toBe('It can be told once starter is downloaded.')
  })

  test('else is what the gateway says', () => {
    expect(whyUntold(warned, 'maker/tiny', ['maker/tiny'])).toBe('It can be told once what is said below is put right.')
    expect(whyUntold(warned, '/models/tiny', [])).toBe('It can be told once what is said below is put right.')
  })
})

test('only what the hub may have is to come, once it is known what is here', () => {
  expect(isToCome('maker/tiny', undefined)).toBe(false)
  expect(isToCome('maker/tiny', ['other/tiny'])).toBe(true)
  expect(isToCome('tiny', [])).toBe(false)
})
