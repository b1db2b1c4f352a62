/** How many tokens an answer took, as chat and text completions both report it. */
import { z } from 'zod'

const count = z.int().nonnegative()

export const usageCounts = z.strictObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z
    .strictObject({
      cached_tokens: count.optional(),
      audio_tokens: count.optional(),
      text_tokens: count.optional(),
      image_tokens: count.optional(),
      cache_write_tokens: count.optional(),
    })
    .optional(),
  completion_tokens_details: z
    .strictObject({
      reasoning_tokens: count.optional(),
      audio_tokens: count.optional(),
      text_tokens: count.optional(),
      accepted_prediction_tokens: count.optional(),
      rejected_prediction_tokens: count.optional(),
    })
    .optional(),
})
