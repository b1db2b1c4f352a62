/** What `/v1/completions` answers, whole and in chunks: OpenAI's published description, strictly. */
import { z } from 'zod'
import { usageCounts } from './usage-counts.ts'

const finishReason = z.enum(['stop', 'length', 'content_filter'])

const logprobs = z.strictObject({
  tokens: z.array(z.string()).optional(),
  token_logprobs: z.array(z.number()).optional(),
  top_logprobs: z.array(z.record(z.string(), z.number())).optional(),
  text_offset: z.array(z.int()).optional(),
})

const choice = { index: z.int().nonnegative(), text: z.string(), logprobs: logprobs.nullable() }

const envelope = {
  id: z.string().min(1),
  object: z.literal('text_completion'),
  /** Unix time in seconds. */
  created: z.int().positive(),
  model: z.string().min(1),
  system_fingerprint: z.string().optional(),
}

/** The whole answer of a request that was not streamed. */
export const completion = z.strictObject({
  ...envelope,
  choices: z.array(z.strictObject({ ...choice, finish_reason: finishReason })),
  usage: usageCounts.optional(),
})

/** One event of a streamed answer: `text` is a string in every one, `finish_reason` null until the last. */
export const completionChunk = z.strictObject({
  ...envelope,
  choices: z.array(z.strictObject({ ...choice, finish_reason: finishReason.nullable() })),
  usage: usageCounts.nullable().optional(),
})

export type Completion = z.infer<typeof completion>
export type CompletionChunk = z.infer<typeof completionChunk>
