/** The stand-in does wrong what it is told to do wrong. */
import { describe, expect, test } from 'vitest'
import { startFake } from '../fixtures/start-fake.ts'
import { say, streamed } from './asks.ts'
import { commentsOf, eventsOf, exchange, open, saidIn } from './exchange.ts'

const hello = 'Hello from a scripted model.'
const health = { method: 'GET', path: '/health' }
/** A streamed chat that names a fault in its message. */
const struck = (fault: string, more: object = {}) => streamed(`hello. fault:${fault}`, more)

export function faultsContract(): void {
  describe('a fault of an answer', () => {
    test.each([
      ['no-response', /^$/],
      ['status=503', /^HTTP\/1\.0 503 Service Unavailable\r\n[^]*\r\n\r\n\{"error": "the backend says 503"\}$/],
      ['html', /^HTTP\/1\.0 200 OK\r\nContent-type: text\/html\r\n\r\n<html>/],
      ['empty-200', /^HTTP\/1\.0 200 OK\r\n[^]*\r\n\r\n$/],
      ['wrong-type', /Content-type: text\/plain/],
      ['redirect=http://127.0.0.1:1/', /^HTTP\/1\.0 302 Found\r\nLocation: http:\/\/127\.0\.0\.1:1\/\r\n/],
      ['garbage-chunked', /^HTTP\/1\.1 200 OK\r\n[^]*\r\nzz\r\n/],
      ['unstreamed', /\r\n\r\n\{"id": .*"message"/],
      ['cut=2', /"fro|"lo "\}\}\]\}\n\n$/],
      ['no-done', /"usage"[^\n]*\n\n$/],
      ['no-finish', /^(?![^]*"finish_reason": "stop")[^]*data: \[DONE\]\n\n$/],
      ['no-usage', /^(?![^]*"usage")[^]*data: \[DONE\]\n\n$/],
      ['error-event=2', /data: \{"error": \{"message": [^\n]*\n\ndata: \[DONE\]\n\n$/],
      ['bad-json=1', /data: \{"id": "chatcmpl-0", "choices": \[\{"ind\n\n/],
      ['half-utf8=1', /"content": "\xe6\x9dHel"/],
      ['event-only', /^(?![^]*data: \{)[^]*event: message\n\n/],
      ['no-blank-line', /"Hel"\}\}\]\}\ndata: /],
      ['cr-only', /"Hel"\}\}\]\}\r\rdata: /],
      ['crlf', /"Hel"\}\}\]\}\r\n\r\ndata: /],
      ['bom', /\r\n\r\n\xef\xbb\xbf: keepalive/],
      ['endless-line=200000', /x{200000}$/],
      ['huge=300000', /"x{300000}"/],
      ['first-byte=1,first-event=1,slow-tokens=1', /\[DONE\]/],
    ])('%s is on the wire', async (fault, wire) => {
      await using fake = await startFake(['--mode', fault])
      const answer = await exchange(fake.port, streamed('hello', { stream_options: { include_usage: true } }))
      expect(answer.raw).toMatch(wire)
    })

    test('raw-utf8 sends characters as they are', async () => {
      await using fake = await startFake(['--mode', 'raw-utf8'])
      expect(Buffer.from((await exchange(fake.port, streamed('utf8'))).raw, 'latin1').toString()).toContain('"東"')
    })

    test('is named by a message, ordered at run time for some requests, or set from the start for all but the first', async () => {
      await using fake = await startFake(['--mode', 'status=500', '--after', '1', '--times', '1'])
      const status = async (asked: object = say('hello')) => (await exchange(fake.port, asked)).status
      expect([await status(), await status(), await status()]).toEqual([200, 500, 200])
      await fake.fault('status=503', { after: 1, times: 1 })
      expect([await status(), await status(), await status()]).toEqual([200, 503, 200])
      expect([await status(say('hello fault:status=404')), await status()]).toEqual([404, 200])
      await expect(fake.fault('unheard-of')).rejects.toThrow('no fault "unheard-of"')
    })

    test('prefill counts up, and prefill-stuck never does', async () => {
      await using fake = await startFake()
      const growing = await exchange(fake.port, struck('prefill=3 fault:prefill-ms=1'))
      expect(commentsOf(growing).slice(0, 3)).toEqual([2048, 4096, 6144].map((read) => `: keepalive ${read}/8192`))
      expect(saidIn(growing, 'content')).toBe(hello)
      const stuck = open(fake.port, struck('prefill-stuck fault:prefill-ms=1'))
      await stuck.until(': keepalive 2048/8192\n\n: keepalive 2048/8192')
      stuck.leave()
      await fake.seen({ running: 0 })
    })

    test.each(['stall=2', 'silent'])('%s keeps the connection open until the client leaves', async (fault) => {
      await using fake = await startFake()
      const stalled = open(fake.port, struck(fault))
      await fake.seen({ requests: 1, tokens: fault === 'silent' ? 0 : 3 })
      stalled.leave()
      const [request] = (await fake.seen({ left: 1, ended: 1, running: 0 })).requests
      expect(request?.state).toBe('cut')
    })

    test('zombie says it is well and never moves again', async () => {
      await using fake = await startFake()
      const running = open(fake.port, streamed('count', { max_tokens: 30_000 }))
      await running.until(' two')
      const zombie = open(fake.port, struck('zombie'))
      const late = open(fake.port, streamed('hello'))
      const { requests } = await fake.seen({ requests: 3, queued: 2 })
      expect((await exchange(fake.port, health)).status).toBe(200)
      const told = requests[0]?.tokens
      await exchange(fake.port, health)
      expect((await fake.seen()).requests[0]?.tokens).toBe(told)
      for (const left of [running, zombie, late]) left.leave()
    })

    test('dead-thread ends service as a request of death does', async () => {
      await using fake = await startFake()
      expect((await exchange(fake.port, struck('dead-thread'))).status).toBe(404)
      expect((await exchange(fake.port, health)).status).toBe(503)
    })
  })

  describe('a fault of the process', () => {
    test.each([
      ['crash', /^$/, 'SIGKILL'],
      ['crash-mid=2', /"lo "\}\}\]\}\n\n$/, 'SIGKILL'],
      ['metal-oom=1', /"Hel"\}\}\]\}\n\n$/, 'SIGABRT'],
    ])('%s ends it', async (fault, wire, signal) => {
      await using fake = await startFake()
      expect((await exchange(fake.port, struck(fault))).raw).toMatch(wire)
      expect((await fake.exited).signal).toBe(signal)
      expect(fake.stderr().includes('Insufficient Memory')).toBe(signal === 'SIGABRT')
    })

    test('reset breaks the connection off', async () => {
      await using fake = await startFake()
      await expect(exchange(fake.port, struck('reset=1'))).rejects.toThrow('ECONNRESET')
    })

    test('freeze stops it where only SIGKILL ends it', async () => {
      await using fake = await startFake()
      const frozen = open(fake.port, struck('freeze'))
      fake.kill('SIGTERM')
      fake.kill('SIGKILL')
      expect((await fake.exited).signal).toBe('SIGKILL')
      expect((await frozen.ended.catch(() => ({ raw: '' }))).raw).toBe('')
    })

    test('slow-load opens the port at once and answers later', async () => {
      await using fake = await startFake(['--mode', 'slow-load=200'])
      const waiting = exchange(fake.port, say('hello'))
      expect((await exchange(fake.port, health)).status).toBe(200)
      expect((await fake.seen({ queued: 1 })).running).toBe(0)
      expect((await waiting).status).toBe(200)
    })

    test('exit-at-once says why', async () => {
      await expect(startFake(['--mode', 'exit-at-once=3'])).rejects.toThrow('Model type nope not supported')
    })

    test('crash-after ends it by itself', async () => {
      await using fake = await startFake(['--mode', 'crash-after=1'])
      expect((await fake.exited).signal).toBe('SIGKILL')
    })

    test('ignore-term and ignore-int leave only SIGKILL', async () => {
      await using fake = await startFake(['--mode', 'ignore-term,ignore-int'])
      fake.kill('SIGTERM')
      fake.kill('SIGINT')
      expect((await exchange(fake.port, say('hello'))).status).toBe(200)
      fake.kill('SIGKILL')
      expect((await fake.exited).signal).toBe('SIGKILL')
    })

    test('sigint-abort ends it by SIGABRT, and a second SIGINT at once', async () => {
      await using first = await startFake(['--mode', 'sigint-abort,sigint-slow=1'])
      first.kill('SIGINT')
      expect((await first.exited).signal).toBe('SIGABRT')
      await using second = await startFake(['--mode', 'sigint-slow=60000'])
      second.kill('SIGINT')
      second.kill('SIGINT')
      await exchange(second.port, health).catch(() => {})
      second.kill('SIGINT')
      expect((await second.exited).signal).toBe('SIGINT')
    })

    test('grandchild outlives it, holding its pipes', async () => {
      await using fake = await startFake(['--mode', 'grandchild'])
      const { grandchild = 0 } = await fake.seen()
      fake.kill('SIGKILL')
      await fake.exited
      expect(process.kill(grandchild, 'SIGKILL')).toBe(true)
    })

    test('flood and balloon burden the machine while it serves', async () => {
      await using fake = await startFake(['--mode', 'flood=500000,balloon=1000000'])
      await fake.said('x'.repeat(1000))
      expect(eventsOf(await exchange(fake.port, streamed('hello'))).at(-1)).toBe('[DONE]')
    })
  })
}
