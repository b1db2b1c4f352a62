/** A checksum for what a power cut does: it loses whole sectors of what was written last, so one byte in 256 tells. All of a file is hashed
 *  before it gets its name; a checksum over every byte beside that would cost a sixth of the transfer. Pure. */

const EVERY = 256
/** Of the FNV hash. */
const PRIME = 16_777_619
export const EMPTY = 0x81_1c_9d_c5

/** The sum of what came before, with these bytes after it; `position` is where they begin. However they are cut, it is the same. */
export function spotCheck(before: number, bytes: Uint8Array, position: number): number {
  let sum = before
  for (let at = (EVERY - (position % EVERY)) % EVERY; at < bytes.length; at += EVERY) {
    sum = Math.imul(sum ^ (bytes[at] ?? 0), PRIME)
  }
  return sum >>> 0
}
