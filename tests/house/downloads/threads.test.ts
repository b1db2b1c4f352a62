import { expect, test } from 'vitest'
import { furnish, never } from '../../fixtures/downloads/furnish.ts'

function unhearing(): never {
  throw new Error('the disk is full')
}

test('a thread that dies fails what it had to do and nothing else, and the next transfer has a new one', async () => {
  await using world = await furnish({ hub: { pace: 100_000 } })
  const running = Promise.allSettled([world.pull()])
  await expect.poll(() => world.sent()).toBeGreaterThan(0)
  // nothing that the gateway ever sends
  const reason = {
    code: 'internal_error',
    message: expect.stringMatching(/^A thread of the downloads ended: .+\. Start the download again\.$/),
  }
  await expect(Reflect.apply(world.transfers.hash, undefined, [null, () => {}, never])).rejects.toMatchObject(reason)
  expect(await running).toMatchObject([{ status: 'rejected', reason }])
  expect(world.events).toMatchObject([{ type: 'download.trouble' }])
  world.hub.pace(Number.POSITIVE_INFINITY)
  await world.pull()
  expect(world.read('model.safetensors')).toHaveLength(1024 ** 2)
})

test('who cannot take the news of his transfer ends that one alone', async () => {
  await using world = await furnish({ hub: { pace: 2_000_000 } })
  const deaf = world.transfers.start(world.job(), unhearing, never)
  const [outcome] = await Promise.allSettled([deaf, world.pull()])
  expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'the disk is full' } })
  expect(world.read('model.safetensors')).toHaveLength(1024 ** 2)
})

test('and is given nothing more: another who comes goes on from what there is', async () => {
  await using world = await furnish({ hub: { pace: 200_000 } })
  await expect(world.transfers.start(world.job(), unhearing, never)).rejects.toThrow('the disk is full')
  world.hub.pace(Number.POSITIVE_INFINITY)
  expect((await world.pull()).at(-1)?.resumed).toBeGreaterThan(1000)
})

test('what nobody waits for any more is not begun', async () => {
  await using world = await furnish()
  world.hub.forget()
  await expect(world.pull({}, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  expect(world.hub.requests).toEqual([])
  expect(world.blobs()).toEqual([])
})
