import { describe, expect, test } from 'vitest'
import type { RequestRow } from '../../../src/store/store.ts'
import { createHistory } from '../../../src/telemetry/history.ts'
import { row } from './row.ts'

/** A store that can be made to refuse, and a timer that a test winds by hand. */
function house({ keepMs = 1000, startedAt = 5000 } = {}) {
  const batches: RequestRow[][] = []
  const pruned: number[] = []
  const told: unknown[] = []
  const timers: { run: () => void; ms: number }[] = []
  const state = { full: false, now: startedAt }
  const history = createHistory({
    keepMs,
    now: () => state.now,
    announce: (event) => told.push(event),
    later(run, ms) {
      const timer = { run, ms }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
    requests: {
      add(rows) {
        if (state.full) throw new Error('database or disk is full')
        batches.push([...rows])
      },
      prune(before) {
        pruned.push(before)
        return 0
      },
    },
  })
  const wind = (): number | undefined => {
    const timer = timers.shift()
    timer?.run()
    return timer?.ms
  }
  return { history, state, batches, pruned, told, timers, wind }
}

describe('request history', () => {
  test('rows are written together, half a second after the first', () => {
    const { history, batches, wind } = house()
    history.add(row({ id: 'a' }))
    history.add(row({ id: 'b' }))
    expect(batches).toEqual([])
    expect(wind()).toBe(500)
    expect(batches.map((batch) => batch.map(({ id }) => id))).toEqual([['a', 'b']])
  })

  test('nothing is timed while nothing happens', () => {
    const { history, timers, wind } = house()
    expect(timers).toEqual([])
    history.add(row({}))
    wind()
    expect(timers).toEqual([])
  })

  test('200 rows do not wait for the timer, but are not written inside the request either, nor more in one transaction', () => {
    const { history, batches, wind, timers } = house()
    for (let id = 0; id < 450; id += 1) history.add(row({ id: String(id) }))
    expect(batches).toEqual([])
    expect(timers.map(({ ms }) => ms)).toEqual([0])
    while (timers.length > 0) wind()
    expect(batches.map((batch) => batch.length)).toEqual([200, 200, 50])
  })

  test('what a full disk refuses is kept, told of, and written when there is room again', () => {
    const { history, state, batches, told, wind } = house()
    state.full = true
    history.add(row({ id: 'a' }))
    wind()
    expect(told).toEqual([{ type: 'history.trouble', message: 'database or disk is full', waiting: 1, dropped: 0 }])
    history.add(row({ id: 'b' }))
    state.full = false
    expect(wind()).toBe(5000)
    expect(batches.flat().map(({ id }) => id)).toEqual(['a', 'b'])
  })

  test('beyond 20,000 waiting rows further ones are dropped and counted', () => {
    const { history, state, told, wind } = house()
    state.full = true
    for (let id = 0; id < 20_003; id += 1) history.add(row({ id: String(id) }))
    wind()
    expect(told).toMatchObject([{ waiting: 20_000, dropped: 3 }])
  })

  test('rows older than the history is kept are removed, once an hour', () => {
    const { history, state, pruned, wind } = house({ keepMs: 1000, startedAt: 5000 })
    const write = (): void => {
      history.add(row({}))
      wind()
    }
    write()
    write()
    expect(pruned).toEqual([4000])
    state.now += 3_600_000
    write()
    expect(pruned).toEqual([4000, 3_604_000])
  })

  test('what is waiting is written at the close', () => {
    const { history, batches, timers } = house()
    for (let id = 0; id < 250; id += 1) history.add(row({ id: String(id) }))
    history.close()
    expect(batches.flat()).toHaveLength(250)
    expect(timers).toEqual([])
  })

  test('a store that refuses at the close is told of once and does not hold it up', () => {
    const { history, state, told } = house()
    state.full = true
    history.add(row({}))
    history.close()
    expect(told).toHaveLength(1)
  })

  test('a model name as long as a book is cut before it is kept', () => {
    const { history, batches } = house()
    history.add(row({ model: 'm'.repeat(100_000) }))
    history.close()
    expect(batches[0]?.[0]?.model).toHaveLength(200)
  })
})
