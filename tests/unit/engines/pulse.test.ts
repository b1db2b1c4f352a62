import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { pulse } from '../../../src/engines/pulse.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a pulse', () => {
  test('beats every so often while the work lasts, and not after', async () => {
    const work = Promise.withResolvers<string>()
    const beat = vi.fn<() => void>()
    const result = pulse(work.promise, beat, 1_000)
    vi.advanceTimersByTime(3_500)
    expect(beat).toHaveBeenCalledTimes(3)
    work.resolve('done')
    expect(await result).toBe('done')
    vi.advanceTimersByTime(5_000)
    expect(beat).toHaveBeenCalledTimes(3)
  })

  test('ends with work that fails, and hands the failure on', async () => {
    const beat = vi.fn<() => void>()
    await expect(pulse(Promise.reject(new Error('no disk')), beat, 1_000)).rejects.toThrow('no disk')
    vi.advanceTimersByTime(5_000)
    expect(beat).not.toHaveBeenCalled()
  })
})
