/** The requests of death: fields that end the real mlx_lm.server for everybody (each seen on 0.32.2), and those that make
 *  it answer garbage. Each is refused with the name of the field. */
import { isObject, type Json, type JsonObject } from '../wire/json.ts'
import { invalid } from './invalid.ts'

/** A number that may be absent or null; `whole` where fractions are refused. */
interface Range {
  readonly min: number
  readonly max: number
  readonly whole?: boolean
}

const ranges: readonly (readonly [field: string, range: Range])[] = Object.entries({
  max_tokens: { min: 1, max: 2 ** 31, whole: true },
  max_completion_tokens: { min: 1, max: 2 ** 31, whole: true },
  temperature: { min: 0, max: 100 },
  top_p: { min: 0, max: 1 },
  min_p: { min: 0, max: 1 },
  top_k: { min: -1, max: 2 ** 31, whole: true },
  repetition_penalty: { min: 0, max: 100 },
  repetition_context_size: { min: 0, max: 2 ** 31, whole: true },
  presence_penalty: { min: -100, max: 100 },
  presence_context_size: { min: 0, max: 2 ** 31, whole: true },
  frequency_penalty: { min: -100, max: 100 },
  frequency_context_size: { min: 0, max: 2 ** 31, whole: true },
  xtc_probability: { min: 0, max: 1 },
  // above 0.5 the generation thread dies
  xtc_threshold: { min: 0, max: 0.5 },
  // a negative seed, or one past 64 bits, is answered with no bytes at all; past 2^53 JSON numbers are no longer exact
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
  n: { min: 1, max: 16, whole: true },
  top_logprobs: { min: 0, max: 20, whole: true },
})

/** Throws GatewayError `invalid_request` for the first field that no engine should see. `vocabSize` is the model's own, in tokens. */
export function refuse(body: JsonObject, vocabSize: number | undefined): void {
  for (const [field, range] of ranges) checkNumber(field, body[field], range)
  checkStop(body['stop'])
  checkLogitBias(body['logit_bias'], vocabSize)
  checkTopK(body['top_k'], vocabSize)
  for (const field of ['tools', 'messages']) {
    const value = body[field]
    if (value !== undefined && value !== null && !Array.isArray(value)) throw invalid(field, 'must be a list')
  }
  for (const field of ['chat_template_kwargs', 'response_format']) {
    const value = body[field]
    if (value !== undefined && value !== null && !isObject(value)) throw invalid(field, 'must be an object')
  }
}

function checkNumber(field: string, value: Json | undefined, range: Range): void {
  if (value === undefined || value === null) return
  // JSON.parse reads 1e400 as Infinity
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(field, 'must be a finite number')
  if (range.whole === true && !Number.isInteger(value)) throw invalid(field, 'must be a whole number')
  if (value < range.min || value > range.max) throw invalid(field, `must be between ${range.min} and ${range.max}`)
}

/** A number or null in the list kills the generation thread. */
function checkStop(stop: Json | undefined): void {
  if (stop === undefined || stop === null || typeof stop === 'string') return
  if (!Array.isArray(stop)) throw invalid('stop', 'must be a string or a list of strings')
  if (stop.length > 64) throw invalid('stop', 'takes at most 64 strings')
  for (const [position, entry] of stop.entries()) {
    if (typeof entry !== 'string') throw invalid(`stop[${position}]`, 'must be a string')
  }
}

/** An id at or past the vocabulary writes outside the array: SIGSEGV of the whole process. */
function checkLogitBias(bias: Json | undefined, vocabSize: number | undefined): void {
  if (bias === undefined || bias === null) return
  if (!isObject(bias)) throw invalid('logit_bias', 'must be an object of token ids and numbers')
  const limit = vocabSize ?? 2 ** 31
  for (const [id, value] of Object.entries(bias)) {
    const field = `logit_bias.${id.slice(0, 40)}`
    if (!/^\d{1,15}$/.test(id) || Number(id) >= limit)
      throw invalid(field, `must name a token id from 0 to ${limit - 1}`)
    if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(field, 'must be a finite number')
    if (Math.abs(value) > 1000) throw invalid(field, 'must be between -1000 and 1000')
  }
}

/** At or past the vocabulary, with a temperature, the generation thread dies. */
function checkTopK(topK: Json | undefined, vocabSize: number | undefined): void {
  if (typeof topK !== 'number' || vocabSize === undefined || topK < vocabSize) return
  throw invalid('top_k', `must be less than the model's vocabulary of ${vocabSize} tokens`)
}
