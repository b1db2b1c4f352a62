import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { Departure, Revocations } from '../../../src/proxy/departure.ts'

const revoked = () => new GatewayError('invalid_api_key', 'This key has been revoked.')
const gone = new GatewayError('request_timeout', 'The client has left.')

test('who waits and the generation under way both hear of a departure, and the first reason counts', () => {
  const departure = new Departure()
  const heard: GatewayError[] = []
  departure.tell((reason) => heard.push(reason))
  departure.leave(gone)
  departure.leave(revoked())
  expect(heard).toEqual([gone])
  expect(departure.signal.reason).toBe(gone)
})

test('a generation that begins after the departure hears of it at once', () => {
  const departure = new Departure()
  const heard: GatewayError[] = []
  departure.leave(gone)
  departure.tell((reason) => heard.push(reason))
  expect(heard).toEqual([gone])
})

test('a generation that has ended hears nothing', () => {
  const departure = new Departure()
  const heard: GatewayError[] = []
  departure.tell((reason) => heard.push(reason))
  departure.tell(undefined)
  departure.leave(gone)
  expect(heard).toEqual([])
})

test('a revoked key ends all its requests that are still open, and those that come later', () => {
  const key = new AbortController()
  const revocations = new Revocations(revoked)
  const [open, ended, late] = [new Departure(), new Departure(), new Departure()]
  revocations.watch(key.signal, open)
  revocations.watch(key.signal, ended)
  revocations.forget(key.signal, ended)
  key.abort()
  revocations.watch(key.signal, late)
  expect([open, ended, late].map((one) => one.signal.aborted)).toEqual([true, false, true])
  expect(open.signal.reason).toMatchObject({ code: 'invalid_api_key' })
})
