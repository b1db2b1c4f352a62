/** Gives back what loading a thread's code has left behind, which is a third of what the thread holds. */

/** Node's own collector, as `collectAll` of the host has it, whose door would load more than this gives back; does nothing where node was
 *  started without `--expose-gc`. */
export function shedLoading(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
