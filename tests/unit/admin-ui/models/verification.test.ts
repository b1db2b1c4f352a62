import { describe, expect, test } from 'vitest'
import { begun, failed, isUnderWay, step, verdict } from '../../../../admin-ui/src/pages/models/verification.ts'
import type { CheckedFile, Verification } from '../../../../admin-ui/src/pages/models/verification.ts'

const file = (path: string, state: CheckedFile['state']): CheckedFile => ({ path, revisions: [], bytes: 1, state })
const right = file('config.json', 'ok')
const broken = file('model.safetensors', 'broken')

function after(first: Verification, ...events: readonly (readonly [event: string, data: unknown])[]): Verification {
  return events.reduce((state, [event, data]) => step(state, event, data, 99), first)
}

describe('a verification', () => {
  test('reads, and ends with what it found and when', () => {
    const reading = after(begun(false), ['progress', { bytes: 5, totalBytes: 10 }])
    expect(reading).toMatchObject({ kind: 'reading', bytes: 5, totalBytes: 10 })
    const files = [right, broken]
    expect(after(reading, ['verified', { files }])).toEqual({ kind: 'read', files, mended: false, at: 99 })
  })

  test('that mends goes on to fetch what is broken, and says that it has', () => {
    const files = [right, broken]
    const fetching = after(begun(true), ['verified', { files }], ['download', { bytes: 3 }])
    expect(fetching).toEqual({ kind: 'fetching', files, download: { bytes: 3 } })
    expect(isUnderWay(fetching)).toBe(true)
    expect(after(fetching, ['repaired', { files: ['model.safetensors'] }])).toEqual({
      kind: 'read',
      files,
      mended: true,
      at: 99,
    })
  })

  test('that mends ends at once where nothing is broken', () => {
    expect(after(begun(true), ['verified', { files: [right] }])).toMatchObject({ kind: 'read', mended: false })
  })

  test('that fails says why in the gateway’s words, and keeps what it had found', () => {
    const fetching = after(begun(true), ['verified', { files: [broken] }])
    expect(after(fetching, ['error', { error: { message: 'The hub cannot be reached.' } }])).toEqual({
      kind: 'failed',
      message: 'The hub cannot be reached.',
      files: [broken],
    })
    expect(failed(begun(false), 'gone')).toEqual({ kind: 'failed', message: 'gone', files: [] })
  })

  test('does not mind events that it does not know, or that come at another time', () => {
    const state = begun(false)
    expect(after(state, ['download', {}], ['repaired', {}], ['weather', {}])).toBe(state)
  })
})

describe('its verdict', () => {
  test.each([
    [[right, file('b', 'ok')], 'All 2 files are right.'],
    [[right], 'Its file is right.'],
    [[right, broken], '1 of 2 files is broken or missing.'],
    [[file('a', 'missing'), broken], '2 of 2 files are broken or missing.'],
    [[right, file('b', 'unknown')], 'Nothing is broken: 1 of 2 files right, 1 file without a known checksum.'],
  ])('of %j is: %s', (files, words) => {
    expect(verdict(files)).toBe(words)
  })
})
