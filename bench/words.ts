/** What the load generator tells the mock engine inside a prompt, and the engine the load generator inside a chunk. Words in the
 *  text pass every gateway, whatever it does to fields and headers. `~` occurs nowhere else in a body. */

const mark = 0x7e

/** How an answer is to be streamed; `gapMs` 0: as fast as it is read. */
export interface StreamOrder {
  readonly chunks: number
  readonly gapMs: number
}

/** `~stream 200 5~` */
export function streamOrder({ chunks, gapMs }: StreamOrder): string {
  return `~stream ${chunks} ${gapMs}~`
}

/** The order a request body holds, if any. */
export function readStreamOrder(body: Buffer): StreamOrder | undefined {
  const at = body.indexOf(mark)
  if (at < 0) return undefined
  const found = /^~stream (\d+) (\d+)~/.exec(body.toString('latin1', at, at + 64))
  return found === null ? undefined : { chunks: Number(found[1]), gapMs: Number(found[2]) }
}

/** Tenths of a microsecond on the clock that all processes of a machine share. */
export function ticksNow(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e7 + Math.round(nanoseconds / 100)
}

const stampDigits = 16

/** The moment of sending, as text of one length: `~0000013370000042~`. */
export function stamp(ticks: number): string {
  return `~${String(ticks).padStart(stampDigits, '0')}~`
}

const stampLength = stampDigits + 2

/** Calls `found` with the ticks of each stamp in these bytes; one cut in two is left out. Returns how many there were. */
export function eachStamp(bytes: Buffer, found: (ticks: number) => void): number {
  let count = 0
  let at = bytes.indexOf(mark)
  while (at >= 0) {
    const whole = bytes[at + stampLength - 1] === mark
    if (whole) {
      found(Number(bytes.toString('latin1', at + 1, at + 1 + stampDigits)))
      count += 1
    }
    at = bytes.indexOf(mark, at + (whole ? stampLength : 1))
  }
  return count
}
