import { describe, expect, test } from 'vitest'
import {
  addressOf,
  idOf,
  isWanted,
  isWished,
  noWish,
  questionOf,
  wishOf,
} from '../../../../admin-ui/src/pages/models/wish.ts'
import type { Wish } from '../../../../admin-ui/src/pages/models/wish.ts'
import { facts, local } from './local.ts'

const wish = { ...noWish, text: 'qwen coder', task: 'text-generation', bits: '4', size: '16', sort: 'recent' }

describe('what is looked for', () => {
  test('stands in the address, and is taken from there again', () => {
    expect(addressOf(wish)).toBe('q=qwen+coder&task=text-generation&bits=4&size=16&sort=recent')
    expect(wishOf(new URLSearchParams(addressOf(wish)))).toEqual(wish)
    expect(addressOf({ ...noWish, text: '  ' })).toBe('')
  })

  test('is none that the page does not offer, whatever an address says', () => {
    expect(wishOf(new URLSearchParams('q=x&bits=7&size=1e9&sort=worst&task=dance'))).toEqual({ ...noWish, text: 'x' })
  })

  test('goes to the hub as the admin API takes it, without what nobody chose', () => {
    expect(questionOf(wish)).toEqual({
      q: 'qwen coder',
      task: 'text-generation',
      bits: '4',
      maxBytes: '16000000000',
      sort: 'recent',
    })
    expect(questionOf(noWish)).toEqual({ sort: 'downloads' })
    expect(questionOf({ ...noWish, text: 'owner/name@v2' })).toEqual({ q: 'owner/name', sort: 'downloads' })
  })

  test('asks the hub for nothing before there are words or a filter', () => {
    expect([noWish, { ...noWish, text: ' ' }, { ...noWish, sort: 'recent' }].map(isWished)).toEqual([
      false,
      false,
      false,
    ])
    expect(
      [
        { ...noWish, text: 'a' },
        { ...noWish, bits: '4' },
        { ...noWish, size: '8' },
      ].map(isWished),
    ).toEqual([true, true, true])
  })
})

describe('a whole id', () => {
  test.each([
    ['owner/name', 'owner/name', undefined],
    [' mlx-community/Qwen3-4B-4bit ', 'mlx-community/Qwen3-4B-4bit', undefined],
    ['owner/name@v1.2', 'owner/name', 'v1.2'],
    ['owner/name@refs/pr/3', 'owner/name', 'refs/pr/3'],
    ['https://huggingface.co/owner/name', 'owner/name', undefined],
    ['https://huggingface.co/owner/name/', 'owner/name', undefined],
    ['https://huggingface.co/owner/name/tree/main', 'owner/name', 'main'],
  ])('is found in %s', (text, id, revision) => {
    expect(idOf(text)).toEqual({ id, revision })
  })

  test.each(['qwen', 'qwen 4b', 'owner/', '/name', 'owner/name/more', 'owner/na me', '../etc', 'owner/name@'])(
    'is not %s',
    (text) => {
      expect(idOf(text)).toBeUndefined()
    },
  )
})

const coder = local('mlx-community/Qwen3-Coder-30B-4bit', { usedBy: ['helper'] })
const found = (given: Partial<Wish>, model = coder) => isWanted({ ...noWish, ...given }, model)
const named = (text: string) => found({ text })

describe('a model on disk', () => {
  test('is found by every word of its id or of the profiles that it serves, in any order and case', () => {
    expect(['', 'CODER qwen', 'helper', 'mlx-community/qwen3-coder-30b-4bit@v1'].map(named)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(named('qwen llama')).toBe(false)
  })

  test('is found by what it can do, its bits and its size; what is not known of it is not what was asked for', () => {
    expect(found({ task: 'text-generation' })).toBe(true)
    expect(found({ task: 'image-text-to-text' })).toBe(false)
    expect(found({ task: 'image-text-to-text' }, local('x', { facts: { ...facts, capabilities: ['vision'] } }))).toBe(
      true,
    )
    expect([found({ bits: '4' }), found({ bits: '8' })]).toEqual([true, false])
    expect(found({ bits: '16' }, local('x', { facts: { ...facts, quantization: 'bfloat16' } }))).toBe(true)
    expect([found({ size: '4' }), found({ size: '2' })]).toEqual([true, false])
    const unknown = local('x', { facts: null })
    expect([{ task: 'text-generation' }, { bits: '4' }, { size: '128' }].map((given) => found(given, unknown))).toEqual(
      [false, false, false],
    )
  })
})
