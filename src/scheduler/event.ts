/** What the scheduler announces. */

export type SchedulerEvent =
  | { readonly type: 'queue.changed'; readonly profile: string; readonly waiting: number; readonly active: number }
  /** A load begins. `for`: a request, or only the wish that it be loaded; `askedBy`: what the key is called, null where none was shown. */
  | {
      readonly type: 'profile.loading'
      readonly profile: string
      readonly reservedBytes: number
      readonly for: 'request' | 'wish'
      readonly askedBy: string | null
    }
  /** It has gone. `for`: whose request it made room for; undefined where the budget itself was exceeded. `idleMs`: how long nobody had used
   *  it; `freedBytes`: what it held as last measured, undefined where it never was; `ms`: how long its end took. */
  | {
      readonly type: 'profile.evicted'
      readonly profile: string
      readonly for: string | undefined
      readonly reservedBytes: number
      readonly idleMs: number
      readonly freedBytes: number | undefined
      readonly ms: number
    }
  /** It has gone, because nobody asked for it. */
  | {
      readonly type: 'profile.unloaded'
      readonly profile: string
      readonly idleMs: number
      readonly freedBytes: number | undefined
      readonly ms: number
    }
  /** A person said whether its server stays. */
  | { readonly type: 'profile.pinned'; readonly profile: string; readonly pinned: boolean }
  | { readonly type: 'scheduler.trouble'; readonly message: string }
