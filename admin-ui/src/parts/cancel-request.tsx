/** Ends a request in flight; its client is told so. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { api, ask } from '../api.ts'
import { say } from './say.ts'

export function CancelRequest({ id }: { readonly id: string }) {
  const [busy, setBusy] = useState(false)
  const cancel = async () => {
    setBusy(true)
    const done = await say.failure(ask(api.requests[':id'].cancel.$post({ param: { id } })))
    if (!done) setBusy(false)
  }
  return (
    <Button loading={busy} onClick={() => void cancel()} size="compact-xs" aria-label={`Cancel request ${id}`}>
      Cancel
    </Button>
  )
}
