import { describe, expect, test } from 'vitest'
import { isOver, isUnderWay, step, type DownloadEvent, type DownloadState } from '../../../src/downloads/lifecycle.ts'

const states: readonly DownloadState[] = [
  { kind: 'queued' },
  { kind: 'running' },
  { kind: 'verifying' },
  { kind: 'paused', by: 'hand', reason: 'asked' },
  { kind: 'paused', by: 'disk', reason: 'full' },
  { kind: 'paused', by: 'network', reason: 'lost' },
  { kind: 'failed', reason: 'gated', code: 'permission_denied' },
  { kind: 'complete' },
  { kind: 'cancelled' },
]
const named = (state: DownloadState) => ('by' in state ? `${state.kind} by ${state.by}` : state.kind)
const after = (event: DownloadEvent) => Object.fromEntries(states.map((one) => [named(one), named(step(one, event))]))
const unchanged = Object.fromEntries(states.map((one) => [named(one), named(one)]))

describe('a download', () => {
  test('goes from queued to complete, step by step', () => {
    const events = [{ kind: 'begun' }, { kind: 'written' }, { kind: 'right' }] as const
    expect(events.reduce<DownloadState>(step, { kind: 'queued' })).toEqual({ kind: 'complete' })
  })

  test('begins only when it is queued', () => {
    expect(after({ kind: 'begun' })).toEqual({ ...unchanged, queued: 'running' })
  })

  test('is complete only when its bytes were under way', () => {
    expect(after({ kind: 'right' })).toEqual({ ...unchanged, running: 'complete', verifying: 'complete' })
  })

  test('is verified only after it was running', () => {
    expect(after({ kind: 'written' })).toEqual({ ...unchanged, running: 'verifying' })
  })

  test('fails only while it is under way', () => {
    const failed = { running: 'failed', verifying: 'failed' }
    const event = { kind: 'failed', reason: 'gone', code: 'not_found' } as const
    expect(after(event)).toEqual({ ...unchanged, ...failed })
    expect(step({ kind: 'running' }, event)).toEqual(event)
  })

  test('is paused by hand whatever it waits for', () => {
    const byHand = 'paused by hand'
    expect(after({ kind: 'pause', by: 'hand', reason: 'asked' })).toEqual({
      ...unchanged,
      queued: byHand,
      running: byHand,
      verifying: byHand,
      'paused by disk': byHand,
      'paused by network': byHand,
    })
  })

  test('waits for the disk only where it was under way or waits already, and not against a pause by hand', () => {
    const byDisk = 'paused by disk'
    expect(after({ kind: 'pause', by: 'disk', reason: 'full' })).toEqual({
      ...unchanged,
      running: byDisk,
      verifying: byDisk,
      'paused by network': byDisk,
    })
  })

  test('that is paused or has failed waits for its turn again', () => {
    const rests = states.filter(({ kind }) => kind === 'paused' || kind === 'failed')
    const again = Object.fromEntries(rests.map((one) => [named(one), 'queued']))
    expect(after({ kind: 'resume' })).toEqual({ ...unchanged, ...again })
  })

  test('can be given up until it is complete', () => {
    const given = Object.fromEntries(states.filter((one) => !isOver(one)).map((one) => [named(one), 'cancelled']))
    expect(after({ kind: 'cancel' })).toEqual({ ...unchanged, ...given })
  })

  test('is the same object where nothing has changed', () => {
    for (const state of states.filter(isOver)) expect(step(state, { kind: 'cancel' })).toBe(state)
    for (const state of states.filter(isUnderWay)) expect(step(state, { kind: 'begun' })).toBe(state)
  })
})
