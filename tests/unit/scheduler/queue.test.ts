import { describe, expect, test } from 'vitest'
import { mayJoin, next, retryAfter } from '../../../src/scheduler/queue.ts'
import type { InTheWay, Line, Move, Server } from '../../../src/scheduler/queue.ts'

function line(profile: string, head: number, needBytes = 10): Line {
  return { profile, head, needBytes }
}

/** Ready, unused and open, with 8 places, unless said otherwise. */
function server(profile: string, facts: Partial<Server> = {}): Server {
  const idle = { bytes: 10, state: 'idle', pinned: false, lastUsed: 0, waiting: false } as const
  return { profile, ...idle, door: 'open', free: 8, turn: -1, ...facts }
}

const busy = { state: 'busy', free: 7 } as const
const full = { state: 'busy', free: 0 } as const
const loading = { state: 'loading', free: 0 } as const
const leaving = { state: 'leaving', free: 0 } as const

function grant(profile: string): Move {
  return { kind: 'grant', profile }
}

function start(profile: string, bytes = 10): Move {
  return { kind: 'start', profile, bytes }
}

function evict(profile: string, makesRoomFor: string | undefined): Move {
  return { kind: 'evict', profiles: [profile], for: makesRoomFor }
}

const budget = 10

describe('the next move, with a budget for one server of 10', () => {
  type Row = readonly [promise: string, lines: readonly Line[], servers: readonly Server[], move: Move | undefined]
  const rows: readonly Row[] = [
    ['nothing moves where nobody waits', [], [server('a')], undefined],
    ['a ready server takes who waits for it', [line('a', 1)], [server('a')], grant('a')],
    ['a full server takes nobody', [line('a', 1)], [server('a', full)], undefined],
    ['a loading server is waited for', [line('a', 1)], [server('a', loading)], undefined],
    ['a cold profile is started where it fits', [line('a', 1)], [], start('a')],
    ['an idle server makes room', [line('b', 1)], [server('a')], evict('a', 'b')],
    ['a busy server is waited for', [line('b', 1)], [server('a', busy)], undefined],
    ['nothing starts before what is leaving has left', [line('b', 1)], [server('a', leaving)], undefined],
    ['a server that is leaving takes nobody', [line('a', 1)], [server('a', { ...leaving, free: 8 })], undefined],
    ['the older request is helped first', [line('b', 2), line('a', 1)], [], start('a')],
    [
      'newcomers of a busy server queue behind the older request that needs its memory',
      [line('b', 1), line('a', 2)],
      [server('a', busy)],
      undefined,
    ],
    ['who came before that request is still served', [line('b', 2), line('a', 1)], [server('a', busy)], grant('a')],
    [
      'who belongs to the turn of a server is served before it makes room',
      [line('b', 1), line('a', 2)],
      [server('a', { turn: 2, waiting: true })],
      grant('a'),
    ],
    [
      'who came after the turn waits until it comes round again',
      [line('b', 1), line('a', 3)],
      [server('a', { ...busy, turn: 2 })],
      undefined,
    ],
    ['a closing server serves its turn', [line('a', 2)], [server('a', { door: 'closing', turn: 2 })], grant('a')],
    [
      'a closing server takes nobody else',
      [line('a', 3)],
      [server('a', { ...busy, door: 'closing', turn: 2 })],
      undefined,
    ],
    [
      'one that could not be stopped is stopped before it is replaced',
      [line('a', 1)],
      [server('a', { door: 'stuck' })],
      evict('a', 'a'),
    ],
    [
      'one that could not be stopped is tried again for another',
      [line('b', 1)],
      [server('a', { door: 'stuck' })],
      evict('a', 'b'),
    ],
    [
      'more than the budget is given back even where nobody waits',
      [],
      [server('a', { bytes: 11 })],
      evict('a', undefined),
    ],
    [
      'one that could not be stopped is not tried again for nobody',
      [],
      [server('a', { bytes: 11, door: 'stuck' })],
      undefined,
    ],
    [
      'what can never fit is refused, even behind others',
      [line('b', 1), line('c', 2, 11)],
      [server('a', busy)],
      { kind: 'refuse', profile: 'c', plan: { kind: 'refuse', needBytes: 11, budgetBytes: 10, pinnedBytes: 0 } },
    ],
  ]
  test.each(rows)('%s', (_promise, lines, servers, move) => {
    expect(next(lines, servers, budget)).toEqual(move)
  })
})

describe('younger requests and the promises made to older ones', () => {
  const [a, b] = [server('a', { ...busy, bytes: 6 }), server('b', { bytes: 2, lastUsed: 5 })]

  test('a small server starts in memory that the older request does not need', () => {
    expect(next([line('big', 1, 6), line('small', 2, 2)], [a, b], budget)).toEqual(start('small', 2))
  })

  test('a small server does not start in memory that the older request is waiting for', () => {
    expect(next([line('big', 1, 8), line('small', 2, 2)], [a, { ...b, ...busy }], budget)).toBeUndefined()
  })

  test('an idle server that an older request does not need makes room for the younger', () => {
    expect(next([line('big', 1, 6), line('other', 2, 4)], [a, b], budget)).toEqual(evict('b', 'other'))
  })

  test('an idle server does not make room before that is all that is missing', () => {
    const servers = [server('a', { ...busy, bytes: 8 }), b]
    expect(next([line('big', 1, 4), line('other', 2, 6)], servers, budget)).toBeUndefined()
  })

  test('two that fit into what one leaves behind share its leaving', () => {
    const lines = [line('x', 1, 3), line('y', 2, 3)]
    expect(next(lines, [server('a', { ...leaving, bytes: 6 }), server('b', { bytes: 4 })], budget)).toBeUndefined()
    expect(next(lines, [server('b', { bytes: 4 })], budget)).toEqual(start('x', 3))
    expect(next(lines, [server('b', { bytes: 4 }), server('x', { ...loading, bytes: 3 })], budget)).toEqual(
      start('y', 3),
    )
  })

  test('a third that does not fit makes further ones leave', () => {
    const lines = [line('x', 1, 3), line('y', 2, 3), line('z', 3, 3)]
    const servers = [server('a', { ...leaving, bytes: 6 }), server('b', { bytes: 4 })]
    expect(next(lines, servers, budget)).toEqual(evict('b', 'z'))
  })
})

describe('what is in the way of those who cannot be helped', () => {
  type Row = readonly [
    promise: string,
    lines: readonly Line[],
    servers: readonly Server[],
    inTheWay: Record<string, readonly string[]>,
  ]
  const rows: readonly Row[] = [
    ['the busy server', [line('b', 1)], [server('a', busy)], { b: ['a'] }],
    ['the server that is leaving', [line('b', 1)], [server('a', leaving)], { b: ['a'] }],
    ['its own server, where all places are taken', [line('a', 1)], [server('a', full)], { a: ['a'] }],
    ['its own server, which must leave first', [line('a', 1)], [server('a', leaving)], { a: ['a'] }],
    ['nothing while it loads', [line('a', 1)], [server('a', loading)], {}],
    [
      'for newcomers of the busy server, the one that was promised its memory',
      [line('b', 1), line('a', 2)],
      [server('a', busy)],
      { b: ['a'], a: ['b'] },
    ],
    [
      'for who fits once older promises are kept, the servers that keep them',
      [line('big', 1, 5), line('small', 2, 3)],
      [server('a', { ...busy, bytes: 6 }), server('b', { bytes: 2 })],
      { big: ['a'], small: ['a'] },
    ],
  ]
  test.each(rows)('%s', (_promise, lines, servers, expected) => {
    const inTheWay: InTheWay = new Map()
    expect(next(lines, servers, budget, inTheWay)).toBeUndefined()
    expect(Object.fromEntries(inTheWay)).toEqual(expected)
  })
})

describe('who may wait', () => {
  const limits = { queue: 2, queueTotal: 3 }

  test.each([
    ['one that finds a place', { waiting: 0, places: 1 }, [], true],
    ['one within the bound of its profile', { waiting: 2, places: 1 }, [], true],
    ['not one beyond the bound of its profile', { waiting: 3, places: 1 }, [], false],
    ['not one beyond the bound of all', { waiting: 1, places: 0 }, [{ waiting: 2, places: 0 }], false],
    ['one, as long as the others find places', { waiting: 1, places: 0 }, [{ waiting: 8, places: 8 }], true],
  ])('%s', (_promise, own, others, allowed) => {
    expect(mayJoin(own, others, limits)).toBe(allowed)
  })

  test('a cold profile can be asked for where nobody may queue', () => {
    expect(mayJoin({ waiting: 7, places: 8 }, [{ waiting: 9, places: 8 }], { queue: 0, queueTotal: 0 })).toBe(true)
    expect(mayJoin({ waiting: 8, places: 8 }, [], { queue: 0, queueTotal: 0 })).toBe(false)
  })
})

describe('when to try again', () => {
  test.each([
    ['after as long as those ahead take', 3_000, 7, 4, 6_000],
    ['after a second at least', 10, 0, 8, 1_000],
    ['after a second where nothing is known', undefined, 50, 1, 1_000],
  ])('%s', (_promise, serviceMs, ahead, concurrency, ms) => {
    expect(retryAfter(serviceMs, ahead, concurrency)).toBe(ms)
  })
})
