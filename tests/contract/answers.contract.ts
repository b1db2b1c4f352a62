/** The shapes of good answers. */
import { describe, expect, test } from 'vitest'
import { commentsOf, eventsOf, exchange, parsed, saidIn } from './exchange.ts'
import { say, streamed } from './asks.ts'

const usage = { stream_options: { include_usage: true } }
const paris = { name: 'get_weather', arguments: '{"city": "Paris"}' }
const rome = { name: 'get_weather', arguments: '{"city": "Rome"}' }
const id = expect.stringMatching(/^[0-9a-f-]{36}$/)

export function answersContract(port: () => number): void {
  const whole = async (name: string, more: object = {}) => parsed(await exchange(port(), say(name, more)))
  const events = async (name: string, more: object = {}) => eventsOf(await exchange(port(), streamed(name, more)))

  describe('a whole chat', () => {
    test('has a length, a type, and CORS for everybody', async () => {
      const { raw, headers, body } = await exchange(port(), say('hello'))
      expect(raw).toMatch(/^HTTP\/1\.0 200 OK\r\nServer: BaseHTTP\/0\.6 Python\//)
      expect([...headers.keys()]).toEqual([
        'server',
        'date',
        'content-type',
        'access-control-allow-origin',
        'access-control-allow-methods',
        'access-control-allow-headers',
        'content-length',
      ])
      expect(headers.get('content-length')).toBe(String(body.length))
    })

    test('is written with a space after commas and colons, its fields in order, and counts its tokens', async () => {
      const { body } = await exchange(port(), say('hello', { model: 'default_model' }))
      const start =
        /^\{"id": "chatcmpl-[0-9a-f-]{36}", "system_fingerprint": "[^"]+", "object": "chat\.completion", "model": "default_model", "created": \d+, /
      expect(body).toMatch(start)
      expect(body).toContain(
        '"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello from a scripted model."}}], "usage": {"prompt_tokens": 29, "completion_tokens": 10, "total_tokens": 39, "prompt_tokens_details": {"cached_tokens": ',
      )
    })

    test('is null where nothing is said, and says when it was cut short', async () => {
      expect((await whole('empty')).choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: null } })
      const cut = await whole('hello', { max_tokens: 4 })
      expect(cut.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Hello from a' } })
      expect(cut.usage.completion_tokens).toBe(4)
    })

    test('prefers max_completion_tokens', async () => {
      const cut = await whole('hello', { max_tokens: 9, max_completion_tokens: 1 })
      expect(cut.choices[0].message.content).toBe('Hel')
    })

    test('says how much of the prompt it knew before', async () => {
      await whole('json')
      expect((await whole('json')).usage).toMatchObject({
        prompt_tokens: 28,
        prompt_tokens_details: { cached_tokens: 27 },
      })
    })

    test('has log probabilities in a shape of its own', async () => {
      const { logprobs } = (await whole('hello', { max_tokens: 2, logprobs: true, top_logprobs: 2 })).choices[0]
      expect(logprobs.content).toHaveLength(2)
      expect(logprobs.content[1]).toMatchObject({ id: 257, token: 'loĠ', logprob: 0, top_logprobs: [{ id: 257 }, {}] })
      const bare = (await whole('hello', { max_tokens: 1, logprobs: true })).choices[0].logprobs
      expect(bare).toEqual({ content: [{ id: 256, logprob: 0 }] })
    })

    test('thinks in a field named reasoning', async () => {
      const { message } = (await whole('think')).choices[0]
      expect(message).toEqual({
        role: 'assistant',
        content: '\n\nThe answer is 4.',
        reasoning: '\nTwo and two make four.\n',
      })
    })

    test('has no content where a thought is never closed', async () => {
      const { message, finish_reason } = (await whole('think-open')).choices[0]
      expect(message).toEqual({ role: 'assistant', content: null, reasoning: '\nThis thought has no end' })
      expect(finish_reason).toBe('stop')
    })

    test('calls tools, without an index, whether or not any were named', async () => {
      const { message, finish_reason } = (await whole('tool')).choices[0]
      expect(message).toEqual({
        role: 'assistant',
        content: null,
        tool_calls: [{ function: paris, type: 'function', id }],
      })
      expect(finish_reason).toBe('tool_calls')
    })

    test('has a stray line end between two calls, or between a thought and a call', async () => {
      const two = (await whole('tool-two')).choices[0].message
      expect(two.content).toBe('\n')
      expect(two.tool_calls.map((call: { function: object }) => call.function)).toEqual([paris, rome])
      expect((await whole('tool-think')).choices[0].message.content).toBe('\n')
    })

    test.each(['tool-bad', 'tool-cut'])('says tool_calls and has none after %s', async (name) => {
      const { message, finish_reason } = (await whole(name)).choices[0]
      expect(message).toEqual({ role: 'assistant', content: null })
      expect(finish_reason).toBe('tool_calls')
    })

    test('has a stop word cut out, and goes on after it', async () => {
      const { message, finish_reason } = (await whole('hello', { stop: ['scripted'] })).choices[0]
      expect(message.content).toBe('Hello from a  model.')
      expect(finish_reason).toBe('stop')
    })

    test('counts the tokens of tools, of calls in the past and of parts', async () => {
      const tools = [
        { type: 'function', function: { name: 'f', description: 'é', parameters: { type: 'object', properties: {} } } },
      ]
      const tool_calls = [{ id: 'x', type: 'function', function: { name: 'f', arguments: '{"a":[1,"ü"]}' } }]
      const messages = [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'assistant', content: null, tool_calls },
        { role: 'user', content: 'say:empty.' },
      ]
      const { usage } = parsed(await exchange(port(), { body: { messages, tools } }))
      expect(usage.prompt_tokens).toBe(253)
    })
  })

  describe('a streamed chat', () => {
    test('has no length, and begins with comments that count the prompt to its end', async () => {
      const answer = await exchange(port(), streamed('utf8', { seed: 3 }))
      expect([...answer.headers.keys()]).toEqual([
        'server',
        'date',
        'content-type',
        'cache-control',
        'access-control-allow-origin',
        'access-control-allow-methods',
        'access-control-allow-headers',
      ])
      expect(answer.headers.get('content-type')).toBe('text/event-stream')
      expect(commentsOf(answer)[0]).toMatch(/^: keepalive 0\/\d+$/)
      expect(commentsOf(answer).at(-1)).toMatch(/^: keepalive (\d+)\/\1$/)
      expect(answer.body.lastIndexOf(': keepalive')).toBeLessThan(answer.body.indexOf('data: '))
    })

    test('has the role in every delta, one id, no usage unless asked, and [DONE] at its end', async () => {
      const all = await events('hello')
      const chunks = all.slice(0, -1)
      expect(all.at(-1)).toBe('[DONE]')
      expect(new Set(chunks.map((chunk) => `${chunk.id} ${chunk.object}`)).size).toBe(1)
      expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', choices: [{ index: 0, finish_reason: null }] })
      expect(chunks.map((chunk) => chunk.choices[0].delta.role)).toEqual(chunks.map(() => 'assistant'))
      expect(chunks.at(-1).choices).toEqual([{ index: 0, finish_reason: 'stop', delta: { role: 'assistant' } }])
      expect(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join('')).toBe('Hello from a scripted model.')
      expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false)
    })

    test('tells its usage in an event that calls itself a whole answer', async () => {
      const told = (await events('hello', usage)).at(-2)
      expect(told).toMatchObject({
        object: 'chat.completion',
        choices: [],
        usage: { completion_tokens: 10, total_tokens: 39 },
      })
    })

    test.each([[{}], [true]])(
      'ends without usage and without [DONE] where stream_options is %j',
      async (stream_options) => {
        const all = await events('hello', { stream_options })
        expect(all.at(-1).choices[0].finish_reason).toBe('stop')
      },
    )

    test('escapes what is not ASCII, and keeps a character whole that is cut between tokens', async () => {
      const answer = await exchange(port(), streamed('utf8'))
      expect(answer.body).toContain('"content": "Gr\\u00fc\\u00df"')
      expect(saidIn(answer, 'content')).toBe('Grüße, 東京 🙂 done.')
    })

    test('thinks, and then speaks', async () => {
      const answer = await exchange(port(), streamed('think'))
      expect(saidIn(answer, 'reasoning')).toBe('\nTwo and two make four.\n')
      expect(saidIn(answer, 'content')).toBe('\n\nThe answer is 4.')
    })

    test('has each tool call whole in one event, with an index', async () => {
      const deltas = (await events('tool-two')).slice(0, -1).map((event) => event.choices[0].delta)
      expect(deltas).toEqual([
        { role: 'assistant', content: '\n', tool_calls: [{ function: paris, type: 'function', id, index: 0 }] },
        { role: 'assistant', tool_calls: [{ function: rome, type: 'function', id, index: 1 }] },
        { role: 'assistant' },
      ])
    })

    test('has an empty delta in place of a broken call', async () => {
      const [first, last] = await events('tool-bad')
      expect(first.choices).toEqual([{ index: 0, finish_reason: null, delta: { role: 'assistant' } }])
      expect(last.choices[0].finish_reason).toBe('tool_calls')
    })

    test('loses a call that is cut short by max_tokens', async () => {
      const [last, done] = await events('tool', { max_tokens: 10 })
      expect(last.choices).toEqual([{ index: 0, finish_reason: 'length', delta: { role: 'assistant' } }])
      expect(done).toBe('[DONE]')
    })

    test('never ends by itself where the script does not, only at max_tokens', async () => {
      const answer = await exchange(port(), streamed('count', { max_tokens: 12 }))
      expect(saidIn(answer, 'content')).toBe('zero one two three four five six seven eight nine zero one')
    })
  })

  describe('a text completion', () => {
    const request = { prompt: 'Go on: <|say:hello|>', max_tokens: 32 }

    test('has text in place of a message', async () => {
      const body = parsed(await exchange(port(), { path: '/v1/completions', body: request }))
      expect(body).toMatchObject({
        id: expect.stringMatching(/^cmpl-/),
        object: 'text_completion',
        usage: { prompt_tokens: 8 },
      })
      expect(body.choices).toEqual([{ index: 0, finish_reason: 'stop', text: 'Hello from a scripted model.' }])
    })

    test('has text in every event of a stream, the last included', async () => {
      const all = eventsOf(
        await exchange(port(), { path: '/v1/completions', body: { ...request, stream: true, ...usage } }),
      )
      const chunks = all.slice(0, -2)
      expect(chunks.map((chunk) => chunk.choices[0].text).join('')).toBe('Hello from a scripted model.')
      expect(chunks.at(-1).choices).toEqual([{ index: 0, finish_reason: 'stop', text: '' }])
      expect(all.at(-2).object).toBe('chat.completion')
      expect(all.at(-1)).toBe('[DONE]')
    })
  })
}
