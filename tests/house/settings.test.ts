/** Settings that are changed in the admin page: at once where they can be, and still there after a restart. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { admin } from '../fixtures/admin.ts'
import { say } from '../fixtures/ask.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openHubHouse, SMALL } from '../fixtures/gateway/hub-house.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { type GatewayOptions, startGatewayProcess } from '../fixtures/start-gateway.ts'
import { temporaryFolder } from '../unit/api/house.ts'

interface Shown {
  readonly path: string
}

/** One setting as the API shows it. */
async function setting(gateway: Parameters<typeof admin>[0], path: string): Promise<Shown | undefined> {
  const { settings }: { settings: Shown[] } = await admin(gateway, 'GET', '/settings')
  return settings.find((one) => one.path === path)
}

describe('a setting that takes effect at once', () => {
  test('makes an idle server leave where the budget has become too small for it', async () => {
    await using house = await openHouse([{ name: 'small', memory: '200MB' }], { memory: { budget: '1GB' } })
    await house.warm('small')
    const gone = house.next('server.stopped', 'small')
    await house.admin('PUT', '/settings/memory.budget', { value: '100 MB' })
    await gone
    const refused = await house.ask(say('small', 'hello'))
    expect([refused.status, refused.body.error.code]).toEqual([503, 'insufficient_memory'])
    const asked = await fetch(`${house.url}/metrics`, { headers: { authorization: `Bearer ${house.adminToken}` } })
    expect(await asked.text()).toContain(`mlx_gateway_memory_budget_bytes ${100 * 1024 ** 2}\n`)
    await house.admin('DELETE', '/settings/memory.budget')
    expect((await house.ask(say('small', 'hello'))).status).toBe(200)
  })

  test('makes a server leave that has been idle for longer than is now allowed', async () => {
    await using house = await openHouse([{ name: 'small' }])
    await house.warm('small')
    const gone = house.next('server.stopped', 'small')
    await house.admin('PUT', '/settings/scheduling.idle', { value: '1ms' })
    expect(await gone).toMatchObject({ profile: 'small' })
  })

  test('lets a client have a model fetched that it could not have before', async () => {
    await using house = await openHubHouse()
    expect((await house.ask(say(SMALL, 'hello'))).status).toBe(404)
    await house.admin('PUT', '/settings/models.autoPull', { value: ['maker'] })
    expect((await house.ask(say(SMALL, 'hello'))).status).toBe(200)
    expect(house.isRight()).toBe(true)
  })

  test('gives more downloads their turn', async () => {
    await using house = await openHubHouse({ hub: { pace: 64 * 1024 } })
    const files = { 'config.json': '{}', 'model.safetensors': 'x'.repeat(4_000_000) }
    for (const id of ['maker/One', 'maker/Two']) house.hub.add({ id, files })
    await house.admin('PUT', '/settings/downloads.parallel', { value: 1 })
    const states = async (): Promise<string[]> => {
      const { downloads } = await house.admin('GET', '/downloads')
      return downloads.map(({ state }: { state: string }) => state)
    }
    for (const id of ['maker/One', 'maker/Two']) await house.admin('POST', '/downloads', { id })
    await expect.poll(states).toEqual(['running', 'queued'])
    await house.admin('PUT', '/settings/downloads.parallel', { value: 2 })
    await expect.poll(states).toEqual(['running', 'running'])
  })

  test('limits what comes in, and no longer, while it comes', async () => {
    await using house = await openHubHouse()
    await house.admin('PUT', '/settings/downloads.bandwidth', { value: '64 KB' })
    const { id } = await house.admin('POST', '/downloads', { id: SMALL })
    const download = () => house.admin('GET', `/downloads/${id}`)
    await expect.poll(async () => (await download()).bytes, { timeout: 10_000 }).toBeGreaterThan(64 * 1024)
    expect((await download()).state).toBe('running')
    // so it would go on for a minute
    await house.admin('DELETE', '/settings/downloads.bandwidth')
    await expect.poll(house.isRight, { timeout: 20_000 }).toBe(true)
  })

  test('is told to everybody who watches', async () => {
    await using house = await openHouse([])
    await house.admin('PUT', '/settings/log.level', { value: 'debug' })
    await expect
      .poll(() => house.events)
      .toContainEqual(expect.objectContaining({ type: 'setting.changed', path: 'log.level' }))
  })
})

describe('what was changed', () => {
  const settings = { scheduling: { idle: '1m', concurrency: 4 } }

  test('holds after a restart, also what waited for one, and is shown with its place', async () => {
    using folder = temporaryFolder()
    const options: GatewayOptions = { settings, dataDirectory: folder.path }
    {
      await using gateway = await startGatewayProcess(options)
      await admin(gateway, 'PUT', '/settings/scheduling.idle', { value: '5 min' })
      expect(await admin(gateway, 'PUT', '/settings/scheduling.concurrency', { value: 2 })).toMatchObject({
        value: 2,
        inEffect: 4,
        pending: true,
      })
      await gateway.kill()
    }
    {
      await using gateway = await startGatewayProcess(options)
      const place = { origin: 'page', detail: expect.stringMatching(/settings\.yaml line \d$/), pending: false }
      expect(await setting(gateway, 'scheduling.idle')).toMatchObject({ written: '5m', ...place })
      expect(await setting(gateway, 'scheduling.concurrency')).toMatchObject({ value: 2, inEffect: 2, ...place })
      const { out } = await runCli(['config', '--data', folder.path])
      expect(out).toMatch(/scheduling\.idle +5m +page \(.*settings\.yaml line \d\)/)
      await admin(gateway, 'DELETE', '/settings/scheduling.concurrency')
    }
    await using gateway = await startGatewayProcess(options)
    expect(await setting(gateway, 'scheduling.concurrency')).toMatchObject({ value: 4, origin: 'file' })
  })

  test('gives way to the environment, which is named', async () => {
    const environment = { ...process.env, MLX_GATEWAY_SCHEDULING_IDLE: '2m' }
    await using gateway = await startGatewayProcess({ settings, environment })
    const reason = expect.stringContaining('MLX_GATEWAY_SCHEDULING_IDLE')
    expect(await setting(gateway, 'scheduling.idle')).toMatchObject({ written: '2m', editable: false, fixed: reason })
    await expect(admin(gateway, 'PUT', '/settings/scheduling.idle', { value: '5m' })).rejects.toThrow(
      /409 .*MLX_GATEWAY_SCHEDULING_IDLE/,
    )
  })

  test('keeps the gateway from starting where somebody has spoilt it, in the words of any configuration file', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'settings.yaml'), 'scheduling:\n  idle: a while\n')
    const { code, err } = await runCli(['serve', '--data', folder.path, '--port', '0'])
    expect([code, err]).toEqual([
      1,
      `error: The configuration cannot be used:\n  scheduling.idle (${join(folder.path, 'settings.yaml')} line 2): "a while" is not a duration; write for example 30s, 10m or 2h\n`,
    ])
  })
})
