/** Asks a model as every client does, and reads its answer as it comes. */
import { ApiError } from '../../api.ts'
import { eventsOf } from '../../parts/events-in.ts'
import type { Chunk } from './conversation.ts'

/** Ends when the answer does. Throws ApiError, or AbortError. */
export async function* chatStream(request: object, signal: AbortSignal): AsyncGenerator<Chunk> {
  const asked = fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
    signal,
  })
  for await (const { data } of eventsOf(asked)) {
    if (data === '[DONE]') return
    yield JSON.parse(data) as Chunk
  }
  throw new ApiError('The answer broke off: the connection to the gateway was lost.', { status: 0 })
}
