import { describe, expect, test } from 'vitest'
import type { Failure } from '../../../src/supervisor/failure.ts'
import { type Life, type LifeEvent, newLife, step } from '../../../src/supervisor/lifecycle.ts'

const policy = { backoffMin: 1_000, backoffMax: 60_000, healthyAfter: 600_000, maxFailures: 3 }
const failure: Failure = {
  code: 'server_failed',
  diagnosis: { kind: 'transient', reason: 'It broke.' },
  lines: ['boom'],
}
const lasting: Failure = {
  ...failure,
  code: 'model_load_failed',
  diagnosis: { kind: 'permanent', reason: 'No weights.' },
}

const asked: LifeEvent = { kind: 'asked', fingerprint: 'a' }
const askedAnew: LifeEvent = { kind: 'asked', fingerprint: 'b' }
const answered: LifeEvent = { kind: 'answered', pid: 7, port: 70, loadMs: 5 }
const idle: LifeEvent = { kind: 'stop', reason: 'idle' }
const condemned: LifeEvent = { kind: 'condemned', failure }
const exited: LifeEvent = { kind: 'exited', failure, roll: 0.5 }
const exitedForGood: LifeEvent = { kind: 'exited', failure: lasting, roll: 0.5 }
const reset: LifeEvent = { kind: 'reset' }

/** A life after these events, at the times given with `at` (ms; the last one holds until the next). */
function after(...events: readonly (LifeEvent | number)[]) {
  let now = 0
  let last = step(newLife, { kind: 'progressed', progress: { phase: 'loading', message: '', share: 1 } }, now, policy)
  for (const event of events)
    if (typeof event === 'number') now = event
    else last = step(last.life, event, now, policy)
  return { ...last, state: last.life.state, kinds: last.effects.map(({ kind }) => kind) }
}

describe('a life', () => {
  test('goes from stopped through starting, ready and stopping back to stopped', () => {
    expect(after(asked)).toMatchObject({ state: { kind: 'starting' }, kinds: ['start'] })
    expect(after(asked, answered)).toMatchObject({ state: { kind: 'ready', pid: 7, port: 70 }, kinds: ['admit'] })
    expect(after(asked, answered, idle)).toMatchObject({
      state: { kind: 'stopping', pid: 7, reason: 'idle' },
      effects: [{ kind: 'refuse' }, { kind: 'end', how: 'politely' }],
    })
    expect(after(asked, answered, idle, exited)).toMatchObject({ state: { kind: 'stopped' }, kinds: [] })
  })

  test('makes one start however often it is asked', () => {
    expect(after(asked, asked)).toMatchObject({ state: { kind: 'starting' }, kinds: [] })
    expect(after(asked, answered, asked)).toMatchObject({ state: { kind: 'ready' }, kinds: ['admit'] })
  })

  test('asked for while it stops, starts again after the exit', () => {
    expect(after(asked, answered, idle, asked)).toMatchObject({
      state: { kind: 'stopping', startAfter: true },
      kinds: [],
    })
    expect(after(asked, answered, idle, asked, exited)).toMatchObject({ state: { kind: 'starting' }, kinds: ['start'] })
  })

  test('stopped once more while it was to start again, stays stopped', () => {
    expect(after(asked, answered, idle, asked, idle).kinds).toEqual(['refuse'])
    expect(after(asked, answered, idle, asked, idle, exited)).toMatchObject({ state: { kind: 'stopped' }, kinds: [] })
  })

  test('asked for with other settings, stops and starts anew', () => {
    for (const events of [[asked], [asked, answered]])
      expect(after(...events, askedAnew)).toMatchObject({
        state: { kind: 'stopping', reason: 'changed', startAfter: true },
        kinds: ['end'],
      })
    expect(after(asked, answered, askedAnew, exited)).toMatchObject({ state: { kind: 'starting' }, kinds: ['start'] })
  })

  test('stopped while it starts, tells those who wait', () => {
    expect(after(asked, idle).kinds).toEqual(['refuse', 'end'])
  })

  test('shows its progress and its pid only while it starts', () => {
    const progress = { phase: 'loading', message: 'half', share: 0.5 } as const
    const shown = after(asked, { kind: 'spawned', pid: 9 }, { kind: 'progressed', progress })
    expect(shown.state).toMatchObject({ kind: 'starting', pid: 9, progress })
    expect(after(asked, answered, { kind: 'progressed', progress }).state.kind).toBe('ready')
  })

  test('ignores an answer and an exit that come too late', () => {
    expect(after(asked, idle, answered).state.kind).toBe('stopping')
    expect(after(exited)).toMatchObject({ state: { kind: 'stopped' }, kinds: [] })
    expect(after(asked, exited, exited).state).toMatchObject({ kind: 'failed', failures: 1 })
  })
})

describe('a failure', () => {
  test('is an exit during the start or while ready, and is told to those who wait', () => {
    expect(after(asked, exited)).toMatchObject({
      state: { kind: 'failed', failures: 1, retryAt: 1_000, lines: ['boom'] },
      effects: [{ kind: 'refuse', refusal: { kind: 'start failed', failure } }],
    })
    expect(after(asked, answered, 50, exited).state).toMatchObject({ kind: 'failed', retryAt: 1_050 })
  })

  test('of a server that still lives comes after its end, and is told at once', () => {
    expect(after(asked, condemned)).toMatchObject({
      state: { kind: 'stopping', reason: 'start failed' },
      effects: [{ kind: 'refuse' }, { kind: 'end', how: 'politely' }],
    })
    expect(after(asked, answered, condemned)).toMatchObject({
      state: { kind: 'stopping', reason: 'wedged' },
      effects: [{ kind: 'refuse' }, { kind: 'end', how: 'at once' }],
    })
    expect(after(asked, answered, condemned, exited)).toMatchObject({
      state: { kind: 'failed', failures: 1 },
      kinds: [],
    })
  })

  test('of nothing that runs is no failure', () => {
    for (const events of [[], [asked, exited], [asked, answered, idle]])
      expect(after(...events, condemned).state).toEqual(after(...events).state)
  })

  test('asked for while a condemned server ends, waits for the pause and not for nothing', () => {
    const waiting = after(asked, answered, condemned, asked, exited)
    expect(waiting).toMatchObject({ state: { kind: 'failed' }, effects: [{ kind: 'wake', at: 1_000 }] })
  })

  test('makes the next pause longer, until the server has run well for long enough', () => {
    const twice = [asked, exited, 1_000, asked, answered] as const
    expect(after(...twice, 2_000, exited).state).toMatchObject({ failures: 2, retryAt: 4_000 })
    expect(after(...twice, 601_000, exited).state).toMatchObject({ failures: 1, retryAt: 602_000 })
    expect(after(...twice, 601_000, condemned, exited).state).toMatchObject({ failures: 1 })
    expect(after(...twice, 601_000, idle, exited).life.failures).toBe(0)
    expect(after(...twice, 2_000, idle, exited).life.failures).toBe(1)
  })
})

describe('asked for after a failure, a life', () => {
  test('case 1: starts at once where its settings have changed, with a clean record', () => {
    expect(after(asked, exitedForGood, askedAnew)).toMatchObject({ life: { failures: 0 }, kinds: ['start'] })
  })

  test('case 2: starts when the pause is over, or when the clock was set back', () => {
    expect(after(asked, exited, 1_000, asked).kinds).toEqual(['start'])
    expect(after(100_000, asked, exited, 5, asked).kinds).toEqual(['start'])
    expect(after(asked, exitedForGood, 60_000, asked).kinds).toEqual(['start'])
  })

  test('case 3: is refused with the reason where that lasts, whatever the number of failures', () => {
    expect(after(asked, exitedForGood, 59_999, asked).effects).toEqual([
      { kind: 'refuse', refusal: { kind: 'not tried', state: expect.objectContaining({ ...lasting, failures: 1 }) } },
    ])
  })

  test('case 4: is refused with a time after too many failures in a row, then tried once more', () => {
    const thrice = [asked, exited, 1_000, asked, exited, 3_000, asked, exited] as const
    expect(after(...thrice, asked).effects).toEqual([
      {
        kind: 'refuse',
        refusal: { kind: 'not tried', state: expect.objectContaining({ ...failure, failures: 3, retryAt: 7_000 }) },
      },
    ])
    expect(after(...thrice, 7_000, asked).kinds).toEqual(['start'])
    expect(after(...thrice, 7_000, asked, exited, asked).effects).toMatchObject([
      { kind: 'refuse', refusal: { kind: 'not tried', state: { failures: 4, retryAt: 15_000 } } },
    ])
  })

  test('case 5: lets the caller wait for the end of a short pause', () => {
    expect(after(asked, exited, 400, asked)).toMatchObject({
      state: { kind: 'failed' },
      effects: [{ kind: 'wake', at: 1_000 }],
    })
  })

  test('forgets everything when a person says "try again", and wakes those who wait', () => {
    const again = after(asked, exitedForGood, 10, reset)
    expect(again).toMatchObject({
      life: { failures: 0 },
      state: { kind: 'stopped' },
      effects: [{ kind: 'wake', at: 10 }],
    })
    expect(after(asked, exited, 1_000, asked, answered, reset).life.failures).toBe(0)
  })
})

test('every event has an outcome in every state, and nobody who waits is forgotten', () => {
  const states: readonly Life[] = [
    newLife,
    ...[[asked], [asked, answered], [asked, idle], [asked, condemned], [asked, exited]].map(
      (events) => after(...events).life,
    ),
  ]
  const events = [asked, askedAnew, answered, idle, condemned, exited, exitedForGood, reset]
  const resting = new Set(['stopped', 'ready', 'failed'])
  for (const life of states)
    for (const event of events) {
      const next = step(life, event, 10, policy)
      const settles = next.effects.some(({ kind }) => kind !== 'end')
      const waited = life.state.kind === 'starting' || event.kind === 'asked'
      expect(!waited || !resting.has(next.life.state.kind) || settles, `${event.kind} in ${life.state.kind}`).toBe(true)
    }
})
