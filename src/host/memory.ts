/** How much memory this machine has, and how much of it the servers should hold. */
import { freemem, totalmem } from 'node:os'
import { cgroupPaths, parseCgroupUse, parseMeminfo } from './memory-linux.ts'
import { parseSysctl, parseVmStat } from './memory-macos.ts'
import type { Probes } from './probes.ts'

const gibibyte = 1024 ** 3

export interface MachineMemory {
  /** Bytes. */
  readonly totalBytes: number
  readonly availableBytes: number
  /** False where these are the free pages alone: the system does not tell what could be reclaimed. */
  readonly countsReclaimable: boolean
  /** What the GPU may keep wired, where the system says; bytes. */
  readonly gpuLimitBytes: number | undefined
  /** Where the figures come from, for people: `sysctl and vm_stat`, `/proc/meminfo`, or the fallback in words. */
  readonly source: string
}

/** What all servers together may hold, in bytes. On macOS the GPU's own limit where it is known, else Metal's usual share:
 *  66 % of machines up to 36 GB, 75 % of larger ones. Elsewhere 70 %. */
export function recommendedBudget(memory: MachineMemory, platform: NodeJS.Platform = process.platform): number {
  if (memory.gpuLimitBytes !== undefined) return Math.min(memory.gpuLimitBytes, memory.totalBytes)
  return Math.floor(memory.totalBytes * usualShare(memory.totalBytes, platform))
}

function usualShare(totalBytes: number, platform: NodeJS.Platform): number {
  if (platform !== 'darwin') return 0.7
  return totalBytes <= 36 * gibibyte ? 0.66 : 0.75
}

export async function readMachineMemory(probes: Probes): Promise<MachineMemory> {
  const known = probes.platform === 'darwin' ? await readMacos(probes) : await readLinux(probes)
  return (
    known ?? {
      totalBytes: totalmem(),
      availableBytes: freemem(),
      countsReclaimable: false,
      gpuLimitBytes: undefined,
      source: 'the free pages alone: the system does not tell what could be reclaimed',
    }
  )
}

async function readMacos({ run }: Probes): Promise<MachineMemory | undefined> {
  const [sysctl, vmStat] = await Promise.all([
    run('/usr/sbin/sysctl', ['hw.memsize', 'iogpu.wired_limit_mb']),
    run('/usr/bin/vm_stat', []),
  ])
  const { totalBytes, gpuLimitBytes } = parseSysctl(sysctl ?? '')
  const availableBytes = parseVmStat(vmStat ?? '')
  if (totalBytes === undefined || availableBytes === undefined) return undefined
  return { totalBytes, availableBytes, countsReclaimable: true, gpuLimitBytes, source: 'sysctl and vm_stat' }
}

/** A container's limit counts where it is lower than the machine. */
async function readLinux({ readText }: Probes): Promise<MachineMemory | undefined> {
  const machine = parseMeminfo((await readText('/proc/meminfo')) ?? '')
  if (machine === undefined) return undefined
  let { totalBytes, availableBytes } = machine
  let source = '/proc/meminfo'
  for (const folder of cgroupPaths((await readText('/proc/self/cgroup')) ?? '')) {
    const [max, current, stat] = await Promise.all(
      ['memory.max', 'memory.current', 'memory.stat'].map((file) => readText(`${folder}/${file}`)),
    )
    const use = parseCgroupUse({ max, current, stat })
    if (use === undefined) continue
    if (use.limitBytes < totalBytes) source = `/proc/meminfo and ${folder}/memory.max`
    totalBytes = Math.min(totalBytes, use.limitBytes)
    availableBytes = Math.min(availableBytes, use.availableBytes)
  }
  return { totalBytes, availableBytes, countsReclaimable: true, gpuLimitBytes: undefined, source }
}
