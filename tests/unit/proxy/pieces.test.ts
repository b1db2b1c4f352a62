import { expect, test } from 'vitest'
import { Pieces } from '../../../src/proxy/pieces.ts'

function gathered() {
  const taken: string[] = []
  const pieces = new Pieces((bytes) => taken.push(bytes.toString()))
  return { taken, add: (text: string) => pieces.add(Buffer.from(text)), give: () => pieces.give() }
}

test('what comes within one read is taken as one, what comes later by itself', async () => {
  const { taken, add } = gathered()
  add('a')
  add('b')
  expect(taken).toEqual([])
  await Promise.resolve()
  add('c')
  await new Promise(setImmediate)
  expect(taken).toEqual(['abc'])
  add('d')
  await new Promise(setImmediate)
  expect(taken).toEqual(['abc', 'd'])
})

test('at the end it is taken at once, and only once', async () => {
  const { taken, add, give } = gathered()
  give()
  add('a')
  give()
  await new Promise(setImmediate)
  expect(taken).toEqual(['a'])
})
