import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { VerifiedFile } from '../../../src/catalog/catalog.ts'
import { wholeModel } from '../../fixtures/hub/whole-model.ts'
import { tinyWeights } from '../../unit/catalog/model-folder.ts'
import { inUrl, openHubHouse, SMALL } from '../../unit/api/hub-house.ts'

describe('a search of the hub', () => {
  test('shows each model with its exact size, whether it fits this machine, and whether it is here', async () => {
    await using house = await openHubHouse(wholeModel(2000), { memory: { budget: '2GB' } })
    const { status, body } = await house.tell('GET', '/hub/models?q=small')
    expect(status).toBe(200)
    expect(body).toEqual({
      hits: [
        {
          id: SMALL,
          commit: house.commit,
          weightsBytes: expect.any(Number),
          quantization: expect.any(String),
          contextLength: 2048,
          task: null,
          license: 'apache-2.0',
          gated: 'open',
          downloads: 42,
          lastModified: '2026-01-01T00:00:00.000Z',
          local: false,
          fit: expect.objectContaining({ verdict: 'fits', budgetBytes: 2 * 1024 ** 3, freeBytes: 2 * 1024 ** 3 }),
          unknown: null,
        },
      ],
      cursor: null,
      offline: false,
      reason: null,
    })
    await house.bring()
    expect(await house.tell('GET', '/hub/models?q=small')).toMatchObject({ body: { hits: [{ local: true }] } })
  })

  test('can be narrowed, goes on from where it was, and refuses what cannot be asked', async () => {
    await using house = await openHubHouse()
    const gated = { gated: 'manual' as const, tags: ['mlx', '8-bit'], files: wholeModel() }
    house.fake.add({ id: 'other/Large-8bit', downloads: 7, ...gated })
    const ids = async (query: string) => {
      const { body } = await house.tell('GET', `/hub/models?${query}`)
      return (body as { hits: { id: string; gated: string }[] }).hits.map(({ id, gated }) => `${id} ${gated}`)
    }
    expect(await ids('owner=other')).toEqual(['other/Large-8bit manual'])
    expect(await ids('bits=8')).toEqual(['other/Large-8bit manual'])
    expect(await ids('maxBytes=10')).toEqual([])
    const { body } = await house.tell('GET', '/hub/models?limit=1')
    const { hits, cursor } = body as { hits: { id: string }[]; cursor: string }
    expect(hits.map(({ id }) => id)).toEqual([SMALL])
    expect(await ids(`limit=1&cursor=${cursor}`)).toEqual(['other/Large-8bit manual'])
    expect(await house.tell('GET', '/hub/models?sort=best')).toMatchObject({
      status: 400,
      body: { error: { param: 'sort' } },
    })
  })

  test('without a hub shows what is here, and says so', async () => {
    await using house = await openHubHouse()
    await house.bring()
    await house.fake.close()
    expect(await house.tell('GET', '/hub/models?q=small')).toMatchObject({
      status: 200,
      body: { offline: true, reason: expect.stringContaining('cannot be reached'), hits: [{ id: SMALL, local: true }] },
    })
    expect(await house.tell('GET', '/hub/models?q=unheard-of')).toMatchObject({ body: { offline: true, hits: [] } })
  })
})

describe('what is newer on the hub', () => {
  test('is told without fetching it', async () => {
    await using house = await openHubHouse()
    await house.bring()
    const here = { id: SMALL, revision: 'main', commit: house.commit }
    expect(await house.tell('GET', '/models/updates')).toEqual({
      status: 200,
      body: {
        updates: [{ ...here, latest: house.commit, available: false, reason: null }],
        offline: false,
        reason: null,
      },
    })
    const latest = house.fake.commit(SMALL, wholeModel(4000))
    house.fake.forget()
    expect(await house.tell('GET', '/models/updates')).toMatchObject({
      body: { updates: [{ ...here, latest, available: true }] },
    })
    expect(house.fake.requests.filter(({ path }) => path !== undefined)).toEqual([])
  })

  test.each([
    ['asks for a pause', { kind: 'status', status: 429 }, 'asks for a pause'],
    ['has trouble', { kind: 'status', status: 500 }, 'has trouble of its own'],
    ['answers strangely', { kind: 'json', text: '{"id":"maker/x"}' }, 'no facts of'],
    ['answers what the hub’s library trips over', { kind: 'json', text: 'null' }, 'cannot be understood'],
  ] as const)('is told of the others where the hub %s about one', async (_, fault, why) => {
    await using house = await openHubHouse()
    house.fake.add({ id: 'maker/Other', files: wholeModel() })
    for (const id of [SMALL, 'maker/Other']) await house.bring(id)
    house.fake.misbehave({ host: 'api', url: SMALL, fault })
    expect((await house.tell('GET', '/models/updates')).body).toMatchObject({
      updates: expect.arrayContaining([
        expect.objectContaining({ id: SMALL, latest: null, reason: expect.stringContaining(why) }),
        expect.objectContaining({ id: 'maker/Other', latest: expect.any(String), reason: null }),
      ]),
      offline: false,
    })
  })

  test('is not known of a model that the hub no longer has, nor of any while it is away', async () => {
    await using house = await openHubHouse()
    house.fake.add({ id: 'maker/Other', files: wholeModel() })
    await house.bring()
    await house.bring('maker/Other')
    house.fake.misbehave({ host: 'api', url: SMALL, fault: { kind: 'status', status: 404 } })
    const { body } = await house.tell('GET', '/models/updates')
    expect(body).toMatchObject({
      updates: expect.arrayContaining([
        expect.objectContaining({ id: SMALL, latest: null, reason: expect.stringContaining(`has no ${SMALL}`) }),
        expect.objectContaining({ id: 'maker/Other', latest: expect.any(String), reason: null }),
      ]),
      offline: false,
    })
    await house.fake.close()
    expect(await house.tell('GET', '/models/updates')).toMatchObject({
      status: 200,
      body: { offline: true, reason: expect.stringContaining('cannot be reached'), updates: [{ latest: null }, {}] },
    })
  })
})

describe('a model of the hub that is here', () => {
  test('is shown with its revisions, its size and who uses it, and frees what it said', async () => {
    const profile = { name: 'small', model: SMALL }
    await using house = await openHubHouse(wholeModel(50_000), { profiles: [profile] })
    await house.bring()
    expect(await house.tell('GET', '/models/disk')).toMatchObject({ body: { models: [{ id: SMALL }] } })
    const { body } = await house.tell('GET', '/models')
    expect(body).toMatchObject({
      models: [
        {
          id: SMALL,
          source: 'huggingface',
          folder: house.home,
          facts: { weightsBytes: 50_000, contextLength: 2048 },
          incomplete: null,
          shadowed: false,
          revisions: [{ commit: house.commit, refs: ['main'], incomplete: null }],
          usedBy: ['small'],
          lastUsed: null,
        },
      ],
    })
    const [{ sizeBytes, ownBytes }] = (body as { models: [{ sizeBytes: number; ownBytes: number }] }).models
    expect(sizeBytes).toBeGreaterThan(50_000)
    expect(await house.tell('GET', '/models/disk')).toMatchObject({
      body: {
        totalBytes: sizeBytes,
        places: [{ path: house.cache, kind: 'huggingface', freeBytes: expect.any(Number) }],
      },
    })
    expect(await house.tell('DELETE', `/models/${inUrl}?revision=${house.commit.slice(0, 10)}`)).toEqual({
      status: 200,
      body: { removed: SMALL, freedBytes: ownBytes },
    })
    expect(await house.tell('GET', '/models')).toMatchObject({ body: { models: [] } })
  })

  test('is not deleted while more of it is on its way', async () => {
    await using house = await openHubHouse()
    await house.bring()
    house.fake.commit(SMALL, wholeModel(100_000))
    house.fake.misbehave({ host: 'hub', path: 'model.safetensors', fault: { kind: 'stall', after: 0 } })
    const { body: coming } = await house.tell('POST', '/downloads', { id: SMALL })
    expect(await house.tell('DELETE', `/models/${inUrl}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', message: expect.stringContaining('downloads cancel 1') } },
    })
    expect(coming).toMatchObject({ id: 1 })
    await house.tell('POST', '/downloads/1/cancel')
    expect(await house.tell('DELETE', `/models/${inUrl}`)).toMatchObject({ status: 200 })
  })
})

/** What the last verification found. */
async function verified(house: Awaited<ReturnType<typeof openHubHouse>>, query = '') {
  const text = await (await house.ask('POST', `/models/${inUrl}/verify${query}`)).text()
  const [, data = '{}'] = /^event: verified\ndata: (.*)$/m.exec(text) ?? []
  const { files, unlisted } = JSON.parse(data) as { files: VerifiedFile[]; unlisted: string | null }
  return { wrong: files.filter(({ state }) => state !== 'ok').map(({ path, state }) => [path, state]), unlisted }
}

describe('a model that is verified', () => {
  test('lacks what is gone with its name, by what the hub lists; without a hub nobody can say, and that is said', async () => {
    await using house = await openHubHouse({ ...wholeModel(), 'README.md': 'x' })
    await house.bring()
    const snapshot = join(house.home, 'snapshots', house.commit)
    rmSync(join(snapshot, 'tokenizer.json'))
    rmSync(join(snapshot, 'README.md'))
    expect(await verified(house)).toEqual({ wrong: [['tokenizer.json', 'missing']], unlisted: null })
    await house.fake.close()
    expect(await verified(house)).toEqual({ wrong: [], unlisted: expect.stringContaining('cannot be reached') })
  })

  test('lacks what is gone with its name, by what was once pulled, without a question to the hub; and gets it again', async () => {
    await using house = await openHubHouse()
    await house.tell('POST', '/downloads', { id: SMALL })
    await vi.waitFor(async () => {
      expect(await house.tell('GET', '/downloads/1')).toMatchObject({ body: { state: 'complete' } })
    }, 30_000)
    const path = join(house.home, 'snapshots', house.commit, 'tokenizer.json')
    rmSync(path)
    house.fake.forget()
    const wrong = [['tokenizer.json', 'missing']]
    expect(await verified(house, `?revision=${house.commit.slice(0, 8)}`)).toEqual({ wrong, unlisted: null })
    expect(house.fake.requests).toEqual([])
    expect(await verified(house, '?repair=true')).toEqual({ wrong, unlisted: null })
    expect(existsSync(path)).toBe(true)
    expect(await verified(house)).toEqual({ wrong: [], unlisted: null })
  })

  test('is known, at that revision, before anything is read', async () => {
    await using house = await openHubHouse()
    expect(await house.tell('POST', '/models/no%2Fbody/verify')).toMatchObject({ status: 404 })
    await house.bring()
    expect(await house.tell('POST', `/models/${inUrl}/verify?revision=v9`)).toMatchObject({ status: 404 })
  })

  test('in a plain folder is looked at, but nobody knows where to fetch it again', async () => {
    await using house = await openHubHouse(wholeModel(), { models: { folders: ['./shelf'], huggingfaceCache: false } })
    mkdirSync(join(house.path, 'shelf/half'), { recursive: true })
    writeFileSync(join(house.path, 'shelf/half/model.safetensors'), tinyWeights)
    await house.tell('POST', '/models/refresh')
    const text = await (await house.ask('POST', '/models/half/verify?repair=true')).text()
    const [verified, error] = text.trim().split('\n\n').slice(-2)
    expect(verified).toMatch(/^event: verified\ndata: .*"path":"config\.json",.*"state":"missing"/s)
    expect(error).toMatch(/^event: error\ndata: .*lies in a plain folder.*"code":"invalid_request"/s)
  })
})
