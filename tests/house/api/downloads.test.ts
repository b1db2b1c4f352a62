import { describe, expect, test, vi } from 'vitest'
import { wholeModel } from '../../fixtures/hub/whole-model.ts'
import { inUrl, openHubHouse, SMALL } from '../../unit/api/hub-house.ts'

type House = Awaited<ReturnType<typeof openHubHouse>>

/** A download that has begun, and of which nothing comes. */
async function begun(house: House, id = SMALL) {
  house.fake.misbehave({ host: 'hub', path: 'model.safetensors', fault: { kind: 'stall', after: 0 } })
  const { body } = await house.tell('POST', '/downloads', { id })
  return (body as { id: number }).id
}

async function brought(house: House): Promise<void> {
  const { body } = await house.tell('POST', '/downloads', { id: SMALL })
  const { id } = body as { id: number }
  await vi.waitFor(async () => {
    expect(await house.tell('GET', `/downloads/${id}`)).toMatchObject({ body: { state: 'complete' } })
  }, 30_000)
}

describe('a download', () => {
  test('goes by its number or its model’s name', async () => {
    await using house = await openHubHouse()
    const id = await begun(house)
    const reason = expect.stringContaining(`mlx-gateway downloads resume ${id}`)
    expect(await house.tell('POST', `/downloads/${inUrl}/pause`)).toMatchObject({
      status: 200,
      body: { id, state: 'paused', pausedBy: 'hand', reason },
    })
    expect(await house.tell('POST', `/downloads/${id}/resume`)).toMatchObject({ body: { id, state: 'running' } })
    expect(await house.tell('GET', `/downloads/${inUrl}`)).toMatchObject({ body: { id } })
    expect(await house.tell('POST', `/downloads/${inUrl}/cancel`)).toMatchObject({ body: { id, state: 'cancelled' } })
    expect(await house.tell('DELETE', `/downloads/${inUrl}`)).toEqual({ status: 200, body: { removed: id } })
  })

  test.each([
    ['x', 400, 'invalid_request', 'write its number or the model'],
    ['7', 404, 'not_found', 'There is no download 7'],
    [inUrl, 404, 'not_found', `There is no download of ${SMALL}`],
  ])('that goes by %s is none, which is said in words', async (id, status, code, words) => {
    await using house = await openHubHouse()
    for (const verb of ['pause', 'resume', 'cancel']) {
      expect(await house.tell('POST', `/downloads/${id}/${verb}`)).toMatchObject({
        status,
        body: { error: { code, message: expect.stringContaining(words) } },
      })
    }
  })

  test('that is over leaves the list with all others that are', async () => {
    await using house = await openHubHouse()
    await brought(house)
    await brought(house)
    house.fake.commit(SMALL, wholeModel(100_000))
    const id = await begun(house)
    expect(await house.tell('DELETE', '/downloads')).toEqual({ status: 200, body: { removed: [1, 2] } })
    expect(await house.tell('GET', '/downloads')).toMatchObject({ body: { downloads: [{ id }] } })
    expect(await house.tell('GET', '/models')).toMatchObject({ body: { models: [{ id: SMALL }] } })
  })
})
