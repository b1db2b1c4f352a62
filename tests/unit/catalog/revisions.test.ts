import { describe, expect, it } from 'vitest'
import { findRevision, noRevision } from '../../../src/catalog/revisions.ts'

const revision = (commit: string, ...refs: readonly string[]) => ({ commit, refs })
const [first, second, third] = [
  revision('aaaaaaa1', 'main', 'v1'),
  revision('aaaaaaa2', 'pr/7'),
  revision('bbbbbbb3', 'aaaaaaa2'),
]
const all = [first, second, third]

describe('a revision', () => {
  it('is found by branch, tag, commit, and the beginning of a commit that no other shares', () => {
    expect(findRevision(all, 'main')).toBe(first)
    expect(findRevision(all, 'pr/7')).toBe(second)
    expect(findRevision(all, 'aaaaaaa1')).toBe(first)
    expect(findRevision(all, 'bbbbbbb')).toBe(third)
  })

  it('is its branch before its commit', () => {
    expect(findRevision(all, 'aaaaaaa2')).toBe(third)
  })

  it('is not guessed: not from a beginning that two share, nor from fewer than seven digits, nor in another case', () => {
    expect(findRevision(all, 'aaaaaaa')).toBeUndefined()
    expect(findRevision(all, 'bbbbbb')).toBeUndefined()
    expect(findRevision(all, 'Main')).toBeUndefined()
  })

  it('that is not there is told with those that are, and the command that fetches it', () => {
    expect(noRevision('owner/name', 'v2', [first, revision('c'.repeat(40))])).toMatchObject({
      code: 'model_not_found',
      message:
        'Revision "v2" of owner/name is not on this machine; there is main = v1 (aaaaaaa1), cccccccccccc. ' +
        '`mlx-gateway pull owner/name@v2` fetches it.',
    })
    expect(noRevision('owner/name', 'v2', []).message).toContain('there is none')
  })
})
