import { describe, expect, test } from 'vitest'
import { written, writtenDuration } from '../../../src/config/config.ts'
import { leaves } from '../../../src/config/leaves.ts'
import { settings } from '../../../src/config/schema.ts'
import { byteSize, duration, memoryBudget } from '../../../src/config/units.ts'

describe('a setting as people write it', () => {
  test.each([
    ['scheduling.idle', 600_000, '10m'],
    ['server.keepAlive', 65_000, '65s'],
    ['timeouts.idle', 1_500, '1500ms'],
    ['history.keep', 30 * 86_400_000, '30d'],
    ['scheduling.idle', 0, '0'],
    ['server.maxBody', 64 * 1024 ** 2, '64MB'],
    ['memory.default', 1_000, '1000B'],
    ['memory.budget', { bytes: 24 * 1024 ** 3 }, '24GB'],
    ['memory.budget', { share: 0.7 }, '70%'],
    ['memory.budget', { share: 0.555 }, '55.5%'],
    ['scheduling.queue', 128, '128'],
    ['server.host', '::1', '"::1"'],
    ['memory.budget', undefined, undefined],
  ])('%s: %j is %s', (path, value, text) => {
    expect(written(path, value)).toBe(text)
  })

  test('is exact: read again, it is what it was', () => {
    for (const ms of [1, 999, 61_000, 90_000_000, 1_234_567]) expect(duration.parse(writtenDuration(ms))).toBe(ms)
    for (const bytes of [1, 1025, 1024 ** 2 + 1, 3 * 1024 ** 4])
      expect(byteSize.parse(written('server.maxBody', bytes))).toBe(bytes)
    expect(memoryBudget.parse(written('memory.budget', { share: 0.07 }))).toEqual({ share: 0.07 })
  })

  test('has a unit wherever its description names one', () => {
    const described = leaves.filter(({ keys: [section = '', key = ''] }) =>
      /, (?:ms|bytes)\b/.test(describedAs(section, key)),
    )
    expect(described.length).toBeGreaterThan(20)
    expect(described.filter(({ unit }) => unit === undefined)).toEqual([])
  })
})

function describedAs(section: string, key: string): string {
  const shape: Record<string, unknown> = settings.shape
  const inner = (schema: unknown): unknown =>
    typeof schema === 'object' && schema !== null && 'unwrap' in schema && typeof schema.unwrap === 'function'
      ? inner(schema.unwrap())
      : schema
  const object = inner(shape[section])
  const fields = typeof object === 'object' && object !== null && 'shape' in object ? object.shape : {}
  const field = new Map(Object.entries(fields ?? {})).get(key)
  return typeof field === 'object' && field !== null && 'description' in field ? String(field.description) : ''
}
