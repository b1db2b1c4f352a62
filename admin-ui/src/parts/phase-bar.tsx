/** A request as one bar: waited grey, loading amber, reading the prompt pale, answering in the model's full colour. */
import { duration } from './format.ts'
import { modelColour } from './model-colour.ts'
import { totalMs } from './phases.ts'
import type { Phase } from './phases.ts'
import styles from './parts.module.css'

interface Props {
  readonly phases: readonly Phase[]
  readonly profile: string | null
  /** What the whole width stands for, ms; the request's own time where it is left out. */
  readonly wholeMs?: number
}

export function PhaseBar({ phases, profile, wholeMs = totalMs(phases) }: Props) {
  const colours = {
    waited: 'var(--other)',
    loading: 'var(--warn)',
    reading: `color-mix(in srgb, ${modelColour(profile)} 40%, transparent)`,
    answering: modelColour(profile),
  }
  const words = phases.map(({ name, ms }) => `${name} ${duration(ms)}`).join(', ')
  return (
    <div className={styles['phases']} role="img" aria-label={words === '' ? 'just begun' : words} title={words}>
      {phases.map(({ name, ms }) => (
        <div key={name} style={{ width: `${wholeMs > 0 ? (100 * ms) / wholeMs : 0}%`, background: colours[name] }} />
      ))}
    </div>
  )
}
