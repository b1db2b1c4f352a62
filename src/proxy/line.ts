/** The connections to one server. Hanging up ends only our half of one: the other tells when the server has really stopped. */
import type { Socket } from 'node:net'
import { buildConnector, Client, Pool, type Dispatcher } from 'undici'

/** Whoever asks, one at a time on a line. */
export interface Caller extends Dispatcher.DispatchHandler {
  /** Called before the request is sent. */
  takes(line: Line): void
}

export function createLines(port: number, connectMs: number): Pool {
  const connect = buildConnector({ timeout: connectMs })
  return new Pool(`http://127.0.0.1:${port}`, { factory: (origin) => new Line(origin, connect) })
}

export class Line extends Client {
  #socket: Socket | undefined

  constructor(origin: URL, connect: buildConnector.connector) {
    super(origin, {
      // undici would give up after five silent minutes; the watch knows better
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, connected) =>
        connect(options, (...outcome) => {
          this.#socket = outcome[1] ?? undefined
          connected(...outcome)
        }),
    })
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (isCaller(handler)) handler.takes(this)
    return super.dispatch(options, handler)
  }

  /** Says that nobody listens any more. A server that watches its connections stops at once; one that does not, when it next writes. */
  hangUp(): void {
    this.#socket?.end()
  }
}

function isCaller(handler: Dispatcher.DispatchHandler): handler is Caller {
  return 'takes' in handler
}
