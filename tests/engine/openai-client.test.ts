import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI, { APIUserAbortError, AuthenticationError, BadRequestError, NotFoundError } from 'openai'
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest'
import { chatCompletion } from '../../src/wire/openai.ts'
import { admin, follow, servers } from '../fixtures/admin.ts'
import { say } from '../fixtures/ask.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { noOtherModels, startGatewayProcess } from '../fixtures/start-gateway.ts'
import { recordingFetch } from '../fixtures/strict-wire.ts'

const engine = inject('engine')
const folder = await mkdtemp(join(tmpdir(), 'models-'))
/** A model on disk without a profile, and a profile of it under another name. */
const local = 'somebody/Scripted-4bit'
const model = 'gpt-4o-mini'
const weather = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
} as const

await using building = new AsyncDisposableStack()
building.defer(() => rm(folder, { recursive: true, force: true }))
await cp(engine.scripted, join(folder, local), { recursive: true })
const gateway = building.use(
  await startGatewayProcess({
    settings: {
      models: { ...noOtherModels, folders: [folder] },
      engines: { 'mlx-lm': { executable: engine.executable } },
      memory: { budget: '4GB' },
      auth: { required: true },
      profiles: [{ name: 'scripted', aliases: [model], model: local }],
    },
  }),
)
const live = building.use(await follow(gateway))
const { secret } = await admin(gateway, 'POST', '/keys', { name: 'test' })
const house = building.move()
afterAll(() => house.disposeAsync())

const wire = recordingFetch()
const clientWith = (apiKey: string) =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, fetch: wire.fetch, maxRetries: 0 })
const client = clientWith(secret)

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

/** Whatever was said in the test is as OpenAI publishes it. */
afterEach(() => wire.check())

const usageOf = (prompt: number, completion: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: { cached_tokens: expect.any(Number) },
})

describe('a chat', () => {
  test('is answered under the name that was asked for', async () => {
    const { data: answer, request_id: id } = await client.chat.completions.create(say(model, 'hello')).withResponse()
    expect(id).toMatch(/^req_/)
    expect(answer).toMatchObject({ model, usage: usageOf(29, 10) })
    expect(answer.choices).toMatchObject([{ finish_reason: 'stop', message: { content: hello, refusal: null } }])
  })

  test('streams, with its usage at the end', async () => {
    const stream = await client.chat.completions.create({
      ...say(model, 'utf8'),
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = await all(stream)
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Grüße, 東京 🙂 done.')
    expect(chunks.length).toBeGreaterThan(5)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: usageOf(28, 10) })
  })

  test('streams without usage where none is asked for', async () => {
    const stream = await client.chat.completions.create({ ...say(model, 'hello'), stream: true, stream_options: {} })
    const chunks = await all(stream)
    expect(chunks.filter((chunk) => 'usage' in chunk)).toEqual([])
    expect(chunks.at(-1)?.choices).toMatchObject([{ finish_reason: 'stop' }])
  })

  test('is put together by the client’s own helper as it was said', async () => {
    const stream = client.chat.completions.stream(say(model, 'json'))
    expect(await stream.finalContent()).toBe('{"city": "Paris", "population": 2100000}')
  })

  test('is cut at max_tokens', async () => {
    const answer = await client.chat.completions.create(say(model, 'count', { max_completion_tokens: 3 }))
    expect(answer.choices).toMatchObject([{ finish_reason: 'length', message: { content: 'zero one two' } }])
    expect(answer.usage).toMatchObject({ completion_tokens: 3 })
  })

  test('ends at a stop sequence, which is not said, with its usage right', async () => {
    const asked = say(model, 'hello', { stop: ['scripted', 'never'] })
    const answer = await client.chat.completions.create(asked)
    expect(answer.choices).toMatchObject([{ finish_reason: 'stop', message: { content: 'Hello from a ' } }])
    const stream = client.chat.completions.stream({ ...asked, stream_options: { include_usage: true } })
    expect(await stream.finalContent()).toBe('Hello from a ')
    const said = await client.chat.completions.create(say(model, 'hello', { max_tokens: 7 }))
    expect(said.choices[0]?.message.content).toBe('Hello from a scripted')
    for (const usage of [answer.usage, await stream.totalUsage()]) {
      expect(usage).toMatchObject({ prompt_tokens: said.usage?.prompt_tokens, completion_tokens: 7 })
    }
  })

  test('calls tools, and takes their results', async () => {
    const asked = say(model, 'tool', { tools: [weather] })
    const answer = await client.chat.completions.create(asked)
    expect(answer.choices).toMatchObject([{ finish_reason: 'tool_calls', message: { content: null } }])
    const [call] = answer.choices[0]?.message.tool_calls ?? []
    expect(call).toMatchObject({ function: { name: 'get_weather', arguments: '{"city": "Paris"}' } })

    const message = await client.chat.completions.stream(asked).finalMessage()
    expect(message.tool_calls).toMatchObject([{ type: 'function', function: { name: 'get_weather' } }])

    const { message: said } = answer.choices[0] ?? {}
    const content = [{ type: 'text' as const, text: 'say:hello' }]
    const results = { role: 'tool' as const, tool_call_id: call?.id ?? '', content }
    const messages = [...asked.messages, ...(said ? [said] : []), results]
    const next = await client.chat.completions.create({ model, messages, tools: [weather] })
    expect(next.choices).toMatchObject([{ finish_reason: 'stop', message: { content: hello } }])
  })

  test('calls several tools at once', async () => {
    const message = await client.chat.completions.stream(say(model, 'tool-two', { tools: [weather] })).finalMessage()
    const calls = message.tool_calls?.map((call) => call.type === 'function' && call.function.arguments)
    expect(calls).toEqual(['{"city": "Paris"}', '{"city": "Rome"}'])
  })

  test('that calls no tool where the engine says that it does is an ordinary answer', async () => {
    const answer = await client.chat.completions.create(say(model, 'tool-bad', { tools: [weather] }))
    expect(answer.choices).toMatchObject([{ finish_reason: 'stop' }])
  })

  test('thinks aloud under both names that clients look for', async () => {
    await client.chat.completions.create(say(model, 'think'))
    const { choices } = chatCompletion.parse(JSON.parse(wire.heard[0]?.text ?? ''))
    const thought = expect.stringContaining('Two and two make four.')
    expect(choices).toMatchObject([
      {
        message: {
          content: expect.stringContaining('The answer is 4.'),
          reasoning: thought,
          reasoning_content: thought,
        },
      },
    ])
    const stream = await client.chat.completions.create({ ...say(model, 'think'), stream: true })
    const deltas = (await all(stream)).flatMap(({ choices }) => choices.map(({ delta }) => delta))
    const told = (name: string) => deltas.map((delta) => Object(delta)[name] ?? '').join('')
    expect([told('reasoning'), told('reasoning_content')]).toEqual([thought, thought])
  })

  test.each([false, true])('tells the log probability of each token (stream: %s)', async (stream) => {
    const asked = say(model, 'hello', { logprobs: true, top_logprobs: 2 })
    const answer = await (stream
      ? client.chat.completions.stream(asked).finalChatCompletion()
      : client.chat.completions.create(asked))
    const content = answer.choices[0]?.logprobs?.content ?? []
    expect(content).toHaveLength(10)
    expect(content[0]).toMatchObject({ token: 'Hel', bytes: [72, 101, 108] })
    expect(content.map(({ top_logprobs: top }) => top.length)).toEqual(Array(10).fill(2))
    expect(content.filter(({ logprob }) => logprob > 0)).toEqual([])
  })

  test('gives n answers to one prompt, which is counted once', async () => {
    const answer = await client.chat.completions.create(say(model, 'hello', { n: 2 }))
    const message = { content: hello }
    expect(answer.choices).toMatchObject([
      { index: 0, message },
      { index: 1, message },
    ])
    expect(answer.usage).toMatchObject(usageOf(29, 20))
  })
})

describe('a text completion', () => {
  test('continues a text', async () => {
    const answer = await client.completions.create({ model, prompt: '<|say:hello|>' })
    expect(answer.choices).toMatchObject([{ finish_reason: 'stop', text: hello }])
    expect(answer.usage).toMatchObject(usageOf(1, 10))
  })

  test('continues each text of a list, in its order', async () => {
    const prompt = ['<|say:hello|>', '<|say:json|>']
    const answer = await client.completions.create({ model, prompt })
    expect(answer.choices.map(({ index, text }) => [index, text])).toEqual([
      [0, hello],
      [1, '{"city": "Paris", "population": 2100000}'],
    ])
    expect(answer.usage).toMatchObject({ prompt_tokens: 2 })
    const stream = await client.completions.create({ model, prompt, stream: true })
    const texts = ['', '']
    for await (const { choices } of stream) for (const { index, text } of choices) texts[index] += text
    expect(texts).toEqual(answer.choices.map(({ text }) => text))
  })

  test('tells the log probability of each token', async () => {
    const answer = await client.completions.create({ model, prompt: '<|say:hello|>', logprobs: 1 })
    const { tokens, token_logprobs, top_logprobs, text_offset } = answer.choices[0]?.logprobs ?? {}
    expect([tokens, token_logprobs, top_logprobs, text_offset].map((list) => list?.length)).toEqual([10, 10, 10, 10])
    expect(tokens?.[0]).toBe('Hel')
  })
})

describe('models', () => {
  test('are listed: the profiles, and what is on disk under its own id', async () => {
    const models = await all(client.models.list())
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(['scripted', local]))
  })

  test.each(['scripted', model, local])('%s is retrieved, and answers', async (name) => {
    expect(await client.models.retrieve(name)).toMatchObject({ id: name, object: 'model', context_length: 32_768 })
    const answer = await client.chat.completions.create(say(name, 'hello'))
    expect(answer).toMatchObject({ model: name, choices: [{ message: { content: hello } }] })
  })

  test('that nobody knows are not found, and the nearest is named', async () => {
    const missing = { status: 404, code: 'model_not_found', param: 'model' }
    const messages = [{ role: 'user' as const, content: 'hi' }]
    for (const ask of [
      () => client.models.retrieve('scripten'),
      () => client.chat.completions.create({ model: 'scripten', messages }),
      () => client.chat.completions.create({ model: 'scripten', messages, stream: true }),
      () => client.completions.create({ model: 'scripten', prompt: 'hi' }),
    ]) {
      const error = await ask().then(String, (error: unknown) => error)
      expect(error).toBeInstanceOf(NotFoundError)
      expect(error).toMatchObject({ ...missing, message: expect.stringContaining('scripted') })
    }
  })
})

describe('a client', () => {
  test.each([
    ['a wrong key', clientWith('wrong')],
    ['one that looks like ours', clientWith('mlxg_wrong')],
    ['none', client.withOptions({ defaultHeaders: { authorization: null } })],
  ])('with %s is not let in anywhere', async (_, stranger) => {
    for (const ask of [
      () => stranger.chat.completions.create(say(model, 'hello')),
      () => stranger.chat.completions.create({ ...say(model, 'hello'), stream: true }),
      () => stranger.models.list(),
    ]) {
      const error = await ask().then(String, (error: unknown) => error)
      expect(error).toBeInstanceOf(AuthenticationError)
      expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' })
    }
  })

  test('that asks for nonsense is told which field it is in', async () => {
    const error = await client.chat.completions
      .create(say(model, 'hello', { temperature: -1 }))
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ param: 'temperature', code: 'invalid_request' })
  })

  describe('that leaves', { timeout: 30_000 }, () => {
    /** What is known of the one that left, of the server, and what it says to the next. Served alone, a request with a seed is not begun
     *  before the one that was left has ended, which by itself would take minutes. */
    const afterwards = async (from: number) => {
      const { record } = await live.until('request.ended', ({ record }) => record.error === 'client_left', from)
      const next = await client.chat.completions.create(say(model, 'hello', { seed: 7 }))
      const server = (await servers(gateway)).servers.find(({ profile }) => profile === 'scripted')
      return { record, server, said: next.choices[0]?.message.content }
    }
    const idle = { record: { status: 499 }, server: { state: 'ready', active: 0, waiting: 0 }, said: hello }
    const endless = say(model, 'count', { max_tokens: 30_000 })

    test('in the middle of a stream ends its generation', async () => {
      const from = live.events.length
      const stream = await client.chat.completions.create({ ...endless, stream: true })
      let said = ''
      for await (const { choices } of stream) {
        said += choices[0]?.delta.content ?? ''
        if (said.includes(' three')) break
      }
      expect(await afterwards(from)).toMatchObject(idle)
    })

    test('before a whole answer is there ends its generation', async () => {
      const from = live.events.length
      const leaving = new AbortController()
      const answer = client.chat.completions.create(endless, { signal: leaving.signal })
      const { id } = await live.until('request.started', undefined, from)
      await live.until('request.first_token', (token) => token.id === id, from)
      leaving.abort()
      await expect(answer).rejects.toThrow(APIUserAbortError)
      expect(await afterwards(from)).toMatchObject(idle)
    })
  })
})
