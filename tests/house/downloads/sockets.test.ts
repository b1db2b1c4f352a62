import { setTimeout as wait } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { Body } from '../../../src/downloads/body.ts'
import { openLeanConnections } from '../../../src/downloads/lean-sockets.ts'
import { MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { certificate, generated, startFakeHub } from '../../fixtures/hub/fake-hub.ts'

const content = generated(9 * MEBIBYTE + 1)
const everything = content.read(0, content.bytes)

async function furnish(options: { tls?: boolean; pace?: number } = {}) {
  const hub = await startFakeHub(options)
  hub.add({ id: 'a/b', files: { 'model.safetensors': content, 'config.json': '{}' } })
  const read: number[] = []
  const connections = openLeanConnections({
    bite: 64 * 1024,
    read: (bytes) => read.push(bytes),
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
    bytesRead: () => read.reduce((sum, bytes) => sum + bytes, 0),
    connections,
    target,
    async [Symbol.asyncDispose]() {
      await connections.destroy()
      await hub.close()
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

  test('bring every byte to a reader that takes its time, too, and do not read ahead of it without end', async () => {
    await using here = await furnish()
    const { body } = await here.connections.compose(copying).request(here.target)
    expect(here.bytesRead()).toBeLessThan(MEBIBYTE)
    const pieces: Buffer[] = []
    for await (const piece of body) {
      pieces.push(Buffer.from(piece))
      if (pieces.length % 20 === 0) await wait(1)
      expect(here.bytesRead()).toBeLessThan(pieces.reduce((sum, { length }) => sum + length, MEBIBYTE))
    }
    expect(Buffer.concat(pieces).equals(everything)).toBe(true)
  })

  test('end a request whose bytes cannot be taken, and say why', async () => {
    await using here = await furnish()
    const body = new Body()
    const answer = await here.connections.compose(body.around).request(here.target)
    let calls = 0
    const pour = body.pour(() => {
      calls += 1
      throw new Error('no room')
    })
    await expect(pour).rejects.toThrow('no room')
    expect([answer.statusCode, calls]).toEqual([200, 1])
  })

  test('give up an answer that nobody wants', async () => {
    await using here = await furnish()
    const body = new Body()
    await here.connections.compose(body.around).request(here.target)
    await expect.poll(here.bytesRead).toBeGreaterThan(4 * MEBIBYTE)
    await expect(body.pour(() => {})).rejects.toThrow('nobody wants this answer')
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
