import { expect, it } from 'vitest'
import { sized, sizedMemory } from '../../../src/wire/size.ts'

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [629_145_600, '629 MB'],
  [16_700_000_000, '16.7 GB'],
  [99_940_000_000, '99.9 GB'],
  [99_960_000_000, '100 GB'],
  [2_000_000_000_000, '2 TB'],
])('%d bytes are read as %s', (bytes, said) => {
  expect(sized(bytes)).toBe(said)
})

it.each([
  [900, '900 bytes'],
  [300 * 1024 ** 2, '300 MB'],
  [1019 * 1024 ** 2, '1 GB'],
  [16.5 * 1024 ** 3, '16.5 GB'],
  [64 * 1024 ** 3, '64 GB'],
])('%d bytes of memory are read as %s', (bytes, said) => {
  expect(sizedMemory(bytes)).toBe(said)
})
