import { expect, test } from 'vitest'
import { progressOf } from '../../../src/downloads/progress.ts'

const files = ['a', 'b'].map((path) => ({ path, bytes: 10, blob: path, hash: 'sha256' }) as const)

test('what was there before is counted, and told apart', () => {
  const progress = progressOf(files, [
    { state: 'there', bytes: 10, resumed: 10 },
    { state: 'running', bytes: 7, resumed: 3 },
  ])
  expect(progress).toEqual({
    phase: 'running',
    bytes: 17,
    resumed: 13,
    files: [
      { path: 'a', bytes: 10, total: 10, state: 'there' },
      { path: 'b', bytes: 7, total: 10, state: 'running' },
    ],
  })
})

test('it is verified when every byte has come', () => {
  const verifying = { state: 'verifying', bytes: 10, resumed: 0 } as const
  expect(progressOf(files, [verifying, { ...verifying, state: 'there' }]).phase).toBe('verifying')
  expect(progressOf(files, [verifying, { ...verifying, state: 'running' }]).phase).toBe('running')
})
