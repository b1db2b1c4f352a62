/** Ends what a dead gateway left behind, and nothing else: a pid may have been given to another program since. */
import type { Host } from '../host/host.ts'
import type { ChildRow } from '../store/store.ts'
import { type ChildParts, groupGone, signalGroup } from './child.ts'

/** Returns the profiles whose servers were ended. Rows are dropped when their group is gone. The end of a group is waited for up to
 *  `termPatience` after SIGTERM and `killPatience` after SIGKILL, ms. */
export async function reap(
  { host, store, announce, killPatience = 5_000 }: Pick<ChildParts, 'host' | 'store' | 'announce' | 'killPatience'>,
  termPatience = 2_000,
): Promise<readonly string[]> {
  const ended = await Promise.all(
    store.list().map(async (row): Promise<string[]> => {
      const { pid, nonce, profile } = row
      const ours = pid !== null && (await isOurs(host, pid, row))
      if (ours && !(await endGroup(host, pid, termPatience, killPatience))) {
        announce({
          type: 'supervisor.trouble',
          message: `An old server of "${profile}" (group ${pid}) cannot be killed.`,
        })
        return []
      }
      store.remove(nonce)
      if (!ours) return []
      announce({ type: 'server.reaped', profile, pid })
      return [profile]
    }),
  )
  return ended.flat()
}

/** The leader has our pid, our start time and our nonce; or it is gone, and a member of its group bears the nonce: a number that is
 *  still the id of a group is not given to a new process. */
async function isOurs(host: Host, pid: number, { nonce, startTime }: ChildRow): Promise<boolean> {
  const leader = await host.process(pid)
  if (leader !== undefined) return leader.startTime === startTime && leader.commandLine.includes(nonce)
  return (await host.group(pid)).some(({ commandLine }) => commandLine.includes(nonce))
}

async function endGroup(host: Host, groupId: number, termPatience: number, killPatience: number): Promise<boolean> {
  signalGroup(groupId, 'SIGTERM')
  if (await groupGone(host, groupId, termPatience)) return true
  signalGroup(groupId, 'SIGKILL')
  return groupGone(host, groupId, killPatience)
}
