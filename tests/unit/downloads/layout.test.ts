import { describe, expect, test } from 'vitest'
import { foldersTo, inOrder, layoutOf, linkOf, placeOf, refOf } from '../../../src/downloads/layout.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
const layout = layoutOf('/cache', 'mlx-community/Qwen3-4B')

describe('in a Hugging Face cache', () => {
  test('a model has a folder of its own', () => {
    expect(layout.home).toBe('/cache/models--mlx-community--Qwen3-4B')
    expect(() => layoutOf('/cache', '../x')).toThrow('"../x" is no model of the hub.')
    expect(() => layoutOf('/cache', 'a/..')).toThrow('is no model of the hub.')
  })

  test('a link leads to its blob from however deep', () => {
    expect(linkOf(layout, commit, { path: 'a', blob: 'b' })).toEqual({
      path: `/cache/models--mlx-community--Qwen3-4B/snapshots/${commit}/a`,
      target: '../../blobs/b',
    })
    expect(linkOf(layout, commit, { path: 'x/y/a', blob: 'b' }).target).toBe('../../../../blobs/b')
    expect(() => linkOf(layout, '../..', { path: 'a', blob: 'b' })).toThrow('"../.." is no commit.')
  })

  test('a branch is noted, a commit needs no note', () => {
    expect(refOf(layout, 'main', commit)).toBe('/cache/models--mlx-community--Qwen3-4B/refs/main')
    expect(refOf(layout, 'refs/pr/1', commit)).toBe('/cache/models--mlx-community--Qwen3-4B/refs/refs/pr/1')
    expect(refOf(layout, commit, commit)).toBeUndefined()
    expect(() => refOf(layout, '../../main', commit)).toThrow('is no revision.')
  })

  test('what is on its way has no name that Python gives, nor that of another gateway', () => {
    const [ours, theirs] = [placeOf(layout, 'b', 'one'), placeOf(layout, 'b', 'two')]
    expect(ours.final).toBe(theirs.final)
    expect(new Set([ours.partial, ours.journal, theirs.partial, theirs.journal]).size).toBe(4)
    expect(ours.partial).toMatch(/\/b\.one\.gateway\.incomplete$/)
  })
})

test('config.json comes last, the weights first', () => {
  const paths = ['config.json', 'a.txt', 'model.safetensors', 'deep/config.json']
  expect(inOrder(paths.map((path) => ({ path }))).map(({ path }) => path)).toEqual([
    'model.safetensors',
    'a.txt',
    'deep/config.json',
    'config.json',
  ])
})

test('folders are listed from the outermost', () => {
  expect(foldersTo('/a', '/a/b/c')).toEqual(['/a/b', '/a/b/c'])
  expect(foldersTo('/a', '/a')).toEqual([])
})
