/** The structured log: JSON lines, or coloured ones on a terminal, written in batches off the hot path. */
import pino from 'pino'
import pretty from 'pino-pretty'
import type { Settings } from '../config/config.ts'
import type { GatewayEvent } from './event.ts'
import { factsOf, levelOf } from './log-line.ts'
import { LogRing, type ReadableLog } from './log-ring.ts'
import { createMilestones } from './milestones.ts'

export interface Log extends ReadableLog {
  write(event: GatewayEvent): void
  /** Writes out what is buffered, before the process may end. */
  flush(): void
}

/** Takes whole lines. */
export interface Destination {
  write(lines: string): void
}

interface BufferedOutput extends Destination {
  flush(): void
}

/** Without a `destination`, lines go to standard output; `now` in ms since 1970. The level may change at run time. */
export function createLog(settings: Settings['log'], now: () => number, destination?: Destination): Log {
  const output = destination === undefined ? standardOutput() : lineByLine(destination)
  const onTerminal = destination === undefined && process.stdout.isTTY
  const ring = new LogRing()
  const colourful = settings.format === 'pretty' || (settings.format === 'auto' && onTerminal)
  const logger = pino(
    {
      level: settings.level,
      base: null,
      timestamp: timestamps(now),
      formatters: { level: (level) => ({ level }) },
    },
    inBoth(ring, colourful ? coloured(output, onTerminal) : output),
  )
  const isMilestone = createMilestones()
  return {
    write(event) {
      if (logger.level !== settings.level) logger.level = settings.level
      const level = isMilestone(event) ? levelOf(event) : 'debug'
      if (logger.isLevelEnabled(level)) logger[level](factsOf(event), event.type)
    },
    flush: () => output.flush(),
    lines: () => ring.lines(),
    follow: (hear, signal) => ring.follow(hear, signal),
  }
}

function inBoth(ring: LogRing, output: Destination): Destination {
  return {
    write(line) {
      output.write(line)
      ring.write(line)
    },
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

function lineByLine(destination: Destination): BufferedOutput {
  return { write: (line) => void destination.write(line), flush() {} }
}

const batchLength = 16_384
const batchMs = 200

/** Lines leave together, 200 ms late at most; what a full disk or a slow reader holds up is dropped beyond 4 MiB. */
function standardOutput(): BufferedOutput {
  const stream = pino.destination({ dest: 1, sync: false, maxLength: 4 * 1024 ** 2 })
  let broken = false
  // nobody is left to be told when the log itself cannot be written; the gateway goes on without it
  stream.on('error', () => {
    broken = true
  })
  // gathered here, because the stream measures all that it holds anew with each line
  let batch = ''
  let timer: NodeJS.Timeout | undefined
  const send = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (batch !== '' && !broken) stream.write(batch)
    batch = ''
  }
  const flush = (): void => {
    send()
    if (!broken) stream.flushSync()
  }
  // an end that nobody planned has its last lines too
  process.on('exit', flush)
  return {
    write(line) {
      batch += line
      if (batch.length >= batchLength) send()
      else timer ??= setTimeout(send, batchMs).unref()
    },
    flush,
  }
}

function coloured(output: Destination, colorize: boolean): Destination {
  const print = pretty.prettyFactory({
    colorize,
    singleLine: true,
    errorLikeObjectKeys: [],
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return { write: (line) => output.write(print(line)) }
}
