import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDataDirectory } from '../../../src/store/lock.ts'

let directory: string
let other: ChildProcess | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mlx-gateway-lock-'))
})
afterEach(async () => {
  if (other !== undefined && other.exitCode === null && other.signalCode === null) {
    const gone = once(other, 'exit')
    other.kill('SIGKILL')
    await gone
  }
  other = undefined
  rmSync(directory, { recursive: true })
})

/** A second process that holds the lock until it is killed. */
async function holdElsewhere(): Promise<ChildProcess> {
  const door = join(import.meta.dirname, '../../../src/store/lock.ts')
  const program = `
    const { lockDataDirectory } = await import(${JSON.stringify(door)})
    lockDataDirectory(${JSON.stringify(directory)})
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

it('refuses a second gateway and names the first one by its pid', async () => {
  other = await holdElsewhere()
  const refusal = {
    code: 'data_dir_locked',
    message: expect.stringContaining(`(pid ${other.pid}) is using ${directory}`),
  }
  expect(() => lockDataDirectory(directory)).toThrow(expect.objectContaining(refusal))
})

it('is free again when its holder was killed', async () => {
  other = await holdElsewhere()
  const gone = once(other, 'exit')
  other.kill('SIGKILL')
  await gone
  const lock = lockDataDirectory(directory)
  expect(readFileSync(join(directory, 'gateway.pid'), 'utf8')).toBe(`${process.pid}\n`)
  lock.release()
})

it('refuses a second holder in the same process, until it is released', () => {
  const first = lockDataDirectory(directory)
  expect(() => lockDataDirectory(directory)).toThrow(`(pid ${process.pid})`)
  first.release()
  const second = lockDataDirectory(directory)
  first.release()
  expect(() => lockDataDirectory(directory)).toThrow(`(pid ${process.pid})`)
  second.release()
})

it('makes the directory for its owner alone and takes the pid file away at the end', () => {
  const fresh = join(directory, 'fresh')
  const lock = lockDataDirectory(fresh)
  expect(statSync(fresh).mode & 0o777).toBe(0o700)
  expect(existsSync(join(fresh, 'gateway.pid'))).toBe(true)
  lock.release()
  expect(existsSync(join(fresh, 'gateway.pid'))).toBe(false)
})
