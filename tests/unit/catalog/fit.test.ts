import { describe, expect, it } from 'vitest'
import { fitOf, foresee, type Room } from '../../../src/catalog/fit.ts'
import { reservation } from '../../../src/catalog/footprint.ts'
import type { Model } from '../../../src/catalog/model.ts'
import { plainProfile, toProfile } from '../../../src/catalog/profile.ts'
import { settings } from '../../../src/config/schema.ts'
import { profileOf } from './model-folder.ts'

const MiB = 1024 ** 2
const kv = { constant: 0, full: 100_000, windowed: 0, window: 0 }
const facts = { weightsBytes: 4e9, kv, contextLength: 131_072 }
const caches = 3 * 8192 * 100_000
const need = 4e9 + 250 * MiB + caches * 1.25
const room: Room = { budgetBytes: need + 10, reservedBytes: 10, concurrency: 8 }

describe('a model', () => {
  it('fits with its weights and the cache for its context, and the numbers say so', () => {
    const numbers = { needBytes: need, weightsBytes: 4e9, cacheBytes: caches, context: 8192 }
    const free = { budgetBytes: need + 10, freeBytes: need }
    expect(fitOf(facts, room)).toEqual({ verdict: 'fits', ...numbers, ...free })
  })

  it('fits alone where a byte is taken that it needs, and does not where the budget is a byte too small', () => {
    expect(fitOf(facts, { ...room, reservedBytes: 11 })).toMatchObject({ verdict: 'fits alone', freeBytes: need - 1 })
    expect(fitOf(facts, { ...room, budgetBytes: need - 1, reservedBytes: 0 }).verdict).toBe('does not fit')
  })

  it('needs more for a longer context', () => {
    const long = fitOf(facts, { ...room, context: 131_072 })
    expect(long).toMatchObject({ context: 131_072, cacheBytes: 16 * caches, verdict: 'does not fit' })
  })

  it('has nothing free where more runs than the budget allows', () => {
    expect(fitOf(facts, { ...room, reservedBytes: 1e15 })).toMatchObject({ verdict: 'fits alone', freeBytes: 0 })
  })

  it('is reckoned as the scheduler will reckon it', () => {
    const { scheduling } = settings.parse({})
    const rest = { modelType: 'x', quantization: '4-bit', vocabSize: 1, capabilities: [], remoteCode: false }
    const model: Model = { id: 'm', source: 'folder', path: '/m', facts: { ...facts, ...rest } }
    const set = reservation({ profile: plainProfile('m', 'local', scheduling), model }, 0)
    expect(fitOf(facts, { ...room, concurrency: scheduling.concurrency }).needBytes).toBe(set)
  })
})

describe('a profile', () => {
  const { scheduling } = settings.parse({})
  const rest = { modelType: 'x', quantization: '4-bit', vocabSize: 1, capabilities: [], remoteCode: false }
  const model: Model = { id: 'm', source: 'folder', path: '/m', facts: { ...facts, ...rest } }
  const profile = (written: object = {}) =>
    toProfile(profileOf({ name: 'p', model: '/m', ...written }), 'store', scheduling)

  it('is foreseen to take what the scheduler will set aside, its draft model included', () => {
    const known = { needBytes: need, weightsBytes: 4e9, cacheBytes: caches, context: 8192 }
    const served = { profile: profile(), model }
    expect(foresee(served, room, 7)).toMatchObject({ verdict: 'fits', ...known, budgetBytes: room.budgetBytes })
    const both = foresee({ ...served, draft: model }, room, 7)
    expect(both).toMatchObject({ verdict: 'does not fit', weightsBytes: 8e9, cacheBytes: 2 * caches })
    expect(both.needBytes).toBe(reservation({ ...served, draft: model }, 7))
  })

  it('says itself what is set aside, and the rest is told all the same', () => {
    const served = { profile: profile({ memory: '1GB', context: 256, concurrency: 1 }), model }
    expect(foresee(served, room, 7)).toMatchObject({ needBytes: 1024 ** 3, weightsBytes: 4e9, context: 256 })
  })

  it('of whose model nothing is known takes what is usual, and nothing is made up about it', () => {
    const any = profile({ engine: 'command', command: ['x', '${port}'], model: undefined })
    const unknown = { weightsBytes: undefined, cacheBytes: undefined, context: undefined }
    expect(foresee({ profile: any, model: undefined }, room, 7)).toMatchObject({
      needBytes: 7,
      verdict: 'fits',
      ...unknown,
    })
  })
})
