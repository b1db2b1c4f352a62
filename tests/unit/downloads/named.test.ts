import { expect, test } from 'vitest'
import type { DownloadState } from '../../../src/downloads/lifecycle.ts'
import { findNamed } from '../../../src/downloads/named.ts'

const complete: DownloadState = { kind: 'complete' }
const paused: DownloadState = { kind: 'paused', by: 'hand', reason: '' }
const all = [
  { id: 1, repo: 'owner/one', state: complete },
  { id: 2, repo: 'owner/one', state: complete },
  { id: 3, repo: 'owner/two', state: paused },
  { id: 4, repo: 'owner/two', state: complete },
  { id: 5, repo: 'owner/many', state: paused },
  { id: 6, repo: 'owner/many', state: { kind: 'queued' } },
] as const

test.each([
  ['its number', '1', 1],
  ['the name of its model, which means the one that is not over', 'owner/two', 3],
  ['that name in other letters', 'Owner/TWO', 3],
  ['the name, which means the last where all are over', 'owner/one', 2],
])('a download is meant by %s', (_, given, id) => {
  expect(findNamed(given, all)).toBe(all[id - 1])
})

test.each([
  ['9', 'not_found', /^There is no download 9; see `mlx-gateway downloads`\.$/],
  ['owner/none', 'not_found', /^There is no download of owner\/none; see /],
  ['x', 'invalid_request', /^"x" is no download: write its number or the model's owner\/name; see /],
  ['-1', 'invalid_request', /write its number/],
  ['owner/many', 'conflict', /write the number of one, 5, 6\.$/],
])('%s means none, and why is said', (given, code, message) => {
  expect(() => findNamed(given, all)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  )
})
