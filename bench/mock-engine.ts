/** An OpenAI-compatible server that costs next to nothing: it answers from bytes made beforehand, over plain sockets.
 *  `node mock-engine.ts --port N [--http 1.0|1.1] [--load MS]`; with `--load`, the port opens that much later. */
import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { createAnswers } from './answers.ts'
import { createPace } from './pace.ts'
import { readStreamOrder, type StreamOrder } from './words.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    http: { type: 'string', default: '1.1' },
    load: { type: 'string', default: '0' },
  },
})
const blockEvents = 200
const http = values.http === '1.0' ? '1.0' : '1.1'
const answers = createAnswers(http)
const block = answers.block(blockEvents)
const pace = createPace(answers)

/** Calls `request` with each whole request of a connection, one at a time. */
function readRequests(socket: Socket, request: (head: string, body: Buffer) => void): void {
  let pieces: Buffer[] = []
  let missing = 0
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece)
    missing -= piece.length
    if (missing > 0) return
    const received = pieces.length === 1 ? piece : Buffer.concat(pieces)
    pieces = [received]
    const headLength = received.indexOf('\r\n\r\n')
    if (headLength < 0) return
    const head = received.toString('latin1', 0, headLength)
    const bodyLength = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    missing = headLength + 4 + bodyLength - received.length
    if (missing > 0) return
    pieces = []
    request(head, received.subarray(headLength + 4))
  })
}

function finish(socket: Socket, last: Buffer): void {
  if (http === '1.0') socket.end(last)
  else socket.write(last)
}

function pour(socket: Socket, blocks: number): void {
  if (blocks === 0) finish(socket, answers.streamEnd)
  else if (socket.write(block)) pour(socket, blocks - 1)
  else socket.once('drain', () => pour(socket, blocks - 1))
}

function stream(socket: Socket, order: StreamOrder | undefined): void {
  if (order === undefined) return finish(socket, answers.wholeAsStream)
  socket.write(answers.streamHead)
  if (order.gapMs > 0) pace.start(socket, order, () => finish(socket, answers.streamEnd))
  else pour(socket, Math.ceil(order.chunks / blockEvents))
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  readRequests(socket, (head, body) => {
    if (head.startsWith('GET /v1/models')) finish(socket, answers.models)
    else if (head.startsWith('GET ')) finish(socket, answers.health)
    else if (body.includes('"stream":true') || body.includes('"stream": true')) stream(socket, readStreamOrder(body))
    else finish(socket, answers.whole)
  })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
setTimeout(() => server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: 2048 }), Number(values.load))
