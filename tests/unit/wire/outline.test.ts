import { expect, test } from 'vitest'
import { outlineOf, textAt } from '../../../src/wire/outline.ts'

const ample = { depth: 100, values: 1000 }
const outline = (text: string, bounds = ample) => outlineOf(Buffer.from(text), bounds)

/** The members found, each with its text and those of its entries. */
function found(text: string) {
  const bytes = Buffer.from(text)
  const textOf = ({ start, end }: { start: number; end: number }) => bytes.toString('utf8', start, end).trim()
  return outlineOf(bytes, ample).members.map((member) => [
    textAt(bytes, member.name),
    textOf(member),
    ...member.entries.map(textOf),
  ])
}

test('finds the members at the top, and the entries of lists among them', () => {
  expect(found('{"a":1, "b" : [ "x" , {"c":[1,2]},[]] ,"ü":{"d":[3]}}')).toEqual([
    ['a', '1'],
    ['b', '[ "x" , {"c":[1,2]},[]]', '"x"', '{"c":[1,2]}', '[]'],
    ['ü', '{"d":[3]}'],
  ])
  expect(found('\uFEFF{"a":"b"}')).toEqual([['a', '"b"']])
  expect(found('[{"a":1}]')).toEqual([])
})

test('is not misled by what stands in texts', () => {
  const escaped = String.raw`"},]{[:\\\"\\"`
  const long = JSON.stringify(`,"${'x'.repeat(100)}\\" ]}:`.repeat(5))
  expect(found(`{"a":[${escaped},${long}],${escaped}:${long}}`)).toEqual([
    ['a', `[${escaped},${long}]`, escaped, long],
    [JSON.parse(escaped), long],
  ])
})

test('finds a member that is repeated as often as it is there, under whatever escapes', () => {
  expect(found(String.raw`{"model":"a","mod\u0065l":"b"}`)).toEqual([
    ['model', '"a"'],
    ['model', '"b"'],
  ])
})

test.each([
  ['{"a":{"b":1,"c":[{"d":2}]}}', 3, true],
  ['{"a":[1,-2.5,123456789012345,true,false,null,"1e5"]}', 0, true],
  ['{"a":[1234567890123456]}', 0, false],
  ['{"a":{"b":1e5}}', 1, false],
  ['{"a":-0}', 0, false],
  ['{"a":[0.1234567890123456]}', 0, false],
])('tells of %s how many names are in it, and whether its numbers are the same to all', (text, names, exact) => {
  expect(outline(text).members[0]).toMatchObject({ names, exact })
})

test('tells the longest number', () => {
  expect(outline(`{"a":[1,${'7'.repeat(5000)},"${'7'.repeat(9000)}",false]}`).longestNumber).toBe(5000)
})

test.each(['[', '{"a":'])('stops where %s goes too deep, and names the member', (opening) => {
  const deep = (levels: number) => outline(`{"m":0,"\\u0078":${opening.repeat(levels)}`, { ...ample, depth: 10 })
  expect(deep(9).excess).toBeUndefined()
  expect(deep(10).excess).toEqual({ bound: 'depth', member: 'x' })
  expect(deep(1_000_000).excess).toEqual({ bound: 'depth', member: 'x' })
  expect(outline('['.repeat(101)).excess).toEqual({ bound: 'depth', member: undefined })
})

test.each(['0', '""', '{}', '[]', 'null', '{"a":0}'])('stops where %s comes too often', (value) => {
  const listed = (count: number) => outline(`{"m":1,"many":[${Array(count).fill(value).join()}]}`)
  expect(listed(100).excess).toBeUndefined()
  expect(listed(1000).excess).toEqual({ bound: 'values', member: 'many' })
})

test('takes any bytes at all, and ends', () => {
  const signs = Buffer.from(String.raw`{}[]:,"\u0 n1e-` + '\uFEFF')
  let seed = 7
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below
  const strange = () => Buffer.from(Array.from({ length: random(60) }, () => signs[random(signs.length)] ?? 0))
  const found = Array.from({ length: 1000 }, () => outlineOf(strange(), ample).members.length)
  expect(Math.max(...found)).toBeGreaterThan(0)
})
