/** Who waits and who is being answered, each as one bar of phases. */
import { Button, Paper, Table, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import type { LiveRequest } from '../../../../src/api/admin/admin.ts'
import { useLive } from '../../live.ts'
import { CancelRequest } from '../../parts/cancel-request.tsx'
import { count, duration, some } from '../../parts/format.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { PhaseBar } from '../../parts/phase-bar.tsx'
import { phasesSoFar, totalMs } from '../../parts/phases.ts'
import { useNow } from '../../parts/use-now.ts'
import styles from './dashboard.module.css'

const most = 12

export function AtWork() {
  const requests = useLive(({ requests }) => requests)
  return (
    <Paper component="section" aria-labelledby="at-work">
      <div className={styles['row']}>
        <Title order={2} id="at-work" c="dimmed" mr="auto">
          Waiting and answering
        </Title>
        <Button component={Link} href="/requests">
          All requests
        </Button>
      </div>
      {requests.size === 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          Nobody is asking at the moment.
        </Text>
      ) : (
        <Rows requests={[...requests.values()]} />
      )}
    </Paper>
  )
}

/** Those who wait first, in their order; then who is answered. */
function Rows({ requests }: { readonly requests: readonly LiveRequest[] }) {
  const now = useNow()
  const shown = requests.toSorted(byTurn).slice(0, most)
  const rows = shown.map((request) => ({ request, phases: phasesSoFar(request, now) }))
  const wholeMs = Math.max(...rows.map(({ phases }) => totalMs(phases)), 1_000)
  return (
    <>
      <Table mt="xs" aria-labelledby="at-work" className={`as-list ${styles['work']}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th aria-label="Place in the queue" />
            <Table.Th>Who</Table.Th>
            <Table.Th>Model</Table.Th>
            <Table.Th>Phases</Table.Th>
            <Table.Th aria-label="How far" />
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ request, phases }) => (
            <Table.Tr key={request.id}>
              <Table.Td>{request.position ?? '•'}</Table.Td>
              <Table.Td>{request.keyName ?? 'no key'}</Table.Td>
              <Table.Td>
                <ModelName name={request.profile ?? request.model} weight={400} />
              </Table.Td>
              <Table.Td>
                <PhaseBar phases={phases} profile={request.profile} wholeMs={wholeMs} />
              </Table.Td>
              <Table.Td c="dimmed">{howFar(request)}</Table.Td>
              <Table.Td>
                <CancelRequest id={request.id} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {requests.length > most && (
        <Text size="sm" c="dimmed">
          and {count(requests.length - most)} more
        </Text>
      )}
    </>
  )
}

const ranks = { queued: 0, loading: 1, prefill: 2, decode: 2 }

function byTurn(one: LiveRequest, other: LiveRequest): number {
  return (
    ranks[one.phase] - ranks[other.phase] ||
    (one.position ?? 0) - (other.position ?? 0) ||
    one.startedAt - other.startedAt
  )
}

function howFar({ phase, estimateMs, tokens }: LiveRequest): string {
  if (phase === 'decode') return some(tokens, 'token')
  if (phase === 'prefill') return 'reading'
  return estimateMs === null ? '' : `~${duration(estimateMs)}`
}
