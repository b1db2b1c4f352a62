import { describe, expect, test } from 'vitest'
import { fileAddress, isCommit, isRepositoryId, isRevision } from '../../../src/hub/ids.ts'

const commit = 'a'.repeat(40)

describe('what is put into the hub’s addresses', () => {
  test('is a model’s id only as owner/name', () => {
    expect(['mlx-community/Qwen3-4B-4bit', 'a/b', 'Q_1/x.y-z_0'].filter((id) => !isRepositoryId(id))).toEqual([])
    const parts = [
      '',
      'gpt2',
      'a/b/c',
      '/a/b',
      'a//b',
      '../b',
      'a/..',
      'a/b..c',
      'a/.b',
      '.a/b',
      '-a/b',
      'a/b.',
      'a-/b',
    ]
    const marks = ['a%2fb', 'a/b%2f..', 'a/b c', 'a/b\0', 'a/b\n', 'a/b?x', 'a/b#x', 'a\\b', 'a/b--c', 'ä/b', 'a/b-']
    const refused = [...parts, ...marks, `a/${'b'.repeat(97)}`]
    expect(refused.filter(isRepositoryId)).toEqual([])
  })

  test('is a revision only where it could be a branch, a tag or a commit', () => {
    expect(['main', 'v1.0', 'refs/pr/3', '8bit_new', commit].filter((text) => !isRevision(text))).toEqual([])
    const refused = [
      '',
      '..',
      'a/../b',
      'a..b',
      '/a',
      'a/',
      'a//b',
      'a b',
      'a%2fb',
      '-x',
      '.x',
      'x.',
      'a\n',
      'a?b',
      'a#b',
    ]
    expect(refused.filter(isRevision)).toEqual([])
  })

  test('is a commit only with its 40 digits', () => {
    expect(isCommit(commit)).toBe(true)
    expect([commit.slice(1), `${commit}a`, commit.toUpperCase(), `${commit.slice(1)}g`].some(isCommit)).toBe(false)
  })

  test('is a file’s path step by step, each encoded', () => {
    const address = fileAddress('https://hub.test/base', { id: 'a/b', commit, path: 'deep/ä ?#%2f.json' })
    expect(address).toBe(`https://hub.test/base/a/b/resolve/${commit}/deep/%C3%A4%20%3F%23%252f.json`)
  })

  test.each(['../x', 'a/../x', './x', '/x', 'a//x', 'a/', '', 'a\\x', 'a\0', 'a\nx'])(
    'is never the path %j',
    (path) => {
      expect(() => fileAddress('https://hub.test', { id: 'a/b', commit, path })).toThrow(
        expect.objectContaining({ code: 'invalid_request' }),
      )
    },
  )
})
