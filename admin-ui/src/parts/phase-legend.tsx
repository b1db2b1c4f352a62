/** What the colours of a request's bar stand for. */
import { Text } from '@mantine/core'
import styles from './parts.module.css'

const meanings = [
  ['waited', 'var(--other)'],
  ['loading', 'var(--warn)'],
  ['reading', 'color-mix(in srgb, var(--accent) 40%, transparent)'],
  ['answering', 'var(--accent)'],
] as const

export function PhaseLegend() {
  return (
    <Text size="sm" c="dimmed" className={styles['legend']}>
      {meanings.map(([name, background]) => (
        <span key={name}>
          <i aria-hidden="true" style={{ background }} />
          {name}
        </span>
      ))}
      <span>the last two in the model’s own colour</span>
    </Text>
  )
}
