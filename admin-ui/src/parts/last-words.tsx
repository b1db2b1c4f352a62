/** The last lines that a server printed before it failed: the last one, which matters most, is in sight first. */
import styles from './parts.module.css'

export function LastWords({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <pre className={styles['last']} tabIndex={0} aria-label="Its last words">
      <span>{lines.join('\n')}</span>
    </pre>
  )
}
