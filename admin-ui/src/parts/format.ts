/** Numbers as people say them. A value not known is "–", never 0. */

export const unknown = '–'

type Maybe = number | null | undefined

/** Of the disk and the network in thousands, of memory in 1024s: as macOS says both, so that a Mac of 64 GB has 64 GB here. */
const units = ['TB', 'GB', 'MB', 'kB'] as const

/** Bytes on disk or on their way, as "16.7 GB"; whole from 100 of a unit on. */
export function bytes(value: Maybe): string {
  return inUnits(value, 1000)
}

/** Bytes of memory. */
export function ofMemory(value: Maybe): string {
  return inUnits(value, 1024)
}

function inUnits(value: Maybe, thousand: number): string {
  if (value === null || value === undefined) return unknown
  const index = units.findIndex((_, place) => Math.abs(value) >= 999.5 * thousand ** (3 - place))
  const unit = units[index]
  if (unit === undefined) return `${value} bytes`
  const amount = value / thousand ** (4 - index)
  return `${decimal(amount, index <= 1 && Math.abs(amount) < 99.95 ? 1 : 0)} ${unit}`
}

/** Milliseconds, as "0.8 s", "21 s", "4 min 10 s" or "2 h 5 min". */
export function duration(ms: Maybe): string {
  if (ms === null || ms === undefined) return unknown
  if (ms < 950) return ms < 95 ? `${Math.round(ms)} ms` : `${decimal(ms / 1000, 1)} s`
  if (ms < 9_950) return `${decimal(ms / 1000, 1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.round(hours / 24)} days`
}

/** What is left until something, in whole seconds: at 0 it happens. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1000)
  return seconds < 10 ? `${seconds} s` : duration(seconds * 1000)
}

/** Tokens per second. */
export function rate(value: Maybe): string {
  if (value === null || value === undefined) return unknown
  return decimal(value, value < 9.95 ? 1 : 0)
}

/** A whole number, grouped: "12,408". */
export function count(value: Maybe): string {
  return value === null || value === undefined ? unknown : value.toLocaleString('en')
}

/** Tokens of a context, as "32k"; as they are below 1,024. */
export function contextSize(tokens: Maybe): string {
  if (tokens === null || tokens === undefined) return unknown
  if (tokens >= 1024 ** 2) return `${count(Math.round((10 * tokens) / 1024 ** 2) / 10)}M`
  return tokens < 1024 ? count(tokens) : `${count(Math.round(tokens / 1024))}k`
}

/** 0 to 1, as "62 %". */
export function share(value: Maybe): string {
  return value === null || value === undefined ? unknown : `${Math.round(value * 100)} %`
}

/** Ms since 1970, as "12:04:31"; with the date where it is not today, and the year where it is another. */
export function time(at: Maybe, now: number = Date.now()): string {
  if (at === null || at === undefined) return unknown
  const [date, today] = [new Date(at), new Date(now)]
  const clock = date.toLocaleTimeString('en-GB')
  if (date.toDateString() === today.toDateString()) return clock
  const year = date.getFullYear() === today.getFullYear() ? undefined : 'numeric'
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year })} ${clock.slice(0, 5)}`
}

/** Ms since 1970, as "4 min ago". */
export function ago(at: Maybe, now: number = Date.now()): string {
  if (at === null || at === undefined) return unknown
  const ms = Math.max(0, now - at)
  if (ms < 10_000) return 'just now'
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s ago`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`
  if (ms < 48 * 3_600_000) return `${Math.floor(ms / 3_600_000)} h ago`
  return `${Math.floor(ms / 86_400_000)} days ago`
}

/** "1 request", "3 requests". */
export function some(value: Maybe, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** "a, b and c", or "a, b or c". */
export function listed(names: readonly string[], type: 'conjunction' | 'disjunction' = 'conjunction'): string {
  return new Intl.ListFormat('en-GB', { type }).format(names)
}

function decimal(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
