/** An answer that is streamed: chunks as they come, signs of life while none do, back-pressure from a slow reader. */
import type { ServerResponse } from 'node:http'
import type { GatewayError } from '../errors.ts'
import { usageObject, type AnswerHead, type AnswerShape, type Delta } from '../wire/chat-shape.ts'
import type { Progress } from '../supervisor/supervisor.ts'
import type { Usage } from '../wire/generation.ts'
import type { Answer } from './answer.ts'
import { StreamBody } from './stream-body.ts'

export interface StreamOptions {
  readonly includeUsage: boolean
  /** Silence after which the client gets a comment, ms. */
  readonly heartbeatMs: number
  /** How long a client may leave what was sent unread, ms. */
  readonly writeIdleMs: number
  readonly now: () => number
  /** Writes a failure before the stream has begun, as an ordinary error. */
  readonly refuse: (error: GatewayError) => void
  readonly errorBody: (error: GatewayError) => unknown
}

export class StreamAnswer implements Answer {
  readonly #outgoing: ServerResponse
  readonly #body: StreamBody
  readonly #shape: AnswerShape
  readonly #options: StreamOptions
  readonly #chunkStart: string
  readonly #chunkEnd: string
  readonly #roleSent = new Set<number>()
  /** What stands around the text of a chunk that says nothing else. */
  #around: { readonly choice: number; readonly before: string; readonly after: string } | undefined
  #pending = ''
  #ascii = true
  #lastWrite: number
  #blockedSince: number | undefined
  #status = 'waiting'

  constructor(outgoing: ServerResponse, shape: AnswerShape, head: AnswerHead, options: StreamOptions) {
    this.#outgoing = outgoing
    this.#body = new StreamBody(outgoing)
    this.#shape = shape
    this.#options = options
    this.#chunkStart = `${shape.chunkStart(head)}[`
    this.#chunkEnd = options.includeUsage ? '],"usage":null}\n\n' : ']}\n\n'
    this.#lastWrite = options.now()
  }

  get said(): boolean {
    return this.#roleSent.size > 0
  }

  waiting(waiting: Parameters<Answer['waiting']>[0]): void {
    switch (waiting.phase) {
      case 'queued':
        this.#status = `queued, place ${waiting.position}`
        break
      case 'loading':
        this.#status = waiting.progress === undefined ? 'loading' : told(waiting.progress)
        break
      case 'prefill':
        this.#status = `reading the prompt, ${waiting.read} of ${waiting.total} tokens`
        break
    }
  }

  header(name: string, value: string | number): void {
    if (!this.#body.begun) this.#outgoing.setHeader(name, value)
  }

  delta(choice: number, delta: Delta): void {
    const role = !this.#roleSent.has(choice)
    if (role) this.#roleSent.add(choice)
    this.#ascii = false
    this.#pending += this.#chunkStart + this.#shape.choice(choice, delta, role) + this.#chunkEnd
  }

  escapedTexts(choice: number, escaped: readonly string[]): void {
    if (this.#around?.choice !== choice) {
      const [before, after] = this.#shape.textChoice(choice)
      this.#around = { choice, before: `${this.#chunkStart}${before}"`, after: `"${after}${this.#chunkEnd}` }
    }
    const { before, after } = this.#around
    this.#pending += before + escaped.join(after + before) + after
  }

  flush(resume: () => void): boolean {
    if (this.#pending === '') return true
    const flowing = this.#write(this.#pending, this.#ascii ? 'latin1' : 'utf8')
    this.#pending = ''
    this.#ascii = true
    if (flowing) return true
    this.#blockedSince = this.#options.now()
    this.#outgoing.once('drain', () => {
      this.#blockedSince = undefined
      resume()
    })
    return false
  }

  end(usage: Usage): void {
    this.#ascii = false
    if (this.#options.includeUsage)
      this.#pending += `${this.#chunkStart}],"usage":${JSON.stringify(usageObject(usage))}}\n\n`
    this.#body.end(`${this.#pending}data: [DONE]\n\n`)
  }

  fail(error: GatewayError): void {
    if (!this.#body.begun) {
      this.#options.refuse(error)
      return
    }
    this.#body.end(`${this.#pending}data: ${JSON.stringify(this.#options.errorBody(error))}\n\n`)
  }

  tick(now: number): void {
    if (this.#blockedSince !== undefined) {
      // closing the connection is all that is left to say to somebody who does not read
      if (now - this.#blockedSince > this.#options.writeIdleMs) this.#outgoing.destroy()
    } else if (now - this.#lastWrite >= this.#options.heartbeatMs) {
      this.#write(`: ${this.#status.replace(/[^\x20-\x7e]+/g, ' ')}\n\n`, 'latin1')
    }
  }

  #write(text: string, encoding: 'latin1' | 'utf8'): boolean {
    this.#lastWrite = this.#options.now()
    return this.#body.write(text, encoding)
  }
}

function told({ phase, message, share }: Progress): string {
  return share === undefined ? `${phase}: ${message}` : `${phase}, ${Math.round(share * 100)} %: ${message}`
}
