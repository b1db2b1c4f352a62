/** What the scheduler announces. */

export type SchedulerEvent =
  | { readonly type: 'queue.changed'; readonly profile: string; readonly waiting: number; readonly active: number }
  /** `for`: whose request it makes room for; undefined where the budget itself was exceeded. */
  | {
      readonly type: 'profile.evicted'
      readonly profile: string
      readonly for: string | undefined
      readonly reservedBytes: number
    }
  | { readonly type: 'profile.unloaded'; readonly profile: string; readonly idleMs: number }
  | { readonly type: 'scheduler.trouble'; readonly message: string }
