/** Profiles that are loaded before anybody asks. */
import type { Catalog } from '../catalog/catalog.ts'
import { messageOf } from '../errors.ts'
import type { Router } from '../router/router.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Announce } from '../telemetry/telemetry.ts'

interface PreloadParts {
  readonly catalog: Pick<Catalog, 'profiles'>
  readonly router: Pick<Router, 'resolve'>
  readonly scheduler: Pick<Scheduler, 'start'>
  readonly closing: AbortController
  readonly announce: Announce
}

export function preload({ catalog, router, scheduler, closing, announce }: PreloadParts): void {
  for (const { name, preload } of catalog.profiles()) {
    if (!preload) continue
    router
      .resolve(name)
      .then((target) => scheduler.start(target, closing.signal))
      .catch((error: unknown) => {
        const message = `Profile "${name}" was not started with the gateway: ${messageOf(error)}`
        if (!closing.signal.aborted) announce({ type: 'gateway.trouble', message })
      })
  }
}
