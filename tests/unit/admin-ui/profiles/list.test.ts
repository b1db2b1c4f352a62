import { describe, expect, test } from 'vitest'
import { addresses, viewOf } from '../../../../admin-ui/src/pages/profiles/address.ts'
import { lossesOf } from '../../../../admin-ui/src/pages/profiles/deletion.ts'
import { descriptionOf, usualOf } from '../../../../admin-ui/src/pages/profiles/field-words.ts'
import { isNamed, lifeOf, memoryOf, notesOf, shelvesOf } from '../../../../admin-ui/src/pages/profiles/shelves.ts'
import { profileOf } from '../../../../admin-ui/src/parts/links.ts'
import { profile, server } from './views.ts'

const viewAt = (address: string) => viewOf(new URL(address, 'http://gateway').searchParams)
const usual = (unit: 'ms' | 'bytes' | null, value: string | number | boolean | null | never[]) =>
  usualOf({ description: '', unit, default: value })

describe('the address', () => {
  test('leads to the list, to a profile, or to a new one', () => {
    expect(viewAt('/profiles')).toEqual({ kind: 'list' })
    expect(viewAt(addresses.list)).toEqual({ kind: 'list' })
    expect(viewAt(addresses.edit('owner/a&b'))).toEqual({ kind: 'edit', name: 'owner/a&b' })
    expect(viewAt(addresses.blank)).toEqual({ kind: 'new', model: undefined, from: undefined })
    expect(viewAt(addresses.like('a b'))).toEqual({ kind: 'new', model: undefined, from: 'a b' })
  })

  test('names the model of a new one', () => {
    expect(viewAt(profileOf('owner/a&b'))).toEqual({ kind: 'new', model: 'owner/a&b', from: undefined })
  })
})

describe('the list', () => {
  test('stands by where profiles come from, own ones first and always there', () => {
    const all = [
      profile({ name: 'f', origin: 'file' }),
      profile({ name: 'l', origin: 'local' }),
      profile({ name: 's', origin: 'starter' }),
    ]
    expect(shelvesOf(all).map(({ id, profiles }) => [id, profiles.map(({ name }) => name)])).toEqual([
      ['own', []],
      ['file', ['f']],
      ['disk', ['l', 's']],
    ])
  })

  test('is searched by names, models and engines, every word of the search', () => {
    const coder = profile({ name: 'coder', aliases: ['gpt-4o'], model: 'owner/Qwen3-4bit' })
    expect(['', 'GPT', 'qwen3 coder', 'mlx'].every((text) => isNamed(text, coder))).toBe(true)
    expect(isNamed('coder llama', coder)).toBe(false)
  })

  test('tells what a profile serves, and nothing twice', () => {
    expect(notesOf(profile({ name: 'a', model: 'm', revision: 'v1', aliases: ['b', 'c'] }))).toEqual([
      'm at v1',
      'mlx-lm',
      'also b, c',
    ])
    expect(notesOf(profile({ name: 'm', model: 'm', origin: 'starter' }))).toEqual(['mlx-lm', 'the starter model'])
    expect(notesOf(profile({ engine: 'command', model: undefined }))).toEqual(['a command of its own'])
  })

  test('tells the memory that is reserved, and what is measured; before, what will be', () => {
    const any = profile({ reservedBytes: 7 * 1024 ** 3 })
    expect(memoryOf(any, server({ reservedBytes: 8 * 1024 ** 3, memoryBytes: 6 * 1024 ** 3 }))).toEqual([
      '8.0 GB',
      'holds 6.0 GB',
    ])
    expect(memoryOf(any, server({ reservedBytes: 8 * 1024 ** 3, memoryBytes: null }))).toEqual(['8.0 GB', ''])
    expect(memoryOf(any, server({ reservedBytes: 0 }))).toEqual(['~7.0 GB', ''])
    expect(memoryOf(profile({ reservedBytes: 7 * 1024 ** 3, memory: 7 * 1024 ** 3 }), undefined)).toEqual([
      '7.0 GB',
      '',
    ])
    expect(memoryOf(profile({ reservedBytes: null }), undefined)).toEqual(['–', ''])
  })

  test('tells when a server leaves, by what holds now', () => {
    expect(lifeOf(profile({ idle: 300_000, preload: true }), undefined)).toEqual([
      'after 5 min idle',
      'starts with the gateway',
    ])
    expect(lifeOf(profile({ idle: 0 }), undefined)).toEqual(['only to make room', ''])
    expect(lifeOf(profile({ pinned: true }), undefined)[0]).toBe('never: it is kept')
    expect(lifeOf(profile({ pinned: true }), server({ pinned: false }))[0]).toBe('after 10 min idle')
  })
})

describe('before a profile is deleted', () => {
  test('it is said who is no longer answered, what that frees, and what stays', () => {
    const any = profile({ name: 'a', aliases: ['b', 'c'], model: 'm' })
    expect(lossesOf(any, server({ state: 'ready', memoryBytes: 6 * 1024 ** 3 }))).toEqual([
      'Whoever asks for a, b or c is no longer answered, and its settings are lost.',
      'Its server is unloaded once it is idle, which frees 6.0 GB.',
      'Its model stays on disk.',
    ])
    expect(lossesOf(profile({ engine: 'command', model: undefined }), server({ state: 'stopped' }))).toHaveLength(1)
  })
})

describe('a field', () => {
  test('is described in the gateway’s words, with how its unit is written', () => {
    expect(descriptionOf({ description: 'unload after this long', unit: 'ms', default: null })).toBe(
      'Unload after this long. Write 30s, 10m or 2h.',
    )
    expect(descriptionOf({ description: 'a LoRA folder', unit: null, default: null })).toBe('A LoRA folder')
  })

  test('shows what holds where it is left empty', () => {
    expect([usual('ms', 600_000), usual('bytes', 1024 ** 3), usual(null, 8), usual(null, 'x')]).toEqual([
      '10m',
      '1GB',
      '8',
      'x',
    ])
    expect([usual(null, null), usual(null, []), usual(null, false)]).toEqual([undefined, undefined, undefined])
  })
})
