import { describe, expect, test } from 'vitest'
import {
  adviceOf,
  amountOf,
  isOver,
  percentOf,
  speedOf,
  standingOf,
} from '../../../../admin-ui/src/parts/download-words.ts'
import { download } from './download.ts'

describe('a download in words', () => {
  test('says how much has come, and never 100 % before all has', () => {
    expect(amountOf(download())).toBe('1.2 GB of 4.3 GB · 28 %')
    expect(amountOf(download({ bytes: 4.2999e9 }))).toContain('99 %')
    expect(amountOf(download({ state: 'verifying', bytes: 4.3e9 }))).toContain('100 %')
    expect(amountOf(download({ state: 'complete', bytes: 4.3e9 }))).toBe('4.3 GB')
    expect(amountOf(download({ state: 'queued', bytes: 0, totalBytes: 0 }))).toBe('0 bytes of 0 bytes')
    expect(percentOf(0, 0)).toBe('–')
  })

  test('says how fast it comes and how long that will take, in whole seconds and then whole minutes', () => {
    expect(speedOf(download({ bytesPerSecond: 28e6, leftMs: 110_000 }))).toBe('28 MB/s · ~2 min left')
    expect(speedOf(download({ bytesPerSecond: 28e6, leftMs: 59_800 }))).toBe('28 MB/s · ~1 min left')
    expect(speedOf(download({ bytesPerSecond: 28e6, leftMs: 59_400 }))).toBe('28 MB/s · ~59 s left')
    expect(speedOf(download({ bytesPerSecond: 28e6, leftMs: 3_200 }))).toBe('28 MB/s · ~4 s left')
    expect(speedOf(download({ bytesPerSecond: 28e6, leftMs: 0 }))).toBe('28 MB/s')
    expect(speedOf(download({ bytesPerSecond: 0 }))).toBe('nothing comes at the moment')
    expect(speedOf(download())).toBe('')
  })

  test('says why it does not move, and what will happen or can be done', () => {
    const reason = 'The disk is full.'
    expect(adviceOf(download({ state: 'paused', pausedBy: 'disk', reason }))).toEqual([
      reason,
      'Deleting a model makes room.',
    ])
    expect(adviceOf(download({ state: 'paused', pausedBy: 'network', reason: 'No network.' }))).toEqual(['No network.'])
    expect(adviceOf(download({ state: 'paused', pausedBy: 'hand', reason: 'Paused by hand.' }))).toEqual([
      'The 1.2 GB that have come are kept.',
    ])
    expect(adviceOf(download({ state: 'failed', reason: 'Accept its licence.', bytes: 0 }))).toEqual([
      'Accept its licence.',
    ])
    expect(adviceOf(download())).toEqual([])
  })
})

describe('the standing of a download', () => {
  test.each([
    ['queued', null, 'waits for its turn', 'idle'],
    ['running', null, 'downloading', 'warn'],
    ['verifying', null, 'verifying', 'warn'],
    ['paused', 'hand', 'paused', 'idle'],
    ['paused', 'network', 'waits for the hub', 'idle'],
    ['paused', 'disk', 'no space left', 'bad'],
    ['failed', null, 'failed', 'bad'],
    ['complete', null, 'complete', 'ok'],
    ['cancelled', null, 'given up', 'idle'],
  ] as const)('%s, by %s: %s; red only where a person is needed, amber only while it moves', (...given) => {
    const [state, pausedBy, word, colour] = given
    expect(standingOf({ state, pausedBy })).toEqual({ word, colour: `var(--${colour})` })
  })

  test('is over where nothing more will come of it', () => {
    expect(
      (['complete', 'cancelled', 'failed', 'paused', 'running'] as const).map((state) => isOver({ state })),
    ).toEqual([true, true, false, false, false])
  })
})
