/** What a subject holds: at rest, per open stream, and when the load is over. Measured once a run, in this order. */
import { setTimeout as pause } from 'node:timers/promises'
import { eachSubject, enter, type Run } from './run.ts'
import { median } from './statistics.ts'
import type { Subject } from './subjects/subject.ts'
import { usageOf } from './usage.ts'

const megabyte = 1e6
const samples = 5
const calmMs = 10_000
const betweenSamplesMs = 300

async function resident(subject: Subject): Promise<number> {
  if (subject.pids.length === 0) return Number.NaN
  const values: number[] = []
  for (let sample = 0; sample < samples; sample += 1) {
    values.push((await usageOf(subject.pids)).residentBytes)
    await pause(betweenSamplesMs)
  }
  return median(values)
}

export async function measureIdle(run: Run): Promise<void> {
  await pause(calmMs * run.scale)
  enter(run, 'idle', await eachSubject(run, 0, resident), (bytes) => bytes / megabyte)
}

/** On top of what it holds after a first few streams, so that code loaded by the first is not counted as theirs. */
export async function measureOpenStreams(run: Run): Promise<void> {
  const hold = async (subject: Subject, streams: number): Promise<number> => {
    await run.generator.run({ kind: 'hold', target: subject.target, streams, gapMs: 2000 })
    try {
      await pause(4000 * run.scale)
      return await resident(subject)
    } finally {
      await run.generator.run({ kind: 'release' })
      await pause(1000)
    }
  }
  const streams = 1000
  const results = await eachSubject(run, 0, async (subject) => {
    await hold(subject, 20)
    const before = await resident(subject)
    return ((await hold(subject, streams)) - before) / streams
  })
  enter(run, 'kilobytes', results, (bytes) => bytes / 1000)
}

/** Once it is quiet: an idle gateway gives memory back after three seconds. */
export async function measureAfterLoad(run: Run): Promise<void> {
  await pause(5_000)
  enter(run, 'afterLoad', await eachSubject(run, 0, resident), (bytes) => bytes / megabyte)
}
