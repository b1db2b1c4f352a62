import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LiveEvent } from '../../../../src/api/admin/admin.ts'
import type { House } from '../../../../src/api/door.ts'
import { createFeed } from '../../../../src/api/live/live-feed.ts'
import type { GatewayEvent } from '../../../../src/telemetry/telemetry.ts'
import { ended } from '../../telemetry/row.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const machine = { totalBytes: 100, availableBytes: 50, countsReclaimable: true, gpuLimitBytes: undefined, source: '' }

const join =
  <Heard>(set: Set<Heard>) =>
  (heard: Heard) => {
    set.add(heard)
    return () => void set.delete(heard)
  }

/** A house in which nothing happens but what a test says. */
function quietHouse() {
  const listeners = new Set<(event: GatewayEvent) => void>()
  const followers = new Set<(id: string) => void>()
  const announced: GatewayEvent[] = []
  const budget = { bytes: 60 }
  const machineAsked = { times: 0, refuses: false }
  const rooms = {
    telemetry: { listen: join(listeners), recent: () => [], speed: () => ({}) },
    proxy: { watch: join(followers), underWay: () => [], find: (id: string) => ({ id, waitedFor: [] }) },
    scheduler: { snapshot: () => ({ budgetBytes: budget.bytes, profiles: [] }) },
    supervisor: { servers: () => [], measure: async () => {} },
    router: { list: () => [] },
    downloads: { list: () => [] },
    host: {
      async memory() {
        machineAsked.times += 1
        if (machineAsked.refuses) throw new Error('no descriptors left')
        return machine
      },
    },
    announce: (event: GatewayEvent) => void announced.push(event),
  } as unknown as House
  const feed = createFeed(rooms, () => 7)
  const tell = (event: GatewayEvent): void => listeners.forEach((listener) => listener(event))
  return { feed, tell, listeners, followers, announced, machineAsked, budget }
}

async function watch({ feed }: Pick<ReturnType<typeof quietHouse>, 'feed'>) {
  const leaving = new AbortController()
  const told: { event: string | undefined; data: LiveEvent }[] = []
  await feed.prepare()
  feed.join(({ event, data }) => told.push({ event, data: data as LiveEvent }), leaving.signal)
  return { told, leave: () => leaving.abort() }
}

describe('the feed', () => {
  test('hears, measures and counts nothing while nobody watches', async () => {
    const house = quietHouse()
    const nobody = () => [house.listeners.size, house.followers.size, vi.getTimerCount()]
    expect(nobody()).toEqual([0, 0, 0])
    const [one, other] = [await watch(house), await watch(house)]
    house.tell({ type: 'server.starting', profile: 'small' })
    expect(house.listeners.size).toBe(1)
    one.leave()
    expect(house.listeners.size).toBe(1)
    other.leave()
    expect(nobody()).toEqual([0, 0, 0])
  })

  test('begins with a snapshot and tells all who watch of each event, with its time', async () => {
    const house = quietHouse()
    const [one, other] = [await watch(house), await watch(house)]
    house.tell({ type: 'gateway.trouble', message: 'oh', detail: 'a stack' })
    house.tell(ended({ waitedFor: '["big"]' }))
    for (const { told } of [one, other]) {
      const [snapshot, trouble, end] = told
      expect(snapshot).toMatchObject({
        event: 'snapshot',
        data: { at: 7, memory: { budgetBytes: 60, otherBytes: 50 } },
      })
      expect(trouble?.data).toEqual({ at: 7, type: 'gateway.trouble', message: 'oh' })
      expect(end?.data).toMatchObject({ type: 'request.ended', record: { waitedFor: ['big'], keyName: null } })
    }
  })

  test('measures every two seconds, and says once that it cannot', async () => {
    const house = quietHouse()
    await watch(house)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(house.machineAsked.times).toBe(4)
    house.machineAsked.refuses = true
    await vi.advanceTimersByTimeAsync(6_000)
    expect(house.announced).toMatchObject([
      { type: 'gateway.trouble', message: expect.stringContaining('descriptors') },
    ])
    house.machineAsked.refuses = false
    await vi.advanceTimersByTimeAsync(2_000)
    house.machineAsked.refuses = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect(house.announced).toHaveLength(2)
  })

  test('tells of requests that change at once, and then four times a second at most', async () => {
    const house = quietHouse()
    const { told } = await watch(house)
    const change = (id: string): void => house.followers.forEach((follower) => follower(id))
    const changed = () => told.flatMap(({ data }) => (data.type === 'request.changed' ? [data.request.id] : []))
    change('a')
    await vi.advanceTimersByTimeAsync(0)
    expect(changed()).toEqual(['a'])
    for (const id of ['a', 'b', 'a']) change(id)
    await vi.advanceTimersByTimeAsync(249)
    expect(changed()).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(1)
    expect(changed()).toEqual(['a', 'a', 'b'])
  })

  test('tells of another budget at once', async () => {
    const house = quietHouse()
    const { told } = await watch(house)
    house.budget.bytes = 70
    house.tell({ type: 'budget.changed', budgetBytes: 70 })
    expect(told.at(-1)?.data).toMatchObject({ type: 'memory.measured', memory: { budgetBytes: 70 } })
  })
})
