import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { chatCompletion, errorBody } from '../../src/wire/openai.ts'
import { follow, servers } from '../fixtures/admin.ts'
import { ask, type Said, say } from '../fixtures/ask.ts'
import { endless, hello, stream } from '../fixtures/gateway/client.ts'
import { noOtherModels, startGatewayProcess } from '../fixtures/start-gateway.ts'
import { checkWire } from '../fixtures/strict-wire.ts'

const engine = inject('engine')
const model = 'scripted'

await using building = new AsyncDisposableStack()
const gateway = building.use(
  await startGatewayProcess({
    settings: {
      models: noOtherModels,
      engines: { 'mlx-lm': { executable: engine.executable } },
      memory: { budget: '4GB' },
      profiles: [{ name: model, model: engine.scripted }],
    },
  }),
)
/** Another client's stream, from before the first request to after the last. */
const other = stream(gateway.url, endless(model))
building.defer(other.leave)
await other.until(' three')
const live = building.use(await follow(gateway))
const before = await processes()
const house = building.move()
afterAll(() => house.disposeAsync())

/** Of the server: the leader of its group, and who is in that. */
async function processes(): Promise<readonly (number | null)[]> {
  const [server] = (await servers(gateway)).servers
  const members = await createHost().group(server?.pid ?? 0)
  return [server?.pid ?? null, ...members.map(({ pid }) => pid).sort((one, two) => one - two)]
}

/** What a chat or a completion is told, while the other stream goes on. */
async function told(path: '/chat/completions' | '/completions', body: string | Buffer | object): Promise<Said> {
  const said = await ask(gateway.url, path, body)
  const whole = { path: `/v1${path}`, status: said.status, text: said.text, whole: true }
  checkWire({ ...whole, contentType: said.headers['content-type'] ?? '' })
  await other.more()
  return said
}

const chat = (body: string | Buffer | object) => told('/chat/completions', body)
const complete = (body: object) => told('/completions', { model, ...body })
const content = (...parts: object[]) => ({ model, messages: [{ role: 'user', content: parts }] })
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
/** JSON as no JSON library writes it. */
const written = (fields: string) => `{"model":"${model}","messages":[{"role":"user","content":"say:hello"}],${fields}}`

function refusal({ status, text }: Said) {
  const { param, code, message } = errorBody.parse(JSON.parse(text)).error
  return { status, code, param, named: param === null || message.includes(param) }
}

const refused = (param: string | null, code = 'invalid_request') => ({ status: 400, code, param, named: true })

/** What a chat was answered. */
function answer({ status, text }: Said): unknown {
  return status === 200 ? chatCompletion.parse(JSON.parse(text)).choices[0]?.message.content : text
}

describe('refused with the name of its field is', () => {
  test.each<[string, string, object]>([
    ['a logit bias far outside the vocabulary', 'logit_bias.10000000', { logit_bias: { 10_000_000: 1 } }],
    ['a logit bias beyond 64 bits', `logit_bias.${'9'.repeat(20)}`, { logit_bias: { ['9'.repeat(20)]: 1 } }],
    ['a negative logit bias', 'logit_bias.-1', { logit_bias: { '-1': 1 } }],
    ['a logit bias that is null', 'logit_bias.5', { logit_bias: { 5: null } }],
    ['a top_k over the vocabulary', 'top_k', { top_k: 1_000_000, temperature: 1 }],
    ['an xtc_threshold over a half', 'xtc_threshold', { xtc_threshold: 0.6, xtc_probability: 0.5, temperature: 1 }],
    ['a stop that is a number', 'stop', { stop: 5 }],
    ['a stop list with a number', 'stop[1]', { stop: ['a', 5] }],
    ['a stop list with null', 'stop[0]', { stop: [null] }],
    ['a negative seed', 'seed', { seed: -1 }],
    ['a seed beyond 64 bits', 'seed', { seed: 2 ** 64 }],
    ['a field nested as deep as Python goes', 'metadata', { metadata: JSON.parse(nested(500)) }],
  ])('%s', async (_, param, fields) => {
    expect(refusal(await chat(say(model, 'hello', fields)))).toEqual(refused(param))
    expect(refusal(await chat(say(model, 'hello', { ...fields, stream: true })))).toEqual(refused(param))
    expect(refusal(await complete({ prompt: '<|say:hello|>', ...fields }))).toEqual(refused(param))
  })

  test('what lies at the edge of the vocabulary; what lies before it is answered', async () => {
    const { vocab_size: size } = JSON.parse(await readFile(join(engine.scripted, 'config.json'), 'utf8'))
    expect(refusal(await chat(say(model, 'hello', { logit_bias: { [size]: 1 } })))).toEqual(
      refused(`logit_bias.${size}`),
    )
    expect(refusal(await chat(say(model, 'hello', { top_k: size, temperature: 1 })))).toEqual(refused('top_k'))
    expect(answer(await chat(say(model, 'hello', { logit_bias: { [size - 1]: -1 }, top_k: size - 1 })))).toBe(hello)
  })

  test.each<[string, string, unknown]>([
    ['an empty prompt', 'prompt', ''],
    ['an empty prompt among others', 'prompt[1]', ['<|say:hello|>', '']],
    ['a list without a prompt', 'prompt', []],
    ['a list of token ids', 'prompt[0]', [1, 2]],
    ['a list of lists of token ids', 'prompt[0]', [[1], [2]]],
  ])('%s', async (_, param, prompt) => {
    expect(refusal(await complete({ prompt }))).toEqual(refused(param))
  })

  test.each([
    ['truncation', { truncation: true, max_length: 0 }],
    ['tokenize', { tokenize: false }],
    ['return_tensors', { return_tensors: 'np' }],
  ])('%s among the variables of the template, which would leave no prompt', async (name, given) => {
    expect(refusal(await chat(say(model, 'hello', { chat_template_kwargs: given })))).toEqual(
      refused(`chat_template_kwargs.${name}`),
    )
  })

  test('an image, which is not fetched from where it is said to be', async () => {
    let visits = 0
    const victim = createServer((_, outgoing) => {
      visits += 1
      outgoing.end()
    }).listen(0, '127.0.0.1')
    await once(victim, 'listening')
    const address = victim.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/secret.png`
    const image = { type: 'image_url', image_url: { url } }
    expect(refusal(await chat(content({ type: 'text', text: 'say:hello' }, image)))).toEqual(
      refused('messages[0].content[1]'),
    )
    victim.close()
    await once(victim, 'close')
    expect(visits).toBe(0)
  })

  test('a part that no model here takes', async () => {
    const audio = { type: 'input_audio', input_audio: { data: '', format: 'wav' } }
    expect(refusal(await chat(content(audio)))).toEqual(refused('messages[0].content[0].type'))
  })

  test('a past tool call whose arguments are no JSON', async () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":' } }
    const messages = [{ role: 'assistant', tool_calls: [call] }, ...say(model, 'hello').messages]
    expect(refusal(await chat({ model, messages }))).toEqual(refused('messages[0].tool_calls[0].function.arguments'))
  })

  test.each(['temperature', 'top_p', 'presence_penalty'])('a %s that JSON.parse reads as infinite', async (field) => {
    expect(refusal(await chat(written(`"${field}":1e400`)))).toEqual(refused(field))
  })
})

describe('refused as no JSON is', () => {
  test.each<[string, string | Buffer]>([
    ['NaN', written('"temperature":NaN')],
    ['NaN in a penalty', written('"frequency_penalty":NaN')],
    ['Infinity', written('"temperature":Infinity')],
    ['a body that is not UTF-8', Buffer.from(written('"user":"Grüße"'), 'latin1')],
    ['a body that is cut', written('"user":"x"').slice(0, -1)],
    ['a list', '[]'],
  ])('%s', async (_, body) => {
    expect(refusal(await chat(body))).toEqual(refused(null, 'invalid_json'))
  })

  test('nesting as deep as 100,000 levels, whatever field it is in', async () => {
    expect(refusal(await chat(written(`"metadata":${nested(100_000)}`)))).toEqual(refused('metadata'))
    const kwargs = `"chat_template_kwargs":{"a":${nested(100_000)}}`
    expect(refusal(await chat(written(kwargs)))).toEqual(refused('chat_template_kwargs'))
  })
})

describe('answered as it should be, though the server would not, is', () => {
  test('a list of prompts', async () => {
    const { status, text } = await complete({ prompt: ['<|say:hello|>', '<|say:utf8|>'] })
    expect([status, JSON.parse(text).choices]).toMatchObject([200, [{ text: hello }, { text: 'Grüße, 東京 🙂 done.' }]])
  })

  test.each<[string, object]>([
    ['a temperature that would make it garbage', { temperature: 1e-30 }],
    ['whole numbers where it wants fractions', { xtc_probability: 0, xtc_threshold: 0 }],
    ['other whole numbers where it wants fractions', { xtc_probability: 1, xtc_threshold: 0, temperature: 0 }],
    ['a top_k of -1', { top_k: -1 }],
    ['a template of the client’s own', { chat_template_kwargs: { chat_template: 'say:count' } }],
    ['other weights', { adapters: '/nowhere', draft_model: 'nobody/nothing', num_draft_tokens: 5 }],
    ['other roles', { role_mapping: { user: 'say:count' } }],
    ['nothing but nulls', { max_tokens: null, temperature: null, top_p: null, xtc_probability: null, logprobs: null }],
    ['a lone surrogate', { user: '\ud800' }],
  ])('%s', async (_, fields) => {
    expect(answer(await chat(say(model, 'hello', fields)))).toBe(hello)
  })

  test.each(['{}', 'null', '{"include_usage":false}'])(
    'a stream with stream_options %s, to its end',
    async (options) => {
      const { text } = await chat(written(`"stream":true,"stream_options":${options}`))
      expect(text).toMatch(/data: \[DONE\]\n\n$/)
    },
  )

  test('a stop word within a token, which ends the answer', async () => {
    const { text } = await chat(say(model, 'hello', { stop: ['ript'] }))
    expect(JSON.parse(text).choices).toMatchObject([{ message: { content: 'Hello from a sc' }, finish_reason: 'stop' }])
  })

  test('a repeated key, of which the last counts', async () => {
    expect(answer(await chat(written('"stop":5,"stop":"never"')))).toBe(hello)
    expect(refusal(await chat(written('"stop":"never","stop":5')))).toEqual(refused('stop'))
  })
})

test('no other client’s stream was broken, and the same server serves on', async () => {
  expect(answer(await chat(say(model, 'hello')))).toBe(hello)
  expect(await processes()).toEqual(before)
  expect(live.events.filter(({ type }) => /^server\.(?!measured|changed)|trouble$/.test(type))).toEqual([])
  const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
  const events = other
    .text()
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .slice(0, -1)
  const said = events.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content.trim())
  expect(said.length).toBeGreaterThan(100)
  expect(said).toEqual(said.map((_, position) => words[position % 10]))
})
