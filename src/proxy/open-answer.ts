/** The answer that a call gets, and whether anybody waits for it. */
import { GatewayError } from '../errors.ts'
import type { Lease } from '../scheduler/scheduler.ts'
import { chatShape, completionShape } from '../wire/chat-shape.ts'
import { WholeAnswer, type Answer } from './answer.ts'
import type { Call } from './call.ts'
import { Departure } from './departure.ts'
import type { Exchange, ProxyParts } from './exchange.ts'
import { StreamAnswer } from './stream-answer.ts'

export interface Answering {
  readonly answer: Answer
  readonly departure: Departure
  /** Says in the headers who serves and what was waited for. */
  leased(profile: string, lease: Lease): void
  /** Answers with an error; returns the status the client has. */
  fail(error: GatewayError): number
  close(): void
}

export function openAnswer(call: Call, exchange: Exchange, parts: ProxyParts): Answering {
  const { outgoing, requestId } = exchange
  const { settings, errors, now, wallClock } = parts
  const departure = new Departure()
  const shape = call.endpoint === 'chat' ? chatShape : completionShape
  const head = { id: shape.idPrefix + requestId, created: Math.floor(wallClock() / 1000), model: call.model }
  let status = 200
  const refuse = (error: GatewayError): void => {
    status = errors.write(outgoing, error, requestId)
  }
  const answer = call.stream
    ? new StreamAnswer(outgoing, shape, head, {
        includeUsage: call.includeUsage,
        heartbeatMs: settings.timeouts.heartbeat,
        writeIdleMs: settings.timeouts.writeIdle,
        now,
        refuse,
        errorBody: errors.body,
      })
    : new WholeAnswer(outgoing, shape, head, refuse)

  const left = (): void => departure.leave(new GatewayError('request_timeout', 'The client has left.'))
  outgoing.once('close', left)

  return {
    answer,
    departure,
    leased(profile, { queueMs, loadMs }) {
      answer.header('x-mlx-gateway-profile', profile)
      answer.header('x-mlx-gateway-queue-ms', Math.round(queueMs))
      answer.header('x-mlx-gateway-load-ms', Math.round(loadMs))
    },
    fail(error) {
      answer.fail(error)
      return status
    },
    close() {
      outgoing.off('close', left)
      // handed over, but not taken yet
      if (outgoing.writableLength > 0) outgoing.setTimeout(settings.timeouts.writeIdle, () => outgoing.destroy())
    },
  }
}
