import { expect, test } from 'vitest'
import { createFileNews } from '../../../src/downloads/news.ts'

const model = (count: number, bytesOf: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({ path: `part-${at}`, bytes: bytesOf(at), totalBytes: 10 }))
const paths = (files: readonly { path: string }[]) => files.map(({ path }) => path)

test('an event tells of the files that have moved, and a change of all', () => {
  const news = createFileNews()
  const first = model(3, () => 0)
  expect(news.changed(first)).toEqual(first)
  expect(news.moved(first)).toEqual([])
  const later = model(3, (at) => (at === 1 ? 4 : 0))
  expect(paths(news.moved(later))).toEqual(['part-1'])
  expect(news.moved(later)).toEqual([])
  expect(news.changed(later)).toEqual(later)
})

test('no event tells of thousands of files, and each that has moved is told of in its turn', () => {
  const news = createFileNews()
  expect(news.changed(model(2500, () => 0))).toHaveLength(200)
  const after = model(2500, () => 10)
  const told = new Set<string>()
  for (let files = news.moved(after); files.length > 0; files = news.moved(after)) {
    expect(files.length).toBeLessThanOrEqual(50)
    for (const path of paths(files)) told.add(path)
  }
  expect(told.size).toBe(2500)
  const last = model(2500, (at) => (at === 2499 ? 11 : 10))
  expect(news.changed(last)).toHaveLength(200)
  expect(news.moved(last)).toEqual([])
})
