/** How fast it has been: tokens per second of all models, and the time to the first token. */
import { Paper, SegmentedControl, Text, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Chart } from '../../parts/chart.tsx'
import { duration, rate } from '../../parts/format.ts'
import { speedsOf } from '../../parts/speeds.ts'
import { useHistory } from '../../parts/use-history.ts'
import { useNow } from '../../parts/use-now.ts'
import styles from './dashboard.module.css'

const spans = { '15 min': 15 * 60_000, '1 h': 3_600_000, '24 h': 24 * 3_600_000 }
const names: (keyof typeof spans)[] = ['15 min', '1 h', '24 h']
const stretches = 60

export default function Charts() {
  const [span, setSpan] = useState<keyof typeof spans>('15 min')
  const spanMs = spans[span]
  const { requests, known } = useHistory()
  const now = useNow(spanMs / stretches)
  const speeds = useMemo(() => speedsOf(requests, { now, spanMs, stretches }), [requests, now, spanMs])
  const any = speeds.firstToken.some((ms) => ms !== null)
  const most = Math.max(...speeds.throughput)
  const slowest = Math.max(...speeds.firstToken.map((ms) => ms ?? 0))
  return (
    <Paper component="section" aria-labelledby="speed">
      <div className={styles['row']}>
        <Title order={2} id="speed" c="dimmed" mr="auto">
          Speed
        </Title>
        <SegmentedControl data={names} value={span} onChange={setSpan} aria-label="How far back" />
      </div>
      {any ? (
        <div className={styles['charts']}>
          <figure>
            <figcaption>tokens/s, all models, averaged</figcaption>
            <Chart
              label={`Tokens per second over the last ${span}, ${rate(most)} at most`}
              times={speeds.times}
              lines={[{ name: 'tokens/s', colour: 'var(--accent)', values: speeds.throughput }]}
              height={150}
              unit={rate}
            />
          </figure>
          <figure>
            <figcaption>time to the first token, waiting and loading included</figcaption>
            <Chart
              label={`Time to the first token over the last ${span}, ${duration(slowest)} at most`}
              times={speeds.times}
              lines={[{ name: 'first token', colour: 'var(--model-1)', values: speeds.firstToken, dots: true }]}
              height={150}
              unit={duration}
            />
          </figure>
        </div>
      ) : (
        <Text size="sm" c="dimmed" mt="xs">
          {known ? `No answers in the last ${span}. Speeds will be drawn here.` : 'Loading…'}
        </Text>
      )}
    </Paper>
  )
}
