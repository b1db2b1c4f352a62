import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Progress } from '../../../src/engines/engine.ts'
import { createRuntime, type Runtime, type RuntimeEvent } from '../../../src/engines/runtime.ts'
import { fakePython, ownFolder, script, type FakePython } from '../../unit/engines/folder.ts'
import { never, silent } from '../../unit/engines/served.ts'

/** Says that it has begun, and never ends. */
const endless = 'echo Collecting forever; exec sleep 1000'
const begun = (progress: Progress): boolean => progress.message === 'Collecting forever'

async function aRuntime(python: FakePython = {}) {
  const folder = await ownFolder()
  const bin = join(folder, 'bin')
  const root = join(folder, 'engines/mlx-lm')
  const events: RuntimeEvent[] = []
  const search = {
    chosen: await fakePython(join(bin, 'python3'), python),
    folders: [bin],
    environment: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder },
    platform: 'linux' as const,
  }
  await script(join(bin, 'sync'), `ls "${root}/0.32.2" > "${folder}/when-synced"`)
  const runtime: Runtime = createRuntime({ root, search, announce: (event) => events.push(event) })
  const left = (): Promise<string[]> => readdir(join(root, '0.32.2'))
  return { folder, bin, root, runtime, search, events, left }
}

describe('an installation', () => {
  test('has an environment of its own, with the pinned version and constraints', async () => {
    const { folder, runtime, events } = await aRuntime({ pip: 'echo "$*" > "$(dirname "$0")/asked"' })
    const installed = await runtime.ensure(silent, never)
    expect(installed.executable).toBe(join(installed.folder, 'bin/mlx_lm.server'))
    const asked = await readFile(join(installed.folder, 'bin/asked'), 'utf8')
    expect(asked).toMatch(/--only-binary :all: --constraint \/.*mlx-lm-constraints\.txt mlx-lm\[cpu\]==0\.32\.2\n$/)
    expect(installed.folder.startsWith(folder)).toBe(true)
    expect(events.map(({ type }) => type)).toEqual(['engine.installing', 'engine.installed'])
  })

  test('uses uv where it is on PATH', async () => {
    const { bin, runtime, events } = await aRuntime()
    await script(
      join(bin, 'uv'),
      `case "$1" in venv) "$4" -m venv "$5";; pip) echo "Installed 38 packages in 3ms";; esac`,
    )
    await runtime.ensure(silent, never)
    expect(events[0]).toMatchObject({ type: 'engine.installing', with: 'uv' })
  })

  test('tells how far it is, from nothing to the whole', async () => {
    const { runtime } = await aRuntime({ pip: 'echo Collecting numpy; echo Successfully installed numpy' })
    const heard: Progress[] = []
    await runtime.ensure((progress) => heard.push(progress), never)
    expect(heard.map(({ message }) => message)).toEqual([
      'Making a Python environment',
      'Collecting numpy',
      'Packages installed',
      'Trying it',
      'mlx-lm 0.32.2 is installed',
    ])
    expect(heard.at(-1)).toMatchObject({ phase: 'installing', share: 1 })
  })

  test('is shared by all who ask at once, and not repeated for who asks later', async () => {
    const { root, runtime, events } = await aRuntime()
    const [one, other] = await Promise.all([runtime.ensure(silent, never), runtime.ensure(silent, never)])
    expect(other).toEqual(one)
    expect(await runtime.ensure(silent, never)).toEqual(one)
    expect(await runtime.current()).toEqual(one)
    expect(events.length).toBe(2)
    expect(await readdir(root)).toEqual(['0.32.2'])
  })

  test('is declared complete only when all of it is on disk', async () => {
    const { folder, runtime, left } = await aRuntime()
    const installed = await runtime.ensure(silent, never)
    expect(await readFile(join(folder, 'when-synced'), 'utf8')).toBe(`${basename(installed.folder)}\n`)
    expect(await left()).toEqual([basename(installed.folder), 'installed'])
  })

  test('of an older version goes when the new one is complete', async () => {
    const { root, runtime } = await aRuntime()
    await mkdir(join(root, '0.31.0/env-00000000'), { recursive: true })
    await runtime.ensure(silent, never)
    expect(await readdir(root)).toEqual(['0.32.2'])
  })

  test('whose Python has been removed from the machine is made anew', async () => {
    const { runtime } = await aRuntime()
    const first = await runtime.ensure(silent, never)
    await rm(join(first.folder, 'bin/python'))
    expect(await runtime.current()).toBeUndefined()
    const second = await runtime.ensure(silent, never)
    expect(second.folder).not.toBe(first.folder)
  })

  test('can be removed', async () => {
    const { runtime, root } = await aRuntime()
    await runtime.ensure(silent, never)
    await runtime.remove()
    expect(await runtime.current()).toBeUndefined()
    await expect(readdir(root)).rejects.toThrow('ENOENT')
  })
})

describe('an installation that fails', () => {
  test('in pip says why and leaves nothing', async () => {
    const pip = 'echo "ERROR: No matching distribution found for mlx-lm"; exit 1'
    const { runtime, events, left } = await aRuntime({ pip })
    await expect(runtime.ensure(silent, never)).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining(
        'Installing mlx-lm 0.32.2 with pip failed with exit code 1. The download failed',
      ),
    })
    expect(events.at(-1)).toMatchObject({ type: 'engine.failed', reason: expect.stringContaining('download failed') })
    expect(await left()).toEqual([])
    expect(await runtime.current()).toBeUndefined()
  })

  test('in the import test is none, whatever pip said', async () => {
    for (const imported of ['imported 0.30.0', "ModuleNotFoundError: No module named 'mlx'"]) {
      const { runtime, left } = await aRuntime({ imported })
      await expect(runtime.ensure(silent, never)).rejects.toThrow('was installed but does not start')
      expect(await left()).toEqual([])
    }
  })

  test('without a Python says so', async () => {
    const { root, search } = await aRuntime()
    const runtime = createRuntime({ root, search: { ...search, chosen: '/nowhere/python' }, announce: silent })
    await expect(runtime.ensure(silent, never)).rejects.toThrow('/nowhere/python was not found')
  })
})

describe('an installation that is interrupted', () => {
  test('by the one who asked leaves nothing, and the next one succeeds', async () => {
    const once = `if [ -e "$HOME/second" ]; then echo Successfully installed; else touch "$HOME/second"; ${endless}; fi`
    const { runtime, left, events } = await aRuntime({ pip: once })
    const controller = new AbortController()
    const installing = runtime.ensure((progress) => {
      if (begun(progress)) controller.abort(new Error('no more'))
    }, controller.signal)
    await expect(installing).rejects.toThrow('no more')
    const { folder } = await runtime.ensure(silent, never)
    expect(await left()).toEqual([basename(folder), 'installed'])
    expect(events.map(({ type }) => type)).toEqual([
      'engine.installing',
      'engine.failed',
      'engine.installing',
      'engine.installed',
    ])
    expect(events[1]).toMatchObject({ reason: 'It was called off.' })
  })

  test('by the death of the gateway is never taken for complete, and the next one succeeds', async () => {
    const { root, bin, runtime, search, left } = await aRuntime({ pip: endless })
    const code = `
      import { createRuntime } from ${JSON.stringify(new URL('../../../src/engines/runtime.ts', import.meta.url).href)}
      const runtime = createRuntime({ root: ${JSON.stringify(root)}, search: ${JSON.stringify(search)}, announce() {} })
      await runtime.ensure(({ message }) => console.log(message), new AbortController().signal)`
    const gateway = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const text of gateway.stdout) if (String(text).includes('Collecting forever')) break
    gateway.kill('SIGKILL')
    await once(gateway, 'exit')

    const [remains, ...others] = await left()
    expect(remains).toMatch(/^env-/)
    expect(others).toEqual([])
    expect(await runtime.current()).toBeUndefined()

    await fakePython(join(bin, 'python3'))
    const installed = await runtime.ensure(silent, never)
    expect(await runtime.current()).toEqual(installed)
    expect(await left()).toEqual(expect.not.arrayContaining([remains]))
  })

  test('leaves a declaration that is not whole: none', async () => {
    const { root, runtime } = await aRuntime()
    await mkdir(join(root, '0.32.2'), { recursive: true })
    await writeFile(join(root, '0.32.2/installed'), 'env-0123')
    expect(await runtime.current()).toBeUndefined()
  })

  test('cannot be removed while it lasts', async () => {
    const { runtime } = await aRuntime({ pip: endless })
    const controller = new AbortController()
    const removals: Promise<void>[] = []
    const installing = runtime.ensure((progress) => {
      if (!begun(progress)) return
      removals.push(runtime.remove())
      controller.abort(new Error('no more'))
    }, controller.signal)
    await expect(installing).rejects.toThrow('no more')
    await expect(removals[0]).rejects.toMatchObject({ code: 'conflict' })
  })
})
