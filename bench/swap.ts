/** Cold start and swap: what a gateway adds to the engine's own stop and start. */
import { join } from 'node:path'
import type { Target } from './load/job.ts'
import { eachSubject, enter, type Run } from './run.ts'
import { freePort, startProgram } from './subjects/program.ts'
import { mockEngine, swapModels } from './subjects/subject.ts'

type SwapModel = keyof typeof swapModels

interface OwnTime {
  readonly startMs: number
  readonly stopMs: number
}

export interface Engines {
  /** For what they print. */
  readonly folder: string
  readonly http: string
}

export async function measureSwaps(run: Run, round: number, engines: Engines): Promise<void> {
  const quick = await ownTime(run, engines, 'swap-quick')
  const slow = await ownTime(run, engines, 'swap-slow')
  const results = await eachSubject(run, round, async ({ swap }) => {
    if (swap === undefined) return undefined
    const target = await swap.empty()
    return {
      coldStart: (await ask(run, target, 'swap-quick')) - quick.startMs,
      toSlow: (await ask(run, target, 'swap-slow')) - quick.stopMs - slow.startMs,
      toQuick: (await ask(run, target, 'swap-quick')) - slow.stopMs - quick.startMs,
    }
  })
  enter(run, 'coldStart', results, (result) => result?.coldStart)
  enter(run, 'swapToQuick', results, (result) => result?.toQuick)
  enter(run, 'swapToSlow', results, (result) => result?.toSlow)
}

/** Until the first answer, in ms. */
async function ask(run: Run, target: Target, model: SwapModel): Promise<number> {
  const job = { kind: 'requests', connections: 1, bodyBytes: 1024, forMs: 0, target: { ...target, model } } as const
  return (await run.generator.run(job)).p50 ?? Number.NaN
}

async function ownTime(run: Run, { folder, http }: Engines, model: SwapModel): Promise<OwnTime> {
  const port = await freePort()
  const from = performance.now()
  const program = await startProgram(mockEngine(port, http, swapModels[model]), port, join(folder, 'engines.log'))
  await ask(run, { port, model, key: undefined }, model)
  const startMs = performance.now() - from
  await program.stop()
  return { startMs, stopMs: performance.now() - from - startMs }
}
