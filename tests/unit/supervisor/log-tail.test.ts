import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LogFile } from '../../../src/supervisor/log-file.ts'
import { LogTail } from '../../../src/supervisor/log-tail.ts'
import { temporaryFolder } from '../../fixtures/supervisor/world.ts'

function logging(size = 1_000_000) {
  const folder = temporaryFolder()
  const path = join(folder, 'logs', 'small.log')
  const clock = { now: 0 }
  const troubles: string[] = []
  const parts = { path, size, now: () => clock.now, trouble: (message: string) => troubles.push(message) }
  const tail = new LogTail(new LogFile(parts))
  return { tail, path, clock, troubles, write: (text: string) => tail.write(Buffer.from(text)) }
}

function refuse(message: string): never {
  throw new Error(message)
}

/** As the next gateway does. */
function openAgain(path: string): LogTail {
  return new LogTail(new LogFile({ path, size: 1e6, now: () => 0, trouble: refuse }))
}

describe('the tail of a log', () => {
  test('remembers the last 500 lines, and those since a mark', async () => {
    const { tail, write } = logging()
    for (let line = 0; line < 600; line++) write(`line ${line}\n`)
    expect(tail.since(0)).toHaveLength(500)
    expect(tail.since(0)[0]).toBe('line 100')
    const mark = tail.mark
    expect(tail.since(mark)).toEqual([])
    write('new\n')
    expect(tail.since(mark)).toEqual(['new'])
    await tail.close()
  })

  test('begins with what was written before the gateway was started, the end of a long file alone', async () => {
    const first = logging()
    first.write('one\ntwo\nthree')
    await first.tail.close()
    const tail = openAgain(first.path)
    expect(tail.since(0)).toEqual(['one', 'two', 'three'])
    const { mark } = tail
    tail.write(Buffer.from('four\n'))
    expect(tail.since(mark)).toEqual(['four'])
    expect(tail.since(0)).toEqual(['one', 'two', 'three', 'four'])
    await tail.close()
    writeFileSync(first.path, Array.from({ length: 9_000 }, (_, at) => `${'x'.repeat(600)} ${at}\n`).join(''))
    const last = openAgain(first.path).since(0)
    expect([last.length, last.at(-1)?.slice(-5)]).toEqual([432, ' 8999'])
    expect(last.every((line) => line.startsWith('x'.repeat(600)))).toBe(true)
  })

  test('says so where that cannot be read, and begins empty', () => {
    const { path } = logging()
    mkdirSync(path, { recursive: true })
    const troubles: string[] = []
    const trouble = (message: string) => troubles.push(message)
    expect(new LogTail(new LogFile({ path, size: 1e6, now: () => 0, trouble })).since(0)).toEqual([])
    expect(troubles).toEqual([expect.stringContaining(`The log ${path} cannot be read`)])
  })

  test('counts unfinished output as a sign of life', async () => {
    const { tail, write } = logging()
    write('10%\r20%')
    expect(tail.received).toBe(7)
    expect(tail.since(0)).toEqual([])
    await tail.close()
    expect(tail.since(0)).toEqual(['20%'])
  })

  test('is followed until the follower leaves', async () => {
    const { tail, write } = logging()
    const heard: string[] = []
    const follower = new AbortController()
    tail.follow((line) => heard.push(line), follower.signal)
    write('one\n')
    follower.abort()
    tail.follow((line) => heard.push(line), follower.signal)
    write('two\n')
    expect(heard).toEqual(['one'])
    await tail.close()
  })

  test('is written to a file that only its owner can read, and goes on in it after it was closed', async () => {
    const { tail, path, write } = logging()
    write('one\ntwo')
    await tail.close()
    write('three\n')
    await tail.close()
    await tail.close()
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n')
    expect(statSync(path).mode & 0o077).toBe(0)
  })

  test('keeps the file under its cap, with one older file beside it', async () => {
    const { tail, path, write } = logging(1_000)
    for (let batch = 0; batch < 30; batch++) write(`${'x'.repeat(99)}\n`.repeat(5))
    await tail.close()
    expect(readdirSync(join(path, '..')).sort()).toEqual(['small.log', 'small.log.1'])
    for (const file of [path, `${path}.1`]) expect(statSync(file).size).toBeLessThan(2_000)
  })

  test('a flood that the disk cannot take is dropped and counted, not kept in memory', async () => {
    const { tail, path, write } = logging(100_000_000)
    const lines = `${'x'.repeat(1023)}\n`.repeat(1024)
    for (let mebibyte = 0; mebibyte < 20; mebibyte++) write(lines)
    await tail.close()
    write('after\n')
    await tail.close()
    expect(statSync(path).size).toBeLessThan(4 * 1024 ** 2)
    expect(readFileSync(path, 'utf8')).toMatch(/\[\d+ lines were not written]\nafter\n$/)
  })

  test('a file that cannot be written costs lines and one word of it, and is tried again later', async () => {
    const { tail, path, clock, troubles, write } = logging()
    mkdirSync(path, { recursive: true })
    write('lost\n')
    await tail.close()
    write('lost as well\n')
    await tail.close()
    expect(troubles).toEqual([expect.stringContaining(path)])
    expect(tail.since(0)).toEqual(['lost', 'lost as well'])
    rmdirSync(path)
    clock.now = 31_000
    write('kept\n')
    await tail.close()
    expect(readFileSync(path, 'utf8')).toMatch(/kept\n$/)
  })
})
