/** What `/v1/chat/completions` answers, whole and in chunks: OpenAI's published description, strictly, plus the reasoning fields. */
import { z } from 'zod'
import { usageCounts } from './usage-counts.ts'

const finishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call'])

const tokenLogprob = z.strictObject({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.int()).nullable(),
})

const choiceLogprobs = z.strictObject({
  content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob) })).nullable(),
  refusal: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob) })).nullable(),
})

/** Not OpenAI's: what reasoning models think aloud, under both names that clients look for (mlx_lm's and DeepSeek's). */
const reasoning = { reasoning: z.string().optional(), reasoning_content: z.string().optional() }

const toolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  /** `arguments` is JSON text, `{}` for a tool without parameters. */
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
})

const message = z.strictObject({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  refusal: z.string().nullable(),
  tool_calls: z.array(toolCall).min(1).optional(),
  ...reasoning,
})

const toolCallDelta = z.strictObject({
  index: z.int().nonnegative(),
  id: z.string().min(1).optional(),
  type: z.literal('function').optional(),
  function: z.strictObject({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
})

const delta = z.strictObject({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool']).optional(),
  content: z.string().nullable().optional(),
  refusal: z.string().nullable().optional(),
  tool_calls: z.array(toolCallDelta).min(1).optional(),
  ...reasoning,
})

const envelope = {
  id: z.string().min(1),
  /** Unix time in seconds. */
  created: z.int().positive(),
  model: z.string().min(1),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullable().optional(),
  system_fingerprint: z.string().optional(),
}

/** The whole answer of a request that was not streamed. */
export const chatCompletion = z.strictObject({
  ...envelope,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.strictObject({
      index: z.int().nonnegative(),
      finish_reason: finishReason,
      logprobs: choiceLogprobs.nullable(),
      message,
    }),
  ),
  usage: usageCounts.optional(),
})

/** One event of a streamed answer. With `include_usage`, `usage` is null in all but the last, whose `choices` are empty. */
export const chatCompletionChunk = z.strictObject({
  ...envelope,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.strictObject({
      index: z.int().nonnegative(),
      delta,
      finish_reason: finishReason.nullable(),
      logprobs: choiceLogprobs.nullable().optional(),
    }),
  ),
  usage: usageCounts.nullable().optional(),
})

export type ChatCompletion = z.infer<typeof chatCompletion>
export type ChatCompletionChunk = z.infer<typeof chatCompletionChunk>
