/** What the contract asks of a server, and how it gets one. */
import type { RunningServer } from '../fixtures/start-fake.ts'
import type { Request } from './exchange.ts'

interface How {
  /** Its model cannot be loaded. */
  readonly broken?: true
  readonly port?: number
}

/** Starts a server with the scripted model; resolves when its port is open, or known to be taken. */
export type Start = (how?: How) => Promise<RunningServer>

/** A chat that is answered with a script, with more fields. */
export function say(script: string, more: object = {}) {
  return { body: { messages: [{ role: 'user', content: `say:${script}` }], ...more } } satisfies Request
}

export function streamed(script: string, more: object = {}) {
  return say(script, { stream: true, ...more })
}
