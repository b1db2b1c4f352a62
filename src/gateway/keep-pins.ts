/** What a person said of a profile's server goes with the profile: to its new name, or away. */
import type { Catalog } from '../catalog/catalog.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface PinRooms {
  readonly telemetry: Pick<Telemetry, 'listen'>
  readonly catalog: Pick<Catalog, 'profiles'>
  readonly scheduler: Pick<Scheduler, 'forgetPin' | 'movePin'>
}

/** A model on disk is a profile as well, as long as it is there and none has its name. */
export function keepPins({ telemetry, catalog, scheduler }: PinRooms): void {
  telemetry.listen((event) => {
    switch (event.type) {
      case 'profile.removed':
        return scheduler.forgetPin(event.profile)
      case 'profile.changed':
        return scheduler.movePin(event.before, event.profile)
      case 'model.removed':
        if (event.revision === undefined && catalog.profiles().every(({ name }) => name !== event.id))
          scheduler.forgetPin(event.id)
        return
      default:
    }
  })
}
