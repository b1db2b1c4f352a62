import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HangUp } from '../../../src/proxy/hang-up.ts'
import { type Caller, createLines } from '../../../src/proxy/line.ts'

const minute = 60_000
const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'

/** A server that keeps its half open when we close ours, as mlx_lm.server does; each connection waits for the hand of the test. */
async function lines() {
  const sockets: Socket[] = []
  const arrivals: (() => void)[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      sockets.push(socket)
      for (const arrived of arrivals.splice(0)) arrived()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const pool = createLines((server.address() as AddressInfo).port, minute)
  onTestFinished(async () => {
    await pool.destroy()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  /** The connection of the n-th request, once that has come. */
  const connection = async (number: number): Promise<Socket> => {
    for (;;) {
      const socket = sockets[number - 1]
      if (socket !== undefined) return socket
      await new Promise<void>((resolve) => arrivals.push(resolve))
    }
  }
  return { ask: () => ask(pool), connection }
}

/** undici looks twice before it uses a connection again. */
async function free(): Promise<void> {
  await new Promise(setImmediate)
  await new Promise(setImmediate)
}

type Lines = ReturnType<typeof createLines>

/** A request that does with its answer what a generation does. */
function ask(pool: Lines) {
  const lingering: Promise<unknown>[] = []
  const hangUp = new HangUp({ lingers: (until) => void lingering.push(until) })
  const ended = Promise.withResolvers<string>()
  let left = false
  const hear = () => left && hangUp.heard()
  const caller: Caller = {
    takes: (line) => hangUp.takes(line),
    onRequestStart: (controller) => hangUp.begins(controller),
    onResponseStart: hear,
    onResponseData: hear,
    onResponseEnd() {
      hangUp.ended()
      ended.resolve('answered')
    },
    onResponseError(_, { message }) {
      hangUp.ended()
      ended.resolve(message)
    },
  }
  pool.dispatch({ path: '/', method: 'POST', body: '{}' }, caller)
  return {
    ended: ended.promise,
    lingering,
    leave(writesSoon = false) {
      left = true
      hangUp.now(new Error('the client has left'), writesSoon)
    },
  }
}

describe('a server that is hung up on', () => {
  test('is told at once, and keeps its place until it has ended', async () => {
    const { ask, connection } = await lines()
    const asked = ask()
    const socket = await connection(1)
    asked.leave()
    await once(socket.resume(), 'end')
    let gone = false
    const [afterlife] = asked.lingering
    void afterlife?.then(() => (gone = true))
    await new Promise(setImmediate)
    expect(gone).toBe(false)
    socket.end()
    await afterlife
    expect(asked.lingering).toHaveLength(1)
  })

  test('gives it back with its first word, and finds that nobody takes the second', async () => {
    const { ask, connection } = await lines()
    const asked = ask()
    const socket = await connection(1)
    asked.leave()
    socket.write('HTTP/1.0 200 OK\r\n\r\n')
    expect(await asked.ended).toBe('nobody listens any more')
    await Promise.all(asked.lingering)
    const refused = once(socket, 'error').catch((error: unknown) => error)
    const talk = setInterval(() => socket.write('word'), 1)
    await refused
    clearInterval(talk)
  })

  test('and answers all the same has its connection closed, not used again', async () => {
    const { ask, connection } = await lines()
    const first = ask()
    const socket = await connection(1)
    const left = once(socket.resume(), 'end')
    first.leave()
    await left
    socket.write(whole)
    await Promise.all(first.lingering)
    await free()
    const second = ask()
    const other = await connection(2)
    other.write(whole)
    expect(await second.ended).toBe('answered')
    expect(other).not.toBe(socket)
  })

  test('is cut off at once where it will write soon, and holds nothing', async () => {
    const { ask, connection } = await lines()
    const asked = ask()
    const socket = await connection(1)
    asked.leave(true)
    expect(await asked.ended).toBe('the client has left')
    await once(socket.resume(), 'end')
    expect(asked.lingering).toEqual([])
  })

  test('after its answer has ended holds nothing, and its connection is used again', async () => {
    const { ask, connection } = await lines()
    const first = ask()
    const socket = await connection(1)
    socket.write(whole)
    await first.ended
    first.leave()
    expect(first.lingering).toEqual([])
    await free()
    socket.once('data', () => socket.write(whole))
    expect(await ask().ended).toBe('answered')
  })

  test('before the request was sent holds nothing', async () => {
    const { ask } = await lines()
    const asked = ask()
    asked.leave()
    expect(asked.lingering).toEqual([])
  })
})
