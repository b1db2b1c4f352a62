/** Asks a model as every client does, and reads its answer as it comes. */
import { ApiError, readError } from '../../api.ts'
import { eventsIn } from '../../parts/events-in.ts'
import type { Chunk } from './conversation.ts'

/** Ends when the answer does. Throws ApiError, or the signal's reason. */
export async function* chatStream(request: object, signal: AbortSignal): AsyncGenerator<Chunk> {
  const answer = await send(request, signal)
  if (!answer.ok || answer.body === null) throw readError(answer.status, await answer.text())
  for await (const { data } of eventsIn(answer.body)) {
    if (data === '[DONE]') return
    yield JSON.parse(data) as Chunk
  }
  throw new ApiError('The answer broke off: the connection to the gateway was lost.', { status: 0 })
}

async function send(request: object, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw new ApiError('The gateway does not answer. It may be restarting.', { status: 0 })
  }
}
