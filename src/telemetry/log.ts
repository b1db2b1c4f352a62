/** The structured log: JSON lines, or coloured ones on a terminal, written in batches off the hot path. */
import pino from 'pino'
import type { DestinationStream } from 'pino'
import pretty from 'pino-pretty'
import type { Settings } from '../config/config.ts'
import type { GatewayEvent } from './event.ts'
import { factsOf, levelOf } from './log-line.ts'

export interface Log {
  write(event: GatewayEvent): void
  /** Writes out what is buffered, before the process may end. */
  flush(): void
}

/** Without a `destination`, lines go to standard output; `now` in ms since 1970. */
export function createLog(settings: Settings['log'], now: () => number, destination?: DestinationStream): Log {
  const output = destination === undefined ? standardOutput() : { stream: destination, flush: () => {} }
  const onTerminal = destination === undefined && process.stdout.isTTY
  const colourful = settings.format === 'pretty' || (settings.format === 'auto' && onTerminal)
  const logger = pino(
    {
      level: settings.level,
      base: null,
      timestamp: timestamps(now),
      formatters: { level: (level) => ({ level }) },
    },
    colourful ? coloured(output.stream, onTerminal) : output.stream,
  )
  return {
    write(event) {
      const level = levelOf(event)
      if (logger.isLevelEnabled(level)) logger[level](factsOf(event), event.type)
    },
    flush: output.flush,
  }
}

/** RFC 3339 in UTC; the part that lasts a second is written once a second. */
function timestamps(now: () => number): () => string {
  let second = Number.NaN
  let start = ''
  return () => {
    const time = now()
    if (Math.floor(time / 1000) !== second) {
      second = Math.floor(time / 1000)
      start = new Date(second * 1000).toISOString().slice(0, -4)
    }
    return `,"time":"${start}${String(Math.floor(time) % 1000).padStart(3, '0')}Z"`
  }
}

/** Lines leave together, 200 ms late at most; what a full disk or a slow reader holds up is dropped beyond 4 MiB. */
function standardOutput(): { stream: DestinationStream; flush: () => void } {
  const stream = pino.destination({
    dest: 1,
    sync: false,
    minLength: 4096,
    maxLength: 4 * 1024 ** 2,
    periodicFlush: 200,
  })
  // nobody is left to be told when the log itself cannot be written; the gateway goes on without it
  stream.on('error', () => {})
  return { stream, flush: () => stream.flushSync() }
}

function coloured(stream: DestinationStream, colorize: boolean): DestinationStream {
  const print = pretty.prettyFactory({
    colorize,
    singleLine: true,
    errorLikeObjectKeys: [],
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return { write: (line) => stream.write(print(line)) }
}
