import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { Body } from '../../../src/downloads/body.ts'
import { openLeanConnections } from '../../../src/downloads/lean-sockets.ts'
import { MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { certificate, generated, startFakeHub } from '../../fixtures/hub/fake-hub.ts'

const content = generated(9 * MEBIBYTE + 1)
const everything = content.read(0, content.bytes)

async function furnish({ sleepy = false, ...options }: { tls?: boolean; pace?: number; sleepy?: boolean } = {}) {
  const hub = await startFakeHub(options)
  hub.add({ id: 'a/b', files: { 'model.safetensors': content, 'config.json': '{}' } })
  const read: number[] = []
  const bite = { bytes: 64 * 1024 }
  /** Bytes that were read in each turn of the thread. */
  const turns = [0]
  const connections = openLeanConnections({
    most: 64 * 1024,
    bite: () => bite.bytes,
    read(bytes) {
      read.push(bytes)
      turns.push((turns.pop() ?? 0) + bytes)
      setImmediate(() => turns.push(0))
      return sleepy
    },
    connect: { ca: certificate },
  })
  const first = await connections.request({
    origin: hub.endpoint,
    path: '/a/b/resolve/main/model.safetensors',
    method: 'GET',
  })
  await first.body.dump()
  const { origin, pathname, search } = new URL(String(first.headers['location']))
  const target = { origin, path: `${pathname}${search}`, method: 'GET' } as const
  return {
    hub,
    read,
    bite,
    turns,
    bytesRead: () => read.reduce((sum, bytes) => sum + bytes, 0),
    connections,
    target,
    async [Symbol.asyncDispose]() {
      await connections.destroy()
      await hub.close()
    },
  }
}

/** The same bytes from a host that does not say beforehand how many they are, in many small pieces. */
async function startChunks() {
  const server = createServer((_, outgoing) => {
    let at = 0
    const go = (): void => {
      while (at < everything.length) {
        const piece = everything.subarray(at, at + 1000)
        at += piece.length
        if (outgoing.write(piece)) continue
        outgoing.once('drain', go)
        return
      }
      outgoing.end()
    }
    go()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    target: { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' } as const,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** For a reader that keeps what it is given. */
const copying: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseStart: (...head) => handler.onResponseStart?.(...head),
    onResponseData: (controller, piece) => handler.onResponseData?.(controller, Buffer.from(piece)),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  })

function refuse(): never {
  throw new Error('no room')
}

describe('connections that read into one piece of memory', () => {
  test.each([{ tls: false }, { tls: true }])('bring every byte, encrypted or not: %j', async (options) => {
    await using here = await furnish(options)
    const pours = Array.from({ length: 3 }, async () => {
      const body = new Body()
      const answer = await here.connections.compose(body.around).request(here.target)
      const came = Buffer.alloc(content.bytes)
      let at = 0
      await body.pour((piece) => {
        at += piece.copy(came, at)
      })
      return [answer.statusCode, at, came.equals(everything)]
    })
    expect(await Promise.all(pours)).toEqual(pours.map(() => [200, content.bytes, true]))
    expect(Math.max(...here.read)).toBeLessThanOrEqual(64 * 1024)
    expect(here.bytesRead()).toBeGreaterThan(content.bytes * 3)
  })

  test.each(['whole', 'chunked'])('bring every byte to readers that take their time, too: %s', async (how) => {
    await using here = await furnish()
    await using chunks = await startChunks()
    const target = how === 'whole' ? here.target : chunks.target
    const slowly = async (): Promise<boolean> => {
      const { body } = await here.connections.compose(copying).request(target)
      const pieces: Buffer[] = []
      for await (const piece of body) {
        pieces.push(Buffer.from(piece))
        if (pieces.length % 20 === 0) await wait(1)
      }
      return Buffer.concat(pieces).equals(everything)
    }
    expect(await Promise.all([slowly(), slowly(), slowly()])).toEqual([true, true, true])
  })

  test.each([{ tls: false }, { tls: true }])(
    'let others have a turn after each read that took its time: %j',
    async (options) => {
      await using here = await furnish({ ...options, sleepy: true })
      const body = new Body()
      await here.connections.compose(body.around).request(here.target)
      const came = Buffer.alloc(content.bytes)
      let at = 0
      await body.pour((piece) => {
        at += piece.copy(came, at)
      })
      expect(came.equals(everything)).toBe(true)
      // of an encrypted connection: one read, and the record that the read before had begun
      expect(Math.max(...here.turns)).toBeLessThanOrEqual((64 + 16) * 1024)
    },
  )

  test('read less at once as soon as that is wanted', async () => {
    await using here = await furnish()
    const before = here.read.length
    here.bite.bytes = 8 * 1024
    const body = new Body()
    await here.connections.compose(body.around).request(here.target)
    let came = 0
    await body.pour((piece) => (came += piece.length))
    expect(came).toBe(content.bytes)
    // memory was lent for one read before
    expect(Math.max(...here.read.slice(before + 1))).toBeLessThanOrEqual(8 * 1024)
  })

  test('do not read ahead of a reader without end', async () => {
    await using here = await furnish()
    const { body } = await here.connections.compose(copying).request(here.target)
    let came = MEBIBYTE
    for await (const piece of body) {
      came += Buffer.from(piece).length
      await wait(0)
      expect(here.bytesRead()).toBeLessThan(came)
    }
    expect(came).toBe(content.bytes + MEBIBYTE)
  })

  test('keep what came before it was asked for, whatever others read meanwhile', async () => {
    await using here = await furnish()
    const body = new Body()
    await here.connections.compose(body.around).request({ ...here.target, headers: { range: 'bytes=0-2999999' } })
    const other = new Body()
    await here.connections
      .compose(other.around)
      .request({ ...here.target, headers: { range: 'bytes=5000000-6999999' } })
    await other.pour(() => {})
    const pieces: Buffer[] = []
    await body.pour((piece) => pieces.push(Buffer.from(piece)))
    expect(Buffer.concat(pieces).equals(everything.subarray(0, 3_000_000))).toBe(true)
  })

  test('end a request whose bytes cannot be taken, and say why', async () => {
    await using here = await furnish()
    const body = new Body()
    const answer = await here.connections.compose(body.around).request(here.target)
    let calls = 0
    const pour = body.pour(() => {
      calls += 1
      return refuse()
    })
    await expect(pour).rejects.toThrow('no room')
    expect([answer.statusCode, calls]).toEqual([200, 1])
  })

  test('say why the bytes could not be taken, also when all of them came at once', async () => {
    await using here = await furnish()
    const body = new Body()
    await here.connections.compose(body.around).request({ ...here.target, headers: { range: 'bytes=0-99' } })
    await expect(body.pour(refuse)).rejects.toThrow('no room')
  })

  test('end with an answer that is no file', async () => {
    await using here = await furnish()
    here.hub.misbehave({ fault: { kind: 'ignore-range', status: 204 } })
    const body = new Body()
    const answer = await here.connections.compose(body.around).request(here.target)
    await body.pour(refuse)
    expect(answer.statusCode).toBe(204)
  })

  test('give up an answer that nobody wants', async () => {
    await using here = await furnish()
    const body = new Body()
    await here.connections.compose(body.around).request(here.target)
    await expect.poll(here.bytesRead).toBeGreaterThan(4 * MEBIBYTE)
    await expect(body.pour(() => {})).rejects.toThrow('nobody wants this answer')
  })

  test('tell of a host that takes none', async () => {
    await using here = await furnish()
    await here.hub.close()
    await expect(here.connections.request(here.target)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('tell of a host that ends in the middle', async () => {
    await using here = await furnish()
    here.hub.misbehave({ fault: { kind: 'reset', after: MEBIBYTE } })
    const body = new Body()
    await here.connections.compose(body.around).request(here.target)
    await expect(body.pour(() => {})).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
    })
  })
})
