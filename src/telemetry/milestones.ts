/** Which progress is worth a line of its own: an installation alone tells of some eighty steps. */
import type { GatewayEvent } from './event.ts'

/** Another text where a phase begins, and at every tenth of its way. */
function milestoneOf(phase: string, share = 0): string {
  return `${phase} ${Math.floor(share * 10)}`
}

/** To be asked of every event, once: false for progress that has come to no further milestone of its start. */
export function createMilestones(): (event: GatewayEvent) => boolean {
  const reached = new Map<string, string>()
  return (event) => {
    switch (event.type) {
      case 'server.starting':
      case 'server.ready':
      case 'server.stopped':
      case 'server.failed':
        reached.delete(event.profile)
        return true
      case 'server.progress': {
        const { phase, share } = event.progress
        const milestone = milestoneOf(phase, share)
        const further = reached.get(event.profile) !== milestone
        reached.set(event.profile, milestone)
        return further
      }
      default:
        return true
    }
  }
}
