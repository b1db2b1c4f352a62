/** A thread that hashes: files on their way, close behind the bytes that come, so that verification ends with the transfer; and files that
 *  are there. What is right gets its final name here, after the disk has all of it, for that can take long. */
import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Digest } from './digest.ts'
import { diskTrouble } from './disk.ts'
import { plainError, type Content, type HashNews, type HashOrder } from './messages.ts'
import { isPromoted, promote } from './promote.ts'
import { shedLoading } from './shed.ts'

interface Task {
  readonly id: number
  readonly file: Content
  readonly digest: Digest
  /** Undefined for a file that is there. */
  readonly arriving: { readonly blob: string; readonly final: string } | undefined
  /** So much has come; -1 where nobody has said so yet. */
  upTo: number
}

type Tell = (news: HashNews) => void

/** Between two looks at what else is wanted. */
const TURN_BYTES = 8 * 1024 ** 2

if (!isMainThread && parentPort !== null) {
  const { transfers }: { readonly transfers: MessagePort } = workerData
  for (const port of [transfers, parentPort]) listen(port)
  shedLoading()
}

/** Each port has numbers of its own. */
function listen(port: MessagePort): void {
  const tasks = new Map<number, Task>()
  const tell: Tell = (news) => port.postMessage(news, [])
  let isTurning = false

  function turnSoon(): void {
    if (isTurning || ![...tasks.values()].some(hasWork)) return
    isTurning = true
    setImmediate(turn)
  }

  function turn(): void {
    isTurning = false
    for (const task of tasks.values()) {
      if (hasWork(task)) attempt(task.id, task.file.path, () => advance(task))
    }
    turnSoon()
  }

  function advance(task: Task): void {
    if (read(task, tell) && finish(task, tell)) end(task.id)
  }

  function obey(order: HashOrder): void {
    const { id } = order
    const task = tasks.get(id)
    switch (order.kind) {
      case 'follow': {
        const { file, final, blob } = order
        if (isPromoted(file, final)) return tell({ kind: 'right', id })
        tasks.set(id, { id, file, arriving: { blob, final }, upTo: -1, digest: new Digest(file) })
        return
      }
      case 'digest':
        tasks.set(id, {
          id,
          file: order.file,
          arriving: undefined,
          upTo: order.file.bytes,
          digest: new Digest(order.file),
        })
        return
      case 'reach':
        if (task !== undefined) task.upTo = order.upTo
        return
      case 'again':
        if (task !== undefined) task.upTo = -1
        return task?.digest.again()
      case 'drop':
        return end(id)
    }
  }

  /** A task's trouble is told to who asked, and ends that task alone. */
  function attempt(id: number, path: string, act: () => void): void {
    try {
      act()
    } catch (thrown) {
      end(id)
      tell({ kind: 'failed', id, error: plainError(diskTrouble(thrown, path)) })
    }
  }

  function end(id: number): void {
    const task = tasks.get(id)
    tasks.delete(id)
    task?.digest.close()
  }

  port.on('message', (order: HashOrder) => {
    attempt(order.id, 'file' in order ? order.file.path : 'the cache', () => obey(order))
    turnSoon()
  })
}

/** Also where there is nothing more to read, but nobody has been told yet. */
function hasWork({ digest, upTo, file }: Task): boolean {
  return digest.at < upTo || upTo === file.bytes
}

/** Some of it; true at the end. A file on its way that is shorter than was said is beginning anew: word of that is on its way, too. */
function read(task: Task, tell: Tell): boolean {
  const { id, file, arriving, digest } = task
  const until = Math.min(task.upTo, digest.at + TURN_BYTES)
  while (digest.at < until && digest.read(until));
  if (arriving === undefined) tell({ kind: 'read', id, bytes: digest.at })
  if (digest.at < until) {
    if (task.upTo === file.bytes) return true
    task.upTo = digest.at
  }
  return digest.at === file.bytes
}

/** Whether that is all: what was wrong may come again. */
function finish(task: Task, tell: Tell): boolean {
  const { id, file, arriving, digest } = task
  const isWhole = digest.isWhole()
  const digits = digest.digits()
  if (arriving === undefined) {
    tell({ kind: 'digest', id, digits })
    return true
  }
  const isRight = isWhole && digits === arriving.blob && digest.isAt(file.path)
  if (isRight) promote(digest, file.path, arriving.final)
  else task.upTo = -1
  tell({ kind: isRight ? 'right' : 'wrong', id })
  return isRight
}
