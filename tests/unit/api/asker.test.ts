import { expect, test } from 'vitest'
import { untilLeft } from '../../../src/api/asker.ts'
import { GatewayError } from '../../../src/errors.ts'

const never = new AbortController().signal

function askedBy(signal: AbortSignal): Request {
  return new Request('http://127.0.0.1/', { signal })
}

test('who leaves is waited for no more, which is no trouble of ours', () => {
  const leaving = new AbortController()
  const signal = untilLeft(askedBy(leaving.signal), never)
  expect(signal.aborted).toBe(false)
  leaving.abort()
  expect(signal.reason).toBeInstanceOf(GatewayError)
  expect(signal.reason).toMatchObject({ code: 'request_timeout' })
  expect(untilLeft(askedBy(leaving.signal), never).reason).toMatchObject({ code: 'request_timeout' })
})

test('a gateway that closes waits for nobody', () => {
  const closing = new AbortController()
  const signal = untilLeft(askedBy(never), closing.signal)
  closing.abort(new Error('closing'))
  expect(signal.reason).toEqual(new Error('closing'))
})
