/** The Markdown table of a run. */
import type { Book } from './book.ts'
import { figures, type Figure, type FigureName, type Goal } from './figures.ts'

export interface Columns {
  readonly names: readonly string[]
  readonly gateway: string
  /** The gateway that ratios are taken to. */
  readonly beside: string | undefined
}

/** One row a figure that has any value. A `+` is what comes on top of the direct call. */
export function table(book: Book, columns: Columns): string {
  const head = ['', ...columns.names, ...(columns.beside === undefined ? [] : [`ratio to ${columns.beside}`]), 'goal']
  const rows = figureNames()
    .filter((name) => columns.names.some((column) => !Number.isNaN(book.median(name, column))))
    .map((name) => row(book, columns, name))
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function figureNames(): FigureName[] {
  const names: FigureName[] = []
  for (const name in figures) if (isFigure(name)) names.push(name)
  return names
}

function isFigure(name: string): name is FigureName {
  return name in figures
}

function row(book: Book, columns: Columns, name: FigureName): string[] {
  const figure: Figure = figures[name]
  const value = book.median(name, columns.gateway)
  const other = columns.beside === undefined ? Number.NaN : book.median(name, columns.beside)
  // Of what lies within the noise around zero there is no ratio.
  const ratio = value > 0 && other > 0 ? value / other : Number.NaN
  const cells = columns.names.map((column, i) => number(book.median(name, column), figure, i > 0 && figure.added))
  const ratios = columns.beside === undefined ? [] : [Number.isNaN(ratio) ? '–' : `${ratio.toFixed(2)} ×`]
  return [figure.title, ...cells, ...ratios, figure.goals.map((goal) => verdict(goal, value, ratio)).join(', ')]
}

function number(value: number, { digits }: Figure, added: boolean): string {
  if (Number.isNaN(value)) return '–'
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return added && value >= 0 ? `+${text}` : text
}

function verdict(goal: Goal, value: number, ratio: number): string {
  const reached = goal.of === 'times' ? ratio : value
  const bound = goal.atMost === undefined ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
  const met = goal.atMost === undefined ? reached >= (goal.atLeast ?? 0) : reached <= goal.atMost
  const said = `${bound}${goal.of === 'times' ? ' ×' : ''}`
  return Number.isNaN(reached) ? said : `${said} ${met ? '✓' : '✗'}`
}
