/** Waits until a spawned server is ready, or until there is no more hope. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Served } from '../catalog/catalog.ts'
import type { Dialect, Exit } from '../engines/engines.ts'
import type { Host } from '../host/host.ts'
import type { Child } from './child.ts'
import type { LogTail } from './log-tail.ts'
import { pausing } from './pausing.ts'
import { type Answer, ask } from './probe.ts'
import { another, isFinal, type Replies, type Reply } from './reply.ts'

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'exited'; readonly exit: Exit }
  /** Somebody else listens on the port. mlx_lm.server 0.32.2 lives on after "Address already in use", without a port. */
  | { readonly kind: 'port taken' }
  /** It lives, and says itself that it is of no use. */
  | { readonly kind: 'dead' }
  /** It refuses its readiness request, and will go on doing so. */
  | { readonly kind: 'refusing'; readonly reply: Reply }
  | { readonly kind: 'stalled'; readonly quietMs: number; readonly reply: Reply | undefined }

export interface ReadinessParts {
  readonly host: Host
  readonly dialect: Dialect
  readonly served: Served
  readonly tail: LogTail
  readonly child: Child
  /** Milliseconds without a sign of progress after which a start has failed. */
  readonly stallMs: number
}

/** How long a server may refuse its readiness request, ms; half of what it may stall where that is less. */
const refusalPatience = 5_000
/** The longest time between two looks at a port that nobody listens on, and at a server that says that it is not ready, ms. */
const rarest = { refused: 50, answered: 250 }

/** Rejects with the signal's reason; never ends the child. */
export async function untilReady(parts: ReadinessParts, signal: AbortSignal): Promise<Readiness> {
  const over = new AbortController()
  const within = AbortSignal.any([signal, over.signal])
  const last: { reply?: Reply } = {}
  const taken = Promise.withResolvers<Readiness>()
  parts.tail.follow((line) => {
    if (/address already in use/i.test(line)) taken.resolve({ kind: 'port taken' })
  }, within)
  const contenders = [
    parts.child.exited.then((exit): Readiness => ({ kind: 'exited', exit })),
    taken.promise,
    answered(parts, within, (reply) => (last.reply = reply)),
    stalled(parts, within, last).then((quietMs): Readiness => ({ kind: 'stalled', quietMs, reply: last.reply })),
  ]
  try {
    return await Promise.race(contenders)
  } finally {
    over.abort()
    await Promise.allSettled(contenders.slice(2))
  }
}

/** Asks until the readiness request is answered. The listener is proved to be ours as soon as there is one, while the model loads. */
async function answered(parts: ReadinessParts, signal: AbortSignal, heard: (reply: Reply) => void): Promise<Readiness> {
  const { child, dialect, served, tail, stallMs } = parts
  const question = { port: child.port, method: 'POST', ...dialect.readinessRequest(served) } as const
  const began = performance.now()
  let proof: Promise<boolean> | undefined
  const stolen = Promise.withResolvers<Readiness>()
  const connected = () => {
    proof ??= isOurs(parts)
    proof.then((ours) => ours || stolen.resolve({ kind: 'port taken' })).catch(stolen.reject)
  }
  const pause = pausing(tail, signal)
  let replies: Replies | undefined
  for (;;) {
    const { mark } = tail
    const answer = await Promise.race([ask({ ...question, connected }, signal), stolen.promise])
    switch (answer.kind) {
      case 'answered':
        if (answer.status >= 200 && answer.status < 300) return (await proof) ? { kind: 'ready' } : stolen.promise
        heard(answer)
        if (await isDead(dialect, child.port, signal)) return { kind: 'dead' }
        replies = another(replies, answer, performance.now())
        if (isFinal(replies, Math.min(refusalPatience, stallMs / 2), performance.now()))
          return { kind: 'refusing', reply: answer }
        break
      case 'broken':
        if (await isDead(dialect, child.port, signal)) return { kind: 'dead' }
        break
      case 'refused':
        break
      default:
        return answer
    }
    // Often at first, when it costs least and small models are ready soonest: 2 % of the time that has passed.
    const share = (performance.now() - began) / 50
    if (answer.kind === 'refused') await pause(Math.min(rarest.refused, Math.max(5, share)), mark)
    else await sleep(Math.min(rarest.answered, Math.max(100, share)), undefined, { signal })
  }
}

/** Whether the server says that it will never answer again; silence is no proof. */
export async function isDead(dialect: Dialect, port: number, signal: AbortSignal): Promise<boolean> {
  if (dialect.finalHealth === undefined) return false
  const { path, status } = dialect.finalHealth
  const answer: Answer = await ask({ port, method: 'GET', path }, signal)
  return answer.kind === 'answered' && answer.status === status
}

/** Whether only processes of our group listen on the port; taken for granted where the system does not tell. */
async function isOurs({ host, child }: ReadinessParts): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const members = (await host.group(child.pid)).map(({ pid }) => pid)
    const listeners = await host.listeners(child.port, members)
    if (listeners === undefined) return true
    if (listeners.length > 0 && listeners.every((pid) => members.includes(pid))) return true
    // A worker may have been forked between the two looks; a foreign listener stays foreign.
    if (attempt === 3) return false
    await sleep(50)
  }
}

/** Resolves with the milliseconds of silence when there was no output and no growth for `stallMs`. Once it answers, its output may be no
 *  more than the echo of our own question, and only another answer counts. Counts its own looks instead of reading a clock, so that a
 *  machine's sleep is not taken for a server's. */
async function stalled(
  { host, child, tail, stallMs }: ReadinessParts,
  signal: AbortSignal,
  last: { readonly reply?: Reply },
): Promise<number> {
  const lookMs = Math.max(10, Math.min(5_000, stallMs / 8))
  let received = tail.received
  let status: number | undefined
  let footprint = 0
  for (let quietMs = 0; ;) {
    await sleep(lookMs, undefined, { signal })
    const held = (await host.groupFootprint(child.pid)) ?? 0
    const grew = held > footprint + 1024 ** 2
    if (grew) footprint = held
    const spoke = last.reply === undefined ? tail.received > received : last.reply.status !== status
    quietMs = grew || spoke ? 0 : quietMs + lookMs
    received = tail.received
    status = last.reply?.status
    if (quietMs >= stallMs) return Math.round(quietMs)
  }
}
