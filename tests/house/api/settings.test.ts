import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openHouse } from '../../unit/api/house.ts'

const GIBIBYTE = 1024 ** 3

describe('the doors of the settings', () => {
  test('show each with what a form needs to know', async () => {
    await using house = await openHouse({ file: 'scheduling: { idle: 90s }' })
    const { body } = await house.tell('GET', '/settings')
    expect(body).toMatchObject({
      settings: expect.arrayContaining([
        {
          path: 'scheduling.idle',
          value: 90_000,
          written: '90s',
          inEffect: 90_000,
          origin: 'file',
          detail: `${join(house.path, 'config.yaml')} line 1`,
          description: 'unload a server after this long without a request, ms; 0: never',
          kind: 'text',
          unit: 'ms',
          enum: null,
          min: null,
          max: 2 ** 31 - 1,
          secret: false,
          editable: true,
          fixed: null,
          appliesAt: 'once',
          pending: false,
        },
        expect.objectContaining({ path: 'log.level', enum: ['debug', 'info', 'warn', 'error'], written: null }),
        expect.objectContaining({
          path: 'downloads.connections',
          value: 4,
          origin: 'default',
          kind: 'number',
          min: 1,
          max: 32,
        }),
        expect.objectContaining({
          path: 'server.host',
          editable: false,
          fixed: expect.stringContaining('lock you out'),
        }),
      ]),
    })
  })

  test('change one, and undo that; what is kept is for its owner alone', async () => {
    await using house = await openHouse({ file: 'memory: { budget: 2GB }' })
    const file = join(house.path, 'settings.yaml')
    expect(await house.tell('PUT', '/settings/memory.budget', { value: '12 GB' })).toMatchObject({
      status: 200,
      body: {
        value: { bytes: 12 * GIBIBYTE },
        written: '12GB',
        origin: 'page',
        detail: `${file} line 3`,
        pending: false,
      },
    })
    expect(await house.tell('GET', '/servers')).toMatchObject({ body: { budgetBytes: 12 * GIBIBYTE } })
    expect(readFileSync(file, 'utf8')).toContain('budget: 12 GB')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await house.tell('DELETE', '/settings/memory.budget')).toMatchObject({
      status: 200,
      body: { written: '2GB', origin: 'file' },
    })
    expect(await house.tell('GET', '/servers')).toMatchObject({ body: { budgetBytes: 2 * GIBIBYTE } })
  })

  test('refuse what cannot be, by name', async () => {
    await using house = await openHouse()
    const put = (path: string, body: unknown) => house.tell('PUT', `/settings/${path}`, body)
    expect(await put('scheduling.idle', { value: 'a while' })).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'invalid_request',
          param: 'scheduling.idle',
          message: expect.stringContaining('not a duration'),
        },
      },
    })
    expect(await put('server.port', { value: 1 })).toMatchObject({
      status: 409,
      body: { error: { code: 'read_only' } },
    })
    expect(await put('server.prt', { value: 1 })).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('server.port') } },
    })
    expect(await put('scheduling.idle', {})).toMatchObject({ status: 400, body: { error: { param: 'value' } } })
    expect(await house.tell('DELETE', '/settings/nothing')).toMatchObject({ status: 404 })
  })

  test('take a secret and never give it back', async () => {
    await using house = await openHouse()
    const token = 'hf_abcdefghijklmnop'
    const answers = [
      await house.tell('PUT', '/settings/hub.token', { value: token }),
      await house.tell('GET', '/settings'),
      await house.tell('GET', '/logs'),
    ]
    expect(answers[0]).toMatchObject({
      status: 200,
      body: { value: 'set', inEffect: null, secret: true, pending: true },
    })
    expect(JSON.stringify(answers)).not.toContain(token)
  })
})

describe('a setting that takes effect at once', () => {
  test('is the idle time of every profile that names none, as its countdown and as it is shown', async () => {
    const any = { engine: 'command', command: ['my-server', '--port', '${port}'] }
    await using house = await openHouse()
    await house.tell('POST', '/profiles', { name: 'usual', ...any })
    await house.tell('POST', '/profiles', { name: 'own', idle: '7m', ...any })
    await house.tell('PUT', '/settings/scheduling.idle', { value: '3 min' })
    expect(await house.tell('GET', '/profiles/usual')).toMatchObject({ body: { idle: 180_000 } })
    expect(await house.tell('GET', '/profiles/own')).toMatchObject({ body: { idle: 420_000 } })
  })

  test('is the level of the log', async () => {
    await using house = await openHouse()
    const lines = async (): Promise<unknown> => (await house.tell('GET', '/logs')).body
    expect(await lines()).toEqual({ lines: [] })
    await house.tell('PUT', '/settings/log.level', { value: 'info' })
    await house.tell('PUT', '/settings/downloads.parallel', { value: 3 })
    expect(await lines()).toEqual({
      lines: [
        expect.stringMatching(/ INFO setting\.changed path=log\.level$/),
        expect.stringMatching(/ INFO setting\.changed path=downloads\.parallel$/),
      ],
    })
  })
})
