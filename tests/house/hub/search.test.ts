import { describe, expect, test } from 'vitest'
import { generated } from '../../fixtures/hub/fake-hub.ts'
import { addMany, configOf, furnish, hubAt, localModel, never, SMALL, type House } from '../../fixtures/hub/furnish.ts'

const ids = (hits: readonly { readonly id: string }[]) => hits.map(({ id }) => id)
const detailsAsked = ({ fake }: House) => fake.requests.filter(({ url }) => /\/tree\/|\/resolve\//.test(url)).length

describe('a search', () => {
  test('finds MLX models alone, by text, owner and task', async () => {
    await using house = await furnish()
    house.fake.add({ id: 'a/Tiny-Chat', files: {}, task: 'text-generation' })
    house.fake.add({ id: 'b/Tiny-Eyes', files: {}, task: 'image-text-to-text' })
    house.fake.add({ id: 'b/Tiny-Torch', files: {}, tags: ['pytorch'] })
    const found = async (query: object) => ids((await house.hub.search({ limit: 10, ...query }, never)).hits).sort()
    expect(await found({ text: 'tiny' })).toEqual(['a/Tiny-Chat', 'b/Tiny-Eyes'])
    expect(await found({ owner: 'b' })).toEqual(['b/Tiny-Eyes'])
    expect(await found({ task: 'text-generation' })).toEqual(['a/Tiny-Chat'])
    expect(await found({ text: 'chat tiny' })).toEqual(['a/Tiny-Chat'])
  })

  test('sorts by downloads, or by the last change', async () => {
    await using house = await furnish()
    house.fake.add({ id: 'a/old', files: {}, downloads: 99, lastModified: '2024-01-01T00:00:00.000Z' })
    house.fake.add({ id: 'a/new', files: {}, downloads: 1, lastModified: '2026-06-01T00:00:00.000Z' })
    expect(ids((await house.hub.search({ limit: 3 }, never)).hits)).toEqual(['a/old', SMALL, 'a/new'])
    expect(ids((await house.hub.search({ limit: 3, sort: 'recent' }, never)).hits)).toEqual(['a/new', SMALL, 'a/old'])
  })

  test('goes on by its cursor, and meets every model once', async () => {
    await using house = await furnish()
    addMany(house, 25)
    const met: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const answer = await house.hub.search(
        { owner: 'maker', limit: 10, ...(cursor === undefined ? {} : { cursor }) },
        never,
      )
      met.push(...ids(answer.hits))
      cursor = answer.cursor
      pages += 1
    } while (cursor !== undefined)
    expect(pages).toBe(3)
    expect(met).toEqual([...met].sort())
    expect(new Set(met).size).toBe(25)
  })

  test('for some bits or sizes meets every model once, whatever page it is on', async () => {
    await using house = await furnish()
    addMany(house, 230, (at) => (at % 23 === 0 ? 8 : 4))
    const met: string[] = []
    let cursor: string | undefined
    do {
      const asked = { owner: 'maker', bits: 8, minBytes: 1, limit: 4, ...(cursor === undefined ? {} : { cursor }) }
      const answer = await house.hub.search(asked, never)
      expect(answer.hits.length).toBeLessThanOrEqual(4)
      met.push(...ids(answer.hits))
      cursor = answer.cursor
    } while (cursor !== undefined)
    expect(met).toEqual(
      ['000', '023', '046', '069', '092', '115', '138', '161', '184', '207'].map((at) => `maker/M${at}`),
    )
  })

  test('does not ask about models whose tags say other bits', async () => {
    await using house = await furnish()
    addMany(house, 20, (at) => (at === 7 ? 8 : 4))
    await house.hub.search({ owner: 'maker', bits: 8, limit: 5 }, never)
    expect(house.fake.requests.filter(({ url }) => url.includes('/tree/'))).toHaveLength(1)
  })

  test('by size takes what lies between', async () => {
    await using house = await furnish()
    for (const size of [100, 200, 300]) {
      house.fake.add({
        id: `a/S${size}`,
        files: { 'config.json': configOf(4), 'model.safetensors': generated(size) },
        downloads: size,
      })
    }
    const { hits } = await house.hub.search({ owner: 'a', minBytes: 150, maxBytes: 300, limit: 10 }, never)
    expect(ids(hits)).toEqual(['a/S300', 'a/S200'])
  })

  test('asks of a commit’s details once', async () => {
    await using house = await furnish()
    addMany(house, 5)
    await house.hub.search({ owner: 'maker', limit: 5 }, never)
    expect(detailsAsked(house)).toBe(10)
    await house.hub.search({ owner: 'maker', limit: 5 }, never)
    expect(detailsAsked(house)).toBe(10)
    house.fake.commit('maker/M000', { 'config.json': configOf(8), 'model.safetensors': 'new weights' })
    const { hits } = await house.hub.search({ owner: 'maker', limit: 1 }, never)
    expect(hits).toMatchObject([{ quantization: '8-bit', weightsBytes: 11 }])
  })

  test('for a whole id finds it first, even where the hub does not call it an MLX model', async () => {
    await using house = await furnish()
    house.fake.add({ id: 'a/Plain', files: { 'config.json': '{}', 'model.safetensors': 'w' }, tags: ['transformers'] })
    house.fake.add({ id: 'a/Plain-MLX', files: {}, downloads: 9 })
    const first = await house.hub.search({ text: 'a/Plain', limit: 1 }, never)
    expect(ids(first.hits)).toEqual(['a/Plain'])
    const { hits } = await house.hub.search({ text: 'a/Plain', limit: 1, cursor: first.cursor ?? '' }, never)
    expect(ids(hits)).toEqual(['a/Plain-MLX'])
    expect(ids((await house.hub.search({ text: SMALL, limit: 9 }, never)).hits)).toEqual([SMALL])
  })

  test('with a cursor that is none is refused', async () => {
    await using house = await furnish()
    for (const cursor of [
      '',
      'x',
      Buffer.from('[1,2]').toString('base64url'),
      Buffer.from('[null,-1]').toString('base64url'),
    ]) {
      await expect(house.hub.search({ limit: 1, cursor }, never)).rejects.toMatchObject({
        code: 'invalid_request',
        param: 'cursor',
      })
    }
  })
})

describe('a hub without a search', () => {
  test('answers by whole id', async () => {
    await using house = await furnish({ withoutSearch: true })
    const answer = await house.hub.search({ text: SMALL, limit: 5 }, never)
    expect(ids(answer.hits)).toEqual([SMALL])
    expect(answer).toMatchObject({ offline: false, reason: expect.stringContaining('owner/name') })
  })

  test('says so for anything else', async () => {
    await using house = await furnish({ withoutSearch: true })
    const reason = expect.stringContaining('has no search')
    expect(await house.hub.search({ text: 'small', limit: 5 }, never)).toEqual({
      hits: [],
      cursor: undefined,
      offline: false,
      reason,
    })
    expect(await house.hub.search({ text: 'a/none', limit: 5 }, never)).toMatchObject({ hits: [], reason })
  })
})

describe('without the hub, a search', () => {
  const models = [
    localModel('a/Small-4bit'),
    localModel('a/Small-8bit', { quantization: '8-bit' }),
    localModel('b/Large'),
  ]

  test('finds what is here, and says why', async () => {
    await using house = await furnish({}, { models })
    await house.fake.close()
    const answer = await house.hub.search({ text: 'small', limit: 10 }, never)
    expect(answer).toMatchObject({
      offline: true,
      cursor: undefined,
      reason: expect.stringContaining('it refuses the connection'),
    })
    expect(answer.hits).toMatchObject([
      {
        id: 'a/Small-4bit',
        local: true,
        weightsBytes: 5000,
        fit: { verdict: 'fits' },
        contextLength: 4096,
        downloads: undefined,
      },
      { id: 'a/Small-8bit', local: true },
    ])
    expect(ids((await house.hub.search({ owner: 'a', bits: 8, limit: 10 }, never)).hits)).toEqual(['a/Small-8bit'])
  })

  test('does so where the gateway is told to stay offline, or the hub answers with a login page', async () => {
    await using house = await furnish({}, { models, offline: true })
    expect(await house.hub.search({ text: 'large', limit: 1 }, never)).toMatchObject({
      offline: true,
      hits: [{ id: 'b/Large' }],
    })
    const online = hubAt({ ...house.access, offline: false }, models)
    house.fake.misbehave({ host: 'api', fault: { kind: 'html' } })
    expect(await online.search({ text: 'large', limit: 1 }, never)).toMatchObject({
      offline: true,
      hits: [{ id: 'b/Large' }],
    })
    await online.close()
  })

  test('does so where the hub answers with nonsense, or takes too long', async () => {
    await using house = await furnish({}, { models, patience: { silenceMs: 5000, longestMs: 300 } })
    const search = () => house.hub.search({ text: 'large', limit: 1 }, never)
    house.fake.misbehave({ host: 'api', times: 1, fault: { kind: 'json', text: '{}' } })
    expect(await search()).toMatchObject({ offline: true, hits: [{ id: 'b/Large' }] })
    house.fake.misbehave({ host: 'api', fault: { kind: 'stall', after: 0 } })
    expect(await search()).toMatchObject({ offline: true, reason: expect.stringContaining('it took too long') })
  })

  test('that is under way is not taken for ended', async () => {
    await using house = await furnish()
    addMany(house, 5)
    const { cursor = '' } = await house.hub.search({ owner: 'maker', limit: 2 }, never)
    await house.fake.close()
    await expect(house.hub.search({ owner: 'maker', limit: 2, cursor }, never)).rejects.toMatchObject({
      code: 'hub_unreachable',
    })
  })
})
