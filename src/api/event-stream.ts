/** A web response that is a stream of server-sent events, for the admin API. */

interface SentEvent {
  readonly id?: number
  readonly event?: string
  /** Sent as JSON. */
  readonly data: unknown
}

export type Push = (event: SentEvent) => void

export interface StreamParts {
  /** Starts the telling, and ends it when the signal aborts; `end` ends the stream. */
  readonly begin: (push: Push, signal: AbortSignal, end: () => void) => void
  /** The stream ends when one of them aborts: the caller's credential was revoked, the gateway stops. */
  readonly until: readonly (AbortSignal | undefined)[]
}

const heartbeatMs = 15_000
const mostBytes = 1024 ** 2

/** A reader that lags by more than 1 MiB is let go: it comes back to a fresh snapshot, which may be as large as it needs to be. A comment
 *  every 15 s keeps the connection. */
export function eventStream({ begin, until }: StreamParts): Response {
  const ending = new AbortController()
  const encoder = new TextEncoder()
  const end = (): void => ending.abort()
  let left = false
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let firstBytes: number | undefined
        const send = (text: string): void => {
          if (ending.signal.aborted) return
          const bytes = encoder.encode(text)
          firstBytes ??= bytes.byteLength
          controller.enqueue(bytes)
          if ((controller.desiredSize ?? 0) + firstBytes <= 0) end()
        }
        const heartbeat = setInterval(() => send(': alive\n\n'), heartbeatMs).unref()
        ending.signal.addEventListener('abort', () => {
          clearInterval(heartbeat)
          for (const signal of until) signal?.removeEventListener('abort', end)
          if (!left) controller.close()
        })
        for (const signal of until) signal?.addEventListener('abort', end, { once: true })
        if (until.some((signal) => signal?.aborted)) end()
        else begin((event) => send(textOf(event)), ending.signal, end)
      },
      cancel() {
        left = true
        end()
      },
    },
    { highWaterMark: mostBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}

function textOf({ id, event, data }: SentEvent): string {
  const lines = [id === undefined ? '' : `id: ${id}\n`, event === undefined ? '' : `event: ${event}\n`]
  return `${lines.join('')}data: ${JSON.stringify(data)}\n\n`
}
