import { describe, expect, test } from 'vitest'
import { readProgress } from '../../../src/engines/install-progress.ts'

const follow = (expected: number, lines: readonly string[]) => {
  const read = readProgress(expected)
  return lines.map(read).filter((progress) => progress !== undefined)
}
const pip = [
  'Looking in indexes: https://user:****@index/simple',
  'Collecting mlx-lm[cpu]==0.32.2',
  '  Downloading mlx_lm-0.32.2-py3-none-any.whl.metadata (11 kB)',
  'Collecting numpy (from mlx-lm[cpu]==0.32.2)',
  '  Using cached numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (6.6 kB)',
  'Downloading mlx_lm-0.32.2-py3-none-any.whl (546 kB)',
  'Using cached numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.9 MB)',
  'Installing collected packages: numpy, mlx-lm',
  'Successfully installed mlx-lm-0.32.2 numpy-2.4.6',
]
const uv = [
  'Using Python 3.11.7 environment at: env',
  'Resolved 38 packages in 1.19s',
  'Downloading numpy (16.1MiB)',
  'Downloading mlx-cpu (10.0MiB)',
  ' Downloaded mlx-cpu',
  ' Downloaded numpy',
  'Prepared 38 packages in 1.50s',
  'Installed 38 packages in 80ms',
  ' + mlx-lm==0.32.2',
]

describe('progress of an installation', () => {
  test('with pip names what is collected and downloaded, by package and size', () => {
    expect(follow(2, pip).map(({ message }) => message)).toEqual([
      'Collecting mlx-lm',
      'Collecting numpy',
      'Downloading mlx-lm (546 kB)',
      'Downloading numpy (16.9 MB)',
      'Installing packages',
      'Packages installed',
    ])
  })

  test('with uv does so too', () => {
    expect(follow(38, uv).map(({ message }) => message)).toEqual([
      'Downloading packages',
      'Downloading numpy (16.1MiB)',
      'Downloading mlx-cpu (10.0MiB)',
      'Downloading mlx-cpu',
      'Downloading numpy',
      'Installing packages',
      'Packages installed',
    ])
  })

  test.each([
    ['pip', pip, 2],
    ['uv', uv, 38],
  ])('with %s grows, never goes back, and ends short of the whole', (_, lines, expected) => {
    const shares = follow(expected, lines).map(({ share }) => share ?? Number.NaN)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(new Set(shares).size).toBeGreaterThan(3)
    expect(shares.at(-1)).toBe(0.95)
  })

  test('of more packages than expected stays within its stage', () => {
    const many = Array.from({ length: 9 }, (_, index) => `Collecting package-${index}`)
    expect(follow(3, many).at(-1)?.share).toBe(0.25)
  })
})
