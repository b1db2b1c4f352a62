import { describe, expect, test } from 'vitest'
import { furnish, hubAt, never, SMALL, weights } from '../../fixtures/hub/furnish.ts'
import { generated, gitSha1Of, sha256Of, written } from '../../fixtures/hub/fake-hub.ts'

describe('a model of the hub', () => {
  test('is told with its commit, and every file with the size and the name of its blob', async () => {
    await using house = await furnish()
    const found = await house.hub.repository(SMALL, 'main', never)
    expect(found).toEqual({
      id: SMALL,
      commit: house.commit,
      files: [
        { path: 'config.json', bytes: 48, blob: expect.stringMatching(/^[0-9a-f]{40}$/), hash: 'git-sha1' },
        { path: 'model.safetensors', bytes: 300_000, blob: sha256Of(weights), hash: 'sha256' },
        { path: 'deep/notes & more.txt', bytes: 1, blob: gitSha1Of(written('x')), hash: 'git-sha1' },
      ],
      task: undefined,
      gated: false,
      license: 'apache-2.0',
      lastModified: '2026-01-01T00:00:00.000Z',
      tags: ['mlx', 'license:apache-2.0', 'region:us'],
      downloads: 42,
    })
  })

  test('is told at a branch, a tag or a commit', async () => {
    await using house = await furnish()
    const newer = house.fake.commit(SMALL, { 'config.json': '{}' }, 'refs/pr/1')
    const commitOf = async (revision: string) => (await house.hub.repository(SMALL, revision, never)).commit
    expect(await commitOf('refs/pr/1')).toBe(newer)
    expect(await commitOf(newer)).toBe(newer)
    expect(await commitOf('main')).toBe(house.commit)
  })

  test('with thousands of files is told whole', async () => {
    await using house = await furnish()
    const files = Object.fromEntries(Array.from({ length: 2345 }, (_, at) => [`part-${at}.txt`, 'x']))
    house.fake.add({ id: 'a/many', files })
    expect((await house.hub.repository('a/many', 'main', never)).files).toHaveLength(2345)
  })

  test('that moved is found by its old id', async () => {
    await using house = await furnish()
    house.fake.move(SMALL, 'new-owner/Small-4bit')
    expect((await house.hub.repository(SMALL, 'main', never)).id).toBe('new-owner/Small-4bit')
    expect(await house.hub.text(house.file('config.json'), never)).toContain('llama')
  })

  test('that is gated is told without a token, but not its files', async () => {
    await using house = await furnish()
    const commit = house.fake.add({ id: 'a/gated', files: { 'config.json': '{}' }, gated: 'manual' })
    expect(await house.hub.repository('a/gated', 'main', never)).toMatchObject({ gated: 'manual' })
    await expect(house.hub.text({ id: 'a/gated', commit, path: 'config.json' }, never)).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining(`${house.fake.endpoint}/a/gated`),
    })
  })

  test('that does not exist, or is private, is not found', async () => {
    await using house = await furnish()
    house.fake.add({ id: 'a/private', files: {}, private: true })
    for (const id of ['a/none', 'a/private']) {
      await expect(house.hub.repository(id, 'main', never)).rejects.toMatchObject({ code: 'not_found' })
    }
    await expect(house.hub.repository(SMALL, 'none', never)).rejects.toMatchObject({
      message: `${SMALL} has no revision "none".`,
    })
    await expect(house.hub.text(house.file('none.json'), never)).rejects.toMatchObject({
      message: expect.stringContaining('has no file "none.json"'),
    })
  })

  test.each([
    ['../../etc/passwd', 'main'],
    ['a%2fb/c', 'main'],
    ['a/..', 'main'],
    [SMALL, '../main'],
    [SMALL, 'a%2f..'],
  ])('called %s at %s is refused before anything is asked', async (id, revision) => {
    await using house = await furnish()
    await expect(house.hub.repository(id, revision, never)).rejects.toMatchObject({ code: 'invalid_request' })
    expect(house.fake.requests).toEqual([])
  })
})

describe('a hub that misbehaves', () => {
  test.each([
    ['a page to log in on', { kind: 'html' }, /no JSON; perhaps the network wants a login/],
    ['nonsense', { kind: 'json', text: '{"id":"x"}' }, /no facts of/],
    ['nothing', { kind: 'json', text: 'null' }, /cannot be understood/],
    ['an error of its own', { kind: 'status', status: 502 }, /trouble of its own \(502\)/],
    ['a broken connection', { kind: 'reset', after: 0 }, /the connection broke/],
    ['a redirect to itself', { kind: 'redirect', to: '/api/models/x' }, /redirects without end/],
  ] as const)('with %s is told in words', async (_, fault, words) => {
    await using house = await furnish()
    house.fake.misbehave({ host: 'api', fault })
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringMatching(words),
    })
  })

  test('with a list of files that cannot be is not believed', async () => {
    await using house = await furnish()
    for (const entry of [
      { type: 'file', path: 'x', size: 1, oid: '../../x' },
      { type: 'file', path: 'x', size: -1, oid: 'a'.repeat(40) },
      { type: 'file', path: 'x', size: 1, oid: 'a'.repeat(40), lfs: { oid: '../evil', size: 1 } },
    ]) {
      house.fake.misbehave({
        host: 'api',
        url: '/tree/',
        times: 1,
        fault: { kind: 'json', text: JSON.stringify([entry]) },
      })
      await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({ code: 'hub_unreachable' })
    }
  })

  test('with a list that leads back to itself is left', async () => {
    await using house = await furnish()
    const link = `<${house.fake.endpoint}/api/models/${SMALL}/tree/main>; rel="next"`
    house.fake.misbehave({ host: 'api', url: '/tree/', fault: { kind: 'json', text: '[]', headers: { link } } })
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({
      message: expect.stringContaining('a list without end'),
    })
  })

  test.each([
    ['many entries', 1, JSON.stringify(Array.from({ length: 20_001 }, () => ({ type: 'directory', path: 'x' }))), 1],
    ['many bytes', 10, `[${' '.repeat(7 * 1024 ** 2)}]`, 5],
  ])('with a list of too %s is left', async (_, times, text, asked) => {
    await using house = await furnish()
    const link = `<${house.fake.endpoint}/api/models/${SMALL}/tree/main>; rel="next"`
    house.fake.misbehave({ host: 'api', url: '/tree/', times, fault: { kind: 'json', text, headers: { link } } })
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringContaining('a list of more than'),
    })
    expect(house.fake.requests.filter(({ url }) => url.includes('/tree/'))).toHaveLength(asked)
  })

  test('that names another model than can be is not believed', async () => {
    await using house = await furnish()
    const facts = { _id: 'x', id: '../../etc/passwd', sha: house.commit }
    house.fake.misbehave({ host: 'api', times: 1, fault: { kind: 'json', text: JSON.stringify(facts) } })
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({ code: 'hub_unreachable' })
    const listed = JSON.stringify([facts, { ...facts, id: SMALL, sha: 'main' }])
    house.fake.misbehave({ host: 'api', fault: { kind: 'json', text: listed } })
    expect((await house.hub.search({ limit: 5 }, never)).hits).toEqual([])
  })

  test('that asks for a pause is obeyed by whoever asked', async () => {
    await using house = await furnish()
    house.fake.misbehave({ host: 'api', fault: { kind: 'status', status: 429, headers: { 'retry-after': '3' } } })
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({ retryAfterMs: 3000 })
  })

  test('that sends without end is cut off', async () => {
    await using house = await furnish()
    const commit = house.fake.add({ id: 'a/b', files: { 'config.json': generated(9_000_000) } })
    await expect(house.hub.text({ id: 'a/b', commit, path: 'config.json' }, never)).rejects.toMatchObject({
      message: expect.stringContaining('more than'),
    })
    expect(house.fake.sent('config.json')).toBeLessThan(9_000_000)
  })

  test('that is gone is told in words', async () => {
    await using house = await furnish()
    await house.fake.close()
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringContaining('it refuses the connection'),
    })
  })

  test('is not asked at all when the gateway is told to stay offline', async () => {
    await using house = await furnish({}, { offline: true })
    await expect(house.hub.repository(SMALL, 'main', never)).rejects.toMatchObject({ code: 'hub_unreachable' })
    expect(house.fake.requests).toEqual([])
  })

  test('keeps nobody waiting who has left', async () => {
    await using house = await furnish()
    house.fake.misbehave({ host: 'api', fault: { kind: 'stall', after: 0 } })
    const leaving = new AbortController()
    const asked = house.hub.repository(SMALL, 'main', leaving.signal)
    await expect.poll(() => house.fake.requests.length).toBe(1)
    leaving.abort(new Error('left'))
    await expect(asked).rejects.toThrow('left')
  })

  test('by a name that nobody knows is told in words', async () => {
    const hub = hubAt({ endpoint: 'https://hub.invalid', token: undefined, offline: false })
    await expect(hub.repository(SMALL, 'main', never)).rejects.toMatchObject({
      message: expect.stringMatching(/^The hub at https:\/\/hub\.invalid cannot be reached \(its name/),
    })
    await hub.close()
  })
})
