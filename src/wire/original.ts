/** A JSON object with the bytes it was read from: what of it is sent on unchanged need not be written anew, which costs more than reading it. */
import { type Json, type JsonObject, namesIn, writeJson } from './json.ts'
import { type Member, type Outline, type Span, textAt } from './outline.ts'
import { Patchwork } from './patchwork.ts'

/** Bytes: what is shorter is written sooner than fetched. */
const worthwhile = 4096

export class Original {
  readonly value: JsonObject
  readonly #bytes: Buffer
  readonly #outline: Outline
  #members: ReadonlyMap<string, Member> | undefined

  /** What was read from `bytes` of this outline. */
  constructor(value: JsonObject, bytes: Buffer, outline: Outline) {
    this.value = value
    this.#bytes = bytes
    this.#outline = outline
  }

  /** The members of an object as JSON, each behind a comma, in pieces. Lists, objects and texts that came in the original under the same
   *  name, and entries of its lists, are pieces of its bytes. */
  members(object: JsonObject): Buffer[] {
    if (this.#bytes.length < worthwhile) return [Buffer.from(membersOf(object))]
    const patchwork = new Patchwork(this.#bytes)
    const anew: Record<string, Json | undefined> = {}
    const kept: [name: string, value: Json, member: Member][] = []
    for (const [name, value] of Object.entries(object)) {
      const member = this.#member(name)
      if (value === undefined || member === undefined || member.end - member.start < worthwhile) anew[name] = value
      else kept.push([name, value, member])
    }
    patchwork.text(membersOf(anew))
    for (const [name, value, member] of kept) {
      patchwork.text(`,${writeJson(name)}:`)
      this.#write(value, this.value[name], member, patchwork)
    }
    return patchwork.all()
  }

  #write(value: Json, came: Json | undefined, member: Member, patchwork: Patchwork): void {
    if (Array.isArray(value) && Array.isArray(came)) this.#writeList(value, came, member.entries, patchwork)
    else if (value === came && this.#isFaithful(value, member)) patchwork.piece(member)
    else patchwork.text(writeJson(value))
  }

  #writeList(list: readonly Json[], came: readonly Json[], entries: readonly Span[], patchwork: Patchwork): void {
    const places = new Map(came.map((entry, place) => [entry, place]))
    let last = -2
    patchwork.text('[')
    for (const [position, entry] of list.entries()) {
      const place = places.get(entry) ?? -2
      const span = entries[place]
      const taken = span !== undefined && this.#isFaithful(entry, span)
      if (taken && place === last + 1) patchwork.further(span)
      else {
        if (position > 0) patchwork.text(',')
        if (taken) patchwork.piece(span)
        else patchwork.text(writeJson(entry))
      }
      last = taken ? place : -2
    }
    patchwork.text(']')
  }

  /** Whether every reader of these bytes reads this value, as we did. JSON leaves open 1. which of two members of one name counts, 2. what
   *  becomes of numbers past the exact ones, and 3. of half a surrogate pair; all else about it is settled. */
  #isFaithful(value: Json, { names, exact }: Span): boolean {
    return exact && namesIn(value) === names // 2, 1 and 3
  }

  #member(name: string): Member | undefined {
    this.#members ??= new Map(this.#outline.members.map((member) => [textAt(this.#bytes, member.name), member]))
    return this.#members.get(name)
  }
}

/** As JSON, each behind a comma. */
function membersOf(object: JsonObject): string {
  const text = writeJson(object)
  return text === '{}' ? '' : `,${text.slice(1, -1)}`
}
