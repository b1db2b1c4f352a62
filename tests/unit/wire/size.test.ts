import { expect, it } from 'vitest'
import { sized } from '../../../src/wire/size.ts'

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [629_145_600, '629 MB'],
  [16_700_000_000, '16.7 GB'],
  [99_949_999_999, '99.9 GB'],
  [128_000_000_000, '128 GB'],
  [2_000_000_000_000, '2.0 TB'],
])('%d bytes are read as %s', (bytes, said) => {
  expect(sized(bytes)).toBe(said)
})
