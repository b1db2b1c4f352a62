import { describe, expect, test } from 'vitest'
import { shareRuns } from '../../../src/engines/shared-run.ts'
import { never, silent } from './served.ts'

/** A task that the test itself carries out; `started` counts its runs. */
function aTask() {
  const runs: { report: (news: string) => void; signal: AbortSignal; end: PromiseWithResolvers<string> }[] = []
  const waiting: (() => void)[] = []
  const join = shareRuns((report: (news: string) => void, signal: AbortSignal): Promise<string> => {
    const end = Promise.withResolvers<string>()
    runs.push({ report, signal, end })
    waiting.shift()?.()
    return end.promise
  })
  async function started(count: number) {
    if (runs.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    const run = runs[count - 1]
    if (run === undefined) throw new Error('not started')
    return run
  }
  return { join, runs, started }
}

describe('a shared run', () => {
  test('is one for all who come while it lasts', async () => {
    const { join, runs, started } = aTask()
    const both = Promise.all([join(silent, never), join(silent, never)])
    const run = await started(1)
    expect(join.busy()).toBe(true)
    run.end.resolve('done')
    expect(await both).toEqual(['done', 'done'])
    expect(runs.length).toBe(1)
    expect(join.busy()).toBe(false)
  })

  test('tells everybody its news, and the latest to whoever comes later', async () => {
    const { join, started } = aTask()
    const heard: string[] = []
    const first = join((news) => heard.push(`first ${news}`), never)
    const run = await started(1)
    run.report('1')
    const second = join((news) => heard.push(`second ${news}`), never)
    run.report('2')
    run.end.resolve('')
    await Promise.all([first, second])
    expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'second 2'])
  })

  test('goes on when one of two leaves', async () => {
    const { join, started } = aTask()
    const leaving = new AbortController()
    const first = join(silent, leaving.signal)
    const second = join(silent, never)
    const run = await started(1)
    leaving.abort(new Error('I leave'))
    await expect(first).rejects.toThrow('I leave')
    expect(run.signal.aborted).toBe(false)
    run.end.resolve('done')
    expect(await second).toBe('done')
  })

  test('is called off when the last one leaves, and who comes next waits for its end and has a run of their own', async () => {
    const { join, runs, started } = aTask()
    const leaving = new AbortController()
    const first = join(silent, leaving.signal)
    const run = await started(1)
    leaving.abort(new Error('I leave'))
    await expect(first).rejects.toThrow('I leave')
    expect(run.signal.aborted).toBe(true)

    const next = join(silent, never)
    expect(runs.length).toBe(1)
    run.end.reject(run.signal.reason)
    const second = await started(2)
    second.end.resolve('anew')
    expect(await next).toBe('anew')
  })

  test('fails for all of them, and the next one tries again', async () => {
    const { join, started } = aTask()
    const both = Promise.allSettled([join(silent, never), join(silent, never)])
    const run = await started(1)
    run.end.reject(new Error('no disk'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const again = join(silent, never)
    const second = await started(2)
    second.end.resolve('done')
    expect(await again).toBe('done')
  })
})
