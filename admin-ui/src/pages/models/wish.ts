/** What a person looks for, on this machine and on the hub alike; kept in the page's address. Pure. */
import type { LocalModel } from '../../parts/use-models.ts'

export interface Wish {
  readonly text: string
  /** As the hub calls it; '': any. */
  readonly task: string
  /** Of a weight; '': any. */
  readonly bits: string
  /** Of the weights at most, in GB; '': any. */
  readonly size: string
  readonly sort: string
}

export const noWish: Wish = { text: '', task: '', bits: '', size: '', sort: 'downloads' }

export interface Choice {
  readonly value: string
  readonly label: string
}

export const tasks: readonly Choice[] = [
  { value: '', label: 'Any task' },
  { value: 'text-generation', label: 'Text' },
  { value: 'image-text-to-text', label: 'Text from images' },
  { value: 'feature-extraction', label: 'Embeddings' },
]
export const quantisations: readonly Choice[] = [
  { value: '', label: 'Any quantisation' },
  ...[2, 3, 4, 5, 6, 8].map((bits) => ({ value: `${bits}`, label: `${bits}-bit` })),
  { value: '16', label: 'Not quantised' },
]
export const sizes: readonly Choice[] = [
  { value: '', label: 'Any size' },
  ...[2, 4, 8, 16, 32, 64, 128].map((size) => ({ value: `${size}`, label: `Up to ${size} GB` })),
]
export const sorts: readonly Choice[] = [
  { value: 'downloads', label: 'Most downloaded' },
  { value: 'recent', label: 'Newest' },
]

const choices = { task: tasks, bits: quantisations, size: sizes, sort: sorts }

/** What is not to be chosen is not taken from an address. */
export function wishOf(address: URLSearchParams): Wish {
  const chosen = Object.entries(choices).map(([name, of]) => {
    const value = address.get(name)
    return of.some((choice) => choice.value === value) ? { [name]: value } : {}
  })
  return Object.assign({ ...noWish, text: address.get('q') ?? '' }, ...chosen)
}

/** Without what nobody has chosen. */
export function addressOf({ text, task, bits, size, sort }: Wish): string {
  const said = { q: text.trim(), task, bits, size, sort: sort === noWish.sort ? '' : sort }
  return new URLSearchParams(Object.entries(said).filter(([, value]) => value !== '')).toString()
}

/** Whether the hub is to be asked: not before somebody wants something of it. */
export function isWished({ text, task, bits, size }: Wish): boolean {
  return text.trim() !== '' || task !== '' || bits !== '' || size !== ''
}

/** As the admin API takes it. */
export function questionOf(wish: Wish): Readonly<Record<string, string>> {
  const { text, task, bits, size, sort } = wish
  const asked = {
    q: idOf(text)?.id ?? text.trim().slice(0, 200),
    task,
    bits,
    maxBytes: size === '' ? '' : `${Number(size) * 1e9}`,
    sort,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''))
}

export interface NamedModel {
  readonly id: string
  /** Undefined: main. */
  readonly revision: string | undefined
}

const part = '[A-Za-z0-9_][A-Za-z0-9._-]{0,95}'
const whole = new RegExp(
  `^(?:https?://[^/\\s]+/)?(?<id>${part}/${part})(?:(?:@|/tree/)(?<revision>[A-Za-z0-9_][A-Za-z0-9._/+-]*?))?/?$`,
)

/** A whole id, `owner/name` or `owner/name@revision`, also as the address of its page on the hub. */
export function idOf(text: string): NamedModel | undefined {
  const { id, revision } = whole.exec(text.trim())?.groups ?? {}
  return id === undefined ? undefined : { id, revision }
}

const can: Readonly<Record<string, readonly string[]>> = {
  'text-generation': ['chat', 'completion'],
  'image-text-to-text': ['vision'],
  'feature-extraction': ['embedding'],
}

/** 1. Every word is in its id, or names a profile that serves it. 2. What is not known of it is not what was asked for. */
export function isWanted(wish: Wish, { id, facts, usedBy }: Pick<LocalModel, 'id' | 'facts' | 'usedBy'>): boolean {
  const names = [id, ...usedBy].join(' ').toLowerCase()
  const words = (idOf(wish.text)?.id ?? wish.text).toLowerCase().split(/\s+/)
  if (!words.every((word) => names.includes(word))) return false // 1
  // 2
  const { task, bits, size } = wish
  if (task !== '' && facts?.capabilities.some((one) => can[task]?.includes(one)) !== true) return false
  if (bits !== '' && bitsOf(facts?.quantization) !== Number(bits)) return false
  return size === '' || (facts !== null && facts.weightsBytes <= Number(size) * 1e9)
}

const unquantised: Readonly<Record<string, number>> = { float16: 16, bfloat16: 16, float32: 32 }

function bitsOf(quantization = ''): number {
  return unquantised[quantization] ?? Number.parseInt(quantization, 10)
}
