import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SearchedPlace } from '../../../src/catalog/candidate.ts'
import { scan } from '../../../src/catalog/scan.ts'
import { temporaryFolder, writeFiles, writeModel, writeRepository } from './model-folder.ts'

async function find(path: string, kind: SearchedPlace['kind'], more: readonly SearchedPlace[] = []) {
  return scan([{ path, kind }, ...more], new AbortController().signal)
}

async function idsIn(path: string, kind: SearchedPlace['kind']): Promise<readonly string[]> {
  return (await find(path, kind)).candidates.map(({ id, broken }) => (broken === undefined ? id : `${id}: ${broken}`))
}

describe('a folder', () => {
  it('may be a model itself', async () => {
    const folder = writeModel(join(temporaryFolder(), 'smol'))
    expect((await find(folder, 'folder')).candidates).toEqual([
      { id: 'smol', source: 'folder', path: folder, roots: [folder], place: folder, folder },
    ])
  })

  it('holds models by name and by owner and name, and none deeper than that', async () => {
    const home = temporaryFolder()
    writeModel(join(home, 'tiny'))
    writeModel(join(home, 'mlx-community', 'Llama-4bit'))
    writeModel(join(home, 'a', 'b', 'c'))
    writeFiles(home, { 'notes.txt': 'x', 'papers/llama.pdf': 'x' })
    expect(await idsIn(home, 'folder')).toEqual(['mlx-community/Llama-4bit', 'tiny'])
  })

  it('is told of with weights alone, so that its incompleteness can be explained', async () => {
    const home = temporaryFolder()
    writeFiles(home, { 'partial/model-00001-of-00002.safetensors': 'x' })
    expect(await idsIn(home, 'folder')).toEqual(['partial'])
  })

  it('is not searched where its name is hidden', async () => {
    const home = temporaryFolder()
    writeModel(join(home, '.trash'))
    expect(await idsIn(home, 'folder')).toEqual([])
  })

  it('is of no use with a name that nobody could ask for', async () => {
    const home = temporaryFolder()
    writeModel(join(home, 'My Model (1)'))
    expect(await idsIn(home, 'folder')).toEqual([expect.stringContaining('My Model (1): its folder has a name')])
  })

  it('does not go in circles', async () => {
    const home = temporaryFolder()
    writeModel(join(home, 'tiny'))
    symlinkSync(home, join(home, 'again'))
    symlinkSync('itself', join(home, 'itself'))
    const { candidates, trouble } = await find(home, 'folder')
    expect(candidates.map(({ id }) => id)).toEqual(['again/tiny', 'tiny'])
    expect(trouble).toEqual([])
  })
})

describe('LM Studio’s folder', () => {
  it('is searched for owner and name', async () => {
    const home = temporaryFolder()
    writeModel(join(home, 'lmstudio-community', 'Qwen3-4B-MLX-4bit'))
    writeFiles(home, { 'someone/Llama-GGUF/llama.gguf': 'x' })
    expect((await find(home, 'lmstudio')).candidates).toMatchObject([
      { id: 'lmstudio-community/Qwen3-4B-MLX-4bit', source: 'lmstudio' },
    ])
  })
})

describe('a Hugging Face cache', () => {
  it('holds repositories, each at the revision that main points at', async () => {
    const cache = temporaryFolder()
    writeRepository(cache, 'owner/name', 'aaa111', { main: false })
    const snapshot = writeRepository(cache, 'owner/name', 'bbb222')
    writeRepository(cache, 'gpt2', 'ccc333')
    writeFiles(cache, { 'datasets--owner--set/refs/main': 'x', 'version.txt': '1' })
    const { candidates } = await find(cache, 'huggingface')
    expect(candidates.map(({ id }) => id)).toEqual(['gpt2', 'owner/name'])
    expect(candidates[1]).toMatchObject({ source: 'huggingface', path: snapshot })
  })

  it('may have a repository without main, downloaded at another revision', async () => {
    const cache = temporaryFolder()
    const snapshot = writeRepository(cache, 'owner/name', 'aaa111', { main: false })
    expect((await find(cache, 'huggingface')).candidates).toMatchObject([{ path: snapshot }])
  })

  it('keeps a repository from use while a blob is being downloaded', async () => {
    const cache = temporaryFolder()
    writeRepository(cache, 'owner/name', 'aaa111')
    writeFiles(cache, { 'models--owner--name/blobs/123abc.incomplete': 'x' })
    expect(await idsIn(cache, 'huggingface')).toEqual(['owner/name: its download is not finished'])
    writeFiles(cache, { 'models--owner--name/blobs/123abc': 'whole' })
    expect(await idsIn(cache, 'huggingface')).toEqual(['owner/name'])
  })

  it.each(['../../../outside', '/etc', '..', ''])('passes over a main that says %j', async (main) => {
    const cache = temporaryFolder()
    writeFiles(cache, { 'models--owner--name/refs/main': main })
    expect(await idsIn(cache, 'huggingface')).toEqual([])
  })

  it('does not follow a repository out of the places', async () => {
    const home = temporaryFolder()
    const elsewhere = join(home, 'elsewhere')
    writeRepository(elsewhere, 'owner/name', 'aaa111')
    mkdirSync(join(home, 'hub'))
    symlinkSync(join(elsewhere, 'models--owner--name'), join(home, 'hub', 'models--owner--name'))
    const refused = ['owner/name: its folder is a link that leads out of the cache']
    expect(await idsIn(join(home, 'hub'), 'huggingface')).toEqual(refused)

    const both = await find(join(home, 'hub'), 'huggingface', [{ path: elsewhere, kind: 'folder' }])
    expect(both.candidates[0]).not.toHaveProperty('broken')
  })
})

describe('a place', () => {
  it('is missed only where somebody configured it', async () => {
    const gone = join(temporaryFolder(), 'gone')
    expect((await find(gone, 'folder')).trouble).toMatchObject([
      { path: gone, reason: expect.stringMatching('ENOENT') },
    ])
    expect((await find(gone, 'huggingface')).trouble).toEqual([])
    expect((await find(gone, 'lmstudio')).trouble).toEqual([])
    expect((await scan([{ path: gone, kind: 'folder', optional: true }], AbortSignal.any([]))).trouble).toEqual([])
  })

  it('whose name the system refuses is told of, and the others are searched', async () => {
    const good = writeModel(join(temporaryFolder(), 'tiny'))
    const bad = `/${'x'.repeat(5000)}`
    const { candidates, trouble } = await find(bad, 'lmstudio', [{ path: good, kind: 'folder' }])
    expect(trouble).toMatchObject([{ path: bad, reason: expect.stringContaining('ENAMETOOLONG') }])
    expect(candidates.map(({ id }) => id)).toEqual(['tiny'])
  })

  it('is left when the search is called off', async () => {
    const reason = new Error('closing')
    const search = scan([{ path: temporaryFolder(), kind: 'folder' }], AbortSignal.abort(reason))
    await expect(search).rejects.toBe(reason)
  })
})
