/** What `/v1/models` and `/v1/models/{id}` answer: OpenAI's published description, strictly, plus what Anthropic's clients read and
 *  what the gateway knows. One body serves all. */
import { z } from 'zod'

export const model = z.strictObject({
  id: z.string().min(1),
  object: z.literal('model'),
  /** Unix time in seconds. */
  created: z.int().positive(),
  owned_by: z.string().min(1),
  /** Anthropic's, as are the next two. */
  type: z.literal('model'),
  display_name: z.string(),
  /** RFC 3339. */
  created_at: z.string(),
  /** The gateway's own, as are those that follow: further names it answers to. */
  aliases: z.array(z.string()),
  /** Where its server stands in its life. */
  state: z.string().min(1),
  /** Most tokens of prompt and answer together; null where the model does not say. */
  context_length: z.int().positive().nullable(),
  /** `chat`, `vision`, `embedding` … */
  capabilities: z.array(z.string().min(1)),
})

export const modelList = z.strictObject({
  object: z.literal('list'),
  data: z.array(model),
  has_more: z.literal(false),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
})

export type Model = z.infer<typeof model>
export type ModelList = z.infer<typeof modelList>
