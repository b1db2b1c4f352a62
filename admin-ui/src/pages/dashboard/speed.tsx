/** A server's speed over its last answers, as a small line. */
import { shallowEqual } from '@mantine/hooks'
import { lazy, memo, Suspense, useMemo } from 'react'
import { rate } from '../../parts/format.ts'
import { modelColour } from '../../parts/model-colour.ts'
import { speedOf } from '../../parts/speeds.ts'
import { useHistory } from '../../parts/use-history.ts'

const Chart = lazy(async () => ({ default: (await import('../../parts/chart.tsx')).Chart }))
const answers = 24

export function Speed({ profile }: { readonly profile: string }) {
  const { requests } = useHistory()
  const speeds = useMemo(() => {
    const own = requests.filter((request) => request.profile === profile).map(speedOf)
    return own
      .filter((speed) => speed !== null)
      .slice(0, answers)
      .toReversed()
  }, [requests, profile])
  return speeds.length < 2 ? null : <Line profile={profile} speeds={speeds} />
}

interface LineProps {
  readonly profile: string
  readonly speeds: readonly number[]
}

/** Not drawn anew for the answers of other servers. */
const Line = memo(
  function Line({ profile, speeds }: LineProps) {
    return (
      <Suspense>
        <Chart
          bare
          label={`Tokens per second of its last ${speeds.length} answers: ${speeds.map(rate).join(', ')}`}
          times={speeds.map((_, index) => index * 1000)}
          lines={[{ name: 'tokens/s', colour: modelColour(profile), values: speeds }]}
          height={34}
          unit={rate}
        />
      </Suspense>
    )
  },
  (before, after) => before.profile === after.profile && shallowEqual(before.speeds, after.speeds),
)
