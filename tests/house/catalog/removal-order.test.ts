/** Deletions that are broken off, and what happens beside them. */
import { existsSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planFolder, planRevision } from '../../../src/catalog/removal-plan.ts'
import { treeOf } from '../../../src/catalog/tree.ts'
import { carryOut } from '../../../src/catalog/unlink.ts'
import { openCache } from '../../unit/catalog/deletions.ts'
import { blobOf, heldIn, pathsIn, tinyFiles, writeRevision } from '../../unit/catalog/hub-cache.ts'
import { id, next, nextFiles, old } from '../../unit/catalog/two-commits.ts'

async function planOf(home: string, commit: string | undefined) {
  // in an order that is none
  const tree = (await treeOf(home)).toReversed()
  if (commit === undefined) return planFolder(home, tree)
  const plan = planRevision(
    home,
    tree,
    commit,
    new Map([
      ['v1', old],
      ['main', next],
    ]),
  )
  if (plan === undefined) throw new Error('no such revision')
  return plan
}

describe('a deletion that is broken off', () => {
  const kinds = { whole: undefined, 'of one revision': old }

  it.each(Object.entries(kinds))('at any step leaves no model that looks whole and is not: %s', async (_, commit) => {
    const { catalog, cache, home } = openCache()
    for (let steps = 0, left = 1; left > 0; steps++) {
      rmSync(home, { recursive: true, force: true })
      writeRevision(cache, id, old, { refs: ['v1'] })
      writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
      const { files } = await planOf(home, commit)
      left = files.length - steps
      await carryOut({ files: files.slice(0, steps), folders: [] })
      await catalog.refresh()
      const [model] = catalog.local()
      const whole = model?.revisions.filter(({ incomplete }) => incomplete === undefined) ?? []
      expect(model?.incomplete === undefined).toBe(whole.some(({ path }) => path === model?.model?.path))
      for (const { path } of whole) {
        const readable = pathsIn(path).filter((name) => existsSync(join(path, name)))
        expect(readable).toEqual(Object.keys(tinyFiles).sort())
      }
    }
  })

  it('takes first what points at the model, then what makes it one, then the links, then what they lead to', async () => {
    const { cache, home } = openCache()
    writeRevision(cache, id, old, { refs: ['v1', 'main'] })
    const kinds = ['refs', 'config', 'snapshots', 'blobs']
    const kindOf = (path: string) =>
      path.endsWith('config.json') && !path.endsWith('_config.json') ? 'config' : relative(home, path).split('/')[0]
    for (const tree of [await treeOf(home), (await treeOf(home)).toReversed()]) {
      const order = planFolder(home, tree).files.map((path) => kinds.indexOf(kindOf(path) ?? ''))
      expect(order).toEqual([0, 0, 1, 2, 2, 2, 3, 3, 3, 3])
    }
  })

  it('can be done again, to the end', async () => {
    const { catalog, cache, home } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    const { files } = await planOf(home, undefined)
    await carryOut({ files: files.slice(0, files.length - 1), folders: [] })
    await catalog.refresh()
    await catalog.removeModel(id)
    expect(pathsIn(cache)).toEqual([])
  })
})

describe('what happens meanwhile', () => {
  it('two deletions of one model: one frees it, the other finds nothing', async () => {
    const { catalog, cache, home } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    await catalog.refresh()
    const held = heldIn(home)
    const [first, second] = await Promise.allSettled([catalog.removeModel(id), catalog.removeModel(id)])
    expect(first).toEqual({ status: 'fulfilled', value: { freedBytes: held } })
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } })
  })

  it('two deletions of the revisions of one model leave nothing', async () => {
    const { catalog, cache } = openCache()
    writeRevision(cache, id, old, { refs: ['v1'] })
    writeRevision(cache, id, next, { files: nextFiles, refs: ['main'] })
    await catalog.refresh()
    const held = heldIn(cache)
    const freed = await Promise.all(['v1', 'main'].map((revision) => catalog.removeModel(id, { revision })))
    expect(freed.reduce((sum, { freedBytes }) => sum + freedBytes, 0)).toBe(held)
    expect(pathsIn(cache)).toEqual([])
  })

  it('looks for models and measures them: none fails, and what is gone is not shown', async () => {
    const { catalog, cache, events } = openCache()
    const ids = Array.from({ length: 10 }, (_, at) => `owner/name-${at}`)
    for (const name of ids) writeRevision(cache, name, old, { refs: ['main'] })
    await catalog.refresh()
    await Promise.all(ids.flatMap((name) => [catalog.refresh(), catalog.removeModel(name), catalog.refresh()]))
    await catalog.measured()
    expect(catalog.local()).toEqual([])
    expect(events.filter(({ type }) => type === 'catalog.trouble')).toEqual([])
  })

  it('a file goes, and another comes: the one is passed over, the other stays', async () => {
    const { cache, home, put } = openCache()
    writeRevision(cache, id, old, { refs: ['main'] })
    const tree = await treeOf(home)
    const gone = join(home, 'blobs', blobOf('tokenizer.json', '{}'))
    const held = heldIn(home) - statSync(gone).blocks * 512
    rmSync(gone)
    put('blobs/new.incomplete')
    expect(await carryOut(planFolder(home, tree))).toBe(held)
    expect(pathsIn(home)).toEqual(['blobs', 'blobs/new.incomplete'])
  })
})
