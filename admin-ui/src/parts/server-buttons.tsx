/** What can be done with a server, as buttons; the event stream shows what comes of it. */
import type { ServerView } from '../../../src/api/admin/admin.ts'
import { Act } from './act.tsx'
import { serverActions } from './server-actions.ts'

export function ServerButtons({ server, name }: { readonly server: ServerView | undefined; readonly name: string }) {
  return serverActions(server, name).map(({ label, first, run }) => (
    <Act key={label} label={label} name={`${label} ${name}`} first={first} run={run} />
  ))
}
