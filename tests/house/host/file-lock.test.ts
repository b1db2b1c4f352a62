import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { lockFile } from '../../../src/host/host.ts'

const run = promisify(execFile)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mlx-gateway-lock-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Whether Python gets the lock, which it takes as its `filelock` does. */
async function pythonGets(path: string): Promise<boolean> {
  const program = 'import fcntl, sys; fcntl.flock(open(sys.argv[1], "a"), fcntl.LOCK_EX | fcntl.LOCK_NB)'
  return run('python3', ['-c', program, path]).then(
    () => true,
    () => false,
  )
}

it('keeps others out until it is given back, Python too', async () => {
  const path = join(folder(), 'x.lock')
  const lock = await lockFile(path)
  expect([lock !== undefined, await pythonGets(path)]).toEqual([true, false])
  await lock?.[Symbol.asyncDispose]()
  expect(await pythonGets(path)).toBe(true)
})

it('waits for whoever has it', async () => {
  const path = join(folder(), 'x.lock')
  const first = await lockFile(path)
  const second = lockFile(path)
  await first?.[Symbol.asyncDispose]()
  const lock = await second
  expect(lock).toBeDefined()
  await lock?.[Symbol.asyncDispose]()
})

it('is not to be had behind a link, nor in a folder that is not there', async () => {
  const path = folder()
  symlinkSync(join(path, 'elsewhere'), join(path, 'x.lock'))
  expect(await lockFile(join(path, 'x.lock'))).toBeUndefined()
  expect(await lockFile(join(path, 'none', 'x.lock'))).toBeUndefined()
  expect(existsSync(join(path, 'elsewhere'))).toBe(false)
})
