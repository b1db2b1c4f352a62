/** A button that does something and says so while that is under way; what went wrong is said at the edge of the page. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { say } from './say.ts'

interface Props {
  readonly label: string
  /** For a screen reader, where the label alone does not say of what. */
  readonly name?: string
  readonly title?: string
  /** The one that is most likely wanted. */
  readonly first?: boolean | undefined
  readonly run: () => Promise<unknown>
}

export function Act({ label, name = label, title, first = false, run }: Props) {
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    await say.failure(run())
    setBusy(false)
  }
  return (
    <Button
      variant={first ? 'filled' : 'default'}
      loading={busy}
      onClick={() => void act()}
      aria-label={name}
      title={title}
    >
      {label}
    </Button>
  )
}
