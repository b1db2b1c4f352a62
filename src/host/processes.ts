/** Which processes live, told apart by pid and start time. */
import { readdirSync } from 'node:fs'
import { GatewayError, codeOf } from '../errors.ts'
import { parseProcessMemory } from './memory-linux.ts'
import { parseFootprint } from './memory-macos.ts'
import { type Probes, readNow } from './probes.ts'
import { parseCommandLine, parseStat } from './processes-linux.ts'
import { parsePs, psColumns } from './processes-macos.ts'

export interface ProcessFacts {
  readonly pid: number
  readonly groupId: number
  /** Opaque; equal only for the same process (with its pid). */
  readonly startTime: string
  readonly commandLine: string
}

export interface Processes {
  /** A live (not zombie) process. */
  process(pid: number): Promise<ProcessFacts | undefined>
  /** Live (not zombie) members of a process group. */
  group(groupId: number): Promise<readonly ProcessFacts[]>
  /** Bytes held by all processes of the group; undefined where it cannot be told. */
  groupFootprint(groupId: number): Promise<number | undefined>
}

export function createProcesses(probes: Probes): Processes {
  return probes.platform === 'linux' ? linuxProcesses(probes) : macosProcesses(probes)
}

/** The quickest proof that a group is gone: a signal that finds nobody. It finds zombies too, which nobody may ever reap: only a list tells
 *  those from the living. */
export function isEmptyGroup(groupId: number): boolean {
  try {
    process.kill(-groupId, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

function linuxProcesses({ readText }: Probes): Processes {
  const bootId = readText('/proc/sys/kernel/random/boot_id')

  async function facts(pid: number, groupId?: number): Promise<ProcessFacts | undefined> {
    const stat = parseStat((await readText(`/proc/${pid}/stat`)) ?? '')
    if (stat === undefined || stat.zombie || (groupId !== undefined && stat.groupId !== groupId)) return undefined
    const commandLine = parseCommandLine((await readText(`/proc/${pid}/cmdline`)) ?? '')
    // Ticks since boot repeat after the next boot.
    return { pid, groupId: stat.groupId, startTime: `${(await bootId)?.trim()}/${stat.startTicks}`, commandLine }
  }

  async function group(groupId: number): Promise<readonly ProcessFacts[]> {
    const pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
    const members = pids.filter((pid) => parseStat(readNow(`/proc/${pid}/stat`) ?? '')?.groupId === groupId)
    const found = await Promise.all(members.map((pid) => facts(pid, groupId)))
    return found.filter((member) => member !== undefined)
  }

  async function footprint(pid: number): Promise<number | undefined> {
    const exact = parseProcessMemory((await readText(`/proc/${pid}/smaps_rollup`)) ?? '')
    return exact ?? parseProcessMemory((await readText(`/proc/${pid}/status`)) ?? '')
  }

  return {
    process: (pid) => facts(pid),
    group,
    async groupFootprint(groupId) {
      const members = await group(groupId)
      const sizes = (await Promise.all(members.map(({ pid }) => footprint(pid)))).filter((size) => size !== undefined)
      return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0)
    },
  }
}

function macosProcesses({ run }: Probes): Processes {
  async function list(...which: readonly string[]): Promise<readonly ProcessFacts[]> {
    const listed = await run('/bin/ps', ['-ww', '-o', psColumns, ...which])
    // An empty answer would say that nobody lives, and a living server would be forgotten.
    if (listed === undefined)
      throw new GatewayError('internal_error', 'ps could not be run. Is the machine out of processes?')
    return parsePs(listed)
  }

  async function group(groupId: number): Promise<readonly ProcessFacts[]> {
    return (await list('-ax')).filter((candidate) => candidate.groupId === groupId)
  }

  return {
    process: async (pid) => (await list('-p', String(pid)))[0],
    group,
    async groupFootprint(groupId) {
      const pids = (await group(groupId)).map(({ pid }) => pid)
      if (pids.length === 0) return undefined
      const asked = ['-f', 'bytes', ...pids.flatMap((pid) => ['-p', String(pid)])]
      return parseFootprint((await run('/usr/bin/footprint', asked)) ?? '', pids)
    },
  }
}
