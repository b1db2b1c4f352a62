import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readGenerated } from '../../../src/wire/generation.ts'
import type { JsonObject } from '../../../src/wire/json.ts'
import { withBytes } from '../../../src/wire/tokens.ts'

/** What becomes of tokens, given with another one as the alternative. */
const read = (tokens: readonly string[], alternative = '!') =>
  withBytes(tokens.map((token) => ({ token, logprob: -1, top_logprobs: [{ token: alternative, logprob: -2 }] })))
const texts = (entries: readonly JsonObject[]) => entries.map(({ token }) => token)
const joined = (entries: readonly JsonObject[]) =>
  Buffer.from(entries.flatMap(({ bytes }) => bytes as number[])).toString('utf8')

test('tokens of a byte-level vocabulary are the bytes that its alphabet stands for', () => {
  const entries = read(['Hel', 'loĠ', 'wÃ¶rld', 'Ċ', 'Â\u0143'])
  expect(texts(entries)).toEqual(['Hel', 'lo ', 'wörld', '\n', '\u00ad'])
  expect(entries[1]?.['bytes']).toEqual([0x6c, 0x6f, 0x20])
})

test('a character in several tokens is whole once their bytes are put together', () => {
  // 🙂 is f0 9f 99 82
  const entries = read(['ðŁ', 'Ļ', 'Ĥ'])
  expect(entries.map(({ bytes }) => bytes)).toEqual([[0xf0, 0x9f], [0x99], [0x82]])
  expect(joined(entries)).toBe('🙂')
  expect(texts(entries)[1]).toBe('\uFFFD')
})

test('pieces of SentencePiece begin with a blank, or stand for one byte', () => {
  const entries = read(['▁Zażółć', '▁gęś', '<0xF0>', '<0x9F>', '<0x99>', '<0x82>'])
  expect(texts(entries).slice(0, 2)).toEqual([' Zażółć', ' gęś'])
  expect(joined(entries)).toBe(' Zażółć gęś🙂')
})

test('an alternative tells the writing as well, and is read like the others', () => {
  const [entry] = read(['Ã©t'], 'Ġthe')
  expect(entry).toMatchObject({ token: 'ét', bytes: [0xc3, 0xa9, 0x74], top_logprobs: [{ token: ' the' }] })
})

test('a token with a meaning of its own stays as it is', () => {
  expect(texts(read(['Ġyes', '<｜end▁of▁sentence｜>', '<|im_end|>']))).toEqual([
    ' yes',
    '<｜end▁of▁sentence｜>',
    '<|im_end|>',
  ])
})

test('where nothing tells the writing, tokens are text', () => {
  expect(read(['café', ' au lait']).map(({ token, bytes }) => [token, bytes])).toEqual([
    ['café', [...Buffer.from('café')]],
    [' au lait', [...Buffer.from(' au lait')]],
  ])
})

test('tokens that came with their bytes stay as they came', () => {
  const entries = [{ token: 'Ġ', logprob: -1, bytes: [0xc4, 0xa0], top_logprobs: [] }]
  expect(withBytes(entries)).toEqual(entries)
})

test('those of the real server say what its answer says', () => {
  const recording = readFileSync(new URL('../../fixtures/recordings/chat-logprobs.http', import.meta.url), 'utf8')
  const { text, logprobs = [] } = readGenerated(JSON.parse(recording.slice(recording.indexOf('{'))))
  expect(joined(logprobs)).toBe(text)
  expect(texts(logprobs)).toEqual(['Hel', 'lo ', 'fro'])
})
