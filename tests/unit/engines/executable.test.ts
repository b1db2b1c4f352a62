import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeExecutable, interpreterIn } from '../../../src/engines/executable.ts'
import { fakePython, ownFolder, script } from './folder.ts'
import { never } from './served.ts'

const environment = { PATH: process.env['PATH'] ?? '' }
const describeIt = (executable: string, folders: readonly string[] = []) =>
  describeExecutable(executable, environment, folders, never)
const usage = 'echo "usage: [--model MODEL] [--port PORT] [--log-level {DEBUG,INFO}]"'

describe('an executable', () => {
  test('tells its flags, its version and its Python', async () => {
    const folder = await ownFolder()
    const python = await fakePython(join(folder, 'python'))
    const executable = await script(join(folder, 'mlx_lm.server'), usage)
    expect(await describeIt(executable)).toEqual({
      flags: new Set(['--model', '--port', '--log-level']),
      version: '0.32.2',
      python,
    })
  })

  test('is followed through links to the Python beside it', async () => {
    const folder = await ownFolder()
    const python = await fakePython(join(folder, 'venv/bin/python'))
    const executable = await script(join(folder, 'venv/bin/mlx_lm.server'), usage)
    await symlink(executable, join(folder, 'mlx_lm.server'))
    expect((await describeIt(join(folder, 'mlx_lm.server'))).python).toBe(python)
  })

  test('that does not tell its Python has no version, yet its flags', async () => {
    const executable = await script(join(await ownFolder(), 'mlx_lm.server'), usage)
    expect(await describeIt(executable)).toMatchObject({ version: undefined, python: undefined })
  })

  test('that fails, or is another program, is refused with its last words', async () => {
    const folder = await ownFolder()
    for (const body of ['echo "ModuleNotFoundError: No module named \'mlx\'"; exit 1', 'echo usage: [--something]']) {
      const executable = await script(join(folder, 'mlx_lm.server'), body)
      await expect(describeIt(executable)).rejects.toMatchObject({
        code: 'engine_unavailable',
        message: expect.stringMatching(/does not answer --help like an mlx_lm\.server\. Its last words: \w+/),
      })
    }
  })
})

describe('the Python of a console script', () => {
  test.each([
    ['#!/opt/venv/bin/python3.12\nimport sys\n', '/opt/venv/bin/python3.12'],
    ['#!/usr/bin/env python3\nimport sys\n', 'python3'],
    [`#!/bin/sh\n'''exec' "/with space/bin/python" "$0" "$@"\n' '''\n`, '/with space/bin/python'],
    [`#!/bin/sh\n'''exec' /a/very/long/path/bin/python3 "$0" "$@"\n' '''\n`, '/a/very/long/path/bin/python3'],
    ['#!/bin/bash\nexec something\n', undefined],
    ['\u007fELF', undefined],
  ])('is read from its first lines: %j', (text, python) => {
    expect(interpreterIn(text)).toBe(python)
  })
})
