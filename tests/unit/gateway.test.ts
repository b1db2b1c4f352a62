import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startGateway } from '../../src/gateway.ts'
import { configOf, openHouse, quiet, startHouse, temporaryFolder } from './api/house.ts'

describe('the gateway', () => {
  test('notes where it is, for its owner’s eyes, and takes the note away when it goes', async () => {
    const house = await startHouse()
    const note = join(house.path, 'gateway.json')
    const { url } = house.gateway
    expect(JSON.parse(readFileSync(note, 'utf8'))).toEqual({ pid: process.pid, url, secret: expect.any(String) })
    expect(statSync(note).mode & 0o777).toBe(0o600)
    await house.gateway.close()
    expect(existsSync(note)).toBe(false)
    await house[Symbol.asyncDispose]()
  })

  test('closes once, however often it is told to', async () => {
    await using house = await startHouse()
    await Promise.all([house.gateway.close(), house.gateway.close()])
    await expect(fetch(`${house.gateway.url}/health`)).rejects.toThrow('fetch failed')
    expect(house.log.join('')).toContain('gateway.stopping')
  })

  test('ends live views when it closes', async () => {
    await using house = await openHouse()
    const live = await house.ask('GET', '/events')
    await house.gateway.close()
    expect(await live.text()).toMatch(/^id: 0\nevent: snapshot/)
  })

  test('is alone on its data directory, and a second one names the first', async () => {
    await using house = await startHouse()
    const second = startGateway(configOf(house.path), quiet())
    await expect(second).rejects.toMatchObject({
      code: 'data_dir_locked',
      message: expect.stringContaining(`pid ${process.pid}`),
    })
  })

  test('refuses to be reached by others without a key, and leaves nothing behind', async () => {
    using folder = temporaryFolder()
    const open = () => startGateway(configOf(folder.path, { host: '0.0.0.0' }), quiet())
    await expect(open()).rejects.toMatchObject({ code: 'invalid_config' })
    await expect(open()).rejects.toMatchObject({ code: 'invalid_config' })
    expect(existsSync(join(folder.path, 'gateway.json'))).toBe(false)
  })

  test('leaves nothing behind where its port is taken', async () => {
    await using house = await startHouse()
    using folder = temporaryFolder()
    const { port } = house.gateway
    await expect(startGateway(configOf(folder.path, { port }), quiet())).rejects.toMatchObject({ code: 'conflict' })
    await using free = await startGateway(configOf(folder.path), quiet())
    expect(free.port).not.toBe(port)
  })

  test('starts what is to be preloaded, and goes on where that fails', async () => {
    const file = `profiles: [{ name: any, preload: true, engine: command, command: [no-such-program, "\${port}"] }]`
    await using house = await startHouse({ file })
    const live = await fetch(`${house.gateway.url}/health`)
    expect(live.status).toBe(200)
    expect(await house.failed).toContain('no-such-program')
  })

  test('what is remembered is still there after a restart', async () => {
    using folder = temporaryFolder()
    const ask = async (method: string, body?: string): Promise<unknown> => {
      await using gateway = await startGateway(configOf(folder.path), quiet())
      const headers = { 'content-type': 'application/json' }
      const request = new Request(
        `${gateway.url}/admin/api/keys`,
        body === undefined ? { method } : { method, body, headers },
      )
      return (await gateway.adminFetch(request)).json()
    }
    await ask('POST', '{"name":"kept"}')
    expect(await ask('GET')).toMatchObject({ keys: [{ name: 'kept' }] })
  })
})
