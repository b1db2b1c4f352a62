/** One line that changes on a terminal; elsewhere a line for each tenth, and for what cannot be told in tenths. */
import { printable } from './print.ts'
import type { World } from './world.ts'

/** Disposing of it clears the line, for what is said next. */
export interface ProgressLine extends Disposable {
  /** `share`: 0 to 1 where known. */
  show(message: string, share: unknown): void
}

const BAR = 24

/** `about`: what each message is about, where there is more than one thing. */
export function progressLine(world: World, about?: string): ProgressLine {
  const terminal = world.err.isTTY
  let told: string | number | undefined
  return {
    show(message, share) {
      const milestone = typeof share === 'number' ? Math.floor(share * 10) : message
      if (!terminal && milestone === told) return
      told = milestone
      const percent = typeof share === 'number' ? `${Math.round(share * 100)} % `.padStart(6) : ''
      const bar = terminal && typeof share === 'number' ? `${barOf(share)} ` : ''
      const line = `${percent}${bar}${printable(about === undefined ? message : `${about}: ${message}`)}`
      world.err.write(terminal ? `\r\u001B[2K${line.slice(0, (world.err.columns || 80) - 1)}` : `${line}\n`)
    },
    [Symbol.dispose]() {
      if (terminal) world.err.write('\r\u001B[2K')
    },
  }
}

function barOf(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR)
  return '█'.repeat(full) + '░'.repeat(BAR - full)
}
