import { describe, expect, test } from 'vitest'
import { PART_BYTES, Parts, type Span } from '../../../src/downloads/parts.ts'

/** Writes what is left of a span. */
function fill(parts: Parts, { from, to }: Span): void {
  for (let part = from; part < to; part += 1) parts.setWritten(part, parts.lengthOf(part))
}

describe('a file of ten parts and a bit', () => {
  const bytes = PART_BYTES * 10 + 5

  test('is shared out in fair pieces, smaller towards the end, none twice', () => {
    const parts = new Parts(bytes)
    const spans: Span[] = []
    for (let span = parts.take(2); span !== undefined; span = parts.take(2)) spans.push(span)
    expect(spans).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
      { from: 4, to: 5 },
      { from: 5, to: 6 },
      { from: 6, to: 7 },
      { from: 7, to: 8 },
      { from: 8, to: 9 },
      { from: 9, to: 10 },
      { from: 10, to: 11 },
    ])
    expect(parts.endOf({ from: 10, to: 11 })).toBe(bytes)
    expect(parts.complete).toBe(false)
    for (const span of spans) fill(parts, span)
    expect([parts.complete, parts.front, parts.bytesWritten]).toEqual([true, bytes, bytes])
  })

  test('has its front where the first gap begins, whatever came behind it', () => {
    const parts = new Parts(bytes)
    parts.setWritten(1, PART_BYTES)
    expect(parts.front).toBe(0)
    parts.setWritten(0, 10)
    expect(parts.front).toBe(10)
    parts.setWritten(0, PART_BYTES)
    expect(parts.front).toBe(PART_BYTES * 2)
  })

  test('gives what was given back to the next, from where it stands', () => {
    const parts = new Parts(bytes)
    const span = parts.take(1)
    expect(span).toEqual({ from: 0, to: 5 })
    if (span === undefined) return
    parts.setWritten(0, PART_BYTES)
    parts.setWritten(1, 7)
    expect(parts.position(span)).toBe(PART_BYTES + 7)
    parts.giveBack(span)
    expect(parts.take(100)).toEqual({ from: 1, to: 2 })
    expect(parts.take(1), 'one that was begun is not joined to the part before it').toEqual({ from: 2, to: 6 })
  })

  test('is not joined over a part that was begun', () => {
    const parts = new Parts(bytes)
    parts.setWritten(2, 7)
    expect(parts.take(1)).toEqual({ from: 0, to: 2 })
    expect(parts.take(1)).toEqual({ from: 2, to: 6 })
  })

  test('can be taken whole, and begin anew', () => {
    const parts = new Parts(bytes)
    fill(parts, { from: 0, to: 3 })
    expect(parts.front).toBe(PART_BYTES * 3)
    parts.clear()
    expect([parts.front, parts.bytesWritten, parts.position({ from: 0, to: 11 })]).toEqual([0, 0, 0])
    expect(parts.takeAll()).toEqual({ from: 0, to: 11 })
    expect(parts.take(1)).toBeUndefined()
  })
})

test('an empty file is complete from the start', () => {
  const parts = new Parts(0)
  expect([parts.complete, parts.front, parts.count, parts.take(1)]).toEqual([true, 0, 0, undefined])
})

test('however spans are taken, written in bits, lost and given back, every byte comes once', () => {
  let state = 7
  const roll = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (let round = 0; round < 50; round += 1) {
    const parts = new Parts(1 + roll(PART_BYTES * 30))
    const out: Span[] = []
    for (let turn = 0; turn < 5_000 && !parts.complete; turn += 1) {
      const span = roll(2) === 0 || out.length === 0 ? parts.take(1 + roll(6)) : undefined
      if (span !== undefined) out.push(span)
      const chosen = out[roll(out.length)]
      if (chosen === undefined) continue
      const at = parts.position(chosen)
      const part = Math.floor(at / PART_BYTES)
      if (at < parts.endOf(chosen)) {
        const left = parts.lengthOf(part) - parts.written(part)
        parts.setWritten(part, parts.written(part) + Math.min(left, 1 + roll(PART_BYTES)))
      }
      if (parts.position(chosen) === parts.endOf(chosen) || roll(20) === 0) {
        out.splice(out.indexOf(chosen), 1)
        parts.giveBack(chosen)
      }
    }
    expect([parts.complete, parts.front]).toEqual([true, parts.bytes])
  }
})
