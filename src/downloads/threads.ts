/** The two threads of the downloads: started when needed, ended when nobody has needed them for a while. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { TransferThreadData } from './transfer-thread.ts'

export interface Threads {
  readonly transfers: Worker
  readonly hashes: Worker
  /** Whether they keep the process from ending. */
  hold(isHeld: boolean): void
  end(): Promise<void>
}

/** Enough for the lists of a thousand files; their bytes lie outside of it. A thread that needs more ends, and the gateway goes on. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 1 }

/** `died` is called once, where one of them ends by itself; then the other is ended, too. */
export function startThreads(data: Omit<TransferThreadData, 'hash'>, died: (why: unknown) => void): Threads {
  const { port1, port2 } = new MessageChannel()
  const hashes = startThread('hash-thread', { transfers: port2 }, port2)
  const transfers = startThread('transfer-thread', { ...data, hash: port1 }, port1)
  let isOver = false
  const end = async (): Promise<void> => {
    isOver = true
    await Promise.all([transfers.terminate(), hashes.terminate()])
  }
  for (const thread of [transfers, hashes]) {
    const mourn = (why: unknown): void => {
      if (isOver) return
      void end()
      died(why)
    }
    thread.once('error', mourn).once('exit', (code) => mourn(new Error(`a thread of the downloads ended (${code})`)))
  }
  const hold = (isHeld: boolean): void => {
    for (const thread of [transfers, hashes]) {
      if (isHeld) thread.ref()
      else thread.unref()
    }
  }
  return { transfers, hashes, hold, end }
}

/** Its file has the ending that this one has: `.ts` where node runs the source, `.js` once it is built. It is given no environment: whatever
 *  it needs to know, it is told. */
function startThread(name: string, data: object, port: MessagePort): Worker {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  return new Worker(new URL(`./${name}${ending}`, import.meta.url), {
    name: `downloads: ${name}`,
    workerData: data,
    transferList: [port],
    env: {},
    execArgv: [],
    resourceLimits: LIMITS,
  })
}
