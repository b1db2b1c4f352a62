import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { storeFolder } from '../../fixtures/store-folder.ts'

const row = (hash: string, createdAt: number, expiresAt = 10_000) => ({ hash, createdAt, expiresAt })

test('sessions are listed oldest first and survive a restart', () => {
  const { open } = storeFolder()
  const { sessions } = open()
  sessions.add(row('late', 2))
  sessions.add(row('early', 1))
  expect(open().sessions.list()).toEqual([row('early', 1), row('late', 2)])
})

test('whoever signs in next takes the place of those that have expired', () => {
  const { sessions } = storeFolder().open()
  for (const one of [row('over', 1, 99), row('nearly', 2, 100), row('good', 3)]) sessions.add(one)
  sessions.add(row('new', 100))
  expect(sessions.list().map(({ hash }) => hash)).toEqual(['nearly', 'good', 'new'])
})

test('one goes or all, and that does not depend on the -wal file', () => {
  const { directory, open } = storeFolder()
  const { sessions } = open()
  for (const hash of ['a', 'b', 'c']) sessions.add(row(hash, 1))
  /** What is left where that file is lost. */
  const left = (name: string) => {
    mkdirSync(join(directory, name))
    copyFileSync(join(directory, 'gateway.db'), join(directory, name, 'gateway.db'))
    return open(join(directory, name)).sessions.list()
  }
  expect([sessions.remove('a'), sessions.remove('a')]).toEqual([true, false])
  expect(left('one')).toEqual([row('b', 1), row('c', 1)])
  sessions.removeAll()
  expect([sessions.list(), left('all')]).toEqual([[], []])
})
