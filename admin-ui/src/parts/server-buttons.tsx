/** What can be done with a server, as buttons. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ServerView } from '../../../src/api/admin/admin.ts'
import { say } from './say.ts'
import { serverActions } from './server-actions.ts'
import type { ServerAction } from './server-actions.ts'

export function ServerButtons({ server, name }: { readonly server: ServerView | undefined; readonly name: string }) {
  return serverActions(server, name).map((action) => <ActionButton key={action.label} action={action} name={name} />)
}

/** While it is under way the button says so; the event stream shows what comes of it. */
function ActionButton({ action, name }: { readonly action: ServerAction; readonly name: string }) {
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    await say.failure(action.run())
    setBusy(false)
  }
  return (
    <Button
      variant={action.first === true ? 'filled' : 'default'}
      loading={busy}
      onClick={() => void act()}
      aria-label={`${action.label} ${name}`}
    >
      {action.label}
    </Button>
  )
}
