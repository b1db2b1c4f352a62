/** What a stream costs: how late it begins, how late its chunks are, processor time, and how fast it can be. */
import { costed, eachSubject, enter, scaled, type Run } from './run.ts'

const streams = 16

export async function measureStreams(run: Run, round: number): Promise<void> {
  const paced = await eachSubject(run, round, (subject) =>
    costed(run, subject, {
      kind: 'paced',
      target: subject.target,
      streams,
      chunks: 100,
      gapMs: 5,
      forMs: 4000 * run.scale,
    }),
  )
  enter(run, 'firstChunk', paced, ({ p50 }) => p50)
  enter(run, 'chunkP50', paced, ({ chunkP50 }) => scaled(chunkP50, 1000))
  enter(run, 'chunkP99', paced, ({ chunkP99 }) => scaled(chunkP99, 1000))
  enter(run, 'cpuPerMillion', paced, ({ cpuSeconds, count }) => (cpuSeconds * 1e6) / count)

  const chunks = Math.round(20_000 * run.scale)
  const unpaced = await eachSubject(run, round, ({ target }) =>
    run.generator.run({ kind: 'unpaced', target, streams, chunks }),
  )
  enter(run, 'unpaced', unpaced, ({ perSecond }) => perSecond)
}
