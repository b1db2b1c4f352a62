/** Messages as clients send them, made into what every chat template takes. Pure. */
import { hasLoneSurrogates, isObject, type Json, type JsonObject, parseObject, writeJson } from '../wire/json.ts'
import { textWithinBounds } from './bounds.ts'
import { invalid } from './invalid.ts'

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
 *  A message that needs none of this stays the object that it is. Throws GatewayError `invalid_request` with the field's name. */
export function readMessages(messages: Json | undefined, rules: MessageRules): JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'must be a list with at least one message')
  const system: Read[] = []
  const turns: [Read, ...Read[]][] = []
  for (const [position, message] of messages.entries()) {
    const field = `messages[${position}]`
    if (!isObject(message)) throw invalid(field, 'must be an object')
    const role = typeof message['role'] === 'string' ? roles.get(message['role']) : undefined // 1
    if (role === undefined) throw invalid(`${field}.role`, `must be one of ${[...roles.keys()].join(', ')}`)
    const content = readContent(message['content'], `${field}.content`, rules) // 2
    if (role === 'system') {
      if (Array.isArray(content)) throw invalid(`${field}.content`, 'must be text in a system message')
      if (content !== '') system.push({ message, role, content })
      continue
    }
    const turn = turns.at(-1)
    if (role === 'user' && turn?.[0].role === 'user') turn.push({ message, role, content })
    else turns.push([{ message: settled(message, { role, content }, field), role, content }])
  }
  const out = turns.map(oneOf) // 4
  if (system.length > 0 || out.length === 0) out.unshift(systemOf(system))
  return out
}

type Content = string | readonly JsonObject[]

/** A message, and what it says. */
interface Read {
  readonly message: JsonObject
  readonly role: string
  readonly content: Content
}

const handled = new Set(['role', 'content', 'tool_calls'])

/** A message with what was read of it, and without nulls. */
function settled(message: JsonObject, said: Omit<Read, 'message'>, field: string): JsonObject {
  const { role, content } = said
  const calls = readToolCalls(message['tool_calls'], field) // 3
  const stays = message['role'] === role && isSame(message['content'], content) && isSame(message['tool_calls'], calls)
  if (stays && !Object.values(message).includes(null)) return message
  const rest = Object.entries(message).filter(([key, value]) => value !== null && !handled.has(key))
  return { ...Object.fromEntries(rest), role, content, ...(calls !== undefined && { tool_calls: calls }) }
}

function oneOf(turn: readonly [Read, ...Read[]]): JsonObject {
  const [{ message }] = turn
  return turn.length === 1 ? message : { ...message, content: joined(turn.map(({ content }) => content)) }
}

function systemOf(said: readonly Read[]): JsonObject {
  const [only] = said
  const isAlone = only !== undefined && said.length === 1 && Object.keys(only.message).length === 2
  if (isAlone && only.message['role'] === 'system' && only.message['content'] === only.content) return only.message
  return { role: 'system', content: said.map(({ content }) => content).join('\n\n') }
}

/** Text, or a list of parts where an image is among them. */
function readContent(content: Json | undefined, field: string, rules: MessageRules): Content {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw invalid(field, 'must be text or a list of parts')
  const parts = content.map((part, position) => readPart(part, `${field}[${position}]`, rules))
  if (parts.every((part) => part['type'] === 'text')) return parts.map((part) => part['text']).join('')
  return parts
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
      return sameOr(part, { type: 'text', text })
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
  return sameOr(part, { type: 'image_url', image_url: isObject(image) ? sameOr(image, { url }) : { url } })
}

/** What came, where what was read of it is all of it. */
function sameOr(came: JsonObject, read: JsonObject): JsonObject {
  const names = Object.keys(came)
  return names.length === Object.keys(read).length && names.every((name) => came[name] === read[name]) ? came : read
}

function isSame(came: Json | undefined, read: Content | undefined): boolean {
  if (!Array.isArray(came) || !Array.isArray(read)) return came === read
  return came.length === read.length && came.every((entry, position) => entry === read[position])
}

function isParts(content: Content): content is readonly JsonObject[] {
  return Array.isArray(content)
}

/** One text, or parts; texts that follow one another stay one. */
function joined(contents: readonly Content[]): string | JsonObject[] {
  if (!contents.some(isParts)) return contents.join('\n\n')
  const parts: JsonObject[] = []
  let texts: Content[] = []
  const endText = (): void => {
    if (texts.length > 0) parts.push({ type: 'text', text: texts.join('\n\n') })
    texts = []
  }
  for (const content of contents) {
    if (isParts(content)) {
      endText()
      for (const part of content) parts.push(part)
    } else texts.push(content)
  }
  endText()
  return parts
}

function readToolCalls(calls: Json | undefined, message: string): JsonObject[] | undefined {
  if (calls === undefined || calls === null) return undefined
  if (!Array.isArray(calls)) throw invalid(`${message}.tool_calls`, 'must be a list')
  if (calls.length === 0) return undefined
  return calls.map((call, position) => {
    const field = `${message}.tool_calls[${position}].function`
    const said = isObject(call) ? call['function'] : undefined
    if (!isObject(call) || !isObject(said) || typeof said['name'] !== 'string')
      throw invalid(field, 'must be an object with a name')
    const written = readArguments(said['arguments'], `${field}.arguments`)
    return sameOr(call, { ...call, type: 'function', function: sameOr(said, { ...said, arguments: written }) })
  })
}

function readArguments(given: Json | undefined, field: string): string {
  if (given === undefined || given === null || given === '') return '{}'
  if (isObject(given)) return writeJson(given)
  if (typeof given === 'string') {
    // a template may want it parsed
    textWithinBounds(given, field)
    const held = parseObject(given)
    if (held !== undefined) return hasLoneSurrogates(JSON.stringify(held)) ? writeJson(held) : given
  }
  throw invalid(field, 'must be a JSON object, or a text that holds one')
}
