import { expect, test } from 'vitest'
import { LineCutter } from '../../../src/supervisor/lines.ts'

function cut(chunks: readonly (string | Buffer)[], cap = 100): string[] {
  const cutter = new LineCutter(cap)
  return [...chunks.flatMap((chunk) => cutter.push(Buffer.from(chunk))), ...cutter.flush()]
}

test('lines are the same however the bytes are cut, within a letter too', () => {
  const text = 'first\r\nzwölf ☃ \u001B[31mred\u001B[0m\n\nlast'
  const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]))
  const lines = ['first', 'zwölf ☃ \u001B[31mred\u001B[0m', '', 'last']
  expect(cut([text])).toEqual(lines)
  expect(cut(bytes)).toEqual(lines)
})

test('a progress bar becomes its last state', () => {
  expect(cut(['Fetching:  0%\rFetching: 50%\r', 'Fetching: 99%', '\rdone\nnext\n'])).toEqual(['done', 'next'])
  expect(cut(['10%\r20%\r'])).toEqual(['20%'])
})

test('a line over the cap is cut and marked, and the next one is whole', () => {
  expect(cut(['abcdefgh', 'ij\nshort\n'], 4)).toEqual(['abcd…', 'shor…'])
  expect(cut(['abcd\n'], 4)).toEqual(['abcd'])
})

test('a flood without an end of line takes no memory', () => {
  const cutter = new LineCutter(4096)
  const chunk = Buffer.alloc(1024 ** 2, 'x')
  const before = process.memoryUsage()
  for (let mebibyte = 0; mebibyte < 200; mebibyte++) expect(cutter.push(chunk)).toEqual([])
  const after = process.memoryUsage()
  expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(50 * 1024 ** 2)
  expect(cutter.push(Buffer.from('\n'))).toEqual([`${'x'.repeat(4096)}…`])
})
