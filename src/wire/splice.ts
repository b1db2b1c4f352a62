/** The short way for the commonest event. A backend's text events differ only in the text, so once one was parsed, those that begin
 *  and end with the same bytes need no parsing: their text is lifted out as it stands, still in its JSON escapes. */
import { readGenerated, type Generated } from './generation.ts'
import { parseObject } from './json.ts'

/** The insides of JSON strings in ASCII, a space between them. */
const inside = /^(?:[^"\\\u0000-\u001f\u007f-\uffff]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*$/

export class Splicer {
  /** What stands before, between and behind the texts of events like the one learnt. */
  #before: string | undefined
  #between = ''
  #after = ''

  /** The escaped texts of whole events (`data: …` and a blank line each) that are all like the one learnt; undefined where any has to be
   *  parsed. A text broken in two, or a quote in it, cannot pass: each has to be the inside of a string on its own. */
  texts(events: string): readonly string[] | undefined {
    const before = this.#before
    if (before === undefined || !events.startsWith(before) || !events.endsWith(this.#after)) return undefined
    const length = events.length - this.#after.length
    if (length < before.length) return undefined
    const texts = events.slice(before.length, length).split(this.#between)
    return inside.test(texts.join(' ')) ? texts : undefined
  }

  /** Remembers the surroundings of the text in an event that says nothing but text; tries them with another text before it trusts them. */
  learn(event: string, said: Generated): void {
    const { text, reasoning, toolCalls, logprobs, finish, usage } = said
    if (text === '' || reasoning !== '' || toolCalls.length > 0 || logprobs || finish || usage) return
    const key = /"(?:content|text)"\s*:\s*"/.exec(event)
    if (key === null) return
    const before = event.slice(0, key.index + key[0].length)
    const rest = event.slice(before.length)
    const end = /^(?:[^"\\]|\\.)*/.exec(rest)?.[0].length ?? 0
    const after = rest.slice(end)
    const tried = parseObject(`${before}another text${after}`)
    if (tried === undefined || readGenerated(tried).text !== 'another text') return
    this.#before = `data: ${before}`
    this.#after = `${after}\n\n`
    this.#between = this.#after + this.#before
  }
}
