import { describe, expect, test } from 'vitest'
import { eventsIn, type SentEvent } from '../../../../admin-ui/src/parts/events-in.ts'

async function read(...pieces: readonly (string | Uint8Array)[]) {
  const encoder = new TextEncoder()
  const body = ReadableStream.from(pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece)))
  const events: SentEvent[] = []
  for await (const event of eventsIn(body)) events.push(event)
  return events
}

describe('the events of an answer', () => {
  test('come with their names, in their order, without the comments between them', async () => {
    expect(await read(': alive\n\nevent: progress\ndata: {"bytes":1}\n\n', 'data: plain\n\n')).toEqual([
      { event: 'progress', data: '{"bytes":1}' },
      { event: 'message', data: 'plain' },
    ])
  })

  test('are put together again wherever the network cut them, also within a letter', async () => {
    const bytes = new TextEncoder().encode('event: e\r\ndata: grün\r\ndata: zwei\r\n\r\n')
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte))
    expect(await read(...pieces)).toEqual([{ event: 'e', data: 'grün\nzwei' }])
  })

  test('end where the answer does; one that was broken off is left out', async () => {
    expect(await read('data: whole\n\ndata: hal')).toEqual([{ event: 'message', data: 'whole' }])
  })
})
