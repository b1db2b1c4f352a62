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
export function writeJson(value: JsonObject): string {
  const text = JSON.stringify(value)
  return hasLoneSurrogates(text) ? JSON.stringify(value, (_, held: unknown) => wellFormed(held)) : text
}

/** Whether a text that JSON.stringify wrote may hold lone surrogates: it writes only these as `\ud…`. */
export function hasLoneSurrogates(text: string): boolean {
  return text.includes('\\ud')
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key.toWellFormed(), held]))
}
