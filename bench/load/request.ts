/** The bytes of one chat request. */
import { streamOrder, type StreamOrder } from '../words.ts'
import type { Target } from './job.ts'

const line = 'The quick brown fox jumps over the lazy dog, and the dog does not mind.\n'
const messageBytes = 4096

/** A conversation in messages of up to 4 KB, as text of a chat or an agent is, whose body is about `bodyBytes` long. */
export function chatRequest(target: Target, bodyBytes: number, order?: StreamOrder): Buffer {
  const messages = [{ role: 'system', content: 'You are a benchmark.' }]
  for (let left = bodyBytes - 256; left > 0; left -= messageBytes) {
    const length = Math.min(left, messageBytes)
    messages.push({
      role: messages.length % 2 === 1 ? 'user' : 'assistant',
      content: line.repeat(Math.ceil(length / line.length)).slice(0, length),
    })
  }
  messages.push({ role: 'user', content: order === undefined ? 'Go on.' : streamOrder(order) })
  const stream = order === undefined ? { stream: false } : { stream: true, stream_options: { include_usage: true } }
  const body = JSON.stringify({ model: target.model, messages, temperature: 0.7, max_tokens: 4096, ...stream })
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: 127.0.0.1:${target.port}`,
    'User-Agent: mlx-gateway-bench',
    'Accept: application/json',
    'Content-Type: application/json',
    ...(target.key === undefined ? [] : [`Authorization: Bearer ${target.key}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
