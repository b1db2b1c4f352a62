/** A request under way. */
import { Badge, Table } from '@mantine/core'
import type { LiveRequest } from '../../../../src/api/admin/admin.ts'
import { CancelRequest } from '../../parts/cancel-request.tsx'
import { count, duration, time } from '../../parts/format.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { PhaseBar } from '../../parts/phase-bar.tsx'
import { phasesSoFar, totalMs } from '../../parts/phases.ts'
import styles from './requests.module.css'

const words = { queued: 'waiting', loading: 'loading', prefill: 'reading', decode: 'answering' }
const colours = { queued: 'var(--idle)', loading: 'var(--warn)', prefill: 'var(--accent)', decode: 'var(--accent)' }

export function LiveRow({ request, now }: { readonly request: LiveRequest; readonly now: number }) {
  const { id, startedAt, keyName, model, profile, phase, position, tokens } = request
  const phases = phasesSoFar(request, now)
  return (
    <Table.Tr>
      <Table.Td>{time(startedAt)}</Table.Td>
      <Table.Td>{keyName ?? 'no key'}</Table.Td>
      <Table.Td>
        <ModelName name={profile ?? model} weight={400} />
      </Table.Td>
      <Table.Td>
        <PhaseBar phases={phases} profile={profile} />
      </Table.Td>
      <Table.Td ta="right">{duration(Math.floor(totalMs(phases) / 1000) * 1000)}</Table.Td>
      <Table.Td ta="right">{count(tokens)}</Table.Td>
      <Table.Td>
        <span className={styles['outcome']}>
          <Badge color={colours[phase]}>
            {words[phase]}
            {position !== null && `, place ${position}`}
          </Badge>
          <CancelRequest id={id} />
        </span>
      </Table.Td>
    </Table.Tr>
  )
}
