/** The machine's memory as one bar: solid is measured, hatched is promised, grey are other programs, the line is the budget. */
import { Paper, Text, Title, Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { useLive } from '../../live.ts'
import { ofMemory, unknown } from '../../parts/format.ts'
import { modelColour } from '../../parts/model-colour.ts'
import { pictureOf } from './memory-parts.ts'
import type { MemoryPart, MemoryPicture } from './memory-parts.ts'
import styles from './dashboard.module.css'

export function MemoryBar() {
  const servers = useLive(({ servers }) => servers)
  const memory = useLive(({ memory }) => memory)
  const budgetBytes = useLive(({ budgetBytes }) => budgetBytes)
  const picture = useMemo(() => pictureOf([...servers.values()], memory, budgetBytes), [servers, memory, budgetBytes])
  const { totalBytes, usedBytes, leftBytes } = picture
  const loading = new Set(
    [...servers.values()].filter(({ state }) => state === 'starting').map(({ profile }) => profile),
  )
  return (
    <Paper component="section" aria-labelledby="memory">
      <div className={styles['row']}>
        <Title order={2} id="memory" c="dimmed" mr="auto">
          Memory, {ofMemory(memory?.totalBytes)}
        </Title>
        <Text size="sm">
          <b>{ofMemory(usedBytes)}</b>{' '}
          <span className={styles['dim']}>in use · {ofMemory(leftBytes)} left under the budget</span>
        </Text>
      </div>
      <div className={styles['wrap']}>
        <div className={styles['memory']} role="img" aria-label={inWords(picture, budgetBytes)}>
          {picture.parts.map((part) => (
            <Tooltip
              key={`${part.profile} ${part.kind}`}
              label={`${nameOf(part)}: ${ofMemory(part.bytes)}`}
              withinPortal
            >
              <div
                className={styles[part.kind]}
                style={{ width: percent(part.bytes, totalBytes), '--colour': modelColour(part.profile) }}
              />
            </Tooltip>
          ))}
        </div>
        {totalBytes > 0 && (
          <div
            className={styles['budget']}
            style={{ left: percent(budgetBytes, totalBytes) }}
            data-side={sideOf(budgetBytes / totalBytes)}
          >
            <span>budget {ofMemory(budgetBytes)}</span>
          </div>
        )}
      </div>
      <ul className={styles['legend']}>
        {legendOf(picture.parts).map(({ profile, held, kept }) => (
          <li key={profile ?? ''} style={{ '--colour': modelColour(profile) }}>
            <span className="swatch" aria-hidden />
            <span>
              {profile ?? 'other programs'} <b>{held > 0 ? ofMemory(held) : unknown}</b>
              {profile !== null && loading.has(profile)
                ? ' loading'
                : kept > 0 && ` + ${ofMemory(kept)} kept for its context`}
            </span>
          </li>
        ))}
        <li className={styles['dim']}>free {ofMemory(picture.freeBytes)}</li>
      </ul>
    </Paper>
  )
}

function legendOf(parts: readonly MemoryPart[]) {
  const profiles = [...new Set(parts.map(({ profile }) => profile))]
  const of = (profile: string | null, kept: boolean) =>
    parts.find((part) => part.profile === profile && (part.kind === 'kept') === kept)?.bytes ?? 0
  return profiles.map((profile) => ({ profile, held: of(profile, false), kept: of(profile, true) }))
}

function nameOf({ kind, profile }: MemoryPart): string {
  if (profile === null) return 'Other programs'
  return kind === 'held' ? `${profile}, measured` : `${profile}, kept for what may come`
}

function inWords({ parts, totalBytes, freeBytes }: MemoryPicture, budgetBytes: number): string {
  const told = parts.map((part) => `${nameOf(part)}: ${ofMemory(part.bytes)}`)
  return [
    `Memory of ${ofMemory(totalBytes)}`,
    ...told,
    `free: ${ofMemory(freeBytes)}`,
    `budget: ${ofMemory(budgetBytes)}`,
  ].join('; ')
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : (100 * part) / whole}%`
}

/** Where the words below the line have room. */
function sideOf(share: number): 'left' | 'middle' | 'right' {
  return share > 0.85 ? 'left' : share < 0.15 ? 'right' : 'middle'
}
