/** One run of a task, joined by any number of callers, and called off when the last of them has left. */

type Task<Report, Result> = (report: (news: Report) => void, signal: AbortSignal) => Promise<Result>

interface Run<Report, Result> {
  readonly result: Promise<Result>
  /** Resolves when it is over, however it ended. */
  readonly ended: Promise<unknown>
  readonly controller: AbortController
  readonly callers: Set<{ readonly report: (news: Report) => void }>
  news: Report | undefined
}

/** Makes a task that runs once at a time. Whoever comes later hears the latest news at once. A caller's signal takes only that caller
 *  out (rejecting with its reason); who comes while a called-off run is still ending waits for the end and starts the next. */
export function shareRuns<Report, Result>(task: Task<Report, Result>): Task<Report, Result> & { busy(): boolean } {
  let current: Run<Report, Result> | undefined

  function start(): Run<Report, Result> {
    const controller = new AbortController()
    const callers: Run<Report, Result>['callers'] = new Set()
    const announce = (news: Report): void => {
      run.news = news
      for (const caller of callers) caller.report(news)
    }
    // Begun in a later turn, so that `run` exists when the first news comes.
    const result = Promise.resolve()
      .then(() => task(announce, controller.signal))
      .finally(() => {
        current = undefined
      })
    // Those who wait hear of a failure; when all have left nobody needs to.
    const ended = Promise.allSettled([result])
    const run: Run<Report, Result> = { result, ended, controller, callers, news: undefined }
    return run
  }

  async function join(report: (news: Report) => void, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted()
    while (current?.controller.signal.aborted === true) {
      await untilAborted(current.ended, signal)
    }
    const run = (current ??= start())
    const caller = { report }
    run.callers.add(caller)
    if (run.news !== undefined) report(run.news)
    try {
      return await untilAborted(run.result, signal)
    } finally {
      run.callers.delete(caller)
      if (run.callers.size === 0) run.controller.abort(new DOMException('Nobody waits for it any more.', 'AbortError'))
    }
  }

  return Object.assign(join, { busy: () => current !== undefined })
}

/** The promise's outcome, or a rejection with the signal's reason, whichever comes first. */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(signal.reason)
  signal.addEventListener('abort', leave)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
