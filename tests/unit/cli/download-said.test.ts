import { expect, it } from 'vitest'
import { downloadSaid, timeLeft, whyItRests, type Download } from '../../../src/cli/download-said.ts'

const download = (more: Partial<Download> = {}): Download => ({
  id: 3,
  repo: 'owner/name',
  revision: 'v2',
  commit: 'c'.repeat(40),
  state: 'running',
  pausedBy: null,
  reason: null,
  bytes: 1_500_000_000,
  totalBytes: 6e9,
  bytesPerSecond: 30e6,
  leftMs: 149_001,
  files: [],
  createdAt: 0,
  updatedAt: 0,
  ...more,
})

it.each([
  ['running', {}, '1.5 GB of 6 GB · 30 MB/s · 3m left', 0.25],
  ['verifying', { leftMs: 0, bytes: 6e9 }, '6 GB of 6 GB · 30 MB/s · verifying', 1],
  ['queued', {}, 'waits for its turn', undefined],
  ['paused', { reason: 'The hub is lost.' }, 'The hub is lost.', undefined],
] as const)('one that is %s is told of so', (state, more, message, share) => {
  expect(downloadSaid(download({ state, ...more }))).toEqual([message, share])
})

it('is estimated in whole seconds', () => {
  expect(timeLeft(download({ leftMs: 438 }))).toBe('1s')
  expect(timeLeft(download({ leftMs: null }))).toBeUndefined()
})

it('says why nothing comes, and of one that failed what tries again', () => {
  expect(whyItRests(download())).toBeUndefined()
  expect(whyItRests(download({ state: 'paused', reason: 'No room.' }))).toBe('No room.')
  expect(whyItRests(download({ state: 'failed', reason: 'It is gated.' }))).toBe(
    'It is gated. Try again with: mlx-gateway pull owner/name@v2',
  )
})
