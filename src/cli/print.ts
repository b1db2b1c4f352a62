/** Tables and units for people, JSON for scripts. */
import Table from 'cli-table3'
import ms from 'ms'
import type { World } from './world.ts'
import { sized, sizedMemory } from '../wire/size.ts'

export type Cell = string | number | undefined | null

/** A value not known is a dash, never 0. */
const cell = (value: Cell): string =>
  value === undefined || value === null || value === '' ? '–' : printable(String(value))

const bare = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
)

/** `spare`: columns that a terminal too narrow for all of them does without, the first of them first. */
export function table(
  world: World,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  none: string,
  spare: readonly string[] = [],
): void {
  if (rows.length === 0) {
    world.out.write(`${none}\n`)
    return
  }
  const width = world.out.isTTY ? world.out.columns || 80 : Number.POSITIVE_INFINITY
  for (let without = 0; ; without++) {
    const left = new Set(spare.slice(0, without))
    const lines = drawn(head, rows, left)
    if (without < spare.length && lines.some((line) => line.length > width)) continue
    world.out.write(`${lines.join('\n')}\n`)
    if (without > 0) world.out.write(`\nIn a wider window also: ${[...left].join(', ')}.\n`)
    return
  }
}

function drawn(head: readonly string[], rows: readonly (readonly Cell[])[], without: ReadonlySet<string>): string[] {
  const kept = <Value>(values: readonly Value[]) => values.filter((_, at) => !without.has(head[at] ?? ''))
  const style = { 'padding-left': 0, 'padding-right': 2, head: [], border: [] }
  const lines = new Table({ head: kept(head), chars: { ...bare, middle: '' }, style })
  for (const row of rows) lines.push(kept(row).map(cell))
  return lines
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

/** Without the control characters that a terminal might obey: folders are named by others, and servers print what was said to them. */
export function printable(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, '\uFFFD')
}

export function json(world: World, value: unknown): void {
  world.out.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** On disk or on its way. */
export function size(value: number | undefined | null): string | undefined {
  return typeof value === 'number' ? sized(value) : undefined
}

/** Of memory. */
export function ofMemory(value: number | undefined | null): string | undefined {
  return typeof value === 'number' ? sizedMemory(value) : undefined
}

/** `2.3 GB, 4-bit` */
export function weightsOf(bytes: number | null, quantization: string | null): string {
  return [size(bytes), quantization].filter(Boolean).join(', ')
}

export function span(value: number | undefined | null): string | undefined {
  return typeof value === 'number' ? ms(Math.max(0, Math.round(value))) : undefined
}
