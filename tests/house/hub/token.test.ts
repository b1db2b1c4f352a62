import tls from 'node:tls'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { locateFile, requestFile, type HubAccess } from '../../../src/hub/hub.ts'
import { certificate, startFakeHub } from '../../fixtures/hub/fake-hub.ts'
import { furnish, hubAt, never, SMALL } from '../../fixtures/hub/furnish.ts'

const token = 'hf_secret'
const GATED = 'a/gated'

/** An https hub with a gated model, whose licence the token's account accepted. */
async function secured(given: Partial<HubAccess> = {}) {
  const house = await furnish({ tls: true, tokens: [token] }, { token, ...given })
  const files = { 'config.json': '{}', 'model.safetensors': 'w' }
  const commit = house.fake.add({ id: GATED, files, gated: 'manual', allowed: [token] })
  const carried = () =>
    house.fake.requests.map(({ host, authorization }) => [host, authorization === `Bearer ${token}`] as const)
  return { ...house, carried, gated: (path: string) => ({ id: GATED, commit, path }) }
}

const trusted = tls.getCACertificates('default')
beforeAll(() => tls.setDefaultCACertificates([...trusted, certificate]))
afterAll(() => tls.setDefaultCACertificates(trusted))

describe('the hub’s token', () => {
  test('opens what its account may see, and never reaches the second host', async () => {
    await using house = await secured()
    expect((await house.hub.repository(GATED, 'main', never)).files).toHaveLength(2)
    expect(await house.hub.text(house.gated('config.json'), never)).toBe('{}')
    const source = await locateFile(house.access, house.gated('model.safetensors'), house.line)
    expect(source.headers).not.toHaveProperty('authorization')
    const { body } = await requestFile(house.access, house.gated('model.safetensors'), house.line)
    expect(await body.text()).toBe('w')
    expect(house.carried().filter(([host]) => host === 'cdn')).toEqual([['cdn', false]])
    expect(house.carried().filter(([host, with_]) => host === 'hub' && !with_)).toEqual([])
  })

  test('is not taken along by a redirect, nor by a redirect back', async () => {
    await using house = await secured()
    const back = `${house.fake.endpoint}/${GATED}/resolve/main/config.json`
    house.fake.misbehave({ host: 'cdn', fault: { kind: 'redirect', to: back } })
    const asked = requestFile(house.access, house.gated('model.safetensors'), house.line)
    await expect(asked).rejects.toMatchObject({ code: 'hub_unreachable' })
    expect(house.carried()).toEqual([
      ['hub', true],
      ['cdn', false],
      ['hub', false],
    ])
  })

  test('is not taken along by the API’s redirects and pages', async () => {
    await using house = await secured()
    const next = `<${house.fake.cdn}/api/models/x>; rel="next"`
    const page = { kind: 'status', status: 302, headers: { location: `${house.fake.cdn}/x` } } as const
    house.fake.misbehave({ url: '/revision/', host: 'api', times: 1, fault: page })
    await expect(house.hub.repository(GATED, 'main', never)).rejects.toMatchObject({ code: 'hub_unreachable' })
    expect(house.carried().at(-1)).toEqual(['cdn', false])
    const listing = { kind: 'json', text: '[]', headers: { link: next } } as const
    house.fake.misbehave({ url: '/tree/', host: 'api', times: 1, fault: listing })
    await expect(house.hub.repository(GATED, 'main', never)).rejects.toMatchObject({ code: 'hub_unreachable' })
    expect(house.carried().at(-1)).toEqual(['cdn', false])
  })

  test('is not sent to the realm that a refusal names', async () => {
    await using house = await secured({ token: 'hf_unknown' })
    await expect(house.hub.repository(GATED, 'main', never)).rejects.toMatchObject({ code: 'permission_denied' })
    expect(house.fake.requests).toHaveLength(1)
  })

  test('is not sent to a hub without https', async () => {
    await using house = await furnish({ tokens: [token] }, { token })
    const commit = house.fake.add({ id: GATED, files: { 'config.json': '{}' }, gated: 'manual', allowed: [token] })
    await expect(house.hub.text({ id: GATED, commit, path: 'config.json' }, never)).rejects.toMatchObject({
      message: expect.stringContaining('over https only'),
    })
    expect(house.fake.requests.some(({ authorization }) => authorization !== undefined)).toBe(false)
  })

  test('is not sent over http after a redirect', async () => {
    await using house = await secured()
    await using open = await startFakeHub()
    house.fake.misbehave({ host: 'hub', fault: { kind: 'redirect', to: `${open.endpoint}/x` } })
    const asked = requestFile(house.access, house.gated('config.json'), house.line)
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('not encrypted') })
    expect(open.requests).toEqual([])
  })

  test('is in no error, whatever goes wrong', async () => {
    await using house = await secured()
    const told: string[] = []
    for (const fault of [
      { kind: 'html' },
      { kind: 'reset', after: 0 },
      { kind: 'status', status: 401, headers: { 'x-error-message': `no ${token}` } },
      { kind: 'status', status: 403, headers: { 'x-error-message': `no ${token}` } },
      { kind: 'status', status: 500, headers: { 'x-error-message': `no ${token}` } },
      { kind: 'redirect', to: 'file:///x' },
    ] as const) {
      house.fake.behave()
      house.fake.misbehave({ host: 'api', fault })
      const thrown: unknown = await house.hub.repository(SMALL, 'main', never).catch((error: unknown) => error)
      told.push(inspect(thrown, { depth: 10 }))
    }
    expect(told.filter((text) => text.includes(token))).toEqual([])
    expect(told).toHaveLength(6)
  })
})

describe('a hub whose certificate nobody vouches for', () => {
  test('is not asked, and the error says what to do', async () => {
    await using house = await secured()
    tls.setDefaultCACertificates(trusted)
    try {
      const hub = hubAt(house.access)
      await expect(hub.repository(SMALL, 'main', never)).rejects.toMatchObject({
        message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      })
      await hub.close()
      expect(house.fake.requests).toEqual([])
    } finally {
      tls.setDefaultCACertificates([...trusted, certificate])
    }
  })
})
