/** Rows of a name and a value, for request parameters and for the environment. Pure. */
import type { Problem } from './problems.ts'

export interface Row {
  readonly name: string
  readonly value: string
}

export interface ReadRows<Value> {
  readonly entries: Readonly<Record<string, Value>>
  readonly problems: readonly Problem[]
}

/** Values as JSON. */
export function rowsOf(entries: Readonly<Record<string, unknown>> = {}): readonly Row[] {
  return Object.entries(entries).map(([name, value]) => ({ name, value: JSON.stringify(value) }))
}

/** Values as they are. */
export function plainRowsOf(entries: Readonly<Record<string, string>> = {}): readonly Row[] {
  return Object.entries(entries).map(([name, value]) => ({ name, value }))
}

/** 1. A row that nothing is written in does not count. 2. A value without a name. 3. A name twice. 4. A value that is no JSON. */
export function readRows(field: string, rows: readonly Row[]): ReadRows<unknown> {
  return read(field, rows, (value) => JSON.parse(value))
}

/** The same with values that are texts. */
export function readPlainRows(field: string, rows: readonly Row[]): ReadRows<string> {
  return read(field, rows, (value) => value)
}

function read<Value>(field: string, rows: readonly Row[], valueOf: (text: string) => Value): ReadRows<Value> {
  const entries = new Map<string, Value>()
  const problems: Problem[] = []
  for (const row of rows) {
    const name = row.name.trim()
    const path = `${field}.${name}`
    if (name === '' && row.value.trim() === '') continue // 1
    if (name === '') problems.push({ path, message: 'A value needs a name.' }) // 2
    else if (entries.has(name)) problems.push({ path, message: `"${name}" is here twice.` }) // 3
    else {
      try {
        entries.set(name, valueOf(row.value))
      } catch {
        problems.push({ path, message: noJson(row.value.trim()) }) // 4
      }
    }
  }
  return { entries: Object.fromEntries(entries), problems }
}

function noJson(text: string): string {
  if (text === '') return 'It needs a value: a number, true, "a text", [a list] or {an object}.'
  if (/^['{["]/.test(text)) return 'This is not whole JSON.'
  return `This is no JSON. A text stands in quotes: ${JSON.stringify(text)}`
}
