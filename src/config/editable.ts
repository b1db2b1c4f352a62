/** What the admin page may change, and when that takes effect. */

/** Rooms ask for these each time they need them. Whatever else may be changed is read once, at the start. */
export const atOnce: readonly string[] = [
  'models.autoPull',
  'downloads.parallel',
  'downloads.bandwidth',
  'memory.budget',
  'memory.default',
  'scheduling.idle',
  'scheduling.queue',
  'scheduling.queueTotal',
  'log.level',
]

/** What stays outside, and why: nobody shall lock himself out of the page by means of the page, nor widen from there who else gets in or
 *  what code runs. */
export const outside: readonly (readonly [prefix: string, why: string])[] = [
  ['server.', 'It decides how the gateway is reached, and a mistake would lock you out of this page.'],
  ['auth.', 'It decides who is let in.'],
  ['hub.endpoint', 'Your token for the hub is sent there.'],
  ['models.allowRemoteCode', 'It lets models run programs on this machine.'],
  ['engines.', 'It names programs that are run on this machine.'],
  ['profiles', 'Profiles of the file stand beside those that you make in the page.'],
]

export type AppliesAt = 'once' | 'next-start'

export function appliesAt(path: string): AppliesAt {
  return atOnce.includes(path) ? 'once' : 'next-start'
}

/** Why a setting cannot be changed from the page; undefined where it can. */
export function whyOutside(path: string): string | undefined {
  return outside.find(([prefix]) => path.startsWith(prefix))?.[1]
}
