import { describe, expect, test } from 'vitest'
import { Holding } from '../../../src/engines/holding.ts'
import { never } from './served.ts'

/** A removal that the test itself carries out. */
function aRemoval() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let begun = 0
  const work = (): Promise<void> => {
    begun += 1
    return promise
  }
  return { work, end: resolve, fail: reject, begun: () => begun }
}
const free = async () => {}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('what starts need', () => {
  test('is held by any number of users, and removed by nobody before the last has let go', async () => {
    const holding = new Holding('It')
    const [one, other] = [await holding.hold(never), await holding.hold(never)]
    one[Symbol.dispose]()
    one[Symbol.dispose]()
    const { work, begun } = aRemoval()
    await expect(holding.remove(work)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('It is in use'),
    })
    expect(begun()).toBe(0)
    other[Symbol.dispose]()
    await holding.remove(free)
  })

  test('cannot be held while it is removed: whoever comes waits for the end', async () => {
    const holding = new Holding('It')
    const { work, end } = aRemoval()
    const removed = holding.remove(work)
    let held = false
    const start = holding.hold(never).then(() => (held = true))
    await settled()
    expect(held).toBe(false)
    end()
    await Promise.all([removed, start])
    await expect(holding.remove(free)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('can be held where its removal failed', async () => {
    const holding = new Holding('It')
    const { work, fail } = aRemoval()
    const removed = holding.remove(work)
    const start = holding.hold(never)
    fail(new Error('no permission'))
    await expect(removed).rejects.toThrow('no permission')
    await start
  })

  test('is removed once at a time', async () => {
    const holding = new Holding('It')
    const [first, second] = [aRemoval(), aRemoval()]
    const removals = [holding.remove(first.work), holding.remove(second.work)]
    await settled()
    expect([first.begun(), second.begun()]).toEqual([1, 0])
    first.end()
    await settled()
    expect(second.begun()).toBe(1)
    second.end()
    await Promise.all(removals)
  })

  test('is no longer waited for by one who has left', async () => {
    const holding = new Holding('It')
    const { work, end } = aRemoval()
    const removed = holding.remove(work)
    const client = new AbortController()
    const start = holding.hold(client.signal)
    client.abort(new Error('left'))
    await expect(start).rejects.toThrow('left')
    end()
    await removed
    await holding.remove(free)
    await expect(holding.hold(AbortSignal.abort(new Error('left before')))).rejects.toThrow('left before')
  })
})
