import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import type { HashNews, HashOrder } from '../../../src/downloads/messages.ts'
import { refuseLinks } from '../../../src/downloads/real-folder.ts'
import { temporaryFolder } from '../../fixtures/downloads/furnish.ts'

const thread = join(import.meta.dirname, '../../../src/downloads/hash-thread.ts')

/** A hash thread, and who gives it orders in place of the transfer thread. */
function furnish() {
  const folder = temporaryFolder()
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(thread, { workerData: { transfers: port2 }, transferList: [port2], env: {}, execArgv: [] })
  const [partial, final] = [join(folder, 'x.incomplete'), join(folder, 'x')]
  const content = 'some bytes'
  const blob = createHash('sha256').update(content).digest('hex')
  const file = { path: partial, bytes: content.length, hash: 'sha256' } as const
  return {
    folder,
    partial,
    final,
    content,
    follow: { kind: 'follow', id: 1, file, blob, final } as const,
    order: (order: HashOrder): void => port1.postMessage(order, []),
    async news(): Promise<HashNews> {
      const [news] = await once(port1, 'message')
      return news
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
      rmSync(folder, { recursive: true })
    },
  }
}

describe('a file on its way', () => {
  test('gets its name when all of it has come and is right', async () => {
    await using here = furnish()
    writeFileSync(here.partial, here.content)
    here.order(here.follow)
    here.order({ kind: 'reach', id: 1, upTo: 4 })
    here.order({ kind: 'reach', id: 1, upTo: here.content.length })
    expect(await here.news()).toEqual({ kind: 'right', id: 1 })
    expect([existsSync(here.partial), readFileSync(here.final, 'utf8')]).toEqual([false, here.content])
  })

  test('that got its name for another who wanted it is right', async () => {
    await using here = furnish()
    writeFileSync(here.final, here.content)
    here.order(here.follow)
    expect(await here.news()).toEqual({ kind: 'right', id: 1 })
  })

  test('that is not there is a failure of its own, and the next is followed all the same', async () => {
    await using here = furnish()
    here.order(here.follow)
    expect(await here.news()).toMatchObject({ kind: 'failed', id: 1, error: { code: 'store_unusable' } })
    writeFileSync(here.partial, here.content)
    here.order({ ...here.follow, id: 2 })
    here.order({ kind: 'reach', id: 2, upTo: here.content.length })
    expect(await here.news()).toEqual({ kind: 'right', id: 2 })
  })

  test('that was wrong may come again', async () => {
    await using here = furnish()
    writeFileSync(here.partial, 'other byte')
    here.order(here.follow)
    here.order({ kind: 'reach', id: 1, upTo: here.content.length })
    expect(await here.news()).toEqual({ kind: 'wrong', id: 1 })
    writeFileSync(here.partial, here.content)
    here.order({ kind: 'again', id: 1 })
    here.order({ kind: 'reach', id: 1, upTo: here.content.length })
    expect(await here.news()).toEqual({ kind: 'right', id: 1 })
  })

  test('in a folder that has become a link gets no name', async () => {
    await using here = furnish()
    const [real, link] = [join(here.folder, 'real'), join(here.folder, 'link')]
    mkdirSync(real)
    symlinkSync(real, link)
    writeFileSync(join(real, 'x.incomplete'), here.content)
    const file = { ...here.follow.file, path: join(link, 'x.incomplete') }
    here.order({ ...here.follow, file, final: join(link, 'x') })
    here.order({ kind: 'reach', id: 1, upTo: here.content.length })
    expect(await here.news()).toMatchObject({ kind: 'failed', error: { code: 'conflict' } })
    expect(existsSync(join(real, 'x'))).toBe(false)
    expect(() => refuseLinks(join(real, 'x'))).not.toThrow()
  })
})
