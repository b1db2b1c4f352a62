import { describe, expect, test } from 'vitest'
import { notesOf, offerOf } from '../../../../admin-ui/src/pages/models/hub-offer.ts'
import { hit } from '../parts/hit.ts'
import { local } from './local.ts'

describe('a pull by id', () => {
  test('is offered for a whole id that no search found', () => {
    expect(offerOf('maker/hidden', [hit({ id: 'maker/other' })], [])).toEqual({
      id: 'maker/hidden',
      revision: undefined,
    })
    expect(offerOf('maker hidden', [], [])).toBeUndefined()
  })

  test('is not offered for what is found or is here already, but for a revision of that', () => {
    expect(offerOf('Maker/Found', [hit({ id: 'maker/found' })], [])).toBeUndefined()
    expect(offerOf('maker/here', [], [local('maker/here')])).toBeUndefined()
    expect(offerOf('maker/here@v2', [hit({ id: 'maker/here' })], [local('maker/here')])).toEqual({
      id: 'maker/here',
      revision: 'v2',
    })
  })

  test('is offered for what is here but not whole', () => {
    const incomplete = { reason: 'a file is missing', resumable: true }
    expect(offerOf('maker/part', [], [local('maker/part', { incomplete })])).toBeDefined()
  })
})

describe('a hit', () => {
  const now = Date.parse('2026-11-25T12:00:00Z')

  test('says its licence, who may have it, how many have taken it and when it changed', () => {
    const found = hit({ license: 'gemma', gated: 'auto', downloads: 412_345, lastModified: '2026-11-23T12:00:00Z' })
    expect(notesOf(found, now)).toEqual([
      'gemma',
      'its licence must be accepted first',
      '412k downloads',
      'changed 2 days ago',
    ])
    expect(notesOf(hit({ gated: 'manual', downloads: 9_999, lastModified: '2026-03-02T10:00:00Z' }), now)).toEqual([
      'its owner decides who may have it',
      '9,999 downloads',
      'changed Mar 2026',
    ])
  })

  test('does not make up what is not known', () => {
    expect(notesOf(hit({ gated: null, downloads: null }), now)).toEqual([])
  })
})
