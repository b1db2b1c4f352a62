/** Tells a screen reader, politely, what happens while the page is open. */
import { VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { useLive } from '../live.ts'
import { plainWords } from '../parts/happening.ts'

export function Announcer() {
  const connected = useLive(({ epoch }) => epoch > 0)
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {connected && <News />}
    </VisuallyHidden>
  )
}

/** What happened before the page was opened is there to read, but no news. */
function News() {
  const latest = useLive(({ recent }) => recent.at(-1))
  const [before] = useState(latest?.at ?? 0)
  return latest !== undefined && latest.at > before ? plainWords(latest.event) : ''
}
