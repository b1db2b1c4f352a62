/** How people write amounts, and what they become: `10m` → ms, `24GB` → bytes, `70%` → a share. */
import bytes from 'bytes'
import ms, { type StringValue } from 'ms'
import { z } from 'zod'

/** What a timer can wait for; setTimeout fires at once for more. */
const longestTimerMs = 2 ** 31 - 1

interface Amount {
  /** What its value is reckoned in, where people write it otherwise. */
  readonly unit?: 'ms' | 'bytes'
  readonly min?: number
  readonly max?: number
}

/** What whoever draws a form can know of a schema of this page; of one made from another, also what is noted of that. */
export const amounts = z.registry<Amount>()

function bounded<Schema extends z.ZodType<number>>(
  schema: Schema,
  bounds: Pick<Amount, 'min' | 'max'>,
  message: string,
): Schema {
  const { min = -Infinity, max = Infinity } = bounds
  const refined = schema.refine((value) => value >= min && value <= max, message)
  amounts.add(refined, bounds)
  return refined
}

/** `365d`, or a number of milliseconds. Reckoned with, never waited for. */
export const longDuration = z
  .union([z.number(), z.string()], 'write a duration, for example 30s, 10m or 2h')
  .transform((written, context): number => {
    const value = typeof written === 'number' ? written : milliseconds(written)
    if (Number.isFinite(value) && value >= 0) return Math.round(value)
    context.addIssue({ code: 'custom', message: `"${written}" is not a duration; write for example 30s, 10m or 2h` })
    return z.NEVER
  })
  .register(amounts, { unit: 'ms' })

/** `500ms`, `30s`, `10m`, `2h`, or a number of milliseconds; at most 24 days. */
export const duration = bounded(longDuration, { max: longestTimerMs }, 'must be at most 24 days')

/** A duration that is not 0. */
export const timeout = bounded(duration, { min: 1 }, 'must be longer than 0')

/** `300MB`, `24GB` (1 GB = 1024³ bytes, as Activity Monitor's "memory used" counts), or a number of bytes. */
export const byteSize = z
  .union([z.number(), z.string()], 'write a size, for example 300MB or 24GB')
  .transform((written, context): number => {
    const value = typeof written === 'number' ? written : sizeInBytes(written)
    if (Number.isSafeInteger(value) && value >= 0) return value
    context.addIssue({ code: 'custom', message: `"${written}" is not a size; write for example 300MB or 24GB` })
    return z.NEVER
  })
  .register(amounts, { unit: 'bytes' })

/** Bytes a second, written as a size; not 0. */
export const rate = bounded(byteSize, { min: 1 }, 'must be more than 0')

export type MemoryBudget = { readonly share: number } | { readonly bytes: number }

/** `70%` of the machine's memory, or a size. */
export const memoryBudget = z
  .union([z.number(), z.string()], 'write a memory budget, for example 70% or 24GB')
  .transform((written, context): MemoryBudget => {
    const percent = typeof written === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(written)?.[1] : undefined
    if (percent !== undefined) {
      const share = Number(percent) / 100
      if (share > 0 && share <= 1) return { share }
    } else {
      const value = byteSize.safeParse(written)
      if (value.success && value.data > 0) return { bytes: value.data }
    }
    context.addIssue({ code: 'custom', message: `"${written}" is not a memory budget; write for example 70% or 24GB` })
    return z.NEVER
  })
  .register(amounts, { unit: 'bytes' })

/** NaN where it is none; `ms` throws for an empty text. */
function milliseconds(written: string): number {
  return written === '' ? Number.NaN : Number(ms(written as StringValue))
}

/** NaN where it is none. Checked here because `bytes` takes the number in front of anything at all (`12 potatoes`). */
function sizeInBytes(written: string): number {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?\s*$/i.exec(written) ?? []
  return amount === undefined ? Number.NaN : (bytes.parse(`${amount}${unit}b`) ?? Number.NaN)
}
