/** Everything that is told in this house: the rooms' own events in one union, and those of the house as a whole. */
import type { CatalogEvent } from '../catalog/catalog.ts'
import type { DownloadsEvent } from '../downloads/downloads.ts'
import type { EngineEvent } from '../engines/engines.ts'
import type { ProxyEvent } from '../proxy/proxy.ts'
import type { SchedulerEvent } from '../scheduler/scheduler.ts'
import type { SupervisorEvent } from '../supervisor/supervisor.ts'

/** Always in the past tense; never what was said in a request, never a secret. */
export type GatewayEvent =
  | CatalogEvent
  | DownloadsEvent
  | EngineEvent
  | SupervisorEvent
  | SchedulerEvent
  | ProxyEvent
  | HouseEvent

export type HouseEvent =
  | { readonly type: 'gateway.started'; readonly url: string; readonly pid: number; readonly budgetBytes: number }
  | { readonly type: 'gateway.stopping'; readonly now: boolean }
  /** A person has changed a setting, or undone that; it may take effect at the next start. */
  | { readonly type: 'setting.changed'; readonly path: string }
  | { readonly type: 'budget.changed'; readonly budgetBytes: number }
  /** Something nobody threw on purpose. `detail`, a stack as a rule, is for the log alone. */
  | {
      readonly type: 'gateway.trouble'
      readonly message: string
      readonly detail?: string
      readonly requestId?: string
    }
  /** Finished requests could not be written down; `waiting` are kept for another try, `dropped` are lost. */
  | { readonly type: 'history.trouble'; readonly message: string; readonly waiting: number; readonly dropped: number }

export type Announce = (event: GatewayEvent) => void
export type Listener = (event: GatewayEvent) => void
