/** What is wrong with a profile, brought to the fields of its form. Pure. */
import type { Row } from './parameter-rows.ts'

export interface Problem {
  /** `aliases[1]`, `environment.HOME`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** `aliases[1]` → `aliases` */
export function fieldOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? ''
}

export function ofField(field: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ path }) => fieldOf(path) === field)
}

/** What is said at a field; undefined where all is well with it. */
export function wordsAt(field: string, problems: readonly Problem[]): string | undefined {
  return joined(ofField(field, problems))
}

/** At a list: which of its items each problem is about, where the problem does not say so itself. */
export function wordsAtList(field: string, items: readonly string[], problems: readonly Problem[]): string | undefined {
  return joined(
    ofField(field, problems).map(({ path, message }) => {
      const item = items[Number(/\[(\d+)\]/.exec(path)?.[1])]
      return { path, message: item === undefined || message.includes(item) ? message : `"${item}" ${message}` }
    }),
  )
}

/** At one of several rows. */
export function wordsAtRow(field: string, row: Row, problems: readonly Problem[]): string | undefined {
  return joined(ofField(field, problems).filter(({ path }) => isOfRow(path.slice(field.length), row)))
}

/** At the field as a whole, where they are none of its rows'. */
export function wordsBesideRows(field: string, rows: readonly Row[], problems: readonly Problem[]): string | undefined {
  return joined(
    ofField(field, problems).filter(({ path }) => !rows.some((row) => isOfRow(path.slice(field.length), row))),
  )
}

/** Those that no field of the form is there for. */
export function outside(fields: ReadonlySet<string>, problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ path }) => !fields.has(fieldOf(path)))
}

/** At one place one thing is said, the first. */
export function withoutDoubles(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index)
}

function isOfRow(rest: string, { name }: Row): boolean {
  const own = `.${name.trim()}`
  return rest === own || (own !== '.' && (rest.startsWith(`${own}.`) || rest.startsWith(`${own}[`)))
}

/** The gateway says of a field what it "must be", or that it "is missing". */
function joined(problems: readonly Problem[]): string | undefined {
  const words = problems.map(({ message }) => message).join('; ')
  return words === '' ? undefined : words.replace(/^[a-z]/, (first) => first.toUpperCase())
}
