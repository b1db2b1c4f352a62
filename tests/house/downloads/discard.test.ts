/** What a download leaves that was given up, and who else that touches. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createRegister } from '../../../src/downloads/register.ts'
import { discardPartials } from '../../../src/downloads/transfer.ts'
import { openStore } from '../../../src/store/store.ts'
import { filesOf } from '../../fixtures/downloads/files-of.ts'
import { forever, id, isComplete, kindOf, openDownloads, world } from '../../fixtures/downloads/life.ts'

const at = { createdAt: 0, updatedAt: 0, bytes: 0, pausedBy: null, reason: null, revision: 'main' } as const

/** A model in blobs that no snapshot leads to, as one that is on its way. */
async function begun(made: Awaited<ReturnType<typeof world>>, name: (blob: string) => string) {
  const files = await filesOf(made.hub.endpoint, made.commit, id)
  await mkdir(made.blobs, { recursive: true })
  for (const { blob } of files) await writeFile(join(made.blobs, name(blob)), 'came')
  return files
}

describe('a download that was given up', () => {
  test('a model pulled again while its cancelled download is thrown away arrives', async () => {
    await using made = await world()
    const [file] = await begun(made, (blob) => blob)
    if (file === undefined) throw new Error('the hub has no file')
    const files = Array.from({ length: 200 }, (_, part) => ({
      ...file,
      path: `part-${part}.json`,
      blob: `${part}`.padStart(40, '0'),
    }))
    for (const { blob } of files) await writeFile(join(made.blobs, blob), 'came')
    using stack = new DisposableStack()
    const store = stack.adopt(openStore(join(made.folder, 'data')), (open) => open.close())
    const started = Promise.withResolvers<readonly string[]>()
    const register = createRegister({
      hub: { access: { endpoint: made.hub.endpoint, token: undefined, offline: false } },
      store: store.downloads,
      transfers: {
        async start() {
          started.resolve(readdirSync(made.blobs))
        },
      },
      mark: 'test',
      cache: () => join(made.folder, 'hub'),
      settings: { connections: 1 },
      arrived: async () => {},
      rested() {},
      announce() {},
      now: () => 0,
    })
    const row = { ...at, repo: id, commit: made.commit, state: 'queued' } as const
    const cancelled = register.add(row, files).cancel()
    // by now it is being thrown away
    await setImmediate()
    const again = register.add(row, files)
    again.begin()
    // what the transfer finds is not taken from under it
    expect((await started.promise).filter((name) => /^0{37}/.test(name))).toEqual([])
    await cancelled
    await again.close()
    expect(kindOf(again.snapshot())).toBe('complete')
  })

  test('takes no whole file from another gateway or Python that brings the same model', async () => {
    await using made = await world()
    const files = await begun(made, (blob) => blob)
    const whole = files.map(({ blob }) => blob).toSorted()
    const discard = () => discardPartials(join(made.folder, 'hub'), id, files, new Set(), 'test')
    const others = join(made.blobs, `${whole[0]}.other.gateway.incomplete`)
    await writeFile(others, 'coming')
    await writeFile(join(made.blobs, `${whole[0]}.test.gateway.incomplete`), 'coming')
    await discard()
    expect((await readdir(made.blobs)).toSorted()).toEqual(
      [...whole, `${whole[0]}.other.gateway.incomplete`].toSorted(),
    )
  })

  test('is thrown away by the next gateway where one was killed over it', async () => {
    await using made = await world()
    const files = await begun(made, (blob) => `${blob}.test.gateway.incomplete`)
    const store = openStore(join(made.folder, 'data'))
    const row = { ...at, repo: id, commit: made.commit, state: 'cancelled' } as const
    store.downloads.add({ ...row, files: JSON.stringify(files) })
    store.close()
    {
      await using gateway = openDownloads(made)
      gateway.downloads.start()
    }
    expect(await readdir(made.blobs)).toEqual([])
  })
})

test.each(['[{"path":"config.js', 'null', '[null]', '{}', '[{"path":5}]', '[]'])(
  'a download whose record is damaged is shown as failed, and the gateway starts: %s',
  async (damaged) => {
    await using made = await world()
    const store = openStore(join(made.folder, 'data'))
    const { id: number } = store.downloads.add({
      ...at,
      repo: id,
      commit: made.commit,
      state: 'running',
      files: damaged,
    })
    store.close()
    await using gateway = openDownloads(made)
    const { downloads } = gateway
    downloads.start()
    const failed = { kind: 'failed', reason: 'Its record is damaged: take it off the list and pull again.' }
    expect(downloads.list()).toMatchObject([{ id: number, state: failed, files: [] }])
    downloads.resume(number)
    expect((await gateway.until(({ state }) => state.kind === 'failed')).state).toMatchObject(failed)
    expect(existsSync(made.blobs)).toBe(false)
    await downloads.forget(number)
    await downloads.pull(id, 'main', forever)
    await gateway.until(isComplete)
  },
)
