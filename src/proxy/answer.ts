/** What the client receives: a stream of chunks or one whole JSON, in OpenAI's shape. */
import type { ServerResponse } from 'node:http'
import type { GatewayError } from '../errors.ts'
import type { AnswerHead, AnswerShape, Choice, Delta } from '../wire/chat-shape.ts'
import type { ToolCall, Usage } from '../wire/generation.ts'
import type { Waiting } from '../scheduler/scheduler.ts'
import type { Watched } from './watch.ts'

export interface Answer extends Watched {
  /** Whether any of the answer has been given: it cannot be started anew then. */
  readonly said: boolean
  /** What the request waits for, told to the client where there is a way. */
  waiting(waiting: Waiting | { readonly phase: 'prefill'; readonly read: number; readonly total: number }): void
  /** Headers to send with the status line. */
  header(name: string, value: string | number): void
  delta(choice: number, delta: Delta): void
  /** The same for texts alone, in ASCII and still in their JSON escapes; never before the first delta. */
  escapedTexts(choice: number, escaped: readonly string[]): void
  /** Sends what has been said; false where the client reads too slowly and `resume` will be called. */
  flush(resume: () => void): boolean
  end(usage: Usage): void
  fail(error: GatewayError): void
}

/** Collects everything and answers at the end. */
export class WholeAnswer implements Answer {
  readonly #outgoing: ServerResponse
  readonly #shape: AnswerShape
  readonly #head: AnswerHead
  readonly #fail: (error: GatewayError) => void
  readonly #choices = new Map<number, Draft>()

  constructor(outgoing: ServerResponse, shape: AnswerShape, head: AnswerHead, fail: (error: GatewayError) => void) {
    this.#outgoing = outgoing
    this.#shape = shape
    this.#head = head
    this.#fail = fail
  }

  get said(): boolean {
    return this.#choices.size > 0
  }

  waiting(): void {}

  tick(): void {}

  header(name: string, value: string | number): void {
    this.#outgoing.setHeader(name, value)
  }

  delta(choice: number, delta: Delta): void {
    const draft = this.#draft(choice)
    draft.text += delta.text ?? ''
    draft.reasoning += delta.reasoning ?? ''
    if (delta.logprobs !== undefined) draft.logprobs = [...(draft.logprobs ?? []), ...delta.logprobs]
    for (const call of delta.toolCalls ?? []) draft.call(call)
    if (delta.finish !== undefined) draft.finish = delta.finish
  }

  escapedTexts(choice: number, escaped: readonly string[]): void {
    const joined = escaped.join('')
    this.#draft(choice).text += joined.includes('\\') ? String(JSON.parse(`"${joined}"`)) : joined
  }

  flush(): boolean {
    return true
  }

  end(usage: Usage): void {
    const choices = [...this.#choices.values()].map((draft): Choice => ({ ...draft, toolCalls: draft.calls() }))
    // as text: node then writes head and body at once, which a buffer would take two writes for
    const body = this.#shape.whole(this.#head, choices, usage)
    this.#outgoing.setHeader('content-type', 'application/json; charset=utf-8')
    this.#outgoing.setHeader('content-length', Buffer.byteLength(body))
    this.#outgoing.end(body)
  }

  fail(error: GatewayError): void {
    this.#fail(error)
  }

  #draft(index: number): Draft {
    const known = this.#choices.get(index)
    if (known !== undefined) return known
    const draft = new Draft(index)
    this.#choices.set(index, draft)
    return draft
  }
}

/** A choice while it is collected. */
class Draft {
  readonly index: number
  text = ''
  reasoning = ''
  logprobs: Choice['logprobs']
  finish: Choice['finish'] = 'stop'
  readonly #calls = new Map<number, ToolCall>()

  constructor(index: number) {
    this.index = index
  }

  /** Calls may come in pieces. */
  call(piece: ToolCall): void {
    const known = this.#calls.get(piece.index)
    this.#calls.set(piece.index, {
      index: piece.index,
      id: known?.id ?? piece.id,
      name: known?.name ?? piece.name,
      arguments: (known?.arguments ?? '') + piece.arguments,
    })
  }

  calls(): ToolCall[] {
    return [...this.#calls.values()]
  }
}
