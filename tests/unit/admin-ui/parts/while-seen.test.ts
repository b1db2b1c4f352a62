import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whileSeen } from '../../../../admin-ui/src/parts/while-seen.ts'

/** As much of a document as is asked here. */
class Page extends EventTarget {
  visibilityState = 'visible'

  turn(to: 'visible' | 'hidden'): void {
    this.visibilityState = to
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

let page: Page
beforeEach(() => {
  page = new Page()
  vi.stubGlobal('document', page)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('a stream rests while its page has been hidden for ten seconds, and begins anew when it is looked at', () => {
  const told: string[] = []
  const leave = whileSeen({ begin: () => told.push('begin'), end: () => told.push('end') })
  page.turn('hidden')
  vi.advanceTimersByTime(9_000)
  page.turn('visible')
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual(['begin'])
  page.turn('hidden')
  vi.advanceTimersByTime(10_000)
  expect(told).toEqual(['begin', 'end'])
  page.turn('visible')
  leave()
  expect(told).toEqual(['begin', 'end', 'begin', 'end'])
  page.turn('visible')
  expect(told).toHaveLength(4)
})
