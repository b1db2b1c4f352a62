/** One server: its state, its numbers, and what can be done with it. */
import { Button, Paper, Progress, Text } from '@mantine/core'
import { memo } from 'react'
import { Link } from 'wouter'
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { EditProfile } from '../../parts/edit-profile.tsx'
import { contextSize, countdown, duration, ofMemory, rate, share, some, unknown } from '../../parts/format.ts'
import { LastWords } from '../../parts/last-words.tsx'
import { logsOf } from '../../parts/links.ts'
import { loadNote, loadShare } from '../../parts/load.ts'
import { modelColour } from '../../parts/model-colour.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { ServerButtons } from '../../parts/server-buttons.tsx'
import { StatePill } from '../../parts/state-pill.tsx'
import { useNow } from '../../parts/use-now.ts'
import { Speed } from './speed.tsx'
import styles from './dashboard.module.css'

export const ServerCard = memo(function ServerCard({ server }: { readonly server: ServerView }) {
  const { profile, state } = server
  return (
    <Paper component="article" className={styles['card']} aria-label={profile}>
      <div>
        <div className={styles['title']}>
          <ModelName name={profile} />
          <StatePill server={server} />
        </div>
        <Text size="sm" c="dimmed">
          {about(server)}
        </Text>
      </div>
      {state === 'starting' ? (
        <Loading server={server} />
      ) : state === 'failed' ? (
        <Failed server={server} />
      ) : (
        <Serving server={server} />
      )}
      <div className={styles['foot']}>
        <Text size="sm" c="dimmed" mr="auto">
          {server.pinned && state !== 'failed' && 'kept loaded'}
        </Text>
        {server.failure?.kind === 'permanent' && <EditProfile name={profile} />}
        <Button component={Link} href={logsOf(profile)} aria-label={`Logs of ${profile}`}>
          Logs
        </Button>
        <ServerButtons server={server} name={profile} />
      </div>
    </Paper>
  )
})

function about({ engine, quantization, contextLength, waiting }: ServerView): string {
  const context = contextLength === null ? null : `${contextSize(contextLength)} context`
  const waits = waiting === 0 ? null : `${some(waiting, 'request')} waiting`
  return [engine, quantization, context, waits].filter(Boolean).join(' · ')
}

function Serving({ server }: { readonly server: ServerView }) {
  const { tokensPerSecond, firstTokenMs, memoryBytes, active, unloadAt, state, stopping } = server
  return (
    <>
      <Numbers
        of={{ 'tokens/s': rate(tokensPerSecond), 'first token': duration(firstTokenMs), memory: ofMemory(memoryBytes) }}
      />
      {state === 'stopping' ? (
        <Text size="sm">Unloading: {stopping ?? 'it was asked to'}</Text>
      ) : active === 0 && unloadAt !== null ? (
        <Countdown server={server} unloadAt={unloadAt} />
      ) : (
        <Speed profile={server.profile} />
      )}
    </>
  )
}

function Countdown({ server, unloadAt }: { readonly server: ServerView; readonly unloadAt: number }) {
  const left = Math.max(0, unloadAt - useNow())
  const whole = unloadAt - (server.lastUsed ?? server.since ?? unloadAt)
  return (
    <div>
      <Text size="sm" c="dimmed" mb={6}>
        unloads in {countdown(left)}
      </Text>
      <Bar profile={server.profile} value={whole > 0 ? left / whole : 0} what="Time until it is unloaded" />
    </div>
  )
}

function Loading({ server }: { readonly server: ServerView }) {
  const { progress, since, usualLoadMs, memoryBytes, profile } = server
  const now = useNow()
  const elapsed = since === null ? 0 : now - since
  const left = usualLoadMs === null ? null : usualLoadMs - elapsed
  return (
    <>
      <Numbers
        of={{
          loaded: share(progress?.share),
          'ready in': left === null || left < 0 ? unknown : `~${countdown(left)}`,
          memory: ofMemory(memoryBytes),
        }}
      />
      <Bar profile={profile} value={loadShare(server, elapsed) ?? 0} what="Loaded" />
      <Text size="sm" c="dimmed">
        {loadNote(server)}
      </Text>
    </>
  )
}

function Failed({ server: { failure } }: { readonly server: ServerView }) {
  const now = useNow()
  if (failure === null) return null
  const { reason, lines, retryAt, kind, failures } = failure
  const wait = retryAt - now
  const next =
    kind === 'permanent'
      ? 'It will not be tried again by itself.'
      : wait > 0
        ? `Next try in ${countdown(wait)}`
        : 'The next request tries it again'
  return (
    <>
      <Text size="sm">{reason}</Text>
      <LastWords lines={lines} />
      <Text size="sm" c="dimmed">
        {next}
        {failures > 1 && ` · failed ${failures} times in a row`}
      </Text>
    </>
  )
}

function Bar({ profile, value, what }: { readonly profile: string; readonly value: number; readonly what: string }) {
  return <Progress value={100 * value} size={4} color={modelColour(profile)} aria-label={`${what}, ${profile}`} />
}

function Numbers({ of }: { readonly of: Readonly<Record<string, string>> }) {
  return (
    <dl className={styles['numbers']}>
      {Object.entries(of).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
