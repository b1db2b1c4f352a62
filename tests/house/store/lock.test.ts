import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
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

/** A second process that holds the lock until it is killed; rejects with its last words where it is refused. */
async function holdElsewhere(): Promise<ChildProcess> {
  const door = join(import.meta.dirname, '../../../src/store/lock.ts')
  const program = `
    const { lockDataDirectory } = await import(${JSON.stringify(door)})
    lockDataDirectory(${JSON.stringify(directory)})
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaint = text(child.stderr)
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(async () => Promise.reject(new Error(await complaint))),
  ])
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

it('tells of a command that works there without a gateway, that it will be done', () => {
  const lock = lockDataDirectory(directory, 'mlx-gateway pull')
  const said = `A command (mlx-gateway pull, pid ${process.pid}) is at work in ${directory}. Wait until it is done`
  expect(() => lockDataDirectory(directory)).toThrow(said)
  lock.release()
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

it('is not lost when a second holder in the same process is refused', async () => {
  const lock = lockDataDirectory(directory)
  expect(() => lockDataDirectory(directory)).toThrow(`(pid ${process.pid})`)
  await expect(holdElsewhere()).rejects.toThrow(`(pid ${process.pid})`)
  lock.release()
})

it.each(['gateway.pid', 'gateway.lock'])('is free again where %s cannot be written', (name) => {
  const file = join(directory, name)
  mkdirSync(file)
  const refusal = { code: 'store_unusable', message: expect.stringMatching(`^${file} cannot be (written|locked) `) }
  expect(() => lockDataDirectory(directory)).toThrow(expect.objectContaining(refusal))
  rmdirSync(file)
  lockDataDirectory(directory).release()
})

it('closes to others what stood open', () => {
  const files = ['gateway.lock', 'gateway.pid'].map((name) => join(directory, name))
  for (const file of files) writeFileSync(file, '', { mode: 0o644 })
  const lock = lockDataDirectory(directory)
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
  lock.release()
})

it('makes the directory for its owner alone, as all that is in it, and takes the pid file away at the end', () => {
  const fresh = join(directory, 'fresh')
  const lock = lockDataDirectory(fresh)
  expect(statSync(fresh).mode & 0o777).toBe(0o700)
  const modes = readdirSync(fresh).map((name) => [name, statSync(join(fresh, name)).mode & 0o777])
  expect(Object.fromEntries(modes)).toEqual({
    engines: 0o700,
    'gateway.lock': 0o600,
    'gateway.lock-journal': 0o600,
    'gateway.pid': 0o600,
    logs: 0o700,
  })
  expect(existsSync(join(fresh, 'gateway.pid'))).toBe(true)
  lock.release()
  expect(existsSync(join(fresh, 'gateway.pid'))).toBe(false)
})
