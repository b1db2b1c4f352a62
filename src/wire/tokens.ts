/** Tokens as vocabularies write them, and the bytes that they stand for. A server that gives tokens from its vocabulary (mlx_lm.server 0.32.2)
 *  says neither which way of writing that is nor the bytes. */
import { isObject, type Json, type JsonObject } from './json.ts'

type Writing = 'byte-level' | 'sentence-piece' | 'plain'

/** Log probabilities whose tokens are text, each with its bytes; those that came with bytes stay as they are. */
export function withBytes(entries: readonly JsonObject[]): JsonObject[] {
  if (entries.every((entry) => Array.isArray(entry['bytes']))) return [...entries]
  const writing = writingOf(entries.flatMap((entry) => [entry, ...alternatives(entry)].map(tokenOf)))
  return entries.map((entry) => ({
    ...spelledOut(entry, writing),
    top_logprobs: alternatives(entry).map((other) => spelledOut(other, writing)),
  }))
}

function spelledOut(entry: JsonObject, writing: Writing): JsonObject {
  const bytes = bytesOf(tokenOf(entry), writing)
  return { ...entry, token: bytes.toString('utf8'), bytes: [...bytes] }
}

function alternatives(entry: JsonObject): JsonObject[] {
  const others: Json | undefined = entry['top_logprobs']
  return Array.isArray(others) ? others.filter(isObject) : []
}

function tokenOf({ token }: JsonObject): string {
  return typeof token === 'string' ? token : ''
}

/** How GPT-2 and most after it write bytes: those that print as themselves (Latin-1), the others, in their order, as what follows U+0100.
 *  A space is `Ġ`, a line feed `Ċ`, and `é` two characters. */
const byteOf: ReadonlyMap<string, number> = new Map(alphabet())

function* alphabet(): Generator<[character: string, byte: number]> {
  let others = 0x100
  for (let byte = 0; byte < 0x100; byte++) {
    const prints = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
    yield [String.fromCharCode(prints ? byte : others++), byte]
  }
}

/** What SentencePiece has for a space, and for a byte that no piece of its vocabulary covers. */
const blank = '▁'
const lonelyByte = /^<0x([0-9A-F]{2})>$/

/** Letters past Latin-1 tell a byte-level vocabulary, but are those of many languages too; a piece that begins with a blank tells them apart. */
function writingOf(tokens: readonly string[]): Writing {
  if (tokens.some((token) => token.startsWith(blank) || lonelyByte.test(token))) return 'sentence-piece'
  return tokens.some((token) => /[\u0100-\u0143]/.test(token) && isByteLevel(token)) ? 'byte-level' : 'plain'
}

/** Tokens with a meaning of their own stand in any vocabulary as they are. */
function isByteLevel(token: string): boolean {
  return Array.from(token).every((character) => byteOf.has(character))
}

function bytesOf(token: string, writing: Writing): Buffer {
  if (writing === 'byte-level' && isByteLevel(token))
    return Buffer.from(Array.from(token, (character) => byteOf.get(character) ?? 0))
  const lonely = writing === 'sentence-piece' ? lonelyByte.exec(token)?.[1] : undefined
  if (lonely !== undefined) return Buffer.from(lonely, 'hex')
  return Buffer.from(writing === 'sentence-piece' ? token.replaceAll(blank, ' ') : token)
}
