import { describe, expect, test } from 'vitest'
import { tryAgain } from '../../../src/downloads/retry.ts'
import { GatewayError } from '../../../src/errors.ts'

const never = new AbortController().signal
const patience = { attempts: 3, pauseMs: 0 }
const passing = (facts = {}) => new GatewayError('hub_unreachable', 'not now', facts)

/** Fails so often, with what is given. */
function failing(times: number, error: unknown) {
  let calls = 0
  return {
    calls: () => calls,
    attempt: async () => {
      calls += 1
      if (calls <= times) throw error
    },
  }
}

describe('what fails', () => {
  test('is tried again', async () => {
    const { attempt, calls } = failing(2, passing())
    await tryAgain(attempt, patience, () => false, never)
    expect(calls()).toBe(3)
  })

  test('so many times in a row without having brought anything is given up', async () => {
    const { attempt, calls } = failing(9, passing())
    await expect(tryAgain(attempt, patience, () => false, never)).rejects.toThrow('not now')
    expect(calls()).toBe(3)
  })

  test('but had brought something each time is tried for as long as it takes', async () => {
    const { attempt, calls } = failing(20, passing())
    await tryAgain(attempt, { attempts: 1, pauseMs: 60_000 }, () => true, never)
    expect(calls()).toBe(21)
  })

  test.each(['permission_denied', 'not_found', 'disk_full', 'invalid_request'] as const)(
    'for good (%s) is not tried again',
    async (code) => {
      const { attempt, calls } = failing(1, new GatewayError(code, 'no'))
      await expect(tryAgain(attempt, patience, () => true, never)).rejects.toMatchObject({ code })
      expect(calls()).toBe(1)
    },
  )

  test('by a mistake of ours is not tried again', async () => {
    const { attempt, calls } = failing(1, new TypeError('a mistake'))
    await expect(tryAgain(attempt, patience, () => true, never)).rejects.toThrow('a mistake')
    expect(calls()).toBe(1)
  })

  test.each([true, false])(
    'is not tried before the hub wants it, whether it brought something (%s) or not',
    async (did) => {
      const began = performance.now()
      await tryAgain(failing(1, passing({ retryAfterMs: 40 })).attempt, patience, () => did, never)
      expect(performance.now() - began).toBeGreaterThanOrEqual(38)
    },
  )

  test('is waited for no longer once nobody wants it', async () => {
    const stop = new AbortController()
    const reason = new Error('no more')
    const attempt = async () => {
      queueMicrotask(() => stop.abort(reason))
      throw passing({ retryAfterMs: 60_000 })
    }
    await expect(tryAgain(attempt, patience, () => false, stop.signal)).rejects.toBe(reason)
    await expect(tryAgain(attempt, patience, () => true, stop.signal)).rejects.toBe(reason)
  })
})
