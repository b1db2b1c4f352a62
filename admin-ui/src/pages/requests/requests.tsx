/** Who asked what, and how long each phase took: those under way and those of before. */
import { Button, Paper, SegmentedControl, Table, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useLive } from '../../live.ts'
import { Empty } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { PhaseLegend } from '../../parts/phase-legend.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useNow } from '../../parts/use-now.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { matches } from './filter.ts'
import type { Filter } from './filter.ts'
import { LiveRow } from './live-row.tsx'
import { PastRow } from './past-row.tsx'
import styles from './requests.module.css'
import { useRequests } from './use-requests.ts'

export default function Requests() {
  const [filter, setFilter] = useState<Filter>({ text: '', status: 'all' })
  const live = useLive(({ requests }) => requests)
  const past = useRequests(filter)
  const now = useNow()
  const underWay = filter.status === 'all' ? [...live.values()].filter((request) => matches(request, filter.text)) : []
  const nothing = underWay.length === 0 && past.requests.length === 0
  return (
    <>
      <PageHead title="Requests">
        <TextInput
          aria-label="Filter by model or key"
          placeholder="Model or key"
          value={filter.text}
          onChange={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
        />
        <SegmentedControl
          aria-label="Filter by outcome"
          data={[
            { value: 'all', label: 'All' },
            { value: 'ok', label: 'Answered' },
            { value: 'failed', label: 'Failed' },
          ]}
          value={filter.status}
          onChange={(status) => setFilter({ ...filter, status })}
        />
      </PageHead>
      {!past.loading && !nothing && <PhaseLegend />}
      {past.error !== null && <Problem error={past.error} again={past.again} />}
      {past.loading ? (
        <Waiting what="Loading the requests" />
      ) : nothing ? (
        <Nothing filtered={filter.text !== '' || filter.status !== 'all'} />
      ) : (
        <Paper p={0} className={styles['list']}>
          <Table aria-label="Requests" className={`as-list ${styles['table']}`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Began</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>Model</Table.Th>
                <Table.Th>Phases</Table.Th>
                <Table.Th ta="right">Took</Table.Th>
                <Table.Th ta="right">Tokens</Table.Th>
                <Table.Th>Outcome</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {underWay.map((request) => (
                <LiveRow key={request.id} request={request} now={now} />
              ))}
              {past.requests.map((request) => (
                <PastRow key={request.id} request={request} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      {past.older !== undefined && (
        <div>
          <Button onClick={past.older} loading={past.fetching}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  )
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  return filtered ? (
    <Empty title="No request is like that">Choose another filter, or look at all of them.</Empty>
  ) : (
    <Empty
      title="Nobody has asked yet"
      next={
        <Button component={Link} href="/connect" variant="filled">
          Connect a client
        </Button>
      }
    >
      Each request will be here with its phases: how long it waited, how long its model loaded, read the prompt and
      answered.
    </Empty>
  )
}
