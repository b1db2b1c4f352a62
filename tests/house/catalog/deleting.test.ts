/** Models are deleted by real processes: killed in the middle, two at once, and where the system says no. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, lchownSync, readdirSync, rmSync, symlinkSync, watch } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { blobOf, commitOf, heldIn, homeOf, pathsIn, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { openCatalog, temporaryFolder, tinyWeights, writeFiles } from '../../unit/catalog/model-folder.ts'

const program = join(import.meta.dirname, '../../fixtures/programs/keep-house.ts')
const id = 'owner/name'
const commit = commitOf('a')
const nobody = 65_534

function begin(cache: string, data: string, ...as: readonly string[]) {
  const child = spawn(process.execPath, [program, cache, data, id, ...as], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { child, said: text(child.stdout), ended: once(child, 'close') }
}

/** The last line that it printed. */
async function toldBy({ said, ended }: ReturnType<typeof begin>) {
  const [lines] = await Promise.all([said, ended])
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '')
}

/** So many files that deleting them takes a while. */
function manyFiles(count: number): typeof tinyFiles {
  const more = Array.from({ length: count }, (_, at) => [`notes/${at}.md`, `note ${at}`] as const)
  return { ...tinyFiles, ...Object.fromEntries(more) }
}

describe('a gateway that is killed while it deletes', () => {
  test.each([1, 40, 400])('at change %i leaves no half model, and the next one deletes the rest', async (at) => {
    const cache = temporaryFolder()
    const files = manyFiles(400)
    const snapshot = writeRevision(cache, id, commit, { files, refs: ['main'] })
    const neighbour = writeRevision(cache, 'owner/neighbour', commit, { refs: ['main'] })
    const { child, ended } = begin(cache, temporaryFolder())
    await once(createInterface(child.stdout), 'line')
    const watching = new AbortController()
    let changes = 0
    watch(homeOf(cache, id), { recursive: true, signal: watching.signal }, () => {
      changes += 1
      if (changes === at) child.kill('SIGKILL')
    })
    await ended
    watching.abort()

    const { catalog } = openCatalog({ places: [{ path: cache, kind: 'huggingface' }] })
    await catalog.refresh()
    const isWhole = catalog.models().some((model) => model.id === id)
    const readable = isWhole ? pathsIn(snapshot).filter((name) => existsSync(join(snapshot, name))) : []
    expect(readable).toEqual(isWhole ? [...Object.keys(files), 'notes'].sort() : [])

    if (catalog.local().some((model) => model.id === id)) await catalog.removeModel(id)
    expect(existsSync(homeOf(cache, id)) ? heldIn(homeOf(cache, id)) : 0).toBe(0)
    expect(catalog.models()).toMatchObject([{ id: 'owner/neighbour', path: neighbour }])
  })
})

describe('two gateways that delete one model', () => {
  test('free its bytes once between them', async () => {
    const cache = temporaryFolder()
    writeRevision(cache, id, commit, { files: manyFiles(200), refs: ['main'] })
    const held = heldIn(homeOf(cache, id))
    const both = [begin(cache, temporaryFolder()), begin(cache, temporaryFolder())]
    const told = await Promise.all(both.map(toldBy))
    const freed = told.map(({ removed }) => removed.freedBytes ?? 0)
    expect([freed[0] + freed[1], readdirSync(cache)]).toEqual([held, []])
  })
})

/** All of it belongs to nobody in particular. */
function giveAway(folder: string): void {
  if (process.getuid?.() !== 0) return
  chownSync(folder, nobody, nobody)
  for (const path of pathsIn(folder)) lchownSync(join(folder, path), nobody, nobody)
}

/** Their weights become links to one file of the store, whose lock is there. Returns its path. */
function share(cache: string, ids: readonly string[]): string {
  const name = blobOf('model.safetensors', tinyWeights)
  const payload = join(cache, 'blobs', name.slice(0, 2), name)
  writeFiles(join(cache, 'blobs'), { '.huggingface-shared-blobs': '1\n' })
  writeFiles(dirname(payload), { [name]: tinyWeights, [`${name}.lock`]: '' })
  const blobs = ids.map((id) => join(homeOf(cache, id), 'blobs', name))
  for (const blob of blobs) {
    rmSync(blob)
    symlinkSync(relative(dirname(blob), payload), blob)
  }
  writeFiles(dirname(payload), { [`${name}.refs`]: blobs.map((blob) => `${relative(cache, blob)}\n`).join('') })
  return payload
}

function foreignModel() {
  const [cache, data] = [temporaryFolder(), temporaryFolder()]
  const snapshot = writeRevision(cache, id, commit, { refs: ['main'] })
  for (const folder of [cache, data]) giveAway(folder)
  return { cache, data, snapshot, home: homeOf(cache, id) }
}

describe('a model that shares a blob', () => {
  test('is deleted although the list of those that share it cannot be written anew, which is told', async () => {
    const { cache, data, home } = foreignModel()
    const other = 'owner/other'
    writeRevision(cache, other, commit, { refs: ['main'] })
    const payload = share(cache, [id, other])
    for (const folder of [cache, data]) giveAway(folder)
    chmodSync(dirname(payload), 0o555)
    const { told, removed } = await toldBy(begin(cache, data, 'nobody'))
    chmodSync(dirname(payload), 0o755)
    expect(removed).toEqual({ freedBytes: expect.any(Number) })
    expect(told).toEqual([expect.stringMatching(/What the cache shares in .* was left as it is: EACCES/)])
    expect([existsSync(home), existsSync(payload)]).toEqual([false, true])
  })
})

describe('a model that is not ours to change', () => {
  test('because a folder of it cannot be read, is neither measured nor touched', async () => {
    const { cache, data, snapshot, home } = foreignModel()
    const before = pathsIn(home)
    chmodSync(snapshot, 0)
    const { told, sizes, removed } = await toldBy(begin(cache, data, 'nobody'))
    chmodSync(snapshot, 0o755)
    expect(told).toEqual([expect.stringMatching(/models--owner--name cannot be measured: EACCES/)])
    expect(sizes).toEqual([null])
    expect(removed).toEqual({
      code: 'read_only',
      message: expect.stringMatching(/not deleted: .*cannot be read.*EACCES/),
    })
    expect(pathsIn(home)).toEqual(before)
  })

  test('because a folder of it cannot be written, says so, and what is left shows as what it is', async () => {
    const { cache, data, snapshot, home } = foreignModel()
    chmodSync(snapshot, 0o555)
    const { removed, left } = await toldBy(begin(cache, data, 'nobody'))
    chmodSync(snapshot, 0o755)
    expect(removed).toEqual({
      code: 'read_only',
      message: expect.stringMatching(/config\.json cannot be deleted .*EACCES/),
    })
    expect(left).toBe(id)
    expect(pathsIn(home)).toEqual(expect.arrayContaining([`snapshots/${commit}/model.safetensors`]))
  })
})
