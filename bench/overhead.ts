/** What a whole answer costs: time on top, throughput, processor time, by size of the request's body. */
import { costed, eachSubject, enter, scaled, type Run } from './run.ts'

const kilobyte = 1024

/** An answer of 1 KB to a request of 1 KB. */
export async function measureOverhead(run: Run, round: number): Promise<void> {
  const one = await eachSubject(run, round, ({ target }) =>
    run.generator.run({ kind: 'requests', target, connections: 1, bodyBytes: kilobyte, forMs: 1500 * run.scale }),
  )
  enter(run, 'addedP50', one, ({ p50 }) => scaled(p50, 1000))

  const crowd = await eachSubject(run, round, (subject) =>
    costed(run, subject, {
      kind: 'requests',
      target: subject.target,
      connections: 32,
      bodyBytes: kilobyte,
      forMs: 3000 * run.scale,
    }),
  )
  enter(run, 'perSecond', crowd, ({ perSecond }) => perSecond)
  enter(run, 'p99', crowd, ({ p99 }) => p99)
  enter(run, 'cpuPerRequest', crowd, ({ cpuSeconds, count }) => (cpuSeconds * 1e6) / count)
}

/** The same answer to long conversations. */
export async function measureBodies(run: Run, round: number): Promise<void> {
  const sizes = [
    ['added100k', 100 * kilobyte],
    ['added1m', 1024 * kilobyte],
  ] as const
  for (const [figure, bodyBytes] of sizes) {
    const results = await eachSubject(run, round, ({ target }) =>
      run.generator.run({ kind: 'requests', target, connections: 1, bodyBytes, forMs: 1500 * run.scale }),
    )
    enter(run, figure, results, ({ p50 }) => p50)
  }
}
