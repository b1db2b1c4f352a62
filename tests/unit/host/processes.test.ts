import { describe, expect, it } from 'vitest'
import { createProcesses } from '../../../src/host/processes.ts'
import { parseCommandLine, parseStat } from '../../../src/host/processes-linux.ts'

const never = async () => undefined
const linux = (files: Record<string, string>) =>
  createProcesses({ platform: 'linux', readText: async (path) => files[path], run: never })

describe('on macOS', () => {
  const listing = [
    '    1     1 Ss   Mon Nov 23 08:00:01 2026     /sbin/launchd',
    '  501   501 S+   Tue Nov 24 02:53:41 2026     /opt/venv/bin/python3.12 -m mlx_lm.server --port 4000',
    '  502   501 S    Tue Nov  3 02:53:42 2026     python3.12 -c from multiprocessing import spawn (x)',
    '  503   501 Z+   Tue Nov 24 02:53:43 2026     <defunct>',
    '',
  ].join('\n')
  const footprint = `footprint: Unable to find pid for process matching '502'
Found process muse-502 [16208] from partial name 502
======================================================================
muse-502 [16208]: 64-bit    Footprint: 5439920 B (16384 bytes per page)
======================================================================

Auxiliary data:
    phys_footprint: 5472688 B

======================================================================
python3.12 [501]: 64-bit    Footprint: 253904480 B (16384 bytes per page)
======================================================================

Auxiliary data:
    phys_footprint: 253937248 B
    phys_footprint_peak: 333989448 B

======================================================================
Summary Footprint: 259344400 B
`
  const answers: Record<string, string> = {
    '/bin/ps -ww -o pid=,pgid=,stat=,lstart=,command= -ax': listing,
    '/bin/ps -ww -o pid=,pgid=,stat=,lstart=,command= -p 501': listing.split('\n')[1] ?? '',
    '/bin/ps -ww -o pid=,pgid=,stat=,lstart=,command= -p 999': '',
    '/usr/bin/footprint -f bytes -p 501 -p 502': footprint,
  }
  const run = async (file: string, args: readonly string[]) => answers[[file, ...args].join(' ')]
  const rounding = async (file: string, args: readonly string[]) =>
    file.endsWith('footprint') ? 'python [501]: 64-bit    Footprint: 1.5 GB (16384 bytes per page)' : run(file, args)
  const mac = createProcesses({ platform: 'darwin', readText: never, run })

  it('reads one process from ps', async () => {
    expect(await mac.process(501)).toEqual({
      pid: 501,
      groupId: 501,
      startTime: 'Tue Nov 24 02:53:41 2026',
      commandLine: '/opt/venv/bin/python3.12 -m mlx_lm.server --port 4000',
    })
    expect(await mac.process(999)).toBeUndefined()
  })

  it('lists a group without its zombies', async () => {
    expect((await mac.group(501)).map(({ pid, startTime }) => [pid, startTime])).toEqual([
      [501, 'Tue Nov 24 02:53:41 2026'],
      [502, 'Tue Nov  3 02:53:42 2026'],
    ])
    expect(await mac.group(77)).toEqual([])
  })

  it('adds up what footprint measured, without the stranger it took a dead pid for', async () => {
    expect(await mac.groupFootprint(501)).toBe(253_904_480)
    expect(await mac.groupFootprint(77)).toBeUndefined()
  })

  it('reads older footprints, which round', async () => {
    const older = createProcesses({ platform: 'darwin', readText: never, run: rounding })
    expect(await older.groupFootprint(501)).toBe(1.5 * 1024 ** 3)
  })

  it('never takes a ps that could not run for a group that is gone', async () => {
    const mute = createProcesses({ platform: 'darwin', readText: never, run: never })
    await expect(mute.group(501)).rejects.toThrow('ps could not be run')
    await expect(mute.process(501)).rejects.toThrow('ps could not be run')
  })
})

describe('on Linux', () => {
  const stat = '42 (py (x) :) thon) S 1 40 40 0 -1 4194304 88 0 0 0 1 2 0 0 20 0 5 0 987654 118 2 18446744073709551615'

  it('counts the fields of stat from the last parenthesis', () => {
    expect(parseStat(stat)).toEqual({ groupId: 40, startTicks: '987654', zombie: false })
    expect(parseStat(stat.replace(') S ', ') Z '))).toMatchObject({ zombie: true })
    expect(parseStat('')).toBeUndefined()
  })

  it('joins arguments with spaces', () => {
    expect(parseCommandLine('python\0-c\0print(1)\0')).toBe('python -c print(1)')
  })

  it('tells the same ticks of another boot apart, and a zombie is nobody', async () => {
    const files = { '/proc/42/stat': stat, '/proc/42/cmdline': 'x\0', '/proc/sys/kernel/random/boot_id': 'first\n' }
    const before = await linux(files).process(42)
    expect(before).toEqual({ pid: 42, groupId: 40, startTime: 'first/987654', commandLine: 'x' })
    const after = await linux({ ...files, '/proc/sys/kernel/random/boot_id': 'second\n' }).process(42)
    expect(after?.startTime).not.toBe(before?.startTime)
    expect(await linux({ ...files, '/proc/42/stat': stat.replace(') S ', ') Z ') }).process(42)).toBeUndefined()
  })
})
