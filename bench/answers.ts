/** What the mock engine says, as bytes made once: the shapes of mlx_lm.server 0.32 over HTTP/1.1, kept alive, or HTTP/1.0, closed. */
import { stamp } from './words.ts'

export type HttpVersion = '1.0' | '1.1'

const facts =
  '"id": "chatcmpl-f4ef1ffa-685c-49a3-98d9-2a61a4dd7e56", "system_fingerprint": "0.32.2-0.32.4-mock", ' +
  '"object": "chat.completion.chunk", "model": "default_model", "created": 1795359953'
const text = 'The quick brown fox jumps over the lazy dog. '.repeat(16)
const counts =
  '"usage": {"prompt_tokens": 29, "completion_tokens": 160, "total_tokens": 189, "prompt_tokens_details": {"cached_tokens": 28}}'

export interface Answers {
  /** A whole answer of about 1 KB that was not asked to stream. */
  readonly whole: Buffer
  /** The same text as one event, with finish, usage and end. */
  readonly wholeAsStream: Buffer
  readonly streamHead: Buffer
  readonly streamEnd: Buffer
  /** One event of a paced stream, sent at this moment. */
  timed(ticks: number): string
  /** Events of an unpaced stream, as many as asked for. */
  block(events: number): Buffer
  readonly health: Buffer
  readonly models: Buffer
}

export function createAnswers(http: HttpVersion): Answers {
  const framed = http === '1.1'
  const status = framed ? 'HTTP/1.1 200 OK' : 'HTTP/1.0 200 OK\r\nConnection: close'
  const event = (payload: string): string => {
    const line = `data: ${payload}\n\n`
    return framed ? `${line.length.toString(16)}\r\n${line}\r\n` : line
  }
  const delta = (content: string): string =>
    event(
      `{${facts}, "choices": [{"index": 0, "finish_reason": null, "delta": {"role": "assistant", "content": "${content}"}}]}`,
    )
  const json = (body: string): Buffer =>
    Buffer.from(`${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)

  const head =
    `${status}\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n` +
    (framed ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n')
  const end =
    event(`{${facts}, "choices": [{"index": 0, "finish_reason": "stop", "delta": {"role": "assistant"}}]}`) +
    event(`{${facts.replace('completion.chunk', 'completion')}, "choices": [], ${counts}}`) +
    event('[DONE]') +
    (framed ? '0\r\n\r\n' : '')
  const [before = '', after = ''] = delta(stamp(0)).split(stamp(0))
  const choice = `{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "${text}"}}`

  return {
    whole: json(`{${facts.replace('completion.chunk', 'completion')}, "choices": [${choice}], ${counts}}`),
    wholeAsStream: Buffer.from(head + delta(text) + end),
    streamHead: Buffer.from(head),
    streamEnd: Buffer.from(end),
    timed: (ticks) => before + stamp(ticks) + after,
    block: (events) => Buffer.from(delta(stamp(0)).repeat(events)),
    health: json('{"status": "ok"}'),
    models: json('{"object": "list", "data": [{"id": "default_model", "object": "model", "created": 1795359953}]}'),
  }
}
