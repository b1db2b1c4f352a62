/** Connections that cost little, however much comes: all of a thread's sockets read into one piece of memory, and what they read is handed
 *  to undici on the spot. Left alone, each read makes 64 KiB anew: at 2 GB that takes a third more time, and 100 MB of garbage. */
import type { Socket } from 'node:net'
import { Agent, buildConnector } from 'undici'

const NOTHING = Buffer.alloc(0)

export interface LeanOptions {
  /** Ever read at once. */
  readonly most: number
  /** Read at once by now; at most that. */
  readonly bite: () => number
  /** Called after so many bytes were handed on; the next are read when it returns. True: it took its time, and everybody else in the
   *  thread is to have a turn before that. */
  readonly read: (bytes: number) => boolean
  readonly connect?: buildConnector.BuildOptions
}

/** What is read is good until the handler returns: whoever wants to keep it makes a copy. HTTP/1.1 alone. */
export function openLeanConnections({ most, bite, read, connect = {} }: LeanOptions): Agent {
  const memory = Buffer.allocUnsafeSlow(most)
  let mouth = memory
  /** The same piece for as long as the bite is the same. */
  const piece = (): Buffer => {
    const bytes = bite()
    if (mouth.length !== bytes) mouth = memory.subarray(0, bytes)
    return mouth
  }
  return new Agent({
    connect(target, callback) {
      const reader = new Reader(read)
      const connector = buildConnector({
        timeout: 10_000,
        ...connect,
        allowH2: false,
        onread: { buffer: piece, callback: (bytes) => reader.offer(memory.subarray(0, bytes)) },
      })
      connector(target, (...connected) => {
        // where no connection came about there is no socket, not even null
        if (connected[0] === null) reader.adopt(connected[1])
        callback(...connected)
      })
    },
  })
}

/** Stands between a socket's handle and those who call its `read`. */
class Reader {
  readonly #read: (bytes: number) => boolean
  #socket: Socket | undefined
  #offered: Buffer | undefined

  constructor(read: (bytes: number) => boolean) {
    this.#read = read
  }

  adopt(socket: Socket): void {
    const [read, unshift] = [socket.read.bind(socket), socket.unshift.bind(socket)]
    socket.read = (size?: number) => (size === 0 ? read(0) : (this.#take() ?? read(size)))
    // what is handed back would be overwritten
    socket.unshift = (chunk: Uint8Array) => unshift(Buffer.from(chunk))
    this.#socket = socket
  }

  /** False: read no more until somebody asks. Bytes go the common way, copied, where nobody takes them at once or others wait before them. */
  offer(bytes: Buffer): boolean {
    const socket = this.#socket
    if (socket === undefined) return false
    this.#offered = bytes
    if (socket.readableLength === 0) socket.emit('readable')
    const left = this.#take()
    const goesOn = left === undefined || socket.push(Buffer.from(left))
    const tookItsTime = this.#read(bytes.length)
    if (!tookItsTime || !goesOn) return goesOn
    // a socket with much to read would be read many times in a row; a push of nothing is what makes it go on
    setImmediate(() => socket.push(NOTHING))
    return false
  }

  #take(): Buffer | undefined {
    const offered = this.#offered
    this.#offered = undefined
    return offered
  }
}
