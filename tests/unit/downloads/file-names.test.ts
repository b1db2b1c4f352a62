import { describe, expect, test } from 'vitest'
import { refuseNames } from '../../../src/downloads/file-names.ts'
import { GatewayError } from '../../../src/errors.ts'

const named = (...paths: readonly string[]) =>
  paths.map((path) => ({ path, bytes: 1, blob: 'a'.repeat(64), hash: 'sha256' }) as const)
const refusal = (...paths: readonly string[]) => {
  try {
    refuseNames(named(...paths))
    return undefined
  } catch (error) {
    return error instanceof GatewayError && error.code === 'invalid_request' ? error.message : error
  }
}

describe('a name is refused', () => {
  test.each([
    ['that climbs out', '../evil', 'it leads elsewhere'],
    ['that climbs out from within', 'a/../../evil', 'it leads elsewhere'],
    ['that is a dot', './config.json', 'it leads elsewhere'],
    ['with an empty part', 'a//b', 'it leads elsewhere'],
    ['that ends with a slash', 'a/', 'it leads elsewhere'],
    ['that is empty', '', 'it leads elsewhere'],
    ['that starts at the root', '/etc/passwd', 'it starts at the root'],
    ['with a NUL', 'config.json\0.txt', 'it holds a control character'],
    ['with a line break', 'a\nb', 'it holds a control character'],
    ['with a backslash', '..\\evil', 'it holds a backslash'],
    ['that is half a character', 'a\ud800', 'it is no text'],
    ['with a part that no disk can hold', `${'é'.repeat(128)}.txt`, 'it is too long'],
    ['that is longer than a path may be', `${'abcdefghi/'.repeat(70)}x`, 'it is too long'],
  ])('%s', (_, path, why) => {
    expect(refusal(path)).toContain(`which is refused: ${why}.`)
  })

  test.each([
    ['differs from another by case alone', ['Config.json', 'config.json']],
    ['differs in a folder by case alone', ['a/x', 'A/x']],
    ['differs by how its accent is written', ['caf\u00e9', 'cafe\u0301']],
    ['differs by ß', ['STRASSE', 'straße']],
    ['is there twice', ['x', 'x']],
  ])('where it %s', (_, paths) => {
    expect(refusal(...paths)).toContain('it clashes with')
  })

  test('where another file would have to be its folder, in whatever case', () => {
    expect(refusal('a', 'a/b')).toContain('"a" is a file and cannot be its folder')
    expect(refusal('x/Y/z', 'X/y')).toContain('"X/y" is a file and cannot be its folder')
  })

  test('and is shown without what could confuse a terminal, and not at any length', () => {
    expect(refusal('a\u001b[31m')).toContain(String.raw`"a\u001b[31m"`)
    expect(String(refusal('\n'.repeat(5000))).length).toBeLessThan(600)
  })
})

test('what the hub really has is let through', () => {
  expect(
    refusal(
      'config.json',
      'model-00001-of-00002.safetensors',
      '.gitattributes',
      '1_Pooling/config.json',
      '..x',
      'é 中',
    ),
  ).toBeUndefined()
})

test('a hash that could be a path is refused, and one of another kind', () => {
  const file = { path: 'x', bytes: 1, hash: 'sha256' } as const
  for (const blob of ['../../x', 'A'.repeat(64), 'a'.repeat(40), `${'a'.repeat(64)}\n`]) {
    expect(() => refuseNames([{ ...file, blob }])).toThrow('its hash is')
  }
  expect(() => refuseNames([{ ...file, hash: 'git-sha1', blob: 'a'.repeat(40) }])).not.toThrow()
})

test.each([-1, 1.5, Number.NaN, 2 ** 60])('a size of %d is refused', (bytes) => {
  expect(() => refuseNames([{ path: 'x', bytes, blob: 'a'.repeat(64), hash: 'sha256' }])).toThrow('its size is')
})
