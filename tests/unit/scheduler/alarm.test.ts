import { describe, expect, test } from 'vitest'
import { Alarm } from '../../../src/scheduler/alarm.ts'
import { unloadIn } from '../../../src/scheduler/idle.ts'
import { HandClock } from './hand-clock.ts'

function alarmAt(moment: () => number | undefined): { clock: HandClock; alarm: Alarm; rung: number[] } {
  const clock = new HandClock()
  const rung: number[] = []
  const left = (): number | undefined => {
    const at = moment()
    return at === undefined ? undefined : at - clock.now()
  }
  const alarm = new Alarm({ timers: clock.timers, now: clock.now, left, ring: () => rung.push(clock.now()) })
  alarm.set()
  return { clock, alarm, rung }
}

describe('an alarm', () => {
  test('rings at its moment, once', () => {
    const { clock, rung } = alarmAt(() => 1_500)
    clock.turn(499)
    expect(rung).toEqual([])
    clock.turn(5_000)
    expect(rung).toEqual([1_500])
  })

  test('rings later when its moment was put off, without being set again', () => {
    let at = 1_500
    const { clock, rung } = alarmAt(() => at)
    at = 1_700
    clock.turn(600)
    expect(rung).toEqual([])
    clock.turn(100)
    expect(rung).toEqual([1_700])
  })

  test('keeps its timer when set again for a later moment', () => {
    let at = 1_500
    const { clock, alarm } = alarmAt(() => at)
    at = 1_600
    alarm.set()
    expect(clock.everSet).toBe(1)
  })

  test('rings earlier when set again for an earlier moment', () => {
    let at = 9_000
    const { clock, alarm, rung } = alarmAt(() => at)
    at = 1_200
    alarm.set()
    clock.turn(200)
    expect(rung).toEqual([1_200])
    expect(clock.pending).toBe(0)
  })

  test('sleeps while there is no moment, until it is set again', () => {
    let at: number | undefined = 1_500
    const { clock, alarm, rung } = alarmAt(() => at)
    at = undefined
    clock.turn(600)
    expect(clock.pending).toBe(0)
    at = 1_700
    alarm.set()
    clock.turn(100)
    expect(rung).toEqual([1_700])
  })

  test('never asks a timer for more than it can count', () => {
    const waits: number[] = []
    const timers = { set: (_run: () => void, ms: number) => ({ [Symbol.dispose]: () => void waits.push(ms) }) }
    const alarm = new Alarm({ timers, now: () => 0, left: () => 40 * 24 * 3_600_000, ring: () => {} })
    alarm.set()
    alarm[Symbol.dispose]()
    expect(waits).toEqual([2 ** 31 - 1])
  })
})

describe('a server is unloaded', () => {
  const profile = { idle: 600, pinned: false }
  test.each([
    ['so long after its last request', profile, 1_000, false, 400],
    ['at once when it is overdue', profile, 0, false, -600],
    ['never while it is in use', profile, undefined, false, undefined],
    ['never when it is pinned', { ...profile, pinned: true }, 0, false, undefined],
    ['never when its idle time is 0', { ...profile, idle: 0 }, 0, false, undefined],
    ['not while somebody waits for it', profile, 0, true, 600],
  ])('%s', (_promise, profile, idleSince, wanted, left) => {
    expect(unloadIn(profile, idleSince, wanted, 1_200)).toBe(left)
  })
})
