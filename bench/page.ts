/** `npm run bench:page`: the dashboard in a real browser with a lot going on: when it is first painted, and how long it is ever busy. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser } from '../tests/fixtures/ui/browser.ts'
import { startStandIn } from './page/stand-in.ts'
import { median } from './statistics.ts'

const usage = `node bench/page.ts [options]       (after npm run build)

  --servers N     (20)
  --requests N    that have ended before (2000)
  --events N      a second (200)
  --seconds N     to watch (20)
  --rounds N      (3)
`
const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '20' },
    requests: { type: 'string', default: '2000' },
    events: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
})
const built = join(import.meta.dirname, '../dist/admin-ui')

/** All in ms. */
interface Round {
  readonly firstPaint: number
  /** Until the servers are drawn. */
  readonly drawn: number
  readonly longestTask: number
  /** Tasks over 50. */
  readonly longTasks: number
}

/** Run in the page before anything else. */
const observe = `
  window.longTasks = []
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true })
`

async function bench(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const crowd = {
    servers: Number(values.servers),
    pastRequests: Number(values.requests),
    eventsPerSecond: Number(values.events),
  }
  const standIn = stack.use(await startStandIn(built, crowd))
  const browser = await launchBrowser()
  stack.defer(() => browser.close())
  const rounds: Round[] = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const context = await browser.newContext({
      baseURL: standIn.url,
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
    })
    const page = await context.newPage()
    await page.addInitScript(observe)
    await page.goto('/admin/')
    await page
      .getByRole('article')
      .nth(crowd.servers - 1)
      .waitFor()
    const drawn: number = await page.evaluate('performance.now()')
    const firstPaint: number = await page.evaluate(
      `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
    )
    await page.waitForTimeout(Number(values.seconds) * 1000)
    const tasks: number[] = await page.evaluate('window.longTasks')
    rounds.push({ firstPaint, drawn, longestTask: Math.max(0, ...tasks), longTasks: tasks.length })
    process.stderr.write(`round ${round + 1}: ${rowOf(rounds.slice(-1))}\n`)
    await context.close()
  }
  process.stdout.write(`medians: ${rowOf(rounds)} (goals: first paint 1000 ms, longest task 200 ms)\n`)
}

function rowOf(rounds: readonly Round[]): string {
  const of = (figure: keyof Round) => median(rounds.map((round) => round[figure])).toFixed(0)
  return `first paint ${of('firstPaint')} ms, servers drawn ${of('drawn')} ms, longest task ${of('longestTask')} ms, ${of('longTasks')} over 50 ms in ${values.seconds} s`
}

if (values.help) process.stdout.write(usage)
else await bench()
