/** Tables and units for people, JSON for scripts. */
import bytes from 'bytes'
import Table from 'cli-table3'
import ms from 'ms'
import type { World } from './world.ts'

export type Cell = string | number | undefined | null

/** A value not known is a dash, never 0. */
const cell = (value: Cell): string =>
  value === undefined || value === null || value === '' ? '–' : printable(String(value))

const bare = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
)

export function table(world: World, head: readonly string[], rows: readonly (readonly Cell[])[], none: string): void {
  if (rows.length === 0) {
    world.out.write(`${none}\n`)
    return
  }
  const style = { 'padding-left': 0, 'padding-right': 2, head: [], border: [] }
  const lines = new Table({ head: [...head], chars: { ...bare, middle: '' }, style })
  for (const row of rows) lines.push(row.map(cell))
  world.out.write(`${lines.toString()}\n`)
}

/** Without the control characters that a terminal might obey: folders are named by others, and servers print what was said to them. */
export function printable(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, '\uFFFD')
}

export function json(world: World, value: unknown): void {
  world.out.write(`${JSON.stringify(value, null, 2)}\n`)
}

export function size(value: number | undefined | null): string | undefined {
  return typeof value === 'number'
    ? (bytes.format(value, { decimalPlaces: 1, unitSeparator: ' ' }) ?? undefined)
    : undefined
}

export function span(value: number | undefined | null): string | undefined {
  return typeof value === 'number' ? ms(Math.max(0, Math.round(value))) : undefined
}
