import { expect, test } from 'vitest'
import type { Served } from '../../../src/catalog/catalog.ts'
import type { Dialect } from '../../../src/engines/engines.ts'
import { readCall, type Endpoint } from '../../../src/proxy/call.ts'
import { bodyOf, type Job, rewrite } from '../../../src/proxy/rewrite.ts'

const served = (profile: object = {}, model: object = { vocabSize: 320, capabilities: ['chat'] }): Served =>
  ({ profile: { name: 'p', defaults: {}, force: {}, ...profile }, model: { facts: model } }) as unknown as Served

const mlx = {
  fields: 'mlx-lm',
  upstreamModel: () => 'default_model',
  logprobsNeedWholeAnswer: true,
} as unknown as Dialect
const openai = {
  fields: 'openai',
  upstreamModel: () => 'their-name',
  logprobsNeedWholeAnswer: false,
} as unknown as Dialect
const messages = [{ role: 'user', content: 'hi' }]

/** What is sent for a job. */
const written = (job: Job, maxTokens?: number) => Buffer.concat(bodyOf(job, maxTokens)).toString()

function sent(body: object, { dialect = mlx, profile = {}, endpoint = 'chat' as Endpoint } = {}) {
  const text = JSON.stringify({ model: 'm', ...(endpoint === 'chat' && { messages }), ...body })
  const { jobs, ...rest } = rewrite(readCall(endpoint, Buffer.from(text)), served(profile), dialect)
  return { ...rest, jobs, bodies: jobs.map((job) => JSON.parse(written(job))) }
}

test('a backend is always streamed from, asked for usage and told its own name for the model', () => {
  expect(sent({}).bodies).toEqual([
    { model: 'default_model', stream: true, stream_options: { include_usage: true }, messages },
  ])
  expect(sent({ stream: true, stream_options: {} }).bodies[0]).toMatchObject({
    stream: true,
    stream_options: { include_usage: true },
  })
})

test('fields that load, fetch or replace something never reach a backend, nor does stop', () => {
  const traps = {
    adapters: '/x',
    draft_model: 'y',
    num_draft_tokens: 3,
    role_mapping: {},
    stop: ['a'],
    api_base: 'http://x',
  }
  for (const dialect of [mlx, openai]) {
    for (const trap of Object.keys(traps)) expect(sent(traps, { dialect }).bodies[0]).not.toHaveProperty(trap)
  }
  expect(
    sent({ chat_template_kwargs: { chat_template: 'x', enable_thinking: false } }).bodies[0].chat_template_kwargs,
  ).toEqual({ enable_thinking: false })
})

test('unknown fields are left out for mlx_lm and passed on to others', () => {
  expect(sent({ store: false, metadata: {} }).bodies[0]).not.toHaveProperty('metadata')
  expect(sent({ guided_regex: 'x' }, { dialect: openai }).bodies[0]).toHaveProperty('guided_regex', 'x')
})

test('nulls go; xtc at its defaults goes, since 0 would be read as the wrong type', () => {
  expect(sent({ temperature: null, max_tokens: null, xtc_probability: 0, xtc_threshold: 0 }).bodies[0]).toEqual(
    sent({}).bodies[0],
  )
})

test('max_completion_tokens wins over max_tokens', () => {
  expect(sent({ max_completion_tokens: 5, max_tokens: 9 }).bodies[0]).toHaveProperty('max_tokens', 5)
})

test('a temperature so small that answers would be garbage becomes 0', () => {
  expect(sent({ temperature: 1e-30 }).bodies[0]).toHaveProperty('temperature', 0)
})

test('the profile fills in its defaults, and its forced parameters overrule the client', () => {
  const profile = { defaults: { temperature: 0.2, top_p: 0.9 }, force: { max_tokens: 7 } }
  expect(sent({ temperature: 1, top_p: null, max_tokens: 100 }, { profile }).bodies[0]).toMatchObject({
    temperature: 1,
    top_p: 0.9,
    max_tokens: 7,
  })
  expect(() => sent({}, { profile: { defaults: { top_k: 320 } } })).toThrow(/top_k/)
})

test('tool_choice is obeyed by what is offered', () => {
  const tools = ['a', 'b'].map((name) => ({ type: 'function', function: { name } }))
  expect(sent({ tools, tool_choice: 'none' }).bodies[0]).not.toHaveProperty('tools')
  expect(sent({ tools, tool_choice: 'auto' }).bodies[0].tools).toHaveLength(2)
  expect(sent({ tools, tool_choice: { type: 'function', function: { name: 'b' } } }).bodies[0].tools).toEqual([
    tools[1],
  ])
  expect(sent({ tools: [...tools, { type: 'web_search' }] }).bodies[0].tools).toEqual(tools)
  expect(() => sent({ tools, tool_choice: { type: 'function', function: { name: 'c' } } })).toThrow(/tool_choice/)
})

test('several prompts and n are one generation each, with the indexes OpenAI gives them', () => {
  const { jobs, bodies, path } = sent({ prompt: ['a', 'b'], n: 2 }, { endpoint: 'completion' })
  expect(path).toBe('/v1/completions')
  expect(jobs.map((job) => job.choice)).toEqual([0, 1, 2, 3])
  expect(bodies.map((body) => body.prompt)).toEqual(['a', 'a', 'b', 'b'])
  expect(bodies[0]).not.toHaveProperty('n')
  expect(jobs.map((job) => job.again)).toEqual([false, true, false, true])
})

test.each<[string, object]>([
  ['prompt', {}],
  ['prompt', { prompt: '' }],
  ['prompt', { prompt: [] }],
  ['prompt', { prompt: 5 }],
  ['prompt[1]', { prompt: ['a', ''] }],
  ['prompt[0]', { prompt: [1, 2] }],
  ['prompt', { prompt: Array.from({ length: 129 }, () => 'a') }],
])('%s in %j is refused by name', (param, body) => {
  expect(() => sent(body, { endpoint: 'completion' })).toThrow(
    expect.objectContaining({ code: 'invalid_request', param }),
  )
})

test('log probabilities that are not streamed are asked for as a whole answer', () => {
  const asked = sent({ logprobs: true, top_logprobs: 20 })
  expect(asked.jobs[0]?.whole).toBe(true)
  expect(asked.bodies[0]).toMatchObject({ stream: false, logprobs: true, top_logprobs: 11 })
  expect(sent({ prompt: 'a', logprobs: 3 }, { endpoint: 'completion' }).bodies[0]).toMatchObject({
    logprobs: true,
    top_logprobs: 3,
  })
  expect(sent({ logprobs: true }, { dialect: openai }).jobs[0]?.whole).toBe(false)
})

test('stop sequences are handed to the gateway, empty ones left out', () => {
  expect(sent({ stop: 'x' }).stops).toEqual(['x'])
  expect(sent({ stop: ['x', '', 'y'] }).stops).toEqual(['x', 'y'])
})

test('lone surrogates become replacement characters; a text about them stays', () => {
  const literal = String.raw`a \ud800 b`
  const { bodies, jobs } = sent({ messages: [{ role: 'user', content: `\ud800 ${literal}` }] })
  expect(bodies[0].messages[0].content).toBe(`\uFFFD ${literal}`)
  expect(jobs.map((job) => written(job)).join()).not.toMatch(/[^\\]\\ud800/)
})

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

function deepField(levels: number): void {
  const text = `{"model":"m","messages":[{"role":"user","content":"x"}],"tree":${deep(levels)}}`
  rewrite(readCall('chat', Buffer.from(text)), served(), openai)
}

function deepCall(levels: number): void {
  const called = { name: 'f', arguments: `{"a":${deep(levels)}}` }
  sent({ messages: [...messages, { role: 'assistant', tool_calls: [{ id: 'c', function: called }] }] })
}

test('nesting too deep for a backend is refused, in texts that a template parses as well', () => {
  expect(() => deepField(100)).not.toThrow()
  for (const levels of [101, 50_000])
    expect(() => deepField(levels)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'tree' }))
  expect(() => deepCall(99)).not.toThrow()
  expect(() => deepCall(100)).toThrow(
    expect.objectContaining({ param: 'messages[1].tool_calls[0].function.arguments' }),
  )
})

test.each(['truncation', 'max_length', 'tokenize', 'conversation', 'add_generation_prompt', 'return_tensors', 'tools'])(
  'the tokenizer’s own %s is no variable of the chat template',
  (name) => {
    expect(() => sent({ chat_template_kwargs: { [name]: 0 } })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: `chat_template_kwargs.${name}` }),
    )
  },
)

test('whole numbers from JavaScript where mlx_lm wants fractions are written as the nearest', () => {
  const [body] = sent({ xtc_probability: 1, xtc_threshold: 0 }).jobs.map((job) => written(job))
  expect(body).toMatch(/"xtc_probability":0\.9{10,}\d*,"xtc_threshold":5e-324/)
  expect(sent({ xtc_probability: 0.3, xtc_threshold: 0.2 }).bodies[0]).toMatchObject({
    xtc_probability: 0.3,
    xtc_threshold: 0.2,
  })
})

test('a top_k of -1, which switches it off elsewhere, is left out', () => {
  expect(sent({ top_k: -1 }).bodies[0]).not.toHaveProperty('top_k')
})

test('the prompt is counted by the same request, one token long', () => {
  const { jobs, bodies } = sent({ max_tokens: 50, temperature: 0.5 })
  expect(jobs.map((job) => JSON.parse(written(job, 1)))).toEqual(bodies.map((body) => ({ ...body, max_tokens: 1 })))
})

const documented = (documents: unknown) => sent({ chat_template_kwargs: { documents } }).bodies[0]

test.each<[unknown]>([['a'], [{ a: 1 }], [['a']], [1]])(
  'documents for the template are a list of objects, not %j',
  (wrong) => {
    expect(() => documented(wrong)).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'chat_template_kwargs.documents' }),
    )
  },
)

test('documents for the template are sent on', () => {
  expect(documented([{ title: 'a' }]).chat_template_kwargs).toEqual({ documents: [{ title: 'a' }] })
})

/** Bytes held for jobs, each once. */
const held = (jobs: readonly Job[]) =>
  [...new Set(jobs.flatMap(({ members }) => members))].reduce((sum, { length }) => sum + length, 0)

const jobsFor = (endpoint: Endpoint, body: object) =>
  rewrite(readCall(endpoint, Buffer.from(JSON.stringify({ model: 'm', ...body }))), served(), mlx).jobs

test('what several jobs have in common is there once', () => {
  const long = 'x'.repeat(1_000_000)
  const tools = [{ type: 'function', function: { name: 'f', description: long } }]
  const prompts = jobsFor('completion', { tools, prompt: Array.from({ length: 128 }, (_, n) => `prompt ${n}`) })
  const copies = jobsFor('chat', {
    n: 16,
    messages: [
      { role: 'user', content: long },
      { role: 'user', content: long },
    ],
  })
  expect([prompts.length, copies.length]).toEqual([128, 16])
  expect(held(prompts)).toBeLessThan(1_100_000)
  expect(held(copies)).toBeLessThan(2_100_000)
})

test('a long conversation is sent as its own bytes, but for what had to be changed', () => {
  const text = 'x'.repeat(5000)
  const turns = Array.from({ length: 10 }, () => [
    { role: 'user', content: text },
    { role: 'assistant', content: text },
  ])
  const conversation = [
    { role: 'developer', content: 'new' },
    ...turns.flat(),
    { role: 'user', content: [{ type: 'text', text: 'new' }] },
  ]
  const body = Buffer.from(`{"model":"m","messages":${JSON.stringify(conversation, null, 1)}}`)
  const [job] = rewrite(readCall('chat', body), served(), mlx).jobs
  if (job === undefined) throw new Error('no job')
  expect(job.members.filter(({ buffer }) => buffer === body.buffer).map(({ length }) => length > 100_000)).toEqual([
    true,
  ])
  expect(JSON.parse(written(job)).messages).toEqual([
    { role: 'system', content: 'new' },
    ...turns.flat(),
    { role: 'user', content: 'new' },
  ])
})
