import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StreamBody } from '../../../src/proxy/stream-body.ts'

const say = (outgoing: ServerResponse): void => {
  const body = new StreamBody(outgoing)
  body.write('data: one\n\n', 'latin1')
  body.write('data: zwölf 🙂\n\n', 'utf8')
  body.end('data: [DONE ✓]\n\n')
}
const said = 'data: one\n\ndata: zwölf 🙂\n\ndata: [DONE ✓]\n\n'

const server = createServer((_, outgoing) => say(outgoing))

beforeEach(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
})

function port(): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Everything that comes back on one connection, which the last request ends. */
async function conversation(...heads: readonly string[]): Promise<string> {
  const socket = connect(port(), '127.0.0.1')
  for (const head of heads) socket.write(`${head}\r\nHost: here\r\n\r\n`)
  return text(socket)
}

test('what was written arrives, whatever its letters, in chunks that end', async () => {
  const answer = await fetch(`http://127.0.0.1:${port()}`)
  expect(answer.headers.get('transfer-encoding')).toBe('chunked')
  expect(await answer.text()).toBe(said)
})

test('each piece is one chunk, and the connection is kept for the next request', async () => {
  const both = await conversation('GET / HTTP/1.1', 'GET / HTTP/1.1\r\nConnection: close')
  const bodies = both.split(/HTTP\/1\.1 200 OK\r\n.*?\r\n\r\n/s).slice(1)
  const last = 'data: [DONE ✓]\n\n'
  const chunks = `b\r\ndata: one\n\n\r\n13\r\ndata: zwölf 🙂\n\n\r\n${Buffer.byteLength(last).toString(16)}\r\n${last}\r\n0\r\n\r\n`
  expect(bodies).toEqual([chunks, chunks])
})

test('who speaks HTTP/1.0 gets the text as it is, until the connection ends', async () => {
  const whole = await conversation('GET / HTTP/1.0')
  expect(whole).not.toMatch(/transfer-encoding/i)
  expect(whole.slice(whole.indexOf('\r\n\r\n') + 4)).toBe(said)
})
