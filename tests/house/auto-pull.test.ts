/** Models that are fetched because a client asks for them. */
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test, vi } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { MEBIBYTE, openHubHouse, SMALL } from '../fixtures/gateway/hub-house.ts'
import { startFakeHub } from '../fixtures/hub/fake-hub.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { spawnCli } from '../fixtures/run-cli.ts'

const allowed = { models: { autoPull: ['maker'] } }
const slowly = { ...allowed, hub: { pace: 2 * MEBIBYTE } }

describe('a model that is not here', () => {
  test('is fetched for the client that asks for it, which hears how far it is', async () => {
    await using house = await openHubHouse(slowly)
    const { status, said, comments, finish } = await house.stream(say(SMALL, 'hello')).read()
    expect([status, said, finish]).toEqual([200, expect.stringContaining(hello), 'stop'])
    const shares = comments
      .flatMap((line) => /^: fetching, (\d+) %: maker\/Small-4bit, /.exec(line)?.[1] ?? [])
      .map(Number)
    expect(shares.length).toBeGreaterThan(2)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(house.isRight()).toBe(true)
    const { requests } = await vi.waitFor(async () => {
      const answer = await house.admin('GET', '/requests')
      return answer.requests.length > 0 ? answer : Promise.reject(new Error('not yet'))
    })
    expect(requests).toMatchObject([{ status: 200, profile: SMALL }])
    expect(requests[0].loadMs).toBeGreaterThan(500)
  })

  test('is waited for by those who do not stream, and fetched once for all', async () => {
    await using house = await openHubHouse(slowly)
    const answers = await Promise.all(Array.from({ length: 5 }, () => house.ask(say(SMALL, 'hello'))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(house.hub.sent('model.safetensors')).toBe(house.weights.bytes)
    expect((await house.admin('GET', '/downloads')).downloads).toHaveLength(1)
  })

  test('goes on being fetched when the client has left', async () => {
    await using house = await openHubHouse(slowly)
    const leaving = house.stream(say(SMALL, 'hello'))
    await leaving.until(': fetching')
    const { requests } = await house.admin('GET', '/requests/live')
    expect(requests).toMatchObject([{ model: SMALL, profile: null, phase: 'loading', loadMs: 0 }])
    leaving.leave()
    await vi.waitFor(() => expect(house.isRight()).toBe(true), { timeout: 30_000 })
  })

  test('is waited for while the hub is gone, by a client and by `pull --wait`, and comes when it is back', async () => {
    const hub = { pace: MEBIBYTE / 4 }
    await using house = await openHubHouse({ ...allowed, hub, downloads: { attempts: 1 } })
    const client = house.stream(say(SMALL, 'hello')).read()
    const waiting = spawnCli(['pull', SMALL, '--wait', '--data', house.dataDirectory])
    const [said, complained, ended] = [text(waiting.stdout), once(waiting.stderr, 'data'), once(waiting, 'close')]
    const told: string[] = []
    waiting.stderr.setEncoding('utf8').on('data', (piece: string) => told.push(piece))
    await complained
    await house.hub.close()
    await house.until('download.changed', ({ download }) => 'state' in download && download.state === 'paused')

    await using again = await startFakeHub({ port: Number(new URL(house.hub.endpoint).port) })
    again.add({ id: SMALL, files: wholeModel(4 * MEBIBYTE) })
    const answer = await client
    expect([answer.status, answer.said]).toEqual([200, expect.stringContaining(hello)])
    expect(answer.comments.join('\n')).toMatch(/^: fetching, .*, waits for the hub$/m)
    expect([await ended, await said]).toEqual([[0, null], expect.stringContaining(`${SMALL} is on disk`)])
    expect(told.join('')).toMatch(/refuses the connection.* It is tried again by itself\./)
    expect(again.sent('model.safetensors')).toBeLessThan(house.weights.bytes)
    expect(house.isRight()).toBe(true)
  })

  test('is fetched for a profile that serves it', async () => {
    await using house = await openHubHouse({ ...allowed, profiles: [{ name: 'mine', model: SMALL }] })
    expect(await house.ask(say('mine', 'hello'))).toMatchObject({ status: 200 })
    expect(house.isRight()).toBe(true)
  })

  test('and is not whole has fetched what is missing', async () => {
    await using house = await openHubHouse(allowed)
    await house.ask(say(SMALL, 'hello'))
    await house.admin('POST', `/servers/${encodeURIComponent(SMALL)}/stop`)
    const { hub, home, commit } = house
    const links = join(home, 'snapshots', commit)
    rmSync(join(home, 'blobs'), { recursive: true })
    expect(existsSync(join(links, 'config.json'))).toBe(false)
    await house.admin('POST', '/models/refresh')
    hub.forget()
    expect(await house.ask(say(SMALL, 'hello'))).toMatchObject({ status: 200 })
    expect(hub.sent('model.safetensors')).toBe(house.weights.bytes)
  })
})

describe('a model that may not be fetched so', () => {
  test.each([
    ['because that is off, as it is without a word', {}],
    ['because its owner is not allowed', { models: { autoPull: ['somebody-else'] } }],
    ['because the hub is not to be asked', { ...allowed, offline: true }],
  ])('%s is refused with the command that gets it, and nobody is asked', async (_, wishes) => {
    await using house = await openHubHouse(wishes)
    const { status, body } = await house.ask(say(SMALL, 'hello'))
    expect([status, body.error.code]).toEqual([404, 'model_not_found'])
    expect(body.error.message).toContain(`\`mlx-gateway pull ${SMALL}\``)
    expect(house.hub.requests).toEqual([])
  })

  test('because the key may not use it is refused like any other', async () => {
    await using house = await openHubHouse(allowed)
    const { secret } = await house.admin('POST', '/keys', { name: 'laptop', models: ['first'] })
    expect(await house.ask(say(SMALL, 'hello'), secret)).toMatchObject({ status: 403 })
    expect(house.hub.requests).toEqual([])
    const { secret: other } = await house.admin('POST', '/keys', { name: 'desk', models: [SMALL] })
    expect(await house.ask(say(SMALL, 'hello'), other)).toMatchObject({ status: 200 })
  })

  test('because the hub has none of that name is not found', async () => {
    await using house = await openHubHouse(allowed)
    const { status, body } = await house.ask(say('maker/None', 'hello'))
    expect([status, body.error.code, body.error.param]).toEqual([404, 'model_not_found', 'model'])
    expect(body.error.message).toContain('has no maker/None')
  })

  test('because its licence was not accepted is refused with where to do that, and nothing is begun', async () => {
    await using house = await openHubHouse(allowed)
    house.hub.add({ id: 'maker/Gated', gated: 'auto', files: wholeModel() })
    const { status, body } = await house.ask(say('maker/Gated', 'hello'))
    expect([status, body.error.code, body.error.type]).toEqual([403, 'permission_denied', 'invalid_request_error'])
    expect(body.error.message).toContain(`accept it at ${house.hub.endpoint}/maker/Gated`)
    expect(await house.admin('GET', '/downloads')).toEqual({ downloads: [] })
  })

  test('because its files are refused in the middle keeps the reason', async () => {
    await using house = await openHubHouse(allowed)
    house.hub.misbehave({ host: 'hub', path: 'model.safetensors', fault: { kind: 'status', status: 403 } })
    const { status, body } = await house.ask(say(SMALL, 'hello'))
    expect([status, body.error.code]).toEqual([403, 'permission_denied'])
    expect(body.error.message).toContain(`The download of ${SMALL} has failed`)
  })

  test('because somebody paused it waits for that person', async () => {
    await using house = await openHubHouse({ ...allowed, hub: { pace: MEBIBYTE } })
    const { id } = await house.admin('POST', '/downloads', { id: SMALL })
    await house.admin('POST', `/downloads/${id}/pause`)
    const { status, body } = await house.ask(say(SMALL, 'hello'))
    expect([status, body.error.code]).toEqual([503, 'server_unavailable'])
    expect(body.error.message).toContain(`mlx-gateway downloads resume ${id}`)
    expect(await house.admin('GET', `/downloads/${id}`)).toMatchObject({ state: 'paused' })
  })
})
