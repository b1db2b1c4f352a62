/** Answers in OpenAI's published shape, written as text. */
import type { JsonObject } from './json.ts'
import type { FinishReason, ToolCall, Usage } from './generation.ts'

export interface AnswerHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  /** The name that was asked for. */
  readonly model: string
}

/** One choice of a whole answer. */
export interface Choice {
  readonly index: number
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly ToolCall[]
  readonly logprobs: readonly JsonObject[] | undefined
  readonly finish: FinishReason
}

/** The words of one endpoint: chat completions or text completions. */
export interface AnswerShape {
  readonly idPrefix: string
  /** `data: …` up to the value of `choices`, for every chunk of one answer. */
  chunkStart(head: AnswerHead): string
  /** A choice that says only more text, as what stands before and after the JSON string: the shortest way for the commonest event. */
  textChoice(index: number): readonly [before: string, after: string]
  /** A choice with whatever there is. */
  choice(index: number, delta: Delta, role: boolean): string
  whole(head: AnswerHead, choices: readonly Choice[], usage: Usage): string
}

export interface Delta {
  readonly text?: string
  readonly reasoning?: string
  readonly toolCalls?: readonly ToolCall[]
  readonly logprobs?: readonly JsonObject[] | undefined
  readonly finish?: FinishReason
}

export function usageObject(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens ?? 0 },
  }
}

export const chatShape: AnswerShape = {
  idPrefix: 'chatcmpl-',
  chunkStart: (head) => start(head, 'chat.completion.chunk'),
  textChoice: (index) => [`{"index":${index},"delta":{"content":`, '},"logprobs":null,"finish_reason":null}'],
  choice(index, delta, role) {
    const said = {
      ...(role && { role: 'assistant' }),
      ...(delta.reasoning && { reasoning: delta.reasoning, reasoning_content: delta.reasoning }),
      ...((delta.text || role) && { content: delta.text ?? '' }),
      ...(delta.toolCalls && { tool_calls: delta.toolCalls.map(toolCallDelta) }),
    }
    const logprobs = delta.logprobs && { content: delta.logprobs.map(chatLogprob), refusal: null }
    return JSON.stringify({ index, delta: said, logprobs: logprobs ?? null, finish_reason: delta.finish ?? null })
  },
  whole(head, choices, usage) {
    return JSON.stringify({
      id: head.id,
      object: 'chat.completion',
      created: head.created,
      model: head.model,
      choices: choices.map((choice) => ({
        index: choice.index,
        message: {
          role: 'assistant',
          content: choice.text === '' && choice.toolCalls.length > 0 ? null : choice.text,
          refusal: null,
          ...(choice.reasoning && { reasoning: choice.reasoning, reasoning_content: choice.reasoning }),
          ...(choice.toolCalls.length > 0 && { tool_calls: choice.toolCalls.map(toolCall) }),
        },
        logprobs: choice.logprobs ? { content: choice.logprobs.map(chatLogprob), refusal: null } : null,
        finish_reason: choice.finish,
      })),
      usage: usageObject(usage),
    })
  },
}

export const completionShape: AnswerShape = {
  idPrefix: 'cmpl-',
  chunkStart: (head) => start(head, 'text_completion'),
  textChoice: (index) => [`{"index":${index},"text":`, ',"logprobs":null,"finish_reason":null}'],
  choice(index, delta) {
    // a finish may only be one of these here
    const finish = delta.finish === 'tool_calls' ? 'stop' : (delta.finish ?? null)
    return JSON.stringify({
      index,
      text: delta.text ?? '',
      logprobs: textLogprobs(delta.logprobs),
      finish_reason: finish,
    })
  },
  whole(head, choices, usage) {
    return JSON.stringify({
      id: head.id,
      object: 'text_completion',
      created: head.created,
      model: head.model,
      choices: choices.map(({ index, text, finish, logprobs }) => ({
        index,
        text,
        logprobs: textLogprobs(logprobs),
        finish_reason: finish === 'tool_calls' ? 'stop' : finish,
      })),
      usage: usageObject(usage),
    })
  },
}

function start({ id, created, model }: AnswerHead, object: string): string {
  return `data: {"id":${JSON.stringify(id)},"object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":`
}

function toolCall(call: ToolCall): JsonObject {
  return { id: call.id ?? '', type: 'function', function: { name: call.name ?? '', arguments: call.arguments || '{}' } }
}

/** `index`, `id` and `type` in the first delta of a call only. */
function toolCallDelta({ index, id, name, arguments: written }: ToolCall): JsonObject {
  if (name === undefined) return { index, function: { arguments: written } }
  return { index, id: id ?? '', type: 'function', function: { name, arguments: written } }
}

function chatLogprob(entry: JsonObject): JsonObject {
  const top = Array.isArray(entry['top_logprobs']) ? entry['top_logprobs'] : []
  return { ...tokenLogprob(entry), top_logprobs: top.map((other) => tokenLogprob(Object(other) as JsonObject)) }
}

function tokenLogprob(entry: JsonObject): JsonObject {
  const token = typeof entry['token'] === 'string' ? entry['token'] : ''
  const bytes = Array.isArray(entry['bytes']) ? entry['bytes'] : [...Buffer.from(token)]
  return { token, logprob: typeof entry['logprob'] === 'number' ? entry['logprob'] : -9999, bytes }
}

/** The older shape of `/v1/completions`: parallel lists. */
function textLogprobs(logprobs: readonly JsonObject[] | undefined): JsonObject | null {
  if (logprobs === undefined) return null
  const entries = logprobs.map(chatLogprob)
  let offset = 0
  const text_offset = entries.map((entry) => {
    const at = offset
    offset += String(entry['token']).length
    return at
  })
  return {
    tokens: entries.map((entry) => entry['token'] ?? ''),
    token_logprobs: entries.map((entry) => entry['logprob'] ?? 0),
    top_logprobs: entries.map((entry) => topMap(entry['top_logprobs'])),
    text_offset,
  }
}

function topMap(top: JsonObject[string]): JsonObject {
  const list = Array.isArray(top) ? top : []
  return Object.fromEntries(list.map((other) => [String(Object(other).token), Object(other).logprob]))
}
