/** The command line of the benchmark. */
import { parseArgs } from 'node:util'

const groups = ['requests', 'bodies', 'streams', 'memory', 'swap'] as const
export type Group = (typeof groups)[number]

export interface Options {
  readonly beside: readonly string[]
  readonly without: readonly string[]
  readonly only: readonly string[]
  readonly rounds: number
  readonly scale: number
  readonly enginePort: number
  readonly http: '1.0' | '1.1'
  readonly main: string
  readonly json: string | undefined
}

export const usage = `node bench/bench.ts [options]

  --beside NAME=URL    another gateway, started by hand, in the same table (repeatable; the first gives the ratios)
  --engine-port N      where the mock engine of the direct call listens, for gateways that want a fixed upstream (18181)
  --engine-http V      1.1: connections are kept · 1.0: closed after each answer, as mlx_lm.server does (1.1)
  --main FILE          the gateway to start (src/main.ts); dist/main.js once built is what an installed package runs
  --only GROUP         ${groups.join(', ')} (repeatable)
  --without NAME       leave mlx-gateway or nginx out (repeatable)
  --rounds N           how often each figure is measured; the table shows medians (5)
  --quick              one short round, to see that all works
  --json FILE          every value of every round
`

export function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      beside: { type: 'string', multiple: true, default: [] },
      without: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'engine-port': { type: 'string', default: '18181' },
      'engine-http': { type: 'string', default: '1.1' },
      main: { type: 'string', default: 'src/main.ts' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const known: readonly string[] = groups
  for (const group of values.only) {
    if (!known.includes(group)) throw new Error(`--only ${group}: one of ${groups.join(', ')}`)
  }
  return {
    beside: values.beside,
    without: values.without,
    only: values.only,
    rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
    scale: values.quick ? 0.2 : 1,
    enginePort: Number(values['engine-port']),
    http: values['engine-http'] === '1.0' ? '1.0' : '1.1',
    main: values.main,
    json: values.json,
  }
}
