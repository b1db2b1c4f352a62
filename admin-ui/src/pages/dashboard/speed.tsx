/** A server's speed over its last answers, as a small line. */
import { lazy, Suspense, useMemo } from 'react'
import { rate } from '../../parts/format.ts'
import { modelColour } from '../../parts/model-colour.ts'
import { useHistory } from '../../parts/use-history.ts'

const Chart = lazy(async () => ({ default: (await import('../../parts/chart.tsx')).Chart }))
const answers = 24

export function Speed({ profile }: { readonly profile: string }) {
  const { requests } = useHistory()
  const { times, values } = useMemo(() => {
    const own = requests.filter(
      (request) => request.profile === profile && request.decodeMs > 0 && (request.completionTokens ?? 0) > 1,
    )
    const last = own.slice(0, answers).toReversed()
    return {
      times: last.map((_, index) => index * 1000),
      values: last.map(({ completionTokens, decodeMs }) => ((completionTokens ?? 0) * 1000) / decodeMs),
    }
  }, [requests, profile])
  if (values.length < 2) return null
  return (
    <Suspense>
      <Chart
        bare
        label={`Tokens per second of its last ${values.length} answers: ${values.map(rate).join(', ')}`}
        times={times}
        lines={[{ name: 'tokens/s', colour: modelColour(profile), values }]}
        height={34}
        unit={rate}
      />
    </Suspense>
  )
}
