/** The one listening socket: node's HTTP server with its limits, the gate in front, and an orderly close. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Settings } from '../config/config.ts'
import { GatewayError, messageOf } from '../errors.ts'
import { rawAnswer, refusalOf } from './client-error.ts'
import { writeError } from './errors.ts'
import { passGate } from './gate.ts'

export interface FrontDoor {
  /** Throws GatewayError `conflict` where the address cannot be listened on. */
  listen(): Promise<AddressInfo>
  /** Accepts nobody new and ends idle connections; resolves when the last one has ended. */
  close(): Promise<void>
  /** Ends all connections at once. */
  cut(): void
}

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => void

export function createFrontDoor(settings: Settings['server'], handle: Handle): FrontDoor {
  const nextId = createRequestIds()
  /** The newest answer on each connection that has one under way. */
  const answers = new Map<Duplex, ServerResponse>()
  let closing = false

  const enter = (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    const requestId = nextId()
    const { socket } = incoming
    answers.set(socket, outgoing)
    outgoing.once('close', () => {
      if (answers.get(socket) === outgoing) answers.delete(socket)
      if (closing) server.closeIdleConnections()
    })
    outgoing.setHeader('x-request-id', requestId)
    if (closing) outgoing.setHeader('connection', 'close')
    return passGate(incoming, outgoing, requestId, settings)
  }
  const server = createServer(
    {
      maxHeaderSize: settings.maxHeaders,
      headersTimeout: settings.headersTimeout,
      requestTimeout: Math.max(settings.bodyTimeout, settings.headersTimeout),
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: settings.keepAlive,
      // judged by the gate, which answers in JSON
      requireHostHeader: false,
    },
    (incoming, outgoing) => {
      if (enter(incoming, outgoing)) handle(incoming, outgoing)
    },
  )
  // node would drop further headers without a word; the gate refuses them
  server.maxHeadersCount = 0
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!enter(incoming, outgoing)) return
    outgoing.writeContinue()
    handle(incoming, outgoing)
  })
  server.on('checkExpectation', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!enter(incoming, outgoing)) return
    const refused = new GatewayError('invalid_request', 'The only expectation met here is 100-continue.')
    writeError(outgoing, refused, requestIdOf(outgoing))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = answers.get(socket)
    // an answer under way, or one that waits behind another, must not be written into
    const room = answer === undefined || (!answer.headersSent && answer.socket !== null)
    if (!socket.writable || !room) socket.destroy()
    else socket.end(rawAnswer(refusalOf(error.code), nextId()), () => socket.destroy())
  })

  return {
    async listen() {
      server.listen(settings.port, settings.host)
      await listening(server, settings)
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('listening on no TCP port')
      return address
    },
    async close() {
      if (!server.listening) return
      closing = true
      const closed = once(server, 'close')
      server.close()
      await closed
    },
    cut: () => server.closeAllConnections(),
  }
}

/** The id given to a request at the front door. */
export function requestIdOf(outgoing: ServerResponse): string {
  return String(outgoing.getHeader('x-request-id'))
}

/** Unlike those of any other run, and cheap. */
function createRequestIds(): () => string {
  const run = randomBytes(6).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `req_${run}${count.toString(36).padStart(6, '0')}`
  }
}

async function listening(server: ReturnType<typeof createServer>, { host, port }: Settings['server']): Promise<void> {
  try {
    await once(server, 'listening')
  } catch (cause) {
    const problem = `Cannot listen on ${host} port ${port} (${messageOf(cause)}); stop what is using it, or choose another with --port.`
    throw new GatewayError('conflict', problem, { cause })
  }
}
