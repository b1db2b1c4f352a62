import { describe, expect, test } from 'vitest'
import { createSearch } from '../../../src/hub/search.ts'
import { generated } from '../../fixtures/hub/fake-hub.ts'
import { addMany, configOf, furnish, localModel, never, SMALL, searchParts } from '../../fixtures/hub/furnish.ts'

const GIB = 1024 ** 3

describe('a hit', () => {
  test('says exactly what the weights take, how they are quantised, the context, the licence, and whether it fits', async () => {
    await using house = await furnish()
    const files = {
      'config.json': configOf(4),
      'model-00001-of-00002.safetensors': generated(700_000),
      'model-00002-of-00002.safetensors': generated(300_001),
      'consolidated.safetensors': 'not loaded',
      'extra/model.safetensors': 'not loaded',
    }
    const commit = house.fake.add({ id: 'a/Two-Parts', files, license: 'mit', task: 'text-generation', downloads: 7 })
    const { hits, ...rest } = await house.hub.search({ text: 'two-parts', limit: 10 }, never)
    expect(rest).toEqual({ cursor: undefined, offline: false, reason: undefined })
    expect(hits).toEqual([
      {
        id: 'a/Two-Parts',
        commit,
        task: 'text-generation',
        license: 'mit',
        gated: false,
        downloads: 7,
        lastModified: '2026-01-01T00:00:00.000Z',
        local: false,
        weightsBytes: 1_000_001,
        quantization: '4-bit',
        contextLength: 4096,
        fit: expect.objectContaining({
          verdict: 'fits',
          weightsBytes: 1_000_001,
          budgetBytes: 8 * GIB,
          freeBytes: 6 * GIB,
        }),
        unknown: undefined,
      },
    ])
  })

  test.each([
    [1, 'fits'],
    [6.5, 'fits alone'],
    [9, 'does not fit'],
  ])('of %d GB %s', async (size, verdict) => {
    await using house = await furnish()
    house.fake.add({ id: 'a/Sized', files: { 'config.json': configOf(4) } })
    const lfs = { oid: 'b'.repeat(64), size: size * GIB }
    const listing = JSON.stringify([{ type: 'file', path: 'model.safetensors', size: 1, oid: 'a'.repeat(40), lfs }])
    house.fake.misbehave({ host: 'api', url: '/tree/', fault: { kind: 'json', text: listing } })
    const { hits } = await house.hub.search({ text: 'sized', limit: 1 }, never)
    expect(hits[0]?.fit?.verdict).toBe(verdict)
  })

  test('says that it is here already', async () => {
    await using house = await furnish({}, { models: [localModel(SMALL)] })
    house.fake.add({ id: 'a/Small-other', files: {} })
    const { hits } = await house.hub.search({ text: 'small', limit: 10 }, never)
    expect(Object.fromEntries(hits.map(({ id, local }) => [id, local]))).toEqual({
      [SMALL]: true,
      'a/Small-other': false,
    })
  })

  test('that is gated says so, and what is not known for it', async () => {
    await using house = await furnish()
    const files = { 'config.json': configOf(4), 'model.safetensors': 'w' }
    house.fake.add({ id: 'a/Gated', files, gated: 'auto', tags: ['mlx', '4-bit'] })
    const { hits } = await house.hub.search({ text: 'gated', bits: 4, limit: 10 }, never)
    expect(hits).toMatchObject([
      {
        gated: 'auto',
        weightsBytes: 1,
        quantization: '4-bit',
        contextLength: undefined,
        unknown: expect.stringContaining('licence'),
      },
    ])
  })

  test('that cannot be had whole does not fail the others', async () => {
    await using house = await furnish()
    addMany(house, 3)
    house.fake.misbehave({ url: '/api/models/maker/M001/tree/', host: 'api', fault: { kind: 'status', status: 500 } })
    house.fake.misbehave({ url: '/maker/M002/', host: 'hub', fault: { kind: 'stall', after: 0 } })
    const search = createSearch(searchParts(house.access))
    const { hits } = await search({ owner: 'maker', limit: 10 }, { ...house.line, silenceMs: 100 })
    expect(hits).toMatchObject([
      { id: 'maker/M000', weightsBytes: 1, unknown: undefined },
      {
        id: 'maker/M001',
        weightsBytes: undefined,
        fit: undefined,
        quantization: '4-bit',
        unknown: expect.stringContaining('500'),
      },
      { id: 'maker/M002', unknown: expect.stringContaining('stopped answering') },
    ])
  })

  test('without weights that an engine loads says so', async () => {
    await using house = await furnish()
    house.fake.add({ id: 'a/Adapter', files: { 'config.json': '{}', 'adapters.safetensors': 'x' } })
    const { hits } = await house.hub.search({ text: 'adapter', limit: 1 }, never)
    expect(hits).toMatchObject([{ weightsBytes: undefined, unknown: 'It has no weights that mlx_lm loads.' }])
  })
})
