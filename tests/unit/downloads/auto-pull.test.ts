import { describe, expect, test } from 'vitest'
import { toBring, type Here } from '../../../src/downloads/auto-pull.ts'

const id = 'mlx-community/Small-4bit'
const unfinished = { reason: 'its download is not finished', resumable: true }
const spoilt = { reason: 'config.json is not JSON', resumable: false }
const commit = 'a'.repeat(40)

type Local = Here['local'][number]

function here(more: Partial<Local> = {}): Local {
  return { id, source: 'huggingface', incomplete: undefined, revisions: [], ...more }
}

function profile(more: Partial<Here['profiles'][number]> = {}): Here['profiles'][number] {
  return { name: 'small', aliases: ['gpt-4o-mini'], engine: 'mlx-lm', model: id, ...more }
}

function revision(...refs: readonly string[]): Local['revisions'][number] {
  return { commit, refs, path: '/', incomplete: undefined, bytes: 1, ownBytes: 1 }
}

function bring(name: string, owners: readonly string[], parts: Partial<Here> = {}) {
  return toBring(name, owners, { profiles: [], local: [], ...parts })
}

describe('a model that a client asks for', () => {
  test.each([
    ['of an owner that is allowed', id, ['other', 'mlx-community']],
    ['written in another case', id, ['MLX-Community']],
    ['of anybody, where all are allowed', 'who/ever', ['*']],
  ])('%s is fetched', (_, name, owners) => {
    expect(bring(name, owners)).toEqual({ repo: name, revision: 'main' })
  })

  test.each([
    ['of another owner', id, ['other']],
    ['of an owner whose name only begins so', 'mlx-community-2/x', ['mlx-community']],
    ['that no hub can have', 'small', ['*']],
    ['with a name that climbs', '../etc/passwd', ['*']],
    ['at all, where nobody is allowed', id, []],
  ])('%s is not', (_, name, owners) => {
    expect(bring(name, owners)).toBeUndefined()
  })

  test('is fetched where parts of it are missing, and not where it is whole or spoilt otherwise', () => {
    expect(bring(id, ['*'], { local: [here({ incomplete: unfinished })] })).toEqual({ repo: id, revision: 'main' })
    expect(bring(id, ['*'], { local: [here()] })).toBeUndefined()
    expect(bring(id, ['*'], { local: [here({ id: id.toUpperCase() })] })).toBeUndefined()
    expect(bring(id, ['*'], { local: [here({ incomplete: spoilt })] })).toBeUndefined()
  })

  test('is fetched although a plain folder of that name is of no use', () => {
    expect(bring(id, ['*'], { local: [here({ source: 'folder', incomplete: spoilt })] })).toBeDefined()
  })
})

describe('a profile that a client asks for', () => {
  test('has its model fetched, by its name or an alias, at the revision that it names', () => {
    const profiles = [profile({ revision: 'v2' })]
    for (const name of ['small', 'gpt-4o-mini'])
      expect(bring(name, ['mlx-community'], { profiles })).toEqual({ repo: id, revision: 'v2' })
    expect(bring('small', ['other'], { profiles })).toBeUndefined()
  })

  test('has another revision fetched beside the one that is here', () => {
    const profiles = [profile({ revision: 'v2' })]
    expect(bring('small', ['*'], { profiles, local: [here({ revisions: [revision('main')] })] })).toBeDefined()
    expect(bring('small', ['*'], { profiles, local: [here({ revisions: [revision('v2')] })] })).toBeUndefined()
  })

  test('whose model is a folder, or another program’s affair, has nothing fetched', () => {
    expect(bring('small', ['*'], { profiles: [profile({ model: '/srv/models/x' })] })).toBeUndefined()
    expect(bring('small', ['*'], { profiles: [profile({ engine: 'command' })] })).toBeUndefined()
    expect(bring('who/ever', ['*'], { profiles: [profile({ name: 'who/ever', engine: 'command' })] })).toBeUndefined()
  })
})
