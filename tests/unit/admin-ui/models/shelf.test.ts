import { describe, expect, test } from 'vitest'
import {
  abilitiesOf,
  downloadOf,
  inOrder,
  isTalkative,
  missingOf,
  newerOf,
  sizeOf,
  usersOf,
  withLastUse,
} from '../../../../admin-ui/src/pages/models/shelf.ts'
import type { Updates } from '../../../../admin-ui/src/pages/models/use-library.ts'
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { download } from '../parts/download.ts'
import { facts, local, revision } from './local.ts'

const by = (...downloads: readonly ReturnType<typeof download>[]) => new Map(downloads.map((one) => [one.id, one]))
const server = (profile: string, state: ServerView['state']) => ({ profile, state }) as ServerView
const ids = (models: readonly { readonly id: string }[]) => models.map(({ id }) => id)

describe('the models on disk', () => {
  const small = local('b/small', { sizeBytes: 1e9, lastUsed: 20 })
  const large = local('a/large', { sizeBytes: 9e9, lastUsed: 10 })
  const fresh = local('C/fresh', { sizeBytes: null, facts: { ...facts, weightsBytes: 5e9 } })

  test('stand in the order of their last use, their size or their name', () => {
    const models = [fresh, large, small]
    expect(ids(inOrder(models, 'used'))).toEqual(['b/small', 'a/large', 'C/fresh'])
    expect(ids(inOrder(models, 'size'))).toEqual(['a/large', 'C/fresh', 'b/small'])
    expect(ids(inOrder(models, 'name'))).toEqual(['a/large', 'b/small', 'C/fresh'])
  })

  test('are as large as their weights until they are measured', () => {
    expect([small, fresh, local('x', { sizeBytes: null, facts: null })].map(sizeOf)).toEqual([1e9, 5e9, null])
  })

  test('were used when their servers say so, under their own name or a profile’s', () => {
    const served = local('d/served', { usedBy: ['coder'], lastUsed: 5 })
    const hidden = local('b/small', { folder: '/elsewhere', shadowed: true })
    const used = withLastUse([small, served, hidden], { 'b/small': 50, coder: 7, 'd/served': null })
    expect(used.map(({ lastUsed }) => lastUsed)).toEqual([50, 7, null])
  })
})

describe('a download', () => {
  test('belongs to its model, in any case of letters, while there is more to come', () => {
    const paused = download({ id: 2, repo: 'Maker/Small', state: 'paused', pausedBy: 'hand' })
    expect(downloadOf(by(download({ id: 1, repo: 'maker/small', state: 'complete' }), paused), 'maker/small')).toBe(
      paused,
    )
    expect(downloadOf(by(download({ id: 1, repo: 'maker/small', state: 'cancelled' })), 'maker/small')).toBeUndefined()
    expect(downloadOf(by(paused), 'maker/other')).toBeUndefined()
  })
})

describe('an incomplete model', () => {
  const broken = { reason: 'a file is missing', resumable: true }

  test('is resumed at the revision that is not whole', () => {
    const model = local('m/x', {
      facts: null,
      incomplete: broken,
      revisions: [revision('a'.repeat(40), { refs: [], incomplete: broken })],
    })
    expect(missingOf(model)).toEqual({ id: 'm/x', revision: 'a'.repeat(40) })
    expect(missingOf({ ...model, revisions: [revision('b', { refs: ['v1'], incomplete: broken })] })).toEqual({
      id: 'm/x',
      revision: 'v1',
    })
    expect(missingOf({ ...model, revisions: [] })).toEqual({ id: 'm/x', revision: 'main' })
  })

  test('that no pull would make whole is not resumed', () => {
    expect(missingOf(local('m/x', { incomplete: { ...broken, resumable: false } }))).toBeUndefined()
    expect(missingOf(local('m/x'))).toBeUndefined()
  })
})

describe('an update', () => {
  const update = { id: 'm/x', revision: 'main', commit: 'old', latest: 'new', available: true, reason: null }
  const updates: Updates = {
    updates: [update, { ...update, id: 'm/other' }, { ...update, revision: 'v1', available: false }],
    offline: false,
    reason: null,
  }

  test('is offered until its commit is on disk and whole', () => {
    const before = local('m/x', { revisions: [revision('old')] })
    expect(newerOf(before, updates)).toEqual([update])
    const coming = revision('new', { incomplete: { reason: 'on its way', resumable: true } })
    expect(newerOf(local('m/x', { revisions: [revision('old'), coming] }), updates)).toEqual([update])
    expect(newerOf(local('m/x', { revisions: [revision('old'), revision('new')] }), updates)).toEqual([])
  })

  test('is not known of before anybody looked', () => {
    expect(newerOf(local('m/x', { revisions: [revision('old')] }), undefined)).toEqual([])
  })
})

describe('who uses a model', () => {
  test('are the servers of its own name and of its profiles, unless they have stopped or failed', () => {
    const servers = [
      server('m/x', 'stopped'),
      server('coder', 'ready'),
      server('slow', 'starting'),
      server('bad', 'failed'),
      server('other', 'ready'),
    ]
    const users = usersOf(
      { id: 'm/x', usedBy: ['coder', 'slow', 'bad', 'never'] },
      new Map(servers.map((one) => [one.profile, one])),
    )
    expect(users.map(({ profile }) => profile)).toEqual(['coder', 'slow'])
  })
})

test('one can talk to a model that makes text, is whole, and is not hidden behind another', () => {
  expect([
    isTalkative(local('x')),
    isTalkative(local('x', { facts: null })),
    isTalkative(local('x', { shadowed: true })),
    isTalkative(local('x', { facts: { ...facts, capabilities: ['embedding'] } })),
  ]).toEqual([true, false, false, false])
})

test('what a model can do is said in verbs, also what the page has no word for', () => {
  expect(abilitiesOf({ capabilities: ['chat', 'tools', 'dance'] })).toBe('chat, call tools, dance')
  expect(abilitiesOf({ capabilities: [] })).toBe('do nothing that can be asked for here')
})
