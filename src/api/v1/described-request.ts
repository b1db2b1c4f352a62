/** What may be asked for, for the printed description. The proxy judges the real thing; whatever else official clients send is tolerated. */
import { z } from '@hono/zod-openapi'

const number = z.number().nullish()
const whole = z.int().nullish()

const shared = {
  model: z.string().describe('a name from /v1/models'),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: whole,
  temperature: number,
  top_p: number,
  top_k: whole,
  min_p: number,
  seed: whole,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  presence_penalty: number,
  frequency_penalty: number,
  repetition_penalty: number,
}

export const describedRequest = {
  chat: z
    .looseObject({
      ...shared,
      messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })).min(1),
      max_completion_tokens: whole,
      tools: z.array(z.looseObject({})).nullish(),
      tool_choice: z.unknown().optional(),
      response_format: z.looseObject({ type: z.string() }).nullish(),
      logprobs: z.boolean().nullish(),
      top_logprobs: whole,
    })
    .openapi('ChatRequest'),
  completion: z
    .looseObject({ ...shared, prompt: z.union([z.string(), z.array(z.string())]), logprobs: whole })
    .openapi('CompletionRequest'),
}
