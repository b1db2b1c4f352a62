/** A log as a stream: its last lines, then each further one. */
import { eventStream } from '../event-stream.ts'

export interface FollowedLog {
  /** Oldest first. */
  lines(): readonly string[]
  /** Calls `hear` with each further line until the signal aborts. */
  follow(hear: (line: string) => void, signal: AbortSignal): void
}

/** Ends when one of `until` aborts. */
export function logStream(log: FollowedLog, until: readonly (AbortSignal | undefined)[]): Response {
  return eventStream({
    until,
    begin(push, signal) {
      for (const line of tail(log.lines())) push({ data: line })
      log.follow((line) => push({ data: line }), signal)
    },
  })
}

/** The last lines that together stay well below what a reader may lag behind. */
function tail(lines: readonly string[]): readonly string[] {
  let left = 256 * 1024
  const from = lines.findLastIndex((line) => (left -= line.length) < 0)
  return lines.slice(from + 1)
}
