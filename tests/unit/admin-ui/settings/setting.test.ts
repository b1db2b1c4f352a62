import { describe, expect, test } from 'vitest'
import {
  aboutOf,
  fixedAsOne,
  found,
  groupsOf,
  originOf,
  textOf,
  valueOf,
} from '../../../../admin-ui/src/pages/settings/setting.ts'
import type { Setting } from '../../../../admin-ui/src/pages/settings/setting.ts'

const setting = (path: string, more: Partial<Setting> = {}) =>
  ({ path, description: '', origin: 'default', detail: 'default', value: null, written: null, ...more }) as Setting

describe('settings', () => {
  test('are found by words of their path and description, and may be those that differ alone', () => {
    const all = [
      setting('memory.budget', { description: 'what servers may hold', origin: 'file' }),
      setting('scheduling.idle', { description: 'unloaded after' }),
    ]
    expect(found(all, 'BUDGET hold', false).map(({ path }) => path)).toEqual(['memory.budget'])
    expect(found(all, '', true).map(({ path }) => path)).toEqual(['memory.budget'])
    expect(groupsOf(all).map(([name, { length }]) => [name, length])).toEqual([
      ['memory', 1],
      ['scheduling', 1],
    ])
  })

  test('come with what people change first, and what is decided once last', () => {
    const paths = [
      'server.port',
      'auth.required',
      'models.folders',
      'engines.python',
      'memory.budget',
      'log.level',
      'hub.token',
    ]
    expect(groupsOf(paths.map((path) => setting(path))).map(([name]) => name)).toEqual([
      'memory',
      'models',
      'hub',
      'log',
      'server',
      'auth',
      'engines',
    ])
  })

  test.each([
    ['longest wait for a place, ms', 'ms', 'longest wait for a place'],
    ['after this long without a request, ms; 0: never', 'ms', 'after this long without a request; 0: never'],
    ['has failed, ms (longer for big models)', 'ms', 'has failed (longer for big models)'],
    ['largest request body, bytes', 'bytes', 'largest request body'],
    ['of rows, bytes', null, 'of rows, bytes'],
  ] as const)('do not name the unit that is written beside them: %s', (description, unit, about) => {
    expect(aboutOf({ description, unit })).toBe(about)
  })

  test('that cannot be changed for one reason tell it once', () => {
    const [never, free] = [{ fixed: 'Set it in the file.' }, { fixed: null }]
    expect([fixedAsOne([never, never]), fixedAsOne([never, free]), fixedAsOne([free, free])]).toEqual([
      'Set it in the file.',
      null,
      null,
    ])
  })

  test('are written as people write them', () => {
    expect(textOf({ value: 600_000, written: '10m' })).toBe('10m')
    expect(textOf({ value: ['a', 'b'], written: null })).toBe('a, b')
    expect(textOf({ value: null, written: null })).toBe('')
  })

  test.each([
    ['10m', 'number', '10m'],
    [' 8 ', 'number', 8],
    ['', 'number', ''],
    ['a, b', 'list', ['a', 'b']],
    ['a,, b,', 'list', ['a', 'b']],
    ['', 'list', []],
    ['false', 'boolean or text', false],
    ['/models', 'boolean or text', '/models'],
    ['08', 'text', '08'],
  ] as const)('taken from %o as %s are %o', (text, kind, value) => {
    expect(valueOf(text, { kind })).toEqual(value)
  })

  test('say where they come from', () => {
    expect(originOf({ origin: 'environment', detail: 'MLX_GATEWAY_LOG_LEVEL' })).toBe(
      'from the environment: MLX_GATEWAY_LOG_LEVEL',
    )
    expect(originOf({ origin: 'page', detail: 'settings.yaml' })).toBe('changed here')
  })
})
