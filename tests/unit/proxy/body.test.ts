import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Bodies } from '../../../src/proxy/body.ts'

/** A request whose body is sent by hand. */
function arriving() {
  const stream = Object.assign(new PassThrough(), { complete: false })
  stream.once('end', () => (stream.complete = true))
  return {
    incoming: stream as unknown as IncomingMessage,
    send: (bytes: number) => void stream.write(Buffer.alloc(bytes)),
    stream,
  }
}

/** One that has arrived as a whole. */
async function arrived(bodies: Bodies, bytes: number) {
  const { incoming, stream } = arriving()
  stream.end(Buffer.alloc(bytes))
  return bodies.read(incoming)
}

const crowded = { code: 'queue_full', retryAfterMs: 1000, message: expect.stringContaining('server.maxBodies') }

test('a body comes in one piece, in whatever pieces it was sent', async () => {
  const { incoming, stream } = arriving()
  const reading = new Bodies({ maxBody: 100, maxBodies: 100 }).read(incoming)
  for (const piece of ['one, ', 'two, ', 'three']) stream.write(piece)
  stream.end()
  expect((await reading).bytes.toString()).toBe('one, two, three')
})

test('a body that grows too large is refused while it comes, and counts no more', async () => {
  const bodies = new Bodies({ maxBody: 50, maxBodies: 60 })
  const { incoming, send } = arriving()
  const reading = bodies.read(incoming)
  send(40)
  send(20)
  await expect(reading).rejects.toMatchObject({
    code: 'request_too_large',
    message: expect.stringContaining('server.maxBody'),
  })
  await arrived(bodies, 50)
})

test('all bodies together may hold so much, until they are let go of', async () => {
  const bodies = new Bodies({ maxBody: 50, maxBodies: 60 })
  const first = await arrived(bodies, 50)
  const second = await arrived(bodies, 10)
  await expect(arrived(bodies, 1)).rejects.toMatchObject(crowded)
  second[Symbol.dispose]()
  second[Symbol.dispose]()
  await expect(arrived(bodies, 11)).rejects.toMatchObject(crowded)
  await arrived(bodies, 10)
  first[Symbol.dispose]()
  await arrived(bodies, 50)
})

test('those that are still on their way count with what has come', async () => {
  const bodies = new Bodies({ maxBody: 50, maxBodies: 60 })
  const slow = arriving()
  const reading = bodies.read(slow.incoming)
  slow.send(20)
  await turn()
  await expect(arrived(bodies, 50)).rejects.toMatchObject(crowded)
  slow.stream.destroy()
  await expect(reading).rejects.toThrow('the client left')
  await arrived(bodies, 50)
})

test('one alone may be as large as any, however little all may hold', async () => {
  const bodies = new Bodies({ maxBody: 50, maxBodies: 10 })
  using alone = await arrived(bodies, 50)
  expect(alone.bytes).toHaveLength(50)
  await expect(arrived(bodies, 1)).rejects.toMatchObject(crowded)
})
