/** A trial under way, and what came of it. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { useLive } from '../../live.ts'
import { EditProfile } from '../../parts/edit-profile.tsx'
import { duration, ofMemory, rate, some } from '../../parts/format.ts'
import { LastWords } from '../../parts/last-words.tsx'
import { logsOf, talkTo } from '../../parts/links.ts'
import { modelColour } from '../../parts/model-colour.ts'
import { PhaseBar } from '../../parts/phase-bar.tsx'
import { phasesSoFar } from '../../parts/phases.ts'
import { useNow } from '../../parts/use-now.ts'
import styles from './trial.module.css'
import { loadOf, progressOf, trialAmong } from './trial-words.ts'
import type { Tried } from './trial-words.ts'
import { useTrial } from './use-trial.ts'

interface Props {
  readonly name: string
  readonly close: () => void
}

export function Trial({ name, close }: Props) {
  const { state, again } = useTrial(name)
  const permanent = useLive(({ servers }) => servers.get(name)?.failure?.kind === 'permanent')
  return (
    <Stack gap="md">
      {state.kind === 'running' && <Running name={name} />}
      {state.kind === 'failed' && <Failed name={name} reason={state.reason} />}
      {state.kind === 'done' && <Result name={name} tried={state.tried} />}
      <Group justify="flex-end" gap="xs">
        {state.kind === 'done' && (
          <Button component={Link} href={talkTo(name)}>
            Talk to it
          </Button>
        )}
        {state.kind === 'failed' && permanent && <EditProfile name={name} />}
        {state.kind === 'failed' && (
          <Button component={Link} href={logsOf(name)}>
            Logs
          </Button>
        )}
        {state.kind !== 'running' && <Button onClick={again}>Test again</Button>}
        <Button variant="filled" onClick={close}>
          {state.kind === 'running' ? 'Cancel' : 'Done'}
        </Button>
      </Group>
    </Stack>
  )
}

function Running({ name }: { readonly name: string }) {
  const server = useLive(({ servers }) => servers.get(name))
  const request = useLive(({ requests }) => trialAmong(requests.values(), name))
  const now = useNow()
  const { words, note, share } = progressOf(request, server, now)
  return (
    <div className={styles['running']}>
      <div role="status">
        <Text fw={600}>{words}</Text>
      </div>
      {share === null ? (
        request !== undefined && <PhaseBar phases={phasesSoFar(request, now)} profile={name} />
      ) : (
        <Progress value={100 * share} size={10} color={modelColour(name)} aria-label={`Loaded of ${name}`} />
      )}
      <Text size="sm" c="dimmed">
        {note}
      </Text>
    </div>
  )
}

function Failed({ name, reason }: { readonly name: string; readonly reason: string }) {
  const lines = useLive(({ servers }) => servers.get(name)?.failure?.lines)
  return (
    <>
      <Text c="var(--bad)" role="alert" className={styles['words']}>
        {reason}
      </Text>
      {lines !== undefined && <LastWords lines={lines} />}
    </>
  )
}

function Result({ name, tried }: { readonly name: string; readonly tried: Tried }) {
  const reservedBytes = useLive(({ servers }) => servers.get(name)?.reservedBytes)
  const { queueMs, firstTokenMs, tokensPerSecond, tokens, memoryBytes, question, answer } = tried
  const numbers = {
    load: [loadOf(tried), queueMs < 100 ? '' : `after a wait of ${duration(queueMs)}`],
    'first token': [duration(firstTokenMs), ''],
    'tokens/s': [rate(tokensPerSecond), tokens === null ? '' : some(tokens, 'token')],
    memory: [ofMemory(memoryBytes), reservedBytes === undefined ? '' : `of ${ofMemory(reservedBytes)} reserved`],
  }
  return (
    <>
      <dl className={styles['numbers']} aria-label="What was measured">
        {Object.entries(numbers).map(([what, [value, note]]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <span className="number">{value}</span>
              <div className={styles['note']}>{note}</div>
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles['said']}>
        <Text size="sm" c="dimmed">
          {question}
        </Text>
        <Text className={styles['words']}>{answer.trim() === '' ? 'It answered with nothing.' : answer}</Text>
      </div>
    </>
  )
}
