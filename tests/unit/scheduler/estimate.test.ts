import { describe, expect, test } from 'vitest'
import { estimate, type Party } from '../../../src/scheduler/estimate.ts'
import { Rig, target } from './rig.ts'

function party(state: Party['state'], facts: Partial<Party> = {}): Party {
  return { state, forMs: 0, usualLoadMs: 20_000, serviceMs: 8_000, concurrency: 2, waiting: 0, ...facts }
}

describe('how long a request still waits', () => {
  type Row = readonly [
    promise: string,
    own: Party,
    position: number,
    inTheWay: readonly Party[],
    ms: number | undefined,
  ]
  const rows: readonly Row[] = [
    ['what is left of a usual load', party('loading', { forMs: 5_000 }), 1, [], 15_000],
    ['those ahead fill the places first', party('loading', { forMs: 5_000 }), 3, [], 23_000],
    ['nothing is known of a first load', party('loading', { usualLoadMs: undefined }), 1, [], undefined],
    ['a load that takes longer than usual may take any time', party('loading', { forMs: 20_000 }), 1, [], undefined],
    ['places come free one after another', party('ready'), 3, [], 12_000],
    ['no answer has ended yet', party('ready', { serviceMs: undefined }), 1, [], undefined],
    ['a cold server loads', party('absent'), 1, [], 20_000],
    ['the busy one ends, then it loads', party('absent'), 1, [party('ready', { forMs: 3_000 })], 25_000],
    ['a busy one that takes longer than usual', party('absent'), 1, [party('ready', { forMs: 9_000 })], undefined],
    ['a busy one that others wait for', party('absent'), 1, [party('ready', { waiting: 1 })], undefined],
    ['one that is leaving hardly counts', party('absent'), 1, [party('leaving')], 20_000],
    ['a loading one is waited for and serves first', party('absent'), 1, [party('loading', { forMs: 1_000 })], 47_000],
    ['the last of several decides', party('absent'), 1, [party('leaving'), party('ready', { forMs: 6_000 })], 22_000],
    ['newcomers of a server that was promised away', party('ready'), 1, [party('absent')], undefined],
  ]
  test.each(rows)('%s', (_, own, position, inTheWay, ms) => {
    expect(estimate(own, position, inTheWay)).toBe(ms)
  })
})

describe('the scheduler estimates', () => {
  const [a, b] = [target('a', { bytes: 6, concurrency: 1 }), target('b', { bytes: 6 })]

  /** Both have been loaded and used once: loads take 20 s, answers 8 s. */
  async function experienced(): Promise<Rig> {
    const rig = new Rig(10)
    for (const wanted of [b, a]) {
      const asked = await rig.askAndSettle(wanted)
      if (rig.supervisor.holding('stopping').length > 0) await rig.exited('b')
      await rig.ready(wanted.name, 20_000)
      rig.clock.turn(8_000)
      asked.done()
    }
    return rig
  }

  test('the end of a busy server and the load that follows it, until that is under way', async () => {
    const rig = await experienced()
    const busy = await rig.askAndSettle(a)
    rig.clock.turn(3_000)
    await rig.askAndSettle(b)
    expect(rig.scheduler.estimate('b', 1)).toBe(25_000)
    busy.done()
    await rig.exited('a')
    rig.clock.turn(4_000)
    expect(rig.scheduler.estimate('b', 1)).toBe(16_000)
  })

  test('the next free place', async () => {
    const rig = await experienced()
    await rig.askAndSettle(a)
    await rig.askAndSettle(a)
    expect(rig.scheduler.estimate('a', 1)).toBe(8_000)
  })

  test('nothing while a server that was changed serves its turn, then the next load', async () => {
    const rig = await experienced()
    const busy = await rig.askAndSettle(a)
    rig.scheduler.retire('a')
    await rig.askAndSettle(a)
    expect(rig.scheduler.estimate('a', 1)).toBeUndefined()
    busy.done()
    expect(rig.supervisor.holding('stopping')).toEqual(['a'])
    expect(rig.scheduler.estimate('a', 1)).toBe(20_000)
  })
})

test('the usual load is the median of the last five', async () => {
  const rig = new Rig()
  const loads = async (...durations: readonly number[]) => {
    for (const ms of durations) {
      await rig.askAndSettle(target('a'))
      await rig.ready('a', ms)
      rig.supervisor.crash('a')
    }
    return rig.scheduler.usualLoadMs('a')
  }
  expect(rig.scheduler.usualLoadMs('a')).toBeUndefined()
  expect(await loads(90_000)).toBe(90_000)
  expect(await loads(3_000)).toBe(3_000)
  expect(await loads(5_000, 4_000, 6_000, 7_000)).toBe(5_000)
})
