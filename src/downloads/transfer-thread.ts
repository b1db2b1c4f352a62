/** The thread in which all transfers run, so that waiting for the disk keeps nobody else waiting. */
import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Arrivals } from './arrivals.ts'
import { diskTrouble } from './disk.ts'
import { Job } from './job.ts'
import { openLeanConnections } from './lean-sockets.ts'
import { plainError, type TransferNews, type TransferOrder } from './messages.ts'
import { Pace } from './pace.ts'
import { shedLoading } from './shed.ts'

/** What the thread is started with. */
export interface TransferThreadData {
  /** To the hash thread. */
  readonly hash: MessagePort
  /** See `placeOf`. */
  readonly mark: string
  readonly keepFree: number
  readonly stallMs: number
  readonly attempts: number
  /** The first pause after a failed attempt, in milliseconds. */
  readonly pauseMs: number
  /** Of all transfers together; undefined for no limit. */
  readonly bytesPerSecond: number | undefined
}

const MOST_BITE = 512 * 1024
const TELL_EVERY_MS = 250
/** At most at once: a limit may come while much has been read already, and orders are heard between two waits. */
const LONGEST_WAIT_MS = 1_000

if (!isMainThread && parentPort !== null) {
  listen(parentPort, workerData)
  shedLoading()
}

function listen(gateway: MessagePort, data: TransferThreadData): void {
  const { hash, mark, keepFree, stallMs, attempts, pauseMs } = data
  const arrivals = new Arrivals({ hash, mark, keepFree })
  const pace = new Pace(data.bytesPerSecond)
  const source = { connections: openConnections(pace), stallMs, patience: { attempts, pauseMs } }
  const jobs = new Map<number, Job>()
  const tell = (news: TransferNews): void => gateway.postMessage(news, [])

  async function start({ id, task }: Extract<TransferOrder, { kind: 'start' }>): Promise<void> {
    const job = new Job({ task, arrivals, source, mark, keepFree })
    jobs.set(id, job)
    const progress = (): void => tell({ kind: 'progress', id, files: job.news() })
    const often = setInterval(progress, TELL_EVERY_MS)
    try {
      await job.run()
      progress()
      tell({ kind: 'done', id })
    } catch (thrown) {
      progress()
      tell({ kind: 'failed', id, error: plainError(diskTrouble(thrown, task.blobs)) })
    } finally {
      clearInterval(often)
      jobs.delete(id)
    }
  }

  gateway.on('message', (order: TransferOrder) => {
    if (order.kind === 'start') void start(order)
    else if (order.kind === 'pace') pace.bytesPerSecond = order.bytesPerSecond
    else jobs.get(order.id)?.stop()
  })
}

/** The limit is kept by sleeping: this thread does nothing but transfers, and what is not read waits at its sender. */
function openConnections(pace: Pace) {
  const bell = new Int32Array(new SharedArrayBuffer(4))
  return openLeanConnections({
    most: MOST_BITE,
    bite: () => pace.bite(MOST_BITE),
    read(bytes) {
      const wait = pace.after(bytes, performance.now())
      if (wait > 0) Atomics.wait(bell, 0, 0, Math.min(wait, LONGEST_WAIT_MS))
      return wait > 0
    },
  })
}
