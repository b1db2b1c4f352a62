/** What the gateway has given to the two threads, and who waits for it. */
import { GatewayError, messageOf } from '../errors.ts'
import { revived, type Content, type FileNews, type HashNews, type Task, type TransferNews } from './messages.ts'
import { startThreads, type Threads } from './threads.ts'
import type { TransferThreadData } from './transfer-thread.ts'

export interface ThreadJobs {
  /** Resolves when every blob has its final name; see `Transfers.start`. */
  transfer(task: Task, report: (news: readonly FileNews[]) => void, signal: AbortSignal): Promise<void>
  /** See `Transfers.hash`. */
  hash(file: Content, read: (bytes: number) => void, signal: AbortSignal): Promise<string>
  /** Holds also for what is under way; undefined for no limit. */
  limit(bytesPerSecond: number | undefined): void
  close(): Promise<void>
}

interface Waiter {
  hear(news: TransferNews | HashNews): void
  fail(reason: unknown): void
}

const IDLE_MS = 5_000

/** `died` hears of a thread that ended by itself; what it had to do has failed, and the next job starts new ones. */
export function createThreadJobs(data: Omit<TransferThreadData, 'hash'>, died: (why: unknown) => void): ThreadJobs {
  const waiters = new Map<number, Waiter>()
  let { bytesPerSecond } = data
  let threads: Threads | undefined
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  function use(): Threads {
    clearTimeout(idle)
    threads ??= begin()
    threads.hold(true)
    return threads
  }

  function begin(): Threads {
    const begun = startThreads({ ...data, bytesPerSecond }, (why) => {
      threads = undefined
      const message = `A thread of the downloads ended: ${messageOf(why)}. Start the download again.`
      for (const { fail } of waiters.values()) fail(new GatewayError('internal_error', message, { cause: why }))
      died(why)
    })
    begun.transfers.on('message', hear)
    begun.hashes.on('message', hear)
    return begun
  }

  function hear(news: TransferNews | HashNews): void {
    waiters.get(news.id)?.hear(news)
  }

  /** They keep no process from ending. */
  function rest(): void {
    threads?.hold(false)
    idle = setTimeout(() => void close(), IDLE_MS).unref()
  }

  async function close(): Promise<void> {
    clearTimeout(idle)
    const ended = threads
    threads = undefined
    await ended?.end()
  }

  /** `ask` sends the order and tells how to call it off. */
  async function wait<Result>(
    ask: (threads: Threads, id: number, settle: PromiseWithResolvers<Result>) => () => void,
    hear: (news: TransferNews | HashNews, settle: PromiseWithResolvers<Result>) => void,
    signal: AbortSignal,
  ): Promise<Result> {
    signal.throwIfAborted()
    const id = (lastId += 1)
    const settle = Promise.withResolvers<Result>()
    const leave = ask(use(), id, settle)
    waiters.set(id, {
      hear(news) {
        try {
          if (news.kind === 'failed') settle.reject(revived(news.error))
          else hear(news, settle)
        } catch (thrown) {
          // who is told of the progress could not take it: nobody else is to suffer
          leave()
          settle.reject(thrown)
        }
      },
      fail: settle.reject,
    })
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await settle.promise
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
      waiters.delete(id)
      if (waiters.size === 0) rest()
    }
  }

  return {
    transfer: (task, report, signal) =>
      wait<void>(
        ({ transfers }, id) => {
          transfers.postMessage({ kind: 'start', id, task }, [])
          // its files are still to be closed: the thread says when
          return () => transfers.postMessage({ kind: 'stop', id }, [])
        },
        (news, { resolve }) => {
          if (news.kind === 'progress') report(news.files)
          else if (news.kind === 'done') resolve()
        },
        signal,
      ),
    hash: (file, read, signal) =>
      wait<string>(
        ({ hashes }, id, { reject }) => {
          hashes.postMessage({ kind: 'digest', id, file }, [])
          return () => {
            hashes.postMessage({ kind: 'drop', id }, [])
            reject(signal.reason)
          }
        },
        (news, { resolve }) => {
          if (news.kind === 'read') read(news.bytes)
          else if (news.kind === 'digest') resolve(news.digits)
        },
        signal,
      ),
    limit(now) {
      bytesPerSecond = now
      threads?.transfers.postMessage({ kind: 'pace', bytesPerSecond }, [])
    },
    close,
  }
}
