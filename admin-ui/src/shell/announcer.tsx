/** Tells a screen reader, politely, what the page shows under "Just now". */
import { VisuallyHidden } from '@mantine/core'
import { useLive } from '../live.ts'
import { plainWords } from '../parts/happening.ts'

export function Announcer() {
  const latest = useLive(({ recent }) => recent.at(-1))
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {latest === undefined ? '' : plainWords(latest.event)}
    </VisuallyHidden>
  )
}
