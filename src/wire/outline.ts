/** The outline of a JSON text, read off its bytes before it is parsed: how deep it is, how much it holds, and where the members of the object
 *  at its top stand. Any bytes may come; what is found is true of those that a JSON parser takes. */

export interface Bounds {
  /** Lists and objects within one another. */
  readonly depth: number
  /** Values and names together: some of them cost a parser fifty times their bytes. */
  readonly values: number
}

/** Where something stands, in bytes; of a text its quotes too, of a value the blanks around it. */
export interface Place {
  readonly start: number
  readonly end: number
}

export interface Span extends Place {
  /** How many members the objects in it have, repeated ones included. */
  readonly names: number
  /** Holds no number that one reader might take for another than the next does. */
  readonly exact: boolean
}

export interface Member extends Span {
  readonly name: Place
  /** Of a list. */
  readonly entries: readonly Span[]
}

export interface Outline {
  /** Of the object at the top, in their order. */
  readonly members: readonly Member[]
  /** Digits and all that belongs to them. */
  readonly longestNumber: number
  /** What is out of bounds, where reading ended. */
  readonly excess: Excess | undefined
}

export interface Excess {
  readonly bound: keyof Bounds
  /** The name of the member at the top that was being read; undefined outside of any. */
  readonly member: string | undefined
}

export function outlineOf(bytes: Buffer, bounds: Bounds): Outline {
  return new Outliner(bytes, bounds).read()
}

/** The text at a place, which is one; what is no JSON is empty. */
export function textAt(bytes: Buffer, { start, end }: Place): string {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return String(JSON.parse(text))
  } catch {
    return ''
  }
}

const space = 0x20
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const listStart = 0x5b
const listEnd = 0x5d
const objectStart = 0x7b
const objectEnd = 0x7d

/** A number of no more characters than these is the same to whoever reads it as a double or as an integer of 64 bits. */
const exactCharacters = 15

class Outliner {
  readonly #bytes: Buffer
  readonly #bounds: Bounds
  readonly #members: Member[] = []
  #depth = 0
  #values = 0
  #names = 0
  #inexact = 0
  #longestNumber = 0
  #excess: Excess | undefined
  /** The text read last. */
  #text: Place = { start: 0, end: 0 }
  /** The member and the entry that are being read, and what has been found in them. */
  #member: (Opened & { readonly name: Place }) | undefined
  #entries: Span[] = []
  #entry: Opened | undefined

  constructor(bytes: Buffer, bounds: Bounds) {
    this.#bytes = bytes
    this.#bounds = bounds
  }

  read(): Outline {
    const bytes = this.#bytes
    for (let at = 0; at < bytes.length && this.#excess === undefined;) {
      const byte = bytes[at] ?? 0
      at = byte <= space ? at + 1 : this.#token(byte, at)
    }
    return { members: this.#members, longestNumber: this.#longestNumber, excess: this.#excess }
  }

  /** Reads one token; returns where the next begins. */
  #token(byte: number, at: number): number {
    switch (byte) {
      case quote:
        return this.#readText(at)
      case objectStart:
      case listStart:
        return this.#enter(byte, at + 1)
      case objectEnd:
      case listEnd:
        this.#endOne(at)
        this.#depth--
        if (this.#depth === 1) this.#entry = undefined
        return at + 1
      case comma:
        this.#endOne(at)
        return at + 1
      case colon:
        this.#beginOne(at + 1)
        return at + 1
      default:
        return this.#readScalar(byte, at)
    }
  }

  #count(): void {
    if (++this.#values > this.#bounds.values) this.#exceed('values')
  }

  #exceed(bound: keyof Bounds): void {
    const member = this.#member === undefined ? undefined : textAt(this.#bytes, this.#member.name)
    this.#excess = { bound, member }
  }

  #enter(byte: number, at: number): number {
    this.#count()
    if (++this.#depth > this.#bounds.depth) this.#exceed('depth')
    if (this.#depth === 2 && byte === listStart && this.#member !== undefined) this.#entry = this.#open(at)
    return at
  }

  /** Behind a name. */
  #beginOne(at: number): void {
    this.#names++
    if (this.#depth !== 1) return
    this.#member = { ...this.#open(at), name: this.#text }
    this.#entries = []
  }

  /** Before a comma or a closing bracket. */
  #endOne(end: number): void {
    if (this.#depth === 2 && this.#entry !== undefined) {
      this.#entries.push(this.#close(this.#entry, end))
      this.#entry = this.#open(end + 1)
    } else if (this.#depth === 1 && this.#member !== undefined) {
      this.#members.push({ ...this.#close(this.#member, end), name: this.#member.name, entries: this.#entries })
      this.#member = undefined
    }
  }

  #open(start: number): Opened {
    return { start, names: this.#names, inexact: this.#inexact }
  }

  #close({ start, names, inexact }: Opened, end: number): Span {
    return { start, end, names: this.#names - names, exact: this.#inexact === inexact }
  }

  #readText(start: number): number {
    const end = textEnd(this.#bytes, start + 1)
    this.#count()
    this.#text = { start, end }
    return end
  }

  /** A number, or `true`, `false`, `null`. */
  #readScalar(first: number, start: number): number {
    this.#count()
    const bytes = this.#bytes
    let at = start
    let exponent = false
    for (let byte = first; at < bytes.length && !ends(byte); byte = bytes[++at] ?? 0)
      exponent ||= byte === 0x45 || byte === 0x65
    if (first > 0x39) return at
    const length = at - start
    this.#longestNumber = Math.max(this.#longestNumber, length)
    // JSON.parse and whoever reads integers disagree on -0
    if (exponent || length > exactCharacters || (first === 0x2d && bytes[start + 1] === 0x30)) this.#inexact++
    return at
  }
}

interface Opened {
  readonly start: number
  readonly names: number
  readonly inexact: number
}

/** Whether a byte is no part of a number or a word. An opening bracket can follow only a byte order mark. */
function ends(byte: number): boolean {
  return (
    byte <= space ||
    byte === comma ||
    byte === colon ||
    byte === quote ||
    byte === listStart ||
    byte === listEnd ||
    byte === objectStart ||
    byte === objectEnd
  )
}

/** How far a text is read byte by byte before it is worth asking where its quote is: that costs as much as so many bytes. */
const stride = 16

/** Where the text that begins at `at`, behind its quote, has ended; the end of the bytes where it does not. */
function textEnd(bytes: Buffer, from: number): number {
  let at = from
  let reach = stride
  for (;;) {
    const near = Math.min(at + reach, bytes.length)
    for (; at < near; at += bytes[at] === backslash ? 2 : 1) if (bytes[at] === quote) return at + 1
    const next = bytes.indexOf(quote, at)
    if (next === -1) return bytes.length
    let escapes = 0
    while (next - escapes > at && bytes[next - escapes - 1] === backslash) escapes++
    // among many escaped quotes asking does not pay
    reach = next - at < stride ? reach * 2 : stride
    at = next + 1
    if (escapes % 2 === 0) return at
  }
}
