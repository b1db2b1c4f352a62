import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { size, table } from '../../../src/cli/print.ts'
import { readSize } from '../../../src/cli/readers.ts'
import type { World } from '../../../src/cli/world.ts'

function drawn(terminal: { readonly isTTY: boolean; readonly columns?: number }, spare: readonly string[] = []) {
  const out = Object.assign(new PassThrough(), terminal)
  const rows = [['owner/name', '2 GB', 'apache-2.0', null]]
  table({ out } as unknown as World, ['model', 'size', 'licence', 'left'], rows, 'None.', spare)
  return String(out.read())
}

describe('a table', () => {
  it('has no blanks at the end of its lines, and a dash for what is not known', () => {
    expect(drawn({ isTTY: false })).toBe('model       size  licence     left\nowner/name  2 GB  apache-2.0  –\n')
  })

  it('leaves out on a terminal what it can spare until it fits, and says so; elsewhere nothing', () => {
    const spare = ['licence', 'left', 'size']
    expect(drawn({ isTTY: true, columns: 34 }, spare)).toBe(drawn({ isTTY: false }))
    expect(drawn({ isTTY: true, columns: 22 }, spare)).toBe(
      'model       size  left\nowner/name  2 GB  –\n\nIn a wider window also: licence.\n',
    )
    expect(drawn({ isTTY: true, columns: 5 }, spare)).toBe(
      'model\nowner/name\n\nIn a wider window also: licence, left, size.\n',
    )
    expect(drawn({ isTTY: false, columns: 5 }, spare)).toBe(drawn({ isTTY: false }))
  })
})

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [4 * 1024 ** 2, '4 MB'],
  [629_145_600, '629 MB'],
  [999_700_000, '1 GB'],
  [16_700_000_000, '16.7 GB'],
  [128 * 1024 ** 3, '137 GB'],
])('%d bytes are shown as %s', (bytes, shown) => {
  expect(size(bytes)).toBe(shown)
})

it.each([
  ['8GB', 8e9],
  ['1.5 mb', 1_500_000],
  ['8GiB', 8 * 1024 ** 3],
  ['700', 700],
])('a size written %s is %d bytes, as it is shown', (text, bytes) => {
  expect(readSize(text)).toBe(bytes)
})
