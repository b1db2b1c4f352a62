/** A sign of life while a program is silent that gives up by itself when nothing moves (pip and uv have timeouts of their own). */

/** Calls `beat` every so often until the work is done. */
export async function pulse<Result>(work: Promise<Result>, beat: () => void, everyMs = 2_000): Promise<Result> {
  const timer = setInterval(beat, everyMs)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
