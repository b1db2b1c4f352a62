/** What a server's answer to its readiness request says of its chances, where it is not yes. Pure. */
import { readErrorText } from '../wire/generation.ts'
import { parseObject } from '../wire/json.ts'
import { tidied } from '../wire/words.ts'

export interface Reply {
  readonly status: number
  readonly text: string
}

/** The same status, again and again. */
export interface Replies {
  readonly status: number
  readonly times: number
  /** When it came first, ms. */
  readonly since: number
}

const fewest = 3
/** May go away by themselves: it is busy, or not so far yet. */
const passing: ReadonlySet<number> = new Set([408, 409, 423, 425, 429])

export function another(before: Replies | undefined, { status }: Reply, now: number): Replies {
  return before?.status === status ? { ...before, times: before.times + 1 } : { status, times: 1, since: now }
}

/** A server may refuse while it sets itself up, but one that has refused for `patienceMs` will go on: nobody changes the request. A server
 *  error is no refusal: many answer so while they load. */
export function isFinal({ status, times, since }: Replies, patienceMs: number, now: number): boolean {
  const refuses = status >= 300 && status < 500 && !passing.has(status)
  return refuses && times >= fewest && now - since >= patienceMs
}

/** `404: no model is called "m"` */
export function said({ status, text }: Reply): string {
  const body = parseObject(text)
  const words = body === undefined ? (/^\s*</.test(text) ? '' : text) : readErrorText(body)
  const tidy = tidied(words, 200)
  return tidy === '' ? String(status) : `${status}: ${tidy}`
}

/** What may be done about it. */
export function advice(status: number): string {
  if (status === 401 || status === 403) return 'It wants a key, and the gateway has none to send: start it without.'
  if (status === 404) return 'Correct "servedModel" of the profile, or "command" where it serves another path.'
  return 'It must answer this request like an OpenAI-compatible server.'
}
