/** Models come and go while the gateway serves: pulled by people and by clients, watched by many, deleted by none who still needs them. */
import { describe, expect, test, vi } from 'vitest'
import type { view } from '../../src/api/admin/downloads.ts'
import { follow } from '../fixtures/admin.ts'
import { say } from '../fixtures/ask.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { MEBIBYTE, openHubHouse, SMALL } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { heldIn } from '../unit/catalog/hub-cache.ts'

type Download = ReturnType<typeof view>
type Hub = Awaited<ReturnType<typeof openHubHouse>>

const inUrl = encodeURIComponent(SMALL)

/** What the events say of downloads. */
function downloadsIn(events: readonly object[]): readonly Download[] {
  return events.flatMap((event) => ('download' in event ? (event.download as unknown as Download) : []))
}

/** The first that is so, now or later. */
async function until(house: Hub, isSo: (download: Download) => boolean): Promise<Download> {
  const find = async (): Promise<Download | undefined> => (await house.admin('GET', '/downloads')).downloads.find(isSo)
  return vi.waitFor(async () => (await find()) ?? Promise.reject(new Error('not yet')), {
    timeout: 60_000,
    interval: 20,
  })
}
const isComplete = ({ state }: Download) => state === 'complete'
const hasBegun = ({ state, bytes }: Download) => state === 'running' && bytes > 0

describe('a pull', () => {
  test('asked for twice and watched by ten, who come and go, is one transfer', async () => {
    await using house = await openHubHouse({ hub: { pace: 4 * MEBIBYTE } })
    await using stack = new AsyncDisposableStack()
    const watch = async () => stack.use(await follow(house))
    const watchers = await Promise.all(Array.from({ length: 10 }, watch))
    const asked: Download[] = await Promise.all([
      house.admin('POST', '/downloads', { id: SMALL }),
      house.admin('POST', '/downloads', { id: SMALL, revision: 'main' }),
    ])
    expect(asked[1]?.id).toBe(asked[0]?.id)
    await until(house, hasBegun)
    // pages are reloaded, and ask once more
    for (const watcher of watchers.slice(0, 5)) await watcher[Symbol.asyncDispose]()
    const { downloads } = await house.admin('GET', '/downloads')
    expect(downloads).toHaveLength(1)
    const back = await Promise.all(Array.from({ length: 5 }, watch))
    await house.admin('POST', '/downloads', { id: SMALL })
    await until(house, isComplete)

    for (const { until: heard, events } of [...watchers.slice(5), ...back]) {
      await heard('download.changed', (event) => isComplete(event.download as unknown as Download))
      const bytes = downloadsIn(events).map(({ bytes }) => bytes)
      expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
    }
    expect(house.hub.sent('model.safetensors')).toBe(house.weights.bytes)
    expect(house.isRight()).toBe(true)
  })

  test('goes on where nobody watches, and its model can be asked for at once', async () => {
    await using house = await openHubHouse()
    await house.admin('POST', '/downloads', { id: SMALL })
    await until(house, isComplete)
    const { status, text } = await house.ask(say(SMALL, 'hello'))
    expect([status, text]).toEqual([200, expect.stringContaining(hello)])
  })
})

describe('a model that is used', () => {
  test('is deleted only once its server has stopped, and gives back what it said', async () => {
    await using house = await openHubHouse()
    await house.admin('POST', '/downloads', { id: SMALL })
    await until(house, isComplete)
    await house.ask(say(SMALL, 'hello'))
    const refused = await house.admin('DELETE', `/models/${inUrl}`).catch(String)
    expect(refused).toMatch(/409.*mlx-gateway stop maker\/Small-4bit/)
    const repair = house.admin('POST', `/models/${inUrl}/verify?repair=true`)
    expect(await repair.catch(String)).toMatch(/409.*mlx-gateway stop maker\/Small-4bit/)
    expect(house.isRight()).toBe(true)

    const { models } = await house.admin('GET', '/models')
    expect(models).toMatchObject([{ id: SMALL, lastUsed: expect.any(Number) }])
    await house.admin('POST', `/servers/${inUrl}/stop`)
    const held = heldIn(house.cache)
    const { freedBytes } = await house.admin('DELETE', `/models/${inUrl}`)
    expect(freedBytes).toBe(models[0].ownBytes)
    expect(heldIn(house.cache)).toBe(held - freedBytes)
    expect(house.isRight()).toBe(false)
  })

  test('is not deleted under a server whose profile means another by now', async () => {
    const profile = { name: 'mine', engine: 'mlx-lm', memory: '100MB' }
    await using house = await openHubHouse()
    house.hub.add({ id: 'maker/Other', files: wholeModel() })
    for (const id of [SMALL, 'maker/Other']) await house.admin('POST', '/downloads', { id })
    await until(house, ({ repo, state }) => repo === SMALL && state === 'complete')
    await until(house, ({ repo, state }) => repo === 'maker/Other' && state === 'complete')
    await house.admin('POST', '/profiles', { ...profile, model: SMALL })
    const busy = house.stream(say('mine', 'count', { max_tokens: 30_000 }))
    await busy.until('data: ')
    await house.admin('PUT', '/profiles/mine', { ...profile, model: 'maker/Other' })
    expect(await house.admin('DELETE', `/models/${inUrl}`).catch(String)).toContain('The server of \\"mine\\" uses')
    busy.leave()
    await house.admin('POST', '/servers/mine/stop', { now: true })
    await house.admin('DELETE', `/models/${inUrl}`)
  })
})
