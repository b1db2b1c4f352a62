/** Macros of llama-swap's configuration: `${name}` in any text of a model. Pure. */
import { isRecord } from './file.ts'

export type Macros = readonly (readonly [name: string, value: unknown])[]

/** Characters that one text may grow to: no command is longer, and macros that hold one another twice would double with each. */
const longest = 8 * 1024

/** Thrown where a text grows beyond all measure. */
export class OvergrownMacro extends Error {
  override readonly name = 'OvergrownMacro'
}

/** Those of a model over those of all, in the order of their declaration: a later one may hold the earlier. */
export function macrosOf(id: string, ofAll: unknown, own: unknown): Macros {
  const global = Object.entries(isRecord(ofAll) ? ofAll : {})
  const ours = Object.entries(isRecord(own) ? own : {})
  const overridden = new Map(ours)
  const kept = global.map(([name, value]) => [name, overridden.has(name) ? overridden.get(name) : value] as const)
  const known = new Set(global.map(([name]) => name))
  return [['MODEL_ID', id], ...kept, ...ours.filter(([name]) => !known.has(name))]
}

/** `value` with every macro filled in, also within lists and objects and their keys. A text that is nothing but one macro becomes its value, with its type. */
export function filledIn(value: unknown, macros: Macros): unknown {
  if (typeof value === 'string') return macros.toReversed().reduce<unknown>(fillOne, value)
  if (Array.isArray(value)) return value.map((item) => filledIn(item, macros))
  if (!isRecord(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([key, member]) => [String(filledIn(key, macros)), filledIn(member, macros)]))
}

function fillOne(text: unknown, [name, value]: Macros[number]): unknown {
  const place = `\${${name}}`
  if (typeof text !== 'string' || !text.includes(place)) return text
  if (text === place) return value
  const parts = text.split(place)
  const written = String(value)
  if (text.length + (parts.length - 1) * written.length > longest) throw new OvergrownMacro(name)
  return parts.join(written)
}
