/** What a backend says while it generates, read from any dialect into one shape. */
import { isObject, type Json, type JsonObject } from './json.ts'
import { withBytes } from './tokens.ts'

export interface ToolCall {
  readonly index: number
  /** Absent in the later parts of a call that arrives in pieces. */
  readonly id: string | undefined
  readonly name: string | undefined
  readonly arguments: string
}

export interface Usage {
  readonly promptTokens: number
  readonly completionTokens: number
  readonly cachedTokens: number | undefined
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** One event of a stream, or a whole answer: whatever of it is there. */
export interface Generated {
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly ToolCall[]
  readonly logprobs: readonly JsonObject[] | undefined
  readonly finish: FinishReason | undefined
  readonly usage: Usage | undefined
  /** The backend's own words. */
  readonly error: string | undefined
}

/** Reads a chunk (`delta`), a whole chat answer (`message`), a text completion (`text`), a usage event or an error. */
export function readGenerated(event: JsonObject): Generated {
  const choice = first(event['choices'])
  const said = choice === undefined ? undefined : (choice['delta'] ?? choice['message'])
  const from = isObject(said) ? said : {}
  const text = choice?.['text'] ?? from['content']
  return {
    text: asText(text),
    reasoning: asText(from['reasoning_content'] ?? from['reasoning']),
    toolCalls: readToolCalls(from['tool_calls']),
    logprobs: readLogprobs(choice?.['logprobs']),
    finish: readFinish(choice?.['finish_reason']),
    usage: readUsage(event['usage']),
    error: event['error'] === undefined || event['error'] === null ? undefined : readErrorText(event),
  }
}

/** The words of an error body: `{"error": "text"}` (mlx_lm), `{"error": {"message"}}` (OpenAI), `{"detail": …}` (FastAPI). */
export function readErrorText(body: JsonObject): string {
  for (const value of [body['error'], body['detail'], body['message']]) {
    if (typeof value === 'string') return value
    if (isObject(value)) return readErrorText(value)
    if (Array.isArray(value)) return JSON.stringify(value)
  }
  return 'no reason given'
}

function first(choices: Json | undefined): JsonObject | undefined {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
  return isObject(choice) ? choice : undefined
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function readToolCalls(calls: Json | undefined): ToolCall[] {
  if (!Array.isArray(calls)) return []
  return calls.filter(isObject).map((call, position) => {
    const said = isObject(call['function']) ? call['function'] : {}
    const given = said['arguments']
    return {
      index: typeof call['index'] === 'number' ? call['index'] : position,
      id: typeof call['id'] === 'string' ? call['id'] : undefined,
      name: typeof said['name'] === 'string' ? said['name'] : undefined,
      arguments: typeof given === 'string' ? given : isObject(given) ? JSON.stringify(given) : '',
    }
  })
}

function readLogprobs(logprobs: Json | undefined): JsonObject[] | undefined {
  const content = isObject(logprobs) ? logprobs['content'] : undefined
  return Array.isArray(content) ? withBytes(content.filter(isObject)) : undefined
}

function readFinish(reason: Json | undefined): FinishReason | undefined {
  switch (reason) {
    case 'stop':
    case 'length':
    case 'tool_calls':
    case 'content_filter':
      return reason
    case 'function_call':
      return 'tool_calls'
    default:
      return typeof reason === 'string' ? 'stop' : undefined
  }
}

function readUsage(usage: Json | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined
  const details = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {}
  return {
    promptTokens: count(usage['prompt_tokens']) ?? 0,
    completionTokens: count(usage['completion_tokens']) ?? 0,
    cachedTokens: count(details['cached_tokens']),
  }
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined
}
