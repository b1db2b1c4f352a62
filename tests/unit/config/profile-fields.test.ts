import { expect, test } from 'vitest'
import { profileFields } from '../../../src/config/config.ts'
import { profileSettings } from '../../../src/config/schema.ts'

const field = (name: string) => profileFields.find((one) => one.name === name)

test('every setting of a profile is described, in order', () => {
  expect(profileFields.map(({ name }) => name)).toEqual(Object.keys(profileSettings.shape))
  expect(profileFields.filter(({ description }) => description === '')).toEqual([])
})

test('a field says its kind, its unit, its bounds, its choices and what it is where it is not given', () => {
  expect(field('name')).toMatchObject({ kind: 'text', required: true, default: undefined })
  expect(field('engine')).toMatchObject({ choices: ['mlx-lm', 'command'], default: 'mlx-lm', required: false })
  expect(field('aliases')).toMatchObject({ kind: 'list', default: [] })
  expect(field('environment')).toMatchObject({ kind: 'texts', default: {} })
  expect(field('force')).toMatchObject({ kind: 'parameters' })
  expect(field('idle')).toMatchObject({ unit: 'ms', required: false, default: undefined })
  expect(field('memory')).toMatchObject({ unit: 'bytes' })
  expect(field('concurrency')).toMatchObject({ kind: 'number', min: 1, max: 1024 })
  expect(field('pinned')).toMatchObject({ kind: 'boolean', default: false })
})
