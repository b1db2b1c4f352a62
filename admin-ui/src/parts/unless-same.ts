/** How parts of what is live are compared with those of before. Pure. */
import { shallowEqual } from '@mantine/hooks'

/** A list or a record that was put together anew of the same things is the one of before. Nothing deeper is compared: what no event touched is
 *  the same object already, and thousands of requests are not gone through for each that ends. */
export function unlessSame(before: unknown, after: unknown): unknown {
  return isPlain(before) && isPlain(after) && shallowEqual(before, after) ? before : after
}

/** A map has no keys to compare it by. */
function isPlain(value: unknown): boolean {
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]'
}
