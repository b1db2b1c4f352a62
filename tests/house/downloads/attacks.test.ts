import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HubFile } from '../../../src/hub/hub.ts'
import { furnish, MEBIBYTE, never } from '../../fixtures/downloads/furnish.ts'
import { generated } from '../../fixtures/hub/fake-hub.ts'

const files = { 'config.json': '{"a":1}', 'deep/er/notes.txt': 'note', 'model.safetensors': 'weights' }

type World = Awaited<ReturnType<typeof furnish>>

/** Of a file's blob. */
const nameOf = ({ home, files }: World, path: string) =>
  join(home, 'blobs', files.find((file) => file.path === path)?.blob ?? '')

/** A folder outside of the cache, with a file that must stay what it is. */
function outside(cache: string): string {
  const folder = `${cache}-outside`
  mkdirSync(folder)
  writeFileSync(join(folder, 'precious'), 'precious')
  return folder
}

describe('a repository', () => {
  test.each([
    ['climbs out', '../../../precious'],
    ['starts at the root', '/tmp/mlx-gateway-precious'],
    ['holds a NUL', 'config.json\0.png'],
    ['differs from another by case alone', 'CONFIG.json'],
    ['holds a backslash', '..\\precious'],
    ['would be a folder of another', 'deep'],
  ])('with a name that %s is refused as a whole, before anything is asked for or written', async (_, path) => {
    await using world = await furnish({ files })
    world.hub.forget()
    const evil: HubFile = { path, bytes: 1, blob: 'a'.repeat(64), hash: 'sha256' }
    await expect(world.pull({ files: [...world.files, evil] })).rejects.toMatchObject({ code: 'invalid_request' })
    expect(readdirSync(world.cache)).toEqual([])
    expect(world.hub.requests).toEqual([])
  })

  test.each(['../x/y', 'a/..', '/etc/passwd', 'a/b/c', 'a\0/b', 'a--b/c'])('called %j is refused', async (id) => {
    await using world = await furnish({ files })
    await expect(world.pull({ id })).rejects.toMatchObject({ code: 'invalid_request' })
    expect(readdirSync(world.cache)).toEqual([])
  })

  test('at a revision or commit that leads elsewhere is refused', async () => {
    await using world = await furnish({ files })
    await expect(world.pull({ revision: '../../../precious' })).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(world.pull({ commit: '../../x', revision: 'main' })).rejects.toMatchObject({ code: 'invalid_request' })
    expect(readdirSync(world.cache)).toEqual([])
  })
})

describe('a link in the cache that leads out of it', () => {
  test.each([
    ['in place of the repository', (home: string) => home],
    ['in place of its blobs', (home: string) => join(home, 'blobs')],
    ['in place of its snapshots', (home: string) => join(home, 'snapshots')],
    ['in place of the snapshot', (home: string, commit: string) => join(home, 'snapshots', commit)],
    ['in place of a folder of the snapshot', (home: string, commit: string) => join(home, 'snapshots', commit, 'deep')],
    ['in place of the notes of branches', (home: string) => join(home, 'refs')],
  ])('%s is not followed, and nothing is written through it', async (_, place) => {
    await using world = await furnish({ files })
    const elsewhere = outside(world.cache)
    const path = place(world.home, world.commit)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(elsewhere, path)
    await expect(world.pull()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${path} is a link or a file where a folder`),
    })
    expect(readdirSync(elsewhere)).toEqual(['precious'])
    rmSync(elsewhere, { recursive: true })
  })

  test.each([
    ['a file on its way', (blob: string) => `blobs/${blob}.test.gateway.incomplete`],
    ['its journal', (blob: string) => `blobs/${blob}.test.gateway.journal`],
  ])('under the name of %s is not written through', async (_, place) => {
    await using world = await furnish({ files })
    const elsewhere = outside(world.cache)
    const path = join(world.home, place(world.files[0]?.blob ?? ''))
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(join(elsewhere, 'precious'), path)
    await expect(world.pull()).rejects.toMatchObject({ code: 'store_unusable' })
    expect(readFileSync(join(elsewhere, 'precious'), 'utf8')).toBe('precious')
    rmSync(elsewhere, { recursive: true })
  })

  test('under a final name is replaced by the file, and what it led to stays as it is', async () => {
    await using world = await furnish({ files })
    const elsewhere = outside(world.cache)
    const { blob = '', path = '', bytes = 0 } = world.files[0] ?? {}
    writeFileSync(join(elsewhere, 'precious'), 'x'.repeat(bytes))
    const snapshot = join(world.home, 'snapshots', world.commit)
    for (const folder of ['blobs', 'refs', snapshot])
      mkdirSync(join(world.home, folder.replace(world.home, '')), { recursive: true })
    for (const name of [join(world.home, 'blobs', blob), join(snapshot, path), join(world.home, 'refs/main')]) {
      symlinkSync(join(elsewhere, 'precious'), name)
    }
    await world.pull()
    expect(readFileSync(join(elsewhere, 'precious'), 'utf8')).toBe('x'.repeat(bytes))
    expect(lstatSync(join(world.home, 'blobs', blob)).isFile()).toBe(true)
    expect(lstatSync(join(world.home, 'refs/main')).isFile()).toBe(true)
    expect(String(world.read(path))).toBe('{"a":1}')
    rmSync(elsewhere, { recursive: true })
  })
})

describe('meanwhile', () => {
  const large = { ...files, 'model.safetensors': generated(4 * MEBIBYTE) }

  test('a file on its way is replaced by another: that one never gets the name', async () => {
    await using world = await furnish({ files: large, hub: { pace: 3 * MEBIBYTE } })
    const final = nameOf(world, 'model.safetensors')
    const replace = (): void => {
      const partial = `${final}.test.gateway.incomplete`
      if (!existsSync(partial) || lstatSync(partial).size === 7) return
      writeFileSync(join(world.cache, 'bogus'), 'bogus!!')
      renameSync(join(world.cache, 'bogus'), partial)
    }
    const running = world.transfers.start(world.job(), replace, never)
    await expect(running).rejects.toMatchObject({ code: 'verification_failed' })
    expect(existsSync(final)).toBe(false)
  })

  test('a blob is deleted that was there: nobody is told that the model is there', async () => {
    await using world = await furnish({ files: large, hub: { pace: 3 * MEBIBYTE } })
    const blob = nameOf(world, 'config.json')
    const remove = (): void => rmSync(blob, { force: true })
    await expect(world.transfers.start(world.job(), remove, never)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('went away while the rest came'),
    })
    expect(existsSync(join(world.home, 'refs/main'))).toBe(false)
  })

  test('the folder of the blobs becomes a link: nothing gets a name behind it', async () => {
    await using world = await furnish({ files: large, hub: { pace: 3 * MEBIBYTE } })
    const elsewhere = outside(world.cache)
    const blobs = join(world.home, 'blobs')
    const swap = (): void => {
      if (lstatSync(blobs).isSymbolicLink()) return
      renameSync(blobs, join(elsewhere, 'blobs'))
      symlinkSync(join(elsewhere, 'blobs'), blobs)
    }
    await expect(world.transfers.start(world.job(), swap, never)).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(join(elsewhere, 'blobs', nameOf(world, 'model.safetensors').slice(blobs.length)))).toBe(false)
    rmSync(elsewhere, { recursive: true })
  })
})

test('a cache that is itself a link is where the user wants it', async () => {
  await using world = await furnish({ files })
  const link = `${world.cache}-link`
  symlinkSync(world.cache, link)
  await world.pull({ cache: link })
  expect(String(world.read('config.json'))).toBe('{"a":1}')
  rmSync(link)
})

test('a link of the snapshot that was broken or is another file is made right', async () => {
  await using world = await furnish({ files })
  const snapshot = join(world.home, 'snapshots', world.commit)
  mkdirSync(join(snapshot, 'deep/er'), { recursive: true })
  symlinkSync('../../blobs/nothing', join(snapshot, 'config.json'))
  writeFileSync(join(snapshot, 'deep/er/notes.txt'), 'old')
  await world.pull()
  expect(String(world.read('config.json'))).toBe('{"a":1}')
  expect(String(world.read('deep/er/notes.txt'))).toBe('note')
  expect(readdirSync(world.home).toSorted(), 'nothing is left of the way there').toEqual(['blobs', 'refs', 'snapshots'])
})

test('a folder where a file should be is left to the user', async () => {
  await using world = await furnish({ files })
  mkdirSync(join(world.home, 'snapshots', world.commit, 'config.json'), { recursive: true })
  await expect(world.pull()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('is a folder'),
  })
  mkdirSync(join(world.home, 'refs/main'), { recursive: true })
  rmSync(join(world.home, 'snapshots', world.commit, 'config.json'), { recursive: true })
  await expect(world.pull()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('is a folder'),
  })
  expect(lstatSync(join(world.home, 'refs/main')).isDirectory()).toBe(true)
})
