import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Profile } from '../../../src/catalog/catalog.ts'
import { createCommand } from '../../../src/engines/command.ts'
import { fakePython, ownFolder } from './folder.ts'
import { aModel, defaults, never, served, silent } from './served.ts'

const engine = (folders: readonly string[] = []) => createCommand(defaults.supervision, folders)
const aServer = (settings: Partial<Profile>, model = false) => ({
  ...served({ engine: 'command', command: ['my-server', '--port', '${port}'], ...settings }),
  model: model ? aModel() : undefined,
})
const launch = (settings: Partial<Profile>, model = false) =>
  engine().command(
    { served: aServer(settings, model), executable: '/bin/my-server', flags: undefined, version: undefined },
    18_000,
  )

describe('a command', () => {
  test('has its port and its model filled in, in arguments and environment', () => {
    const settings = {
      command: ['my-server', '--model=${model}', '-p', '${port}'],
      arguments: ['--also', '${port}'],
      environment: { URL: 'http://127.0.0.1:${port}' },
    }
    expect(launch(settings, true)).toEqual({
      file: '/bin/my-server',
      arguments: ['--model=/models/small', '-p', '18000', '--also', '18000'],
      environment: { URL: 'http://127.0.0.1:18000' },
    })
  })

  test('may name a model that is no folder here', () => {
    expect(launch({ command: ['x', '${port}', '${model}'], model: 'org/hub$&' }).arguments).toEqual([
      '18000',
      'org/hub$&',
    ])
  })

  test('must say where its port goes', () => {
    expect(() => launch({ command: ['my-server'] })).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    expect(() => launch({ command: ['my-server'], environment: { PORT: '${port}' } })).not.toThrow()
  })

  test('must have a model where it speaks of one', () => {
    expect(() => launch({ command: ['x', '${port}', '${model}'] })).toThrow('the profile names no model')
  })

  test('must be there at all', () => {
    expect(() => launch({ command: undefined as never })).toThrow('has engine "command" but no "command"')
  })

  test('is found on PATH', async () => {
    const folder = await ownFolder()
    const path = await fakePython(join(folder, 'my-server'))
    const prepared = await engine(['/nowhere', folder]).prepare(aServer({}), silent, never)
    expect(prepared).toMatchObject({ executable: path, flags: undefined })
  })

  test('is previewed as it would be prepared', async () => {
    const folder = await ownFolder()
    await fakePython(join(folder, 'my-server'))
    const any = engine([folder])
    expect(await any.preview(aServer({}), never)).toEqual(await any.prepare(aServer({}), silent, never))
  })

  test('that is not installed is refused with what to do', async () => {
    await expect(engine(['/nowhere']).prepare(aServer({}), silent, never)).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'my-server was not found on PATH: install it, or correct "command" of profile small.',
    })
    const absent = aServer({ command: ['/nowhere/server', '${port}'] })
    await expect(engine([]).prepare(absent, silent, never)).rejects.toThrow('is not an executable file')
  })
})

describe('its dialect', () => {
  const { dialect, stopLadder, diagnose } = engine()

  test('names the model as the server knows it: what the profile says, else the folder, else the model, else the profile', () => {
    expect(dialect.upstreamModel(aServer({ servedModel: 'theirs', model: 'org/a' }, true))).toBe('theirs')
    expect(dialect.upstreamModel(aServer({ model: 'org/a' }, true))).toBe('/models/small')
    expect(dialect.upstreamModel(aServer({ model: 'org/a' }))).toBe('org/a')
    expect(dialect.upstreamModel(aServer({}))).toBe('small')
  })

  test('takes a one-token chat completion as proof of readiness', () => {
    expect(dialect.readinessRequest(aServer({ servedModel: 'theirs' }))).toEqual({
      path: '/v1/chat/completions',
      body: { model: 'theirs', messages: [{ role: 'user', content: 'x' }], max_tokens: 1 },
    })
  })

  test('ends it by SIGTERM, and reads what any server may say', () => {
    expect(stopLadder).toEqual([{ signal: 'SIGTERM', waitMs: 5_000 }])
    expect(diagnose(['[Errno 48] Address already in use'], undefined).kind).toBe('transient')
  })
})
