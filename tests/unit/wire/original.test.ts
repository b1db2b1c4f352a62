import { isUtf8 } from 'node:buffer'
import { expect, test } from 'vitest'
import { isObject, type JsonObject, writeJson } from '../../../src/wire/json.ts'
import { Original } from '../../../src/wire/original.ts'
import { outlineOf } from '../../../src/wire/outline.ts'

function originalOf(text: string) {
  const bytes = Buffer.from(text)
  const outline = outlineOf(bytes, { depth: 1000, values: 1e6 })
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) throw new Error('no object')
  return { value, bytes, original: new Original(value, bytes, outline) }
}

const written = (pieces: readonly Buffer[]) => `{${Buffer.concat(pieces).toString().slice(1)}}`

/** Pieces that are the original's own bytes. */
const ownOf = (pieces: readonly Buffer[], bytes: Buffer) =>
  pieces.filter(({ buffer, byteOffset }) => {
    const at = byteOffset - bytes.byteOffset
    return buffer === bytes.buffer && at >= 0 && at < bytes.length
  })

const taken = (pieces: readonly Buffer[], bytes: Buffer) =>
  ownOf(pieces, bytes).reduce((sum, { length }) => sum + length, 0)

const long = 'x'.repeat(5000)

/** What is written of an object whose only member came as this text. */
function resent(text: string) {
  const { value, bytes, original } = originalOf(`{"a":${text}}`)
  const pieces = original.members(value)
  return { text: written(pieces), share: taken(pieces, bytes) / bytes.length }
}

test('what is sent on as it came is taken from its bytes, the blanks in it too', () => {
  const text = `[ {"b" : "${long}"}, "c",[1.50,true] ]`
  expect(resent(text)).toEqual({ text: `{"a":[ {"b" : "${long}"}, "c",[1.50,true] ]}`, share: expect.closeTo(1, 1) })
  expect(resent(`{"b":"${long}"}`).share).toBeCloseTo(1)
  expect(resent(`"${long}"`).share).toBeCloseTo(1)
})

test.each([
  ['a repeated name', `{"b":"evil","c":"${long}","b":1}`, { b: 1, c: long }],
  ['a name repeated in disguise', String.raw`{"b":"evil","c":"${long}","\u0062":1}`, { b: 1, c: long }],
  ['a repeated name far inside', `{"c":"${long}","d":[{"e":{"b":"evil","b":1}}]}`, { c: long, d: [{ e: { b: 1 } }] }],
  ['a number that some cannot hold', `{"c":"${long}","n":12345678901234567890}`, { c: long, n: 12345678901234567000 }],
  ['a number past all bounds', `{"c":"${long}","n":1e400}`, { c: long, n: null }],
  ['half a surrogate pair', String.raw`{"c":"${long}","t":"\uD83D"}`, { c: long, t: '\uFFFD' }],
  ['half a surrogate pair past ASCII', String.raw`{"c":"${long}","t":"é\ud83d"}`, { c: long, t: 'é\uFFFD' }],
  ['half a surrogate pair in a name', String.raw`{"c":"${long}","\udc00":1}`, { c: long, '\uFFFD': 1 }],
])('%s is written anew, as it was read', (_, text, value) => {
  expect(resent(text)).toEqual({ text: JSON.stringify({ a: value }), share: 0 })
  // in a list only the entry that it concerns
  const listed = resent(`["${long}${long}",${text}]`)
  expect(JSON.parse(listed.text)).toEqual({ a: [long + long, value] })
  expect(listed.share).toBeCloseTo(2 / 3, 1)
})

test('whole surrogate pairs and other escapes stay', () => {
  const text = String.raw`{"c":"${long}","t":"\ud83d\ude42 \n\/é"}`
  expect(resent(text)).toEqual({ text: `{"a":${text}}`, share: expect.closeTo(1) })
})

test('entries that follow one another are one piece, whatever else the list holds', () => {
  const entries = Array.from({ length: 9 }, (_, n) => ({ n, text: long }))
  const { value, bytes, original } = originalOf(JSON.stringify({ a: entries }))
  const came = value['a']
  if (!Array.isArray(came)) throw new Error('no list')
  const list = [{ n: 'new' }, ...came.slice(0, 3), ...came.slice(5, 7), 'new', came[8] ?? null, came[1] ?? null]
  const pieces = original.members({ a: list, b: 1 })
  expect(JSON.parse(written(pieces))).toEqual({ a: list, b: 1 })
  expect(ownOf(pieces, bytes)).toHaveLength(4)
})

test('another value under the same name is written, not what came', () => {
  const { original } = originalOf(`{"a":["${long}"],"b":{"c":"${long}"},"d":"${long}"}`)
  const other = { a: [`${long}.`], b: { c: `${long}.` }, d: `${long}.`, e: [] }
  expect(JSON.parse(written(original.members(other)))).toEqual(other)
  expect(written(original.members({}))).toBe('{}')
})

/** JSON of every kind there is, many times over: what is written means what was read, to any reader. */
test('generated texts are sent on as JSON.parse reads them', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const random = generator(seed)
  const pick = <Value>(...values: Value[]) => values[random(values.length)] as Value
  const blank = () => pick('', '', '', ' ', '\n\t')
  const text = () =>
    `"${Array.from({ length: random(8) }, () => pick('a', 'model', ' ', 'é', '日本', '🙂', '\\n', '\\"', '\\\\', '\\u0041', '\\ud83d', '\\ude42', '\\uD83D\\uDE42', '{[', ']}', ',', ':', 'y'.repeat(random(200)))).join('')}"`
  const number = () => pick('0', '-0', '1', '1.0', '-2.50', '1e3', '1E-400', '1e400', '12345678901234567890', '0.1')
  const json = (depth: number): string => {
    const size = depth > 4 ? 0 : random(6)
    const held = (entry: () => string) => Array.from({ length: size }, () => blank() + entry() + blank()).join()
    const member = () => `${pick('"a"', '"b"', '"\\u0061"', text())}${blank()}:${blank()}${json(depth + 1)}`
    return (
      [
        text,
        text,
        number,
        () => pick('true', 'null'),
        () => `[${held(() => json(depth + 1))}]`,
        () => `{${held(member)}}`,
      ][random(6)]?.() ?? ''
    )
  }
  const content = () =>
    `"${'z'.repeat(random(1200))}${text().slice(1, -1)}${pick('z', '\\n', 'é').repeat(900 + random(400))}"`
  const name = () => pick('"content"', '"role"', '"cont\\u0065nt"', '"b"', '"c"', '"d"')
  const message = () =>
    `{${blank()}"role":"user","content"${blank()}:${blank()}${content()},${name()}:${pick(text, content)()}}`
  const runs = 15
  let share = 0
  for (let run = 0; run < runs; run++) {
    const entries = Array.from({ length: 20 + random(60) }, () => blank() + pick(json, message)(0) + blank())
    const { value, bytes, original } = originalOf(
      `{${blank()}"list":[${entries.join()}]${blank()},"object":{"a":${json(0)},"b":"${long}"},"list2":${json(0)},"last":${text()}}`,
    )
    const list = Array.isArray(value['list']) ? value['list'] : []
    const others: JsonObject[] = [
      value,
      { ...value, list: list.filter(() => random(4) > 0) },
      { ...value, list: list.map((entry) => (random(4) > 0 ? entry : { new: [entry] })) },
      { ...value, list: list.toReversed(), object: value['list'], last: value['object'] },
    ]
    for (const object of others) {
      const pieces = original.members(object)
      const sent = written(pieces)
      share += taken(pieces, bytes) / bytes.length / others.length / runs
      const read: unknown = JSON.parse(sent)
      expect({ seed, run, read }).toEqual({ seed, run, read: JSON.parse(writeJson(object)) })
      const bare = sent.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
      expect({ seed, run, names: bare.split(':').length - 1 }).toEqual({ seed, run, names: namesIn(read) })
      expect({ seed, run, broken: !isUtf8(Buffer.concat(pieces)) || JSON.stringify(read).includes('\\ud') }).toEqual({
        seed,
        run,
        broken: false,
      })
      expect({ seed, run, long: bare.match(/\d{17,}/)?.[0] }).toEqual({
        seed,
        run,
        long: bare.match(/1234567890123456\d{4}/)?.[0],
      })
    }
  }
  expect(share).toBeGreaterThan(0.05)
})

function generator(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, held) => sum + namesIn(held), own)
}
