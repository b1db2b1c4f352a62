import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Model, Profile } from '../../../src/catalog/catalog.ts'
import { anyPort, type Prepared } from '../../../src/engines/engine.ts'
import { flagsIn } from '../../../src/engines/executable.ts'
import { createMlxLm, type MlxLmParts } from '../../../src/engines/mlx-lm.ts'
import { aModel, defaults, never, served, silent } from './served.ts'

const help = readFileSync(new URL('../../fixtures/engine-logs/help.log', import.meta.url), 'utf8')
const flags = flagsIn(help)
const unheld: Disposable = { [Symbol.dispose]() {} }

function engine(parts: Partial<MlxLmParts> = {}) {
  return createMlxLm({
    settings: defaults,
    platform: 'linux',
    executable: () => Promise.resolve('/venv/bin/mlx_lm.server'),
    present: () => Promise.resolve('/venv/bin/mlx_lm.server'),
    describe: () => Promise.resolve({ flags, version: '0.32.2', python: undefined }),
    starter: () => Promise.resolve(aModel()),
    hold: { engine: async () => unheld, starter: async () => unheld },
    ...parts,
  })
}
const prepared = (settings: Partial<Profile> = {}, model?: Model, known = flags): Prepared => ({
  served: served(settings, model),
  executable: '/venv/bin/mlx_lm.server',
  flags: known,
  version: '0.32.2',
})
const line = (settings: Partial<Profile> = {}, model?: Model): string =>
  engine().command(prepared(settings, model), 18_000).arguments.join(' ')
const trusting = { ...defaults, models: { ...defaults.models, allowRemoteCode: true } }

describe('the command line', () => {
  test('serves one local model on one loopback port, to no web page, with answers not cut at 512 tokens', () => {
    expect(engine().command(prepared(), 18_000)).toEqual({
      file: '/venv/bin/mlx_lm.server',
      arguments: (
        '--model /models/small --host 127.0.0.1 --port 18000 --allowed-origins https://nobody.invalid --log-level INFO ' +
        '--max-tokens 4096 --decode-concurrency 8 --prompt-concurrency 8 --prefill-step-size 32 --prompt-cache-size 4'
      ).split(' '),
      environment: {
        HF_HUB_OFFLINE: '1',
        TRANSFORMERS_OFFLINE: '1',
        PYTHONUNBUFFERED: '1',
        MLX_DISABLE_COMPILE: '1',
      },
    })
  })

  test('on macOS lets MLX compile and read longer pieces of a prompt', () => {
    const { arguments: given, environment } = engine({ platform: 'darwin' }).command(prepared(), 18_000)
    expect(environment).not.toHaveProperty('MLX_DISABLE_COMPILE')
    expect(given.join(' ')).toContain('--prefill-step-size 512')
  })

  test('follows the profile: context, concurrency, adapter, draft model, environment', () => {
    const profile = { context: 2048, concurrency: 20, adapter: '/lora', draftModel: '/draft', environment: { A: 'b' } }
    const { arguments: given, environment } = engine().command(prepared(profile), 1)
    expect(given.join(' ')).toContain('--adapter-path /lora --draft-model /draft')
    expect(given.join(' ')).toContain('--max-tokens 2048 --decode-concurrency 20 --prompt-concurrency 8')
    expect(environment).toMatchObject({ A: 'b' })
  })

  test('has the profile’s own flags last, and does not say twice what they say', () => {
    const given = line({ arguments: ['--max-tokens=99', '--prompt-cache-size', '1', '--temp', '0.7'] })
    expect(given).toMatch(/--prefill-step-size 32 --max-tokens=99 --prompt-cache-size 1 --temp 0\.7$/)
    expect(given.match(/--max-tokens/g)).toHaveLength(1)
  })

  test('leaves out choices that an older version does not know', () => {
    const old = new Set(['--model', '--host', '--port', '--log-level', '--max-tokens'])
    const { arguments: given } = engine().command(prepared({}, aModel(), old), 18_000)
    expect(given.filter((one) => one.startsWith('--'))).toEqual([...old])
  })

  test('does not silently drop an adapter or a draft model that a version cannot take', () => {
    const old = new Set(['--model', '--host', '--port'])
    expect(() => engine().command(prepared({ adapter: '/lora' }, aModel(), old), 1)).toThrow('no flag --adapter-path')
  })

  test('refuses flags that the gateway owns', () => {
    for (const flag of ['--host', '--port', '--model', '--allowed-origins', '--trust-remote-code', '--adapter-path']) {
      expect(() => line({ arguments: [flag, 'x'] })).toThrow(`${flag} is set by the gateway`)
    }
  })

  test('refuses flags that this version does not know', () => {
    expect(() => line({ arguments: ['--max-kv-size', '1'] })).toThrow('has no flag --max-kv-size')
  })

  test('lets a model run code of its own only where that is allowed', () => {
    const model = aModel({ remoteCode: true })
    const trusted = engine({ settings: trusting })
    expect(line({}, model)).not.toContain('--trust-remote-code')
    expect(trusted.command(prepared({}, model), 1).arguments).toContain('--trust-remote-code')
    expect(trusted.command(prepared({}), 1).arguments).not.toContain('--trust-remote-code')
    expect(() => trusted.command(prepared({ arguments: ['--trust-remote-code'] }), 1)).not.toThrow()
  })
})

describe('a preview', () => {
  const untouched = {
    executable: () => Promise.reject(new Error('nothing may be installed')),
    starter: () => Promise.reject(new Error('nothing may be fetched')),
  }

  test('is the very command line that a start would run, but for the port', async () => {
    const profile = served({ arguments: ['--temp', '0.7'] })
    const { command, preview, prepare } = engine()
    const shown = command(await engine(untouched).preview(profile, never), anyPort)
    const run = command(await prepare(profile, silent, never), 18_000)
    const atThatPort = run.arguments.map((argument) => (argument === '18000' ? '<port>' : argument))
    expect(shown).toEqual({ ...run, arguments: atThatPort })
    expect(await preview(profile, never)).not.toHaveProperty('release')
  })

  test('of an engine that is not there yet is that of the version the gateway installs', async () => {
    const absent = engine({ ...untouched, present: () => Promise.resolve(undefined) })
    const preview = await absent.preview(served({ adapter: '/lora', arguments: ['--temp', '0.7'] }), never)
    const { file, arguments: shown } = absent.command(preview, anyPort)
    expect(file).toBe('mlx_lm.server')
    expect(shown).toEqual(
      engine().command(prepared({ adapter: '/lora', arguments: ['--temp', '0.7'] }), anyPort).arguments,
    )
    const owned = await absent.preview(served({ arguments: ['--port', '1'] }), never)
    expect(() => absent.command(owned, anyPort)).toThrow('--port is set by the gateway')
  })
})

describe('preparing', () => {
  test('gives the executable, its flags and its version', async () => {
    const profile = served()
    expect(await engine().prepare(profile, silent, never)).toEqual({
      served: profile,
      executable: '/venv/bin/mlx_lm.server',
      flags,
      version: '0.32.2',
      release: expect.any(Function),
    })
  })

  test('fetches the starter model where it is asked for and absent', async () => {
    const fetched = aModel({ contextLength: 8192 })
    const starter = served({ model: 'smollm2-135m-instruct', origin: 'starter' })
    const { served: ready } = await engine({ starter: () => Promise.resolve(fetched) }).prepare(
      { ...starter, model: undefined },
      silent,
      never,
    )
    expect(ready).toEqual({ ...starter, model: fetched })
  })

  test('fails for a profile without a model', async () => {
    const nothing = { ...served(), model: undefined }
    await expect(engine().prepare(nothing, silent, never)).rejects.toMatchObject({ code: 'model_load_failed' })
  })
})

describe('stopping', () => {
  test('on macOS asks twice politely, because only a graceful end frees wired memory, and then terminates', () => {
    expect(engine({ platform: 'darwin' }).stopLadder).toEqual([
      { signal: 'SIGINT', waitMs: 10_000 },
      { signal: 'SIGINT', waitMs: 2_000 },
      { signal: 'SIGTERM', waitMs: 5_000 },
    ])
  })

  test('elsewhere terminates at once', () => {
    expect(engine().stopLadder).toEqual([{ signal: 'SIGTERM', waitMs: 5_000 }])
  })
})

describe('the dialect', () => {
  const { dialect } = engine()

  test('names the one model the server has, whatever the client called it', () => {
    expect(dialect.upstreamModel(served({ servedModel: 'x' }))).toBe('default_model')
  })

  test('takes a one-token completion as proof of readiness', () => {
    expect(dialect.readinessRequest(served())).toEqual({
      path: '/v1/completions',
      body: { model: 'default_model', prompt: 'x', max_tokens: 1, temperature: 0 },
    })
  })

  test('knows a dead server by its health', () => {
    expect(dialect.finalHealth).toEqual({ path: '/health', status: 503 })
  })
})
