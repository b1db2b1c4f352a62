import { describe, expect, test } from 'vitest'
import { eventStream } from '../../../src/api/event-stream.ts'
import type { Push } from '../../../src/api/event-stream.ts'

describe('an event stream', () => {
  test('writes events as clients read them', async () => {
    const response = eventStream({
      until: [],
      begin(push, _, end) {
        push({ id: 1, event: 'progress', data: { line: 'two\nlines' } })
        push({ data: 'plain' })
        end()
      },
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('id: 1\nevent: progress\ndata: {"line":"two\\nlines"}\n\ndata: "plain"\n\n')
  })

  test('ends when one of its signals aborts, and never begins after that', async () => {
    const revoked = new AbortController()
    const stream = () => eventStream({ until: [undefined, revoked.signal], begin: (push) => push({ data: 1 }) })
    const open = stream()
    revoked.abort()
    expect(await open.text()).toBe('data: 1\n\n')
    expect(await stream().text()).toBe('')
  })

  test('tells its teller when the reader leaves', async () => {
    const left = Promise.withResolvers<string>()
    const response = eventStream({
      until: [],
      begin: (_, signal) => signal.addEventListener('abort', () => left.resolve('left')),
    })
    await response.body?.cancel()
    expect(await left.promise).toBe('left')
  })

  test('lets nobody go for a snapshot that is larger than that', async () => {
    const response = eventStream({
      until: [],
      begin(push, _, end) {
        push({ event: 'snapshot', data: 'x'.repeat(3 * 1024 ** 2) })
        push({ data: 'next' })
        end()
      },
    })
    expect(await response.text()).toMatch(/x"\n\ndata: "next"\n\n$/)
  })

  test('lets a reader go that lags by more than a mebibyte', async () => {
    let push: Push | undefined
    let ended = false
    const response = eventStream({
      until: [],
      begin(tell, signal) {
        push = tell
        signal.addEventListener('abort', () => (ended = true))
      },
    })
    for (let count = 0; count < 20; count += 1) push?.({ data: 'x'.repeat(100_000) })
    expect(ended).toBe(true)
    expect((await response.text()).length).toBeLessThan(1.2 * 1024 ** 2)
  })
})
