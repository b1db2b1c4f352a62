import { expect, it } from 'vitest'
import { fromText, knownKeys, leaves } from '../../../src/config/leaves.ts'

it('gives every setting one variable of its own', () => {
  const variables = leaves.map(({ variable }) => variable)
  expect(new Set(variables).size).toBe(leaves.length)
  expect(variables.every((variable) => /^MLX_GATEWAY(_[A-Z0-9]+)+$/.test(variable))).toBe(true)
  expect(variables).toContain('MLX_GATEWAY_SERVER_MAX_BODY')
  expect(variables).toContain('MLX_GATEWAY_ENGINES_MLX_LM_EXECUTABLE')
})

it('leaves a text that does not fit for the schema to refuse', () => {
  expect(fromText('number', '8o90')).toBe('8o90')
  expect(fromText('boolean', 'yes')).toBe('yes')
  expect(fromText('list', '[1,')).toBe('[1,')
  expect(fromText('list', '')).toEqual([])
})

it('knows the keys of sections and of profiles, and that parameters may be called anything', () => {
  expect(knownKeys(['server'])).toContain('port')
  expect(knownKeys(['profiles', 3])).toContain('aliases')
  expect(knownKeys(['profiles', 3, 'defaults'])).toBeUndefined()
  expect(knownKeys(['nowhere', 'at', 'all'])).toBeUndefined()
})
