/** One run of the benchmark: who is measured, by whom, and what comes of it. */
import type { Book } from './book.ts'
import { figures, type FigureName } from './figures.ts'
import type { Generator } from './load/generator.ts'
import type { Job, Measured } from './load/job.ts'
import type { Subject } from './subjects/subject.ts'
import { usageOf } from './usage.ts'

export interface Run {
  /** The direct way comes first. */
  readonly subjects: readonly Subject[]
  readonly generator: Generator
  readonly book: Book
  /** 1 for a full run; every measuring time is multiplied by it. */
  readonly scale: number
  /** Says what went wrong with one subject; the others go on. */
  trouble(message: string): void
}

/** A job's result with the processor seconds the subject spent on it; NaN for the direct way. */
export interface Costed extends Measured {
  readonly cpuSeconds: number
}

export async function costed(run: Run, subject: Subject, job: Job): Promise<Costed> {
  const before = await usageOf(subject.pids)
  const measured = await run.generator.run(job)
  const after = await usageOf(subject.pids)
  const cpuSeconds = subject.pids.length === 0 ? Number.NaN : after.cpuSeconds - before.cpuSeconds
  return { ...measured, cpuSeconds }
}

/** Measures one subject after the other, another one first in each round. */
export async function eachSubject<T>(
  run: Run,
  round: number,
  measure: (subject: Subject) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const first = round % run.subjects.length
  const order = [...run.subjects.slice(first), ...run.subjects.slice(0, first)]
  const results = new Map<string, T>()
  for (const subject of order) {
    try {
      results.set(subject.name, await measure(subject))
    } catch (error) {
      run.trouble(`${subject.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return results
}

/** Writes one figure of a round down; of an added figure what the direct call took is taken off. */
export function enter<T>(
  run: Run,
  figure: FigureName,
  results: ReadonlyMap<string, T>,
  pick: (result: T) => number | undefined,
): void {
  const direct = run.subjects[0]?.name ?? ''
  const directResult = results.get(direct)
  const whole = directResult === undefined ? Number.NaN : (pick(directResult) ?? Number.NaN)
  for (const [subject, result] of results) {
    const value = pick(result) ?? Number.NaN
    run.book.enter(figure, subject, figures[figure].added && subject !== direct ? value - whole : value)
  }
}

/** In the unit of a figure; NaN of what was not measured. */
export function scaled(measured: number | undefined, factor: number): number {
  return (measured ?? Number.NaN) * factor
}
