/** One connection of the load generator: sends prepared requests one after the other and tells of what comes back. */
import { connect, type Socket } from 'node:net'

export interface Listener {
  /** A piece of the body, good until the call returns. */
  body?(piece: Buffer): void
  /** The whole answer has come. */
  ended(): void
  failed(error: Error): void
}

const silenceMs = 60_000
/** All connections read into the same memory: what is in it is used up before the next read. */
const memory = Buffer.allocUnsafe(256 * 1024)
const nothing = Buffer.alloc(0)

export class Line {
  readonly #port: number
  readonly #listener: Listener
  #socket: Socket | undefined
  #reading: 'nothing' | 'head' | 'counted' | 'chunked' | 'rest' = 'nothing'
  #missing = 0
  #closes = false
  #held = nothing
  #tail = ''

  constructor(port: number, listener: Listener) {
    this.#port = port
    this.#listener = listener
  }

  /** Connects first where there is no connection. */
  send(request: Buffer): void {
    this.#reading = 'head'
    this.#tail = ''
    this.#socket ??= this.#connect()
    this.#socket.write(request)
  }

  close(): void {
    this.#reading = 'nothing'
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #connect(): Socket {
    const callback = (length: number): boolean => {
      this.#read(memory.subarray(0, length))
      return true
    }
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true, onread: { buffer: memory, callback } })
    socket.setTimeout(silenceMs, () => socket.destroy(new Error(`nothing came for ${silenceMs} ms`)))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      if (this.#reading === 'rest') this.#end()
      else this.#fail(new Error('the connection was closed within an answer'))
    })
    return socket
  }

  #read(bytes: Buffer): void {
    if (this.#reading === 'head') this.#readHead(bytes)
    else this.#readBody(bytes)
  }

  #readHead(bytes: Buffer): void {
    const received = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const length = received.indexOf('\r\n\r\n')
    if (length < 0) {
      this.#held = Buffer.from(received)
      return
    }
    this.#held = nothing
    const head = received.toString('latin1', 0, length)
    const body = received.subarray(length + 4)
    if (head.slice(9, 12) !== '200') return this.#fail(new Error(`${head.split('\r\n', 1)[0]}: ${body.toString()}`))
    const counted = /content-length: *(\d+)/i.exec(head)
    this.#missing = Number(counted?.[1] ?? 0)
    this.#reading = counted === null ? (/transfer-encoding: *chunked/i.test(head) ? 'chunked' : 'rest') : 'counted'
    this.#closes = head.startsWith('HTTP/1.0') || /connection: *close/i.test(head)
    this.#readBody(body)
  }

  #readBody(bytes: Buffer): void {
    this.#listener.body?.(bytes)
    if (this.#reading === 'counted') {
      this.#missing -= bytes.length
      if (this.#missing <= 0) this.#end()
    } else if (this.#reading === 'chunked') {
      // No event holds a carriage return, so only the last frame can end like this.
      this.#tail = (this.#tail + bytes.toString('latin1', Math.max(0, bytes.length - 5))).slice(-5)
      if (this.#tail === '0\r\n\r\n') this.#end()
    }
  }

  #end(): void {
    this.#reading = 'nothing'
    if (this.#closes) this.close()
    this.#listener.ended()
  }

  #fail(error: Error): void {
    if (this.#reading === 'nothing') return
    this.close()
    this.#listener.failed(error)
  }
}
