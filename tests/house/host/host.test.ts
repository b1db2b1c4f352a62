import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { createHost } from '../../../src/host/host.ts'
import { readText, run } from '../../../src/host/probes.ts'

const host = createHost()

describe('this machine', () => {
  it('has memory, and less of it free than there is', async () => {
    const { totalBytes, availableBytes, source } = await host.memory()
    expect(availableBytes).toBeGreaterThan(0)
    expect(totalBytes).toBeGreaterThanOrEqual(availableBytes)
    expect(source).not.toContain('free pages alone')
  })

  it('knows a process by the same start time each time it is asked', async () => {
    const facts = await host.process(process.pid)
    expect(facts).toMatchObject({ pid: process.pid, commandLine: expect.stringContaining('node') })
    expect(await host.process(process.pid)).toEqual(facts)
  })

  it('has room on a disk, also for a folder that is yet to be made, and not in what is no folder', async () => {
    const room = await host.freeBytes(tmpdir())
    expect(room).toBeGreaterThan(0)
    const later = await host.freeBytes(join(tmpdir(), 'not', 'there', 'yet'))
    expect(Math.abs(later - room)).toBeLessThan(room / 2)
    await expect(host.freeBytes('/dev/null/nowhere')).rejects.toThrow('ENOTDIR')
  })

  it('sees a group live, measures it, and sees it gone', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], { detached: true })
    await once(child.stdout, 'data')
    const leader = child.pid ?? 0
    expect(await host.group(leader)).toEqual([await host.process(leader)])
    expect(await host.groupFootprint(leader)).toBeGreaterThan(1024 ** 2)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    expect(await host.group(leader)).toEqual([])
    expect(await host.process(leader)).toBeUndefined()
    expect(await host.groupFootprint(leader)).toBeUndefined()
  })

  it('finds a free port, then us listening on it, then nobody', async () => {
    const port = await host.freePort()
    expect(await host.listeners(port)).toEqual([])
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    expect(await host.listeners(port)).toEqual([process.pid])
    expect(await host.listeners(port, [process.pid])).toEqual([process.pid])
    expect(await host.listeners(port, [process.ppid])).toEqual([process.pid])
    server.close()
    await once(server, 'close')
    expect(await host.listeners(port)).toEqual([])
  })
})

test('who has no descriptors left is told so, and not that nobody listens', () => {
  const program = join(import.meta.dirname, '../../fixtures/programs/no-descriptors.ts')
  const script = 'ulimit -n 100 && exec "$@"'
  const said = execFileSync('sh', ['-c', script, 'sh', process.execPath, program], { encoding: 'utf8' })
  expect(said).toMatch(/^undefined\nEMFILE: too many open files, scandir '\/proc\/\d+\/fd'\n$/)
})

describe('asking', () => {
  it('a file that is not there is no answer; one that cannot be read for another reason is an error', async () => {
    expect(await readText(join(tmpdir(), 'no such file'))).toBeUndefined()
    await expect(readText(tmpdir())).rejects.toThrow('EISDIR')
    await expect(readText(tmpdir(), () => true)).rejects.toThrow('EISDIR')
    expect(await readText(join(tmpdir(), 'no such file'), () => true)).toBeUndefined()
  })

  it('a long file may be read only as far as wanted', async () => {
    const lengths: number[] = []
    const begun = (text: string) => lengths.push(text.length) > 0
    const whole = (await readText(process.execPath))?.length
    expect((await readText(process.execPath, begun))?.length).toBe(lengths[0])
    expect(lengths[0]).toBeLessThan(Number(whole))
    expect(await readText(import.meta.filename, () => false)).toBe(await readText(import.meta.filename))
  })

  it('a command that fails still gives what it wrote; one that is not there gives nothing', async () => {
    expect(
      await run(process.execPath, ['-e', 'console.log(process.env.LC_ALL, process.env.TZ); process.exit(1)']),
    ).toBe('C UTC\n')
    expect(await run('no-such-command-at-all', [])).toBeUndefined()
  })
})
