/** Streams are for pages that somebody looks at. A browser has six connections to a host in all: tabs in the background that held theirs
 *  would leave none for the one in front. */

const graceMs = 10_000

/** Begins at once and whenever the page is looked at again; ends when it has been hidden for a while, or when the result is called. */
export function whileSeen({ begin, end }: { readonly begin: () => void; readonly end: () => void }): () => void {
  let running = false
  let leaving: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    leaving = undefined
    if (running) end()
    running = false
  }
  const look = (): void => {
    clearTimeout(leaving)
    leaving = undefined
    if (document.visibilityState === 'hidden') {
      leaving = setTimeout(stop, graceMs)
    } else if (!running) {
      running = true
      begin()
    }
  }
  running = true
  begin()
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    clearTimeout(leaving)
    stop()
  }
}
