/** A request that has ended; opened, it says why it took as long as it did. */
import { Badge, Button, Code, Table } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { memo, useId } from 'react'
import type { RequestView } from '../../../../src/api/admin/admin.ts'
import { count, duration, time } from '../../parts/format.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { PhaseBar } from '../../parts/phase-bar.tsx'
import { phasesOf, totalMs } from '../../parts/phases.ts'
import { explain, isFailure } from './explain.ts'
import styles from './requests.module.css'

export const PastRow = memo(function PastRow({ request }: { readonly request: RequestView }) {
  const [open, { toggle }] = useDisclosure(false)
  const details = useId()
  const { startedAt, keyName, model, profile, completionTokens } = request
  const phases = phasesOf(request)
  const label = open ? 'Less' : isFailure(request) ? 'Why' : 'Details'
  return (
    <>
      <Table.Tr>
        <Table.Td>{time(startedAt)}</Table.Td>
        <Table.Td>{keyName ?? 'no key'}</Table.Td>
        <Table.Td>
          <ModelName name={profile ?? model} weight={400} />
        </Table.Td>
        <Table.Td>
          <PhaseBar phases={phases} profile={profile} />
        </Table.Td>
        <Table.Td ta="right">{duration(totalMs(phases))}</Table.Td>
        <Table.Td ta="right">{count(completionTokens)}</Table.Td>
        <Table.Td>
          <span className={styles['outcome']}>
            <Outcome request={request} />
            <Button
              size="compact-xs"
              onClick={toggle}
              aria-expanded={open}
              aria-controls={details}
              aria-label={`${label}: request ${request.id}`}
            >
              {label}
            </Button>
          </span>
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr id={details}>
          <Table.Td colSpan={7} className={styles['details']}>
            <p>{explain(request).join(' ') || 'It took no noticeable time.'}</p>
            <p className={styles['facts']}>
              {request.endpoint} · asked for <Code>{model}</Code> · {request.stream ? 'streamed' : 'in one piece'} ·
              status {request.status} · <Code>{request.id}</Code>
            </p>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  )
})

function Outcome({ request: { error } }: { readonly request: RequestView }) {
  if (error === null) return <Badge color="var(--ok)">answered</Badge>
  if (!isFailure({ error })) {
    return <Badge color="var(--idle)">{error === 'client_left' ? 'client left' : 'cancelled'}</Badge>
  }
  return <Badge color="var(--bad)">failed</Badge>
}
