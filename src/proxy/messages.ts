/** Messages as clients send them, made into what every chat template takes. Pure. */
import { hasLoneSurrogates, isObject, type Json, type JsonObject, parseObject, writeJson } from '../wire/json.ts'
import { invalid } from './call.ts'
import { refuseDeep } from './depth.ts'

const roles: ReadonlyMap<string, string> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

export interface MessageRules {
  /** Whether the model takes images; where it is not known, let the server decide. */
  readonly images: boolean
}

/** Numbered as the body below:
 *  1. `developer` becomes `system`, `function` becomes `tool`; another role is refused.
 *  2. Lists of text parts become one text; images stay, as data only: a server would fetch any address, loopback too.
 *  3. Nulls go; tool call arguments become a JSON text that parses, `{}` where there are none.
 *  4. All system messages become one at the start, and consecutive user messages one, since many templates refuse others.
 *  Throws GatewayError `invalid_request` with the field's name. */
export function readMessages(messages: Json | undefined, rules: MessageRules): JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'must be a list with at least one message')
  const system: string[] = []
  const out: JsonObject[] = []
  for (const [position, message] of messages.entries()) {
    const field = `messages[${position}]`
    if (!isObject(message)) throw invalid(field, 'must be an object')
    const role = typeof message['role'] === 'string' ? roles.get(message['role']) : undefined // 1
    if (role === undefined) throw invalid(`${field}.role`, `must be one of ${[...roles.keys()].join(', ')}`)
    const content = readContent(message['content'], `${field}.content`, rules) // 2
    if (role === 'system') {
      if (typeof content !== 'string') throw invalid(`${field}.content`, 'must be text in a system message')
      if (content !== '') system.push(content)
      continue
    }
    const last = out.at(-1)
    if (role === 'user' && last?.['role'] === 'user') {
      out[out.length - 1] = { ...last, content: joined(last['content'], content) } // 4
      continue
    }
    const rest = Object.entries(message).filter(([key, value]) => value !== null && !handled.has(key)) // 3
    const calls = readToolCalls(message['tool_calls'], field)
    out.push({ ...Object.fromEntries(rest), role, content, ...(calls.length > 0 && { tool_calls: calls }) })
  }
  if (system.length > 0 || out.length === 0) out.unshift({ role: 'system', content: system.join('\n\n') })
  return out
}

const handled = new Set(['role', 'content', 'tool_calls'])

/** Text, or a list of parts where an image is among them. */
function readContent(content: Json | undefined, field: string, rules: MessageRules): string | JsonObject[] {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw invalid(field, 'must be text or a list of parts')
  const parts = content.map((part, position) => readPart(part, `${field}[${position}]`, rules))
  if (parts.some((part) => part['type'] !== 'text')) return parts
  return parts.map((part) => part['text']).join('')
}

function readPart(part: Json, field: string, rules: MessageRules): JsonObject {
  if (typeof part === 'string') return { type: 'text', text: part }
  if (!isObject(part)) throw invalid(field, 'must be an object')
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'refusal': {
      const text = part['text'] ?? part['refusal']
      if (typeof text !== 'string') throw invalid(`${field}.text`, 'must be a string')
      return { type: 'text', text }
    }
    case 'image_url':
      return readImage(part, field, rules)
    default:
      throw invalid(`${field}.type`, "must be 'text' or 'image_url'; this endpoint takes no other parts")
  }
}

function readImage(part: JsonObject, field: string, rules: MessageRules): JsonObject {
  if (!rules.images) throw invalid(field, 'is an image, which this model does not take')
  const image = part['image_url']
  const url = isObject(image) ? image['url'] : image
  if (typeof url !== 'string' || !/^data:image\/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=\s]*$/i.test(url)) {
    throw invalid(
      `${field}.image_url.url`,
      'must hold the image itself, as data:image/png;base64,…: addresses are not fetched',
    )
  }
  return { type: 'image_url', image_url: { url } }
}

function joined(first: Json | undefined, second: string | JsonObject[]): string | JsonObject[] {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`
  return [...asParts(first), ...asParts(second)]
}

function asParts(content: Json | undefined): JsonObject[] {
  if (Array.isArray(content)) return content.filter(isObject)
  return [{ type: 'text', text: typeof content === 'string' ? content : '' }]
}

function readToolCalls(calls: Json | undefined, message: string): JsonObject[] {
  if (calls === undefined || calls === null) return []
  if (!Array.isArray(calls)) throw invalid(`${message}.tool_calls`, 'must be a list')
  return calls.map((call, position) => {
    const field = `${message}.tool_calls[${position}].function`
    const said = isObject(call) ? call['function'] : undefined
    if (!isObject(call) || !isObject(said) || typeof said['name'] !== 'string')
      throw invalid(field, 'must be an object with a name')
    return {
      ...call,
      type: 'function',
      function: { ...said, arguments: readArguments(said['arguments'], `${field}.arguments`) },
    }
  })
}

function readArguments(given: Json | undefined, field: string): string {
  if (given === undefined || given === null || given === '') return '{}'
  if (isObject(given)) return writeJson(given)
  const held = typeof given === 'string' ? parseObject(given) : undefined
  if (typeof given !== 'string' || held === undefined)
    throw invalid(field, 'must be a JSON object, or a text that holds one')
  // a template may want it parsed
  refuseDeep(field, held)
  return hasLoneSurrogates(JSON.stringify(held)) ? writeJson(held) : given
}
