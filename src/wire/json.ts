/** JSON as it comes: nothing known of its shape yet. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json | undefined }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a text holds, or undefined where it holds anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Written anew, so that repeated keys, broken surrogates and the like never reach a backend: Python would fail to encode them. */
export function writeJson(value: Json): string {
  const text = JSON.stringify(value)
  return hasLoneSurrogates(text) ? JSON.stringify(value, (_, held: unknown) => wellFormed(held)) : text
}

/** Whether a text that JSON.stringify wrote may hold lone surrogates: it writes only these as `\ud…`. */
export function hasLoneSurrogates(text: string): boolean {
  return text.includes('\\ud')
}

/** How many members the objects in it have; not a number where half a surrogate pair is in a text. */
export function namesIn(value: Json): number {
  if (typeof value === 'string') return value.isWellFormed() ? 0 : Number.NaN
  let names = 0
  if (Array.isArray(value)) for (const entry of value) names += namesIn(entry)
  else if (isObject(value))
    for (const name of Object.keys(value)) names += 1 + namesIn(name) + namesIn(value[name] ?? null)
  return names
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key.toWellFormed(), held]))
}
