import { expect, test } from 'vitest'
import { Speeds } from '../../../src/telemetry/speeds.ts'
import { row } from './row.ts'

const nothing = { tokensPerSecond: undefined, firstTokenMs: undefined }

test('the tokens after the first, over the time that they took', () => {
  const speeds = new Speeds()
  expect(speeds.of('small')).toEqual(nothing)
  speeds.add(row({ completionTokens: 41, decodeMs: 1_000, prefillMs: 300 }))
  speeds.add(row({ completionTokens: 21, decodeMs: 1_000, prefillMs: 100 }))
  expect(speeds.of('small')).toEqual({ tokensPerSecond: 30, firstTokenMs: 100 })
  expect(speeds.of('other')).toEqual(nothing)
})

test('of the last eight answers, whatever they asked for before', () => {
  const speeds = new Speeds()
  speeds.add(row({ completionTokens: 2, decodeMs: 60_000, prefillMs: 9_000 }))
  for (let answers = 0; answers < 8; answers += 1)
    speeds.add(row({ completionTokens: 11, decodeMs: 1_000, prefillMs: 50 }))
  expect(speeds.of('small')).toEqual({ tokensPerSecond: 10, firstTokenMs: 50 })
})

test('an answer that failed, said nothing or came at once tells nothing of them', () => {
  const speeds = new Speeds()
  speeds.add(row({ error: 'server_failed' }))
  speeds.add(row({ completionTokens: null }))
  speeds.add(row({ completionTokens: 0 }))
  speeds.add(row({ profile: null }))
  expect(speeds.of('small')).toEqual(nothing)
  speeds.add(row({ completionTokens: 500, decodeMs: 1, prefillMs: 80 }))
  expect(speeds.of('small')).toEqual({ tokensPerSecond: undefined, firstTokenMs: 80 })
})
