/** The figures, in the order of the table, and what each must reach. */

/** `times`: the gateway's value divided by that of the first gateway beside it · `value`: in the figure's own unit. */
export interface Goal {
  readonly of: 'times' | 'value'
  readonly atMost?: number
  readonly atLeast?: number
}

export interface Figure {
  readonly title: string
  readonly digits: number
  /** What is on top of the direct call of the same round; the direct column then shows the whole. */
  readonly added: boolean
  readonly goals: readonly Goal[]
}

const times = (atMost: number): Goal => ({ of: 'times', atMost })
const value = (atMost: number): Goal => ({ of: 'value', atMost })
const atLeast = (least: number): Goal => ({ of: 'times', atLeast: least })

export const figures = {
  addedP50: { title: '1 connection: added p50, µs', digits: 0, added: true, goals: [times(0.45)] },
  perSecond: { title: '32 connections: requests/s', digits: 0, added: false, goals: [atLeast(2.5)] },
  p99: { title: '32 connections: p99, ms', digits: 1, added: false, goals: [times(0.35)] },
  cpuPerRequest: { title: 'CPU per request, µs', digits: 0, added: false, goals: [times(0.35)] },
  added100k: { title: 'body 100 KB: added p50, ms', digits: 2, added: true, goals: [times(0.3)] },
  added1m: { title: 'body 1 MB: added p50, ms', digits: 2, added: true, goals: [times(0.3)] },
  firstChunk: { title: '16 streams × 200/s: added first chunk, ms', digits: 2, added: true, goals: [times(0.5)] },
  chunkP50: { title: '16 streams × 200/s: added delay per chunk p50, µs', digits: 0, added: true, goals: [times(1)] },
  chunkP99: { title: '16 streams × 200/s: delay per chunk p99, µs', digits: 0, added: false, goals: [times(0.5)] },
  cpuPerMillion: { title: 'CPU per million chunks, s', digits: 0, added: false, goals: [times(0.8)] },
  unpaced: { title: '16 streams unpaced: chunks/s', digits: 0, added: false, goals: [atLeast(1)] },
  kilobytes: { title: '1,000 slow streams: KB each', digits: 0, added: false, goals: [times(0.6), value(30)] },
  idle: { title: 'memory with one idle model, MB', digits: 0, added: false, goals: [value(120)] },
  afterLoad: { title: 'memory after the load, MB', digits: 0, added: false, goals: [value(150)] },
  coldStart: { title: 'cold start beyond the engine’s own, ms', digits: 0, added: false, goals: [value(100)] },
  swapToQuick: {
    title: 'swap to a model that loads at once, beyond stop + start, ms',
    digits: 0,
    added: false,
    goals: [value(100)],
  },
  swapToSlow: {
    title: 'swap to one that loads 0.5 s, beyond stop + start, ms',
    digits: 0,
    added: false,
    goals: [value(100)],
  },
} satisfies Record<string, Figure>

export type FigureName = keyof typeof figures
