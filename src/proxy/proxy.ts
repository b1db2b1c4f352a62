/** One request, from door to door: read, resolve, acquire, forward. */
import { asGatewayError, GatewayError } from '../errors.ts'
import { openAnswer, type Answering } from './open-answer.ts'
import { Bodies } from './body.ts'
import { readCall, type Call } from './call.ts'
import { Revocations } from './departure.ts'
import type { Exchange, ProxyParts } from './exchange.ts'
import { createForwarder } from './forward.ts'
import { NoAnswer } from './generation.ts'
import { reach } from './reach.ts'
import { rewrite } from './rewrite.ts'
import type { Waiting } from '../scheduler/scheduler.ts'
import { Trace, type LiveCall } from './trace.ts'
import { UnderWay } from './under-way.ts'
import { Watch } from './watch.ts'

export { permitted } from './permitted.ts'
export type { ProxyEvent } from './record.ts'
export type { Endpoint } from './call.ts'
export type { Exchange, ProxyParts } from './exchange.ts'
export type { LiveCall } from './trace.ts'

export interface Proxy {
  /** Answers the request; never rejects. */
  serve(exchange: Exchange): Promise<void>
  /** The requests under way, oldest first. */
  underWay(): readonly LiveCall[]
  /** Calls `watcher` with the id of each request that is new, or comes to another phase or place; the result ends that. */
  watch(watcher: (id: string) => void): () => void
  /** Undefined where it is not under way, or no more. */
  find(id: string): LiveCall | undefined
  /** Ends a request in whatever phase it is: its client is told the reason, its place is given back as when the client leaves. False where
   *  it is not under way, or no more. */
  cancel(id: string, reason: GatewayError): boolean
  /** Ends what is still under way, each with an error that says so. */
  close(): Promise<void>
}

export function createProxy(parts: ProxyParts): Proxy {
  const { scheduler, engines, settings, announce, now, wallClock } = parts
  const bodies = new Bodies(settings.server)
  const watch = new Watch(now)
  const forwarder = createForwarder(settings.timeouts, watch, now)
  const underWay = new UnderWay()
  const changed = (id: string): void => underWay.changed(id)
  const revocations = new Revocations(({ reason }) => asGatewayError(reason))

  async function answer(call: Call, exchange: Exchange, trace: Trace, answering: Answering): Promise<void> {
    const target = await reach(call.model, exchange.identity.mayUse, { ...answering, trace }, parts)
    const { name } = target.profile
    trace.resolved(name)
    // refused before anything is loaded for it; once more below, where only the load tells the vocabulary
    const { dialect } = engines.engine(target.profile.engine)
    let rewritten = rewrite(call, target, dialect)
    for (let attempt = 1; ; attempt++) {
      const wait = (waiting: Waiting): void => {
        trace.waits(waiting)
        answering.answer.waiting(waiting)
      }
      using lease = await scheduler.acquire(target, answering.departure.signal, wait, trace.keyName)
      trace.leased(lease.queueMs, lease.loadMs)
      answering.leased(name, lease)
      if (target.model === undefined) rewritten = rewrite(call, lease.server.served, dialect)
      try {
        const { answer, departure } = answering
        const usageWanted = !call.stream || call.includeUsage
        const { usage, finish } = await forwarder.forward(rewritten, {
          lease,
          answer,
          departure,
          firstToken: trace.firstToken,
          answers: trace.answers,
          usageWanted,
        })
        trace.finished(usage, finish)
        answer.end(usage)
        return
      } catch (error) {
        const brokeOff = error instanceof GatewayError && error.code === 'server_failed'
        const examined = brokeOff ? lease.suspect(error.message) : undefined
        // not a byte had come: a fresh server may have it once
        if (!(error instanceof NoAnswer) || attempt > 1 || answering.answer.said) throw error
        await examined
      }
    }
  }

  return {
    async serve(exchange) {
      const { endpoint, requestId, identity, incoming, outgoing } = exchange
      const { keyId } = identity
      const keyName = keyId === null ? null : identity.name
      const trace = new Trace({ id: requestId, endpoint, keyId, keyName, announce, changed, now, wallClock })
      let answering: Answering | undefined
      try {
        using body = await bodies.read(incoming)
        const call = readCall(endpoint, body.bytes)
        trace.asked(call.model, call.stream)
        answering = openAnswer(call, exchange, parts)
        watch.add(answering.answer)
        underWay.add({ trace, departure: answering.departure })
        revocations.watch(identity.revoked, answering.departure)
        await answer(call, exchange, trace, answering)
        trace.ended(200, null)
      } catch (thrown) {
        if (outgoing.destroyed) {
          trace.ended(499, 'client_left')
        } else {
          const error = asGatewayError(thrown)
          parts.errors.notice(error, requestId)
          trace.ended(answering?.fail(error) ?? parts.errors.write(outgoing, error, requestId), error.code)
        }
      } finally {
        if (answering !== undefined) {
          watch.remove(answering.answer)
          underWay.remove(trace)
          revocations.forget(identity.revoked, answering.departure)
          answering.close()
        }
      }
    },
    underWay: () => underWay.list(),
    watch: (watcher) => underWay.watch(watcher),
    find: (id) => underWay.find(id),
    cancel: (id, reason) => underWay.end(id, reason),
    async close() {
      const goodbye = new GatewayError('shutting_down', 'The gateway is shutting down.', { retryAfterMs: 5000 })
      underWay.endAll(goodbye)
      watch[Symbol.dispose]()
      await forwarder.close()
    },
  }
}
