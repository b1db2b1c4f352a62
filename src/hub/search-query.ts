/** What can be searched for, and where a search goes on. Pure. */
import { GatewayError } from '../errors.ts'

export interface SearchQuery {
  /** Words of the model's id, or the whole of it. */
  readonly text?: string | undefined
  readonly owner?: string | undefined
  /** As the hub calls it: `text-generation`, `image-text-to-text`. */
  readonly task?: string | undefined
  /** Bits of a quantised weight; 16 or 32: not quantised. */
  readonly bits?: number | undefined
  /** Of the weights. */
  readonly minBytes?: number | undefined
  readonly maxBytes?: number | undefined
  /** The most downloaded first (the default), or those that changed last. */
  readonly sort?: 'downloads' | 'recent'
  readonly limit: number
  /** Of the answer before. */
  readonly cursor?: string | undefined
}

/** What is known of a model and can be asked for. */
export interface Known {
  /** Exactly. */
  readonly weightsBytes: number | undefined
  /** As the catalog says it: `4-bit`, `mixed`, `bfloat16`. */
  readonly quantization: string | undefined
}

const UNQUANTIZED: Readonly<Record<string, number>> = { float16: 16, bfloat16: 16, float32: 32 }

/** Whether there are wishes that the hub's list knows nothing of. */
export function isNarrow({ bits, minBytes, maxBytes }: SearchQuery): boolean {
  return bits !== undefined || minBytes !== undefined || maxBytes !== undefined
}

/** What is not known is not what was asked for. Of a model of mixed bits the hub's tag says those of most. */
export function isWanted(
  query: SearchQuery,
  { weightsBytes, quantization }: Known,
  tags: readonly string[] = [],
): boolean {
  const { bits, minBytes, maxBytes } = query
  if (bits !== undefined && (bitsOf(quantization) ?? bitsOf(quantizationOf(tags))) !== bits) return false
  if (minBytes === undefined && maxBytes === undefined) return true
  return weightsBytes !== undefined && weightsBytes >= (minBytes ?? 0) && weightsBytes <= (maxBytes ?? Infinity)
}

/** Whether a model may be what was asked for, by the hub's tags: it derives `4-bit` from the configuration. */
export function mayBeWanted({ bits }: SearchQuery, tags: readonly string[]): boolean {
  const quantization = quantizationOf(tags)
  return bits === undefined || quantization === undefined || bitsOf(quantization) === bits
}

export function quantizationOf(tags: readonly string[]): string | undefined {
  return tags.find((tag) => /^\d{1,2}-bit$/.test(tag))
}

/** Whether a model that is here goes by these words and this owner. */
export function isNamed({ text = '', owner }: SearchQuery, id: string): boolean {
  const name = id.toLowerCase()
  const words = text.toLowerCase().split(/\s+/)
  return (
    words.every((word) => name.includes(word)) && (owner === undefined || name.startsWith(`${owner.toLowerCase()}/`))
  )
}

function bitsOf(quantization: string | undefined): number | undefined {
  if (quantization === undefined) return undefined
  return UNQUANTIZED[quantization] ?? (Number.parseInt(quantization, 10) || undefined)
}

/** A place in the hub's list: its own cursor of a page, and how many of that page are done with. */
export interface Place {
  readonly page: string | undefined
  readonly done: number
}

export function writeCursor({ page, done }: Place): string {
  return Buffer.from(JSON.stringify([page ?? null, done])).toString('base64url')
}

/** Throws GatewayError `invalid_request`. */
export function readCursor(cursor: string | undefined): Place {
  if (cursor === undefined) return { page: undefined, done: 0 }
  const parsed = parsedPlace(Buffer.from(cursor, 'base64url').toString())
  if (parsed !== undefined) return parsed
  throw new GatewayError('invalid_request', 'The cursor is none that a search answered with; leave it out.', {
    param: 'cursor',
  })
}

function parsedPlace(text: string): Place | undefined {
  try {
    const place: unknown = JSON.parse(text)
    if (!Array.isArray(place) || place.length !== 2) return undefined
    const [page, done]: unknown[] = place
    if (!(page === null || typeof page === 'string') || !Number.isSafeInteger(done) || Number(done) < 0)
      return undefined
    return { page: page ?? undefined, done: Number(done) }
  } catch {
    return undefined
  }
}
