import { describe, expect, test } from 'vitest'
import { locateFile, requestFile, type FileAnswer } from '../../../src/hub/hub.ts'
import { sha256Of } from '../../fixtures/hub/fake-hub.ts'
import { configText, furnish, never, weights } from '../../fixtures/hub/furnish.ts'

const bytesOf = async ({ body }: FileAnswer) => Buffer.from(await body.arrayBuffer())

describe('a file of the hub', () => {
  test('comes whole from the second host, with the name and size that the hub gave it', async () => {
    await using house = await furnish()
    const answer = await requestFile(house.access, house.file('model.safetensors'), house.line)
    expect(answer).toMatchObject({ status: 200, start: 0, total: 300_000, blob: sha256Of(weights), bytes: 300_000 })
    expect(await bytesOf(answer)).toEqual(weights.read(0, 300_000))
    expect(house.fake.requests.map(({ host }) => host)).toEqual(['hub', 'cdn'])
  })

  test('that is small comes from the hub itself', async () => {
    for (const smallFilesDirectly of [true, false]) {
      await using house = await furnish({ smallFilesDirectly })
      const answer = await requestFile(house.access, house.file('config.json'), house.line)
      expect(answer).toMatchObject({ status: 200, blob: expect.stringMatching(/^[0-9a-f]{40}$/), bytes: 48 })
      expect(String(await bytesOf(answer))).toBe(configText)
    }
  })

  test('comes in the part that was asked for', async () => {
    await using house = await furnish()
    const file = house.file('model.safetensors')
    const part = await requestFile(house.access, file, house.line, { range: { start: 1000, end: 2000 } })
    expect(part).toMatchObject({ status: 206, start: 1000, total: 300_000 })
    expect(await bytesOf(part)).toEqual(weights.read(1000, 1000))
    const rest = await requestFile(house.access, file, house.line, { range: { start: 299_000 } })
    expect(await bytesOf(rest)).toEqual(weights.read(299_000, 1000))
    const beyond = await requestFile(house.access, file, house.line, { range: { start: 300_000 } })
    expect(beyond).toMatchObject({ status: 416, total: 300_000 })
    await bytesOf(beyond)
  })

  test.each([203, 204])('is not what an answer with %i holds', async (status) => {
    await using house = await furnish()
    house.fake.misbehave({ fault: { kind: 'status', status } })
    const asked = requestFile(house.access, house.file('model.safetensors'), house.line)
    const message = expect.stringContaining(`status ${status} in place of a file`)
    await expect(asked).rejects.toMatchObject({ code: 'hub_unreachable', message })
  })

  test('comes whole where its ETag is no longer the same', async () => {
    await using house = await furnish()
    const file = house.file('model.safetensors')
    const first = await requestFile(house.access, file, house.line, { range: { start: 0, end: 10 } })
    await bytesOf(first)
    const ifRange = first.etag ?? ''
    const held = await requestFile(house.access, file, house.line, { range: { start: 10, end: 20, ifRange } })
    expect(held.status).toBe(206)
    await bytesOf(held)
    house.fake.misbehave({ path: 'model.safetensors', fault: { kind: 'change-etag', etag: 'new' } })
    const changed = await requestFile(house.access, file, house.line, { range: { start: 10, end: 20, ifRange } })
    expect(changed).toMatchObject({ status: 200, etag: '"new"', total: 300_000 })
    await bytesOf(changed)
  })

  test('is located without asking the second host, and then comes from there at once', async () => {
    await using house = await furnish()
    const file = house.file('model.safetensors')
    const source = await locateFile(house.access, file, house.line)
    expect(source).toMatchObject({
      url: expect.stringContaining(house.fake.cdn),
      blob: sha256Of(weights),
      bytes: 300_000,
    })
    expect(house.fake.requests.map(({ host, method }) => `${host} ${method}`)).toEqual(['hub HEAD'])
    house.fake.forget()
    const part = await requestFile(house.access, file, house.line, { range: { start: 5, end: 6 }, source })
    expect(await bytesOf(part)).toEqual(weights.read(5, 1))
    expect(house.fake.requests.map(({ host, method }) => `${host} ${method}`)).toEqual(['cdn GET'])
  })

  test('whose address has run out may be had in a moment', async () => {
    await using house = await furnish()
    const file = house.file('model.safetensors')
    const found = await locateFile(house.access, file, house.line)
    const source = { ...found, url: found.url.replace('Signature=fake', 'Signature=old') }
    await expect(requestFile(house.access, file, house.line, { source })).rejects.toMatchObject({
      code: 'hub_unreachable',
    })
  })

  test('of another revision than asked for is refused', async () => {
    await using house = await furnish()
    const revision = 'a'.repeat(40)
    const headers = { 'x-repo-commit': revision, location: `${house.fake.cdn}/x` }
    house.fake.misbehave({ host: 'hub', fault: { kind: 'status', status: 302, headers } })
    await expect(requestFile(house.access, house.file('config.json'), house.line)).rejects.toMatchObject({
      message: expect.stringContaining(`revision ${revision} in place of ${house.commit}`),
    })
  })

  test.each([
    ['a login page', { kind: 'html' }, 'a web page in place of a file'],
    [
      'something compressed',
      { kind: 'status', status: 200, headers: { 'content-encoding': 'gzip' } },
      'compressed file',
    ],
    ['another part', { kind: 'status', status: 206, headers: { 'content-range': 'bytes 7-9/99' } }, 'another part'],
    [
      'a part that begins later',
      { kind: 'status', status: 206, headers: { 'content-range': 'bytes 2-4/99' } },
      'another part',
    ],
    ['a part of nothing', { kind: 'status', status: 206, headers: {} }, 'another part'],
    ['a refusal', { kind: 'status', status: 403, headers: {} }, 'holds files for the hub, answered 403'],
    ['a pause', { kind: 'status', status: 429, headers: { 'retry-after': '4' } }, 'Try again in 4 s'],
  ] as const)('in whose place comes %s is refused, to be tried again', async (_, fault, words) => {
    await using house = await furnish()
    house.fake.misbehave({ path: 'model.safetensors', fault })
    const asked = requestFile(house.access, house.file('model.safetensors'), house.line, {
      range: { start: 1, end: 5 },
    })
    await expect(asked).rejects.toMatchObject({ code: 'hub_unreachable', message: expect.stringContaining(words) })
  })

  test('is what the hub says it is, whatever the second host says', async () => {
    await using house = await furnish()
    const headers = { 'x-repo-commit': 'b'.repeat(40), 'x-linked-etag': '"evil"', 'x-linked-size': '1', etag: '"evil"' }
    house.fake.misbehave({ path: 'model.safetensors', fault: { kind: 'status', status: 200, headers } })
    const answer = await requestFile(house.access, house.file('model.safetensors'), house.line)
    expect(answer).toMatchObject({ blob: sha256Of(weights), bytes: 300_000 })
    await bytesOf(answer)
  })

  test('that nobody sends is given up after the silence', async () => {
    await using house = await furnish()
    house.fake.misbehave({ path: 'model.safetensors', fault: { kind: 'stall', after: 0 } })
    const line = { ...house.line, silenceMs: 50 }
    await expect(requestFile(house.access, house.file('model.safetensors'), line)).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringContaining('it stopped answering'),
    })
  })

  test.each([
    ['breaks off', { kind: 'truncate', after: 10 }, 'the connection broke'],
    ['is torn off', { kind: 'reset', after: 10 }, 'the connection broke'],
    ['stops coming', { kind: 'stall', after: 10 }, 'it took too long'],
  ] as const)('that %s on its way is told in words', async (_, fault, words) => {
    await using house = await furnish({}, { patience: { silenceMs: 5000, longestMs: 300 } })
    house.fake.misbehave({ path: 'config.json', fault })
    await expect(house.hub.text(house.file('config.json'), never)).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringContaining(words),
    })
  })

  test('of a host that knows no ranges comes whole', async () => {
    await using house = await furnish()
    house.fake.misbehave({ path: 'model.safetensors', fault: { kind: 'ignore-range' } })
    const range = { start: 1000, end: 2000 }
    const answer = await requestFile(house.access, house.file('model.safetensors'), house.line, { range })
    expect(answer).toMatchObject({ status: 200, start: 0, total: 300_000 })
    expect(await bytesOf(answer)).toEqual(weights.read(0, 300_000))
  })

  test('that is shorter than the hub says shows it', async () => {
    await using house = await furnish()
    house.fake.misbehave({ path: 'model.safetensors', fault: { kind: 'shorten', to: 1000 } })
    const answer = await requestFile(house.access, house.file('model.safetensors'), house.line)
    expect(answer).toMatchObject({ total: 1000, bytes: 300_000 })
    expect(await bytesOf(answer)).toHaveLength(1000)
  })
})
