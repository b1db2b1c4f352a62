/** What was done, and the way back while it is shown. */
import { Button, Group } from '@mantine/core'
import { useState } from 'react'

interface Props {
  readonly message: string
  readonly undo: () => Promise<void>
}

export function Undo({ message, undo }: Props) {
  const [busy, setBusy] = useState(false)
  const back = async () => {
    setBusy(true)
    await undo()
  }
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <span style={{ overflowWrap: 'anywhere' }}>{message}</span>
      <Button loading={busy} onClick={() => void back()} style={{ flex: 'none' }}>
        Undo
      </Button>
    </Group>
  )
}
