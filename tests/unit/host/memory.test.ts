import { describe, expect, it } from 'vitest'
import { readMachineMemory, recommendedBudget, type MachineMemory } from '../../../src/host/memory.ts'

const gibibyte = 1024 ** 3
const vmStat = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               11887.
Pages active:                            467336.
Pages inactive:                          363803.
Pages speculative:                       102040.
Pages throttled:                              0.
Pages wired down:                        196995.
Pages purgeable:                           1044.
"Translation faults":                1179544352.
Pages stored in compressor:             1236954.
Pages occupied by compressor:            388325.
`
const meminfo = `MemTotal:       24684084 kB
MemFree:        24334792 kB
MemAvailable:   24324128 kB
Buffers:             836 kB
`

const machine = (platform: NodeJS.Platform, files: Record<string, string>, commands: Record<string, string> = {}) =>
  readMachineMemory({
    platform,
    readText: async (path) => files[path],
    run: async (file, args) => commands[[file, ...args].join(' ')],
  })

const memory = (totalGib: number, gpuGib?: number): MachineMemory => ({
  totalBytes: totalGib * gibibyte,
  availableBytes: gibibyte,
  countsReclaimable: true,
  gpuLimitBytes: gpuGib === undefined ? undefined : gpuGib * gibibyte,
  source: 'test',
})

describe('on macOS', () => {
  const sysctl = '/usr/sbin/sysctl hw.memsize iogpu.wired_limit_mb'

  it('counts what can be reclaimed as available, in the pages that vm_stat says', async () => {
    const commands = { [sysctl]: 'hw.memsize: 34359738368\niogpu.wired_limit_mb: 0\n', '/usr/bin/vm_stat': vmStat }
    expect(await machine('darwin', {}, commands)).toEqual({
      totalBytes: 32 * gibibyte,
      availableBytes: (11_887 + 363_803 + 102_040 + 1_044) * 16_384,
      countsReclaimable: true,
      gpuLimitBytes: undefined,
      source: 'sysctl and vm_stat',
    })
  })

  it('tells the GPU limit that somebody has set', async () => {
    const commands = { [sysctl]: 'hw.memsize: 34359738368\niogpu.wired_limit_mb: 28672\n', '/usr/bin/vm_stat': vmStat }
    expect(await machine('darwin', {}, commands)).toMatchObject({ gpuLimitBytes: 28 * gibibyte })
  })

  it('does without the GPU limit where sysctl does not know it', async () => {
    const commands = { [sysctl]: 'hw.memsize: 8589934592\n', '/usr/bin/vm_stat': vmStat }
    expect(await machine('darwin', {}, commands)).toMatchObject({ totalBytes: 8 * gibibyte, gpuLimitBytes: undefined })
  })

  it('falls back to the free pages and says so', async () => {
    const memory = await machine('darwin', {}, { [sysctl]: 'hw.memsize: 8589934592\n', '/usr/bin/vm_stat': 'what?' })
    expect(memory.source).toContain('free pages alone')
    expect(memory.countsReclaimable).toBe(false)
    expect(memory.totalBytes).toBeGreaterThan(memory.availableBytes)
  })
})

describe('on Linux', () => {
  it('believes /proc/meminfo', async () => {
    expect(await machine('linux', { '/proc/meminfo': meminfo })).toEqual({
      totalBytes: 24_684_084 * 1024,
      availableBytes: 24_324_128 * 1024,
      countsReclaimable: true,
      gpuLimitBytes: undefined,
      source: '/proc/meminfo',
    })
  })

  it('honours the tightest memory.max of its cgroup and those above, with file cache as available', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '0::/user.slice/gateway.service\n',
      '/sys/fs/cgroup/user.slice/gateway.service/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/memory.max': `${8 * gibibyte}\n`,
      '/sys/fs/cgroup/user.slice/memory.current': `${5 * gibibyte}\n`,
      '/sys/fs/cgroup/user.slice/memory.stat': `anon 1\ninactive_file ${gibibyte}\nactive_file 5\n`,
    }
    expect(await machine('linux', files)).toEqual({
      totalBytes: 8 * gibibyte,
      availableBytes: 4 * gibibyte,
      countsReclaimable: true,
      gpuLimitBytes: undefined,
      source: '/proc/meminfo and /sys/fs/cgroup/user.slice/memory.max',
    })
  })

  it('sees the limit of a container, whose cgroup is the root', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': `${2 * gibibyte}\n`,
      '/sys/fs/cgroup/memory.current': `${3 * gibibyte}\n`,
    }
    expect(await machine('linux', files)).toMatchObject({ totalBytes: 2 * gibibyte, availableBytes: 0 })
  })

  it('is not widened by a limit above the machine', async () => {
    const files = {
      '/proc/meminfo': meminfo,
      '/proc/self/cgroup': '4:memory:/elsewhere\n0::/\n',
      '/sys/fs/cgroup/memory.max': `${900 * gibibyte}\n`,
    }
    expect(await machine('linux', files)).toMatchObject({ totalBytes: 24_684_084 * 1024, source: '/proc/meminfo' })
  })
})

describe('the recommended budget', () => {
  it.each([
    { on: 'a Mac with a known GPU limit', memory: memory(64, 60), platform: 'darwin', share: 60 / 64 },
    { on: 'a Mac whose limit was set above its memory', memory: memory(64, 100), platform: 'darwin', share: 1 },
    { on: 'a Mac of 36 GB', memory: memory(36), platform: 'darwin', share: 0.66 },
    { on: 'a Mac of 48 GB', memory: memory(48), platform: 'darwin', share: 0.75 },
    { on: 'Linux', memory: memory(64), platform: 'linux', share: 0.7 },
  ] as const)('is $share of $on', ({ memory, platform, share }) => {
    expect(recommendedBudget(memory, platform)).toBe(Math.floor(memory.totalBytes * share))
  })
})
