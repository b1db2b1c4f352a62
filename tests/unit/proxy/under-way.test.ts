import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { Departure } from '../../../src/proxy/departure.ts'
import { Trace } from '../../../src/proxy/trace.ts'
import { UnderWay } from '../../../src/proxy/under-way.ts'

function member(id: string) {
  const [now, ignore] = [() => 0, () => {}]
  const trace = new Trace({
    id,
    endpoint: 'chat',
    keyId: null,
    keyName: null,
    announce: ignore,
    changed: ignore,
    now,
    wallClock: now,
  })
  return { trace, departure: new Departure() }
}

test('requests are listed, found and ended as long as they are under way', () => {
  const underWay = new UnderWay()
  const [one, two] = [member('one'), member('two')]
  underWay.add(one)
  underWay.add(two)
  expect(underWay.list().map(({ id }) => id)).toEqual(['one', 'two'])
  const reason = new GatewayError('request_cancelled', 'no more')
  expect(underWay.end('one', reason)).toBe(true)
  expect([one.departure.signal.reason, two.departure.signal.aborted]).toEqual([reason, false])
  underWay.remove(one.trace)
  expect([underWay.end('one', reason), underWay.find('one'), underWay.find('two')?.id]).toEqual([
    false,
    undefined,
    'two',
  ])
})

test('who watches hears of newcomers and of changes, until they leave', () => {
  const underWay = new UnderWay()
  const heard: string[] = []
  const leave = underWay.watch((id) => heard.push(id))
  underWay.add(member('one'))
  underWay.changed('one')
  leave()
  underWay.changed('one')
  expect(heard).toEqual(['one', 'one'])
})
