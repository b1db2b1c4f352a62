/** A call, with a profile's parameters and in a backend's dialect: the bodies to send. Pure. */
import type { Served } from '../catalog/catalog.ts'
import type { Dialect } from '../engines/engines.ts'
import { isObject, type Json, type JsonObject, writeJson } from '../wire/json.ts'
import type { Call } from './call.ts'
import { invalid } from './invalid.ts'
import { readMessages } from './messages.ts'
import { refuse } from './refuse.ts'

/** One generation to ask the backend for; a call with several prompts or `n` is several. */
export interface Job {
  /** The `index` its choice has in the answer. */
  readonly choice: number
  /** Its body, to be put together by `bodyOf` when its turn comes: what is the same in several jobs is there once. */
  readonly head: JsonObject
  readonly members: readonly Buffer[]
  /** Has the prompt of the job before: OpenAI counts its tokens once. */
  readonly again: boolean
  /** Asked for as a whole: log probabilities that this dialect does not stream. */
  readonly whole: boolean
}

export interface Rewritten {
  readonly jobs: readonly Job[]
  readonly path: string
  /** Matched by the gateway. */
  readonly stops: readonly string[]
}

/** What mlx_lm.server reads and may read; all else is left out (0.32.2). `adapters`, `draft_model` and `num_draft_tokens` load other weights,
 *  `role_mapping` replaces the template. `stop` is matched here, since the server cuts the words out and goes on. */
const mlxFields = new Set(
  (
    'max_tokens temperature top_p top_k min_p seed logit_bias logprobs top_logprobs repetition_penalty repetition_context_size ' +
    'presence_penalty presence_context_size frequency_penalty frequency_context_size xtc_probability xtc_threshold ' +
    'chat_template_kwargs tools'
  ).split(' '),
)

/** Never sent to any backend as the client wrote them: set here, or able to make a server load or fetch something. */
const neverPassed = new Set(
  (
    'model messages prompt stream stream_options stop n best_of max_completion_tokens adapters adapter adapter_path ' +
    'draft_model num_draft_tokens role_mapping api_base base_url'
  ).split(' '),
)

/** Throws GatewayError `invalid_request` naming the field. */
export function rewrite(call: Call, served: Served, dialect: Dialect): Rewritten {
  const { profile, model } = served
  const original = call.take()
  const given = withoutNulls(original.value)
  const asked: JsonObject = { ...profile.defaults, ...given, ...profile.force }
  refuse(asked, model?.facts.vocabSize)
  const whole = dialect.logprobsNeedWholeAnswer && wantsLogprobs(asked)
  const { max_tokens, ...shared } = passed(asked, dialect)
  const head = {
    model: dialect.upstreamModel(served),
    ...(whole ? { stream: false } : { stream: true, stream_options: { include_usage: true } }),
    ...(max_tokens !== undefined && { max_tokens }),
  }
  const inputs = call.endpoint === 'chat' ? [chatInput(asked, served)] : readPrompts(asked['prompt'])
  const copies = typeof asked['n'] === 'number' ? asked['n'] : 1
  if (inputs.length * copies > 128) throw invalid('prompt', 'times n asks for more than 128 answers at once')
  const sharedMembers = original.members(shared)
  const jobs = inputs.flatMap((input, prompt) => {
    const members = [...sharedMembers, ...original.members(input)]
    return Array.from({ length: copies }, (_, copy) => ({
      choice: prompt * copies + copy,
      head,
      members,
      again: copy > 0,
      whole,
    }))
  })
  const stop = asked['stop']
  return {
    jobs,
    path: call.endpoint === 'chat' ? '/v1/chat/completions' : '/v1/completions',
    stops: (Array.isArray(stop) ? stop : [stop]).filter((entry) => typeof entry === 'string' && entry !== ''),
  }
}

/** The body of a job, in pieces; with a limit of its own to its length, where one is given. */
export function bodyOf({ head, members }: Job, maxTokens?: number): Buffer[] {
  const text = writeJson(maxTokens === undefined ? head : { ...head, max_tokens: maxTokens })
  return [Buffer.from(text.slice(0, -1)), ...members, closing]
}

const closing = Buffer.from('}')

function chatInput(asked: JsonObject, { model }: Served): JsonObject {
  const images = model === undefined || model.facts.capabilities.includes('vision')
  return { messages: readMessages(asked['messages'], { images }) }
}

function passed(asked: JsonObject, dialect: Dialect): JsonObject {
  const mlx = dialect.fields === 'mlx-lm'
  const out: Record<string, Json | undefined> = {}
  for (const key of Object.keys(asked)) if (mlx ? mlxFields.has(key) : !neverPassed.has(key)) out[key] = asked[key]
  const limit = asked['max_completion_tokens'] ?? asked['max_tokens']
  if (limit !== undefined) out['max_tokens'] = limit
  // so close to 0 the server answers garbage; 0 is where it was heading
  if (typeof out['temperature'] === 'number' && out['temperature'] < 0.01) out['temperature'] = 0
  if (!asked['xtc_probability']) {
    delete out['xtc_probability']
    delete out['xtc_threshold']
  }
  // "off" in the words of other servers, which mlx_lm refuses
  if (out['top_k'] === -1) delete out['top_k']
  const tools = offeredTools(asked)
  if (tools === undefined) delete out['tools']
  else out['tools'] = tools
  if (mlx) {
    for (const key of ['xtc_probability', 'xtc_threshold']) if (key in out) out[key] = asFraction(out[key])
    const template = templateArguments(asked)
    if (template === undefined) delete out['chat_template_kwargs']
    else out['chat_template_kwargs'] = template
    if (out['logprobs'] !== undefined) normaliseLogprobs(out)
  }
  return out
}

/** mlx_lm refuses a whole number here, and JavaScript writes 0 and 1 as such: the nearest that it writes as fractions. */
function asFraction(value: Json | undefined): Json | undefined {
  if (value === 0) return Number.MIN_VALUE
  return value === 1 ? 1 - Number.EPSILON : value
}

/** mlx_lm takes a boolean and at most 11 alternatives on both endpoints; the completions endpoint of old took a number. */
function normaliseLogprobs(out: Record<string, Json | undefined>): void {
  const { logprobs } = out
  if (typeof logprobs === 'number') out['top_logprobs'] = logprobs
  out['logprobs'] = logprobs === true || typeof logprobs === 'number'
  if (typeof out['top_logprobs'] === 'number') out['top_logprobs'] = Math.min(out['top_logprobs'], 11)
}

function wantsLogprobs(asked: JsonObject): boolean {
  return asked['logprobs'] === true || typeof asked['logprobs'] === 'number'
}

/** `none` must not call and a named tool is the only one to call; servers that ignore `tool_choice` obey what they are offered. */
function offeredTools(asked: JsonObject): Json[] | undefined {
  const tools = asked['tools']
  const choice = asked['tool_choice']
  if (!Array.isArray(tools) || tools.length === 0 || choice === 'none') return undefined
  const functions = tools.filter((tool) => isObject(tool) && tool['type'] === 'function')
  const named = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : undefined
  if (named === undefined) return functions
  const one = functions.filter(
    (tool) => isObject(tool) && isObject(tool['function']) && tool['function']['name'] === named,
  )
  if (one.length === 0) throw invalid('tool_choice.function.name', 'must name one of the tools')
  return one
}

/** What the tokenizer takes for itself among the variables of the template (transformers 5, `apply_chat_template`): some make every prompt
 *  empty, which kills the generation thread of mlx_lm.server 0.32.2 (`truncation` with `max_length: 0`), the others no prompt at all. */
const tokenizerArguments = new Set(
  (
    'conversation messages tools add_generation_prompt continue_final_message tokenize sanitize_control_tokens padding truncation ' +
    'max_length return_tensors return_dict return_assistant_tokens_mask tokenizer_kwargs'
  ).split(' '),
)

/** `chat_template` among them would replace the template itself. `reasoning_effort` is a template argument here. */
function templateArguments(asked: JsonObject): JsonObject | undefined {
  const given = asked['chat_template_kwargs']
  const { chat_template: _, ...rest } = isObject(given) ? given : {}
  const foreign = Object.keys(rest).find((key) => tokenizerArguments.has(key))
  if (foreign !== undefined) throw invalid(`chat_template_kwargs.${foreign}`, 'is no variable of the chat template')
  refuseDocuments(rest['documents'])
  const effort = asked['reasoning_effort']
  const out = { ...(typeof effort === 'string' && { reasoning_effort: effort }), ...rest }
  return Object.keys(out).length === 0 ? undefined : out
}

/** The tokenizer looks into these before any template does, and mlx_lm.server answers what it finds wrong with 404. */
function refuseDocuments(documents: Json | undefined): void {
  if (documents === undefined || documents === null) return
  if (!Array.isArray(documents) || !documents.every(isObject))
    throw invalid('chat_template_kwargs.documents', 'must be a list of objects, each a document')
}

/** One text, or several. A list sent on as it is, or an empty text, kills the generation thread of mlx_lm.server. */
function readPrompts(prompt: Json | undefined): { readonly prompt: string }[] {
  const prompts = Array.isArray(prompt) ? prompt : [prompt]
  if (prompts.length === 0) throw invalid('prompt', 'must hold at least one text')
  return prompts.map((entry, position) => {
    const field = Array.isArray(prompt) ? `prompt[${position}]` : 'prompt'
    if (typeof entry !== 'string') throw invalid(field, 'must be a text; lists of token ids are not taken')
    if (entry === '') throw invalid(field, 'must not be empty')
    return { prompt: entry }
  })
}

function withoutNulls(body: JsonObject): JsonObject {
  const hasNull = Object.values(body).includes(null)
  return hasNull ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) : body
}
