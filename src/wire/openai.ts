/** OpenAI's shapes on the wire, as strict schemas: every field it requires, and no others but our documented additions. */
import { z } from 'zod'

export { chatCompletion, chatCompletionChunk, type ChatCompletion, type ChatCompletionChunk } from './chat.ts'
export { completion, completionChunk, type Completion, type CompletionChunk } from './completions.ts'
export { model, modelList, type Model, type ModelList } from './models.ts'

/** The body of every error, and the data of an error event in a stream. */
export const errorBody = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
})

export type ErrorBody = z.infer<typeof errorBody>
