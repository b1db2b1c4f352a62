import { describe, expect, test } from 'vitest'
import { excess, plan } from '../../../src/scheduler/plan.ts'
import type { Plan, Resident } from '../../../src/scheduler/plan.ts'

/** `a 4 idle @7 pinned`: name, bytes, state, last used, then flags. */
function resident(words: string): Resident {
  const [profile = '', bytes, state, used = '@0', ...flags] = words.split(' ')
  return {
    profile,
    bytes: Number(bytes),
    state: state === 'idle' || state === 'busy' || state === 'loading' ? state : 'leaving',
    lastUsed: Number(used.slice(1)),
    pinned: flags.includes('pinned'),
    waiting: flags.includes('waiting'),
  }
}

function start(...evict: string[]): Plan {
  return { kind: 'start', evict }
}

function wait(blockers: string[], evict: string[] = []): Plan {
  return { kind: 'wait', for: blockers, evict }
}

function refuse(needBytes: number, budgetBytes: number, pinnedBytes: number): Plan {
  return { kind: 'refuse', needBytes, budgetBytes, pinnedBytes }
}

const budget = 10

describe('who must leave so that a server fits into a budget of 10', () => {
  const rows: readonly [promise: string, need: number, residents: readonly string[], plan: Plan][] = [
    ['it starts in an empty house', 10, [], start()],
    ['it starts in what is free', 4, ['a 6 busy'], start()],
    ['it is refused when it is larger than the budget', 11, [], refuse(11, 10, 0)],
    ['it is refused when it does not fit beside the pinned ones', 5, ['a 6 idle @0 pinned'], refuse(5, 10, 6)],
    ['it is not refused for a pinned one that is leaving', 5, ['a 6 leaving @0 pinned'], wait(['a'])],
    ['an idle one leaves', 5, ['a 6 idle'], start('a')],
    ['the longest unused leaves first', 5, ['a 5 idle @2', 'b 5 idle @1'], start('b')],
    ['as many leave as are needed, in order', 9, ['a 3 idle @3', 'b 3 idle @1', 'c 3 idle @2'], start('b', 'c', 'a')],
    ['no more leave than are needed', 4, ['a 3 idle @3', 'b 3 idle @1', 'c 3 idle @2'], start('b')],
    ['a small one stays where a larger one must leave anyway', 8, ['a 1 idle @1', 'b 8 idle @2'], start('b')],
    ['a pinned one stays, however long unused', 4, ['a 4 idle @0 pinned', 'b 4 idle @9'], start('b')],
    ['a busy one stays where an idle one will do', 5, ['a 5 busy @0', 'b 5 idle @9'], start('b')],
    ['a busy one is waited for', 5, ['a 6 busy'], wait(['a'])],
    [
      'of two busy ones, the one that was held back longer is waited for',
      5,
      ['a 5 busy @2', 'b 5 busy @1'],
      wait(['b']),
    ],
    ['a pinned busy one is not waited for', 5, ['a 5 busy @0 pinned', 'b 5 busy @1'], wait(['b'])],
    ['an idle one waits to leave with the busy one', 9, ['a 4 idle', 'b 6 busy'], wait(['b'], ['a'])],
    ['an idle one stays where the busy one is enough', 6, ['a 4 idle', 'b 6 busy'], wait(['b'])],
    ['a loading one is waited for', 5, ['a 6 loading'], wait(['a'])],
    ['a busy one is waited for before a loading one', 5, ['a 5 loading @0', 'b 5 busy @9'], wait(['b'])],
    ['one that has not served whom it was loaded for counts as busy', 5, ['a 6 idle @0 waiting'], wait(['a'])],
    ['what is leaving is waited for, and nobody else leaves', 5, ['a 5 leaving', 'b 5 idle'], wait(['a'])],
    ['what is leaving counts towards the need', 10, ['a 5 leaving', 'b 5 idle'], start('b')],
    ['what is leaving is waited for with the busy', 10, ['a 5 leaving', 'b 5 busy'], wait(['a', 'b'])],
    ['where more is held than the budget allows, that leaves as well', 2, ['a 6 busy', 'b 6 idle'], start('b')],
    ['nothing is needed where nothing is missing', 0, ['a 10 busy'], start()],
  ]
  test.each(rows)('%s', (_promise, need, residents, expected) => {
    expect(plan(need, budget, residents.map(resident))).toEqual(expected)
  })
})

describe('who leaves when more than 10 are held', () => {
  const rows: readonly [promise: string, residents: readonly string[], leaving: readonly string[]][] = [
    ['nobody, as long as it fits', ['a 10 idle'], []],
    ['the longest unused idle one', ['a 6 idle @2', 'b 6 idle @1'], ['b']],
    [
      'no busy, pinned, loading or awaited one',
      ['a 3 busy', 'b 3 idle @0 pinned', 'c 3 loading', 'd 3 idle @0 waiting'],
      [],
    ],
    ['all idle ones where that is not enough', ['a 12 busy', 'b 1 idle @1', 'c 1 idle @2'], ['b', 'c']],
    ['nobody, where enough is leaving already', ['a 6 leaving', 'b 6 idle'], []],
  ]
  test.each(rows)('%s', (_promise, residents, leaving) => {
    expect(excess(budget, residents.map(resident))).toEqual(leaving)
  })
})
