import { describe, expect, test } from 'vitest'
import { isWorthTelling, newsOf, plainWords } from '../../../../admin-ui/src/parts/happening.ts'
import type { LiveEvent } from '../../../../src/api/admin/admin.ts'

const told = (event: object) => plainWords({ at: 1, ...event } as LiveEvent)

const ended = (error: string, profile = 'coder') => ({
  type: 'request.ended',
  record: { model: profile, profile, error },
})

describe('what just happened', () => {
  test.each([
    [{ type: 'server.ready', profile: 'coder', pid: 1, loadMs: 21_000 }, 'coder is ready after 21 s'],
    [
      {
        type: 'server.failed',
        profile: 'coder',
        diagnosis: { kind: 'memory', reason: 'out of memory while loading' },
        lines: [],
        retryAt: 1,
      },
      'coder failed: out of memory while loading',
    ],
    [
      { type: 'download.changed', download: { repo: 'maker/coder', state: 'complete' } },
      'maker/coder has been downloaded and verified',
    ],
    [
      { type: 'download.changed', download: { repo: 'maker/coder', state: 'paused', reason: 'the disk is full' } },
      'The download of maker/coder waits: the disk is full',
    ],
    [{ type: 'model.removed', id: 'maker/coder', freedBytes: 9.4e9 }, 'Deleted maker/coder: 9.4 GB freed'],
    [
      { type: 'model.removed', id: 'maker/coder', revision: 'a1b2c3d4e5f6a7b8', freedBytes: 2e9 },
      'Deleted revision a1b2c3d4e5f6 of maker/coder: 2.0 GB freed',
    ],
    [{ type: 'profile.created', profile: 'coder' }, 'Made the profile coder'],
    [{ type: 'profile.changed', profile: 'coder', before: 'coder' }, 'Changed the profile coder'],
    [{ type: 'profile.changed', profile: 'poet', before: 'coder' }, 'Changed the profile coder, now poet'],
    [{ type: 'profile.removed', profile: 'coder' }, 'Deleted the profile coder'],
    [{ type: 'profile.pinned', profile: 'coder', pinned: true }, 'Keeping coder loaded'],
    [{ type: 'profile.pinned', profile: 'coder', pinned: false }, 'Letting coder go when idle'],
    [
      { type: 'request.ended', record: { model: 'coder', error: 'queue_full' } },
      'A request for coder failed. It was refused: the queue was full.',
    ],
    [{ type: 'request.ended', record: { model: 'coder', error: 'client_left' } }, ''],
    [{ type: 'gateway.trouble', message: 'The disk refused a write.' }, 'The disk refused a write.'],
  ])('is told in words: %o', (event, words) => {
    expect(told(event)).toBe(words)
  })

  test('names who asked, and for whom room was made', () => {
    expect([
      told({ type: 'profile.loading', profile: 'glm', reservedBytes: 1, for: 'request', askedBy: 'codex' }),
      told({
        type: 'profile.evicted',
        profile: 'phi',
        for: 'glm',
        reservedBytes: 1,
        idleMs: 60_000,
        freedBytes: 9.4 * 1024 ** 3,
        ms: 1200,
      }),
      told({ type: 'server.stopped', profile: 'phi', reason: 'wedged', ms: 300 }),
      told({ type: 'server.stopped', profile: 'phi', reason: 'evicted', ms: 300 }),
    ]).toEqual([
      'Loading glm: asked for by codex',
      'Unloaded phi to make room for glm: idle the longest, 9.4 GB freed in 1.2 s',
      'Unloaded phi: it no longer answered (in 0.3 s)',
      '',
    ])
  })

  test('leaves out what a server’s failure of the same second has told already', () => {
    const failure = { type: 'server.failed', profile: 'coder', diagnosis: { kind: 'permanent', reason: 'broken' } }
    const recent = [
      [900, ended('engine_unavailable')],
      [1_000, failure],
      [2_000, ended('model_load_failed')],
      [1_000, ended('queue_full')],
      [1_000, ended('model_load_failed', 'poet')],
      [2_001, ended('server_failed')],
    ].map(([at, event]) => ({ at, event }) as Parameters<typeof newsOf>[0][number])
    expect(newsOf(recent).map(({ at, words }) => [at, words[0]])).toEqual([
      [1_000, { model: 'coder' }],
      [1_000, 'A request for '],
      [1_000, 'A request for '],
      [2_001, 'A request for '],
    ])
  })

  test('is not what happens all the time', () => {
    const often = ['request.started', 'server.measured', 'download.progress', 'queue.changed', 'memory.measured']
    expect(often.filter((type) => isWorthTelling({ at: 1, type } as LiveEvent))).toEqual([])
  })
})
