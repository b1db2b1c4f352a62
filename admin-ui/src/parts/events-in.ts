/** Server-sent events of an answer to a POST, which an EventSource cannot ask. */
import { accepted } from '../api.ts'

export interface SentEvent {
  /** `message` where it has no name. */
  readonly event: string
  readonly data: string
}

/** Of an answer that is yet to come. Throws ApiError where it is a refusal. */
export async function* eventsOf(
  request: Promise<Pick<Response, 'ok' | 'status' | 'text' | 'body'>>,
): AsyncGenerator<SentEvent> {
  const { body } = await accepted(request)
  if (body !== null) yield* eventsIn(body)
}

/** Ends with the answer; an event that it breaks off in is left out. */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<SentEvent> {
  // Safari cannot iterate over a stream
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const sent = eventOf(block)
      if (sent !== undefined) yield sent
    }
  }
}

/** Undefined for a comment. */
function eventOf(block: string): SentEvent | undefined {
  const lines = block.split(/\r?\n/)
  const of = (field: string) =>
    lines.flatMap((line) => (line.startsWith(`${field}:`) ? [line.slice(field.length + 1).replace(/^ /, '')] : []))
  const data = of('data')
  return data.length === 0 ? undefined : { event: of('event').at(-1) ?? 'message', data: data.join('\n') }
}
