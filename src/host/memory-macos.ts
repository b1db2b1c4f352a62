/** What `sysctl`, `vm_stat` and `footprint` say. */

const mebibyte = 1024 ** 2
const unitBytes: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: mebibyte, GB: 1024 ** 3, TB: 1024 ** 4 }

/** Of `sysctl hw.memsize iogpu.wired_limit_mb`. A wired limit of 0 means the system's default, which sysctl does not tell. */
export function parseSysctl(text: string): { totalBytes: number | undefined; gpuLimitBytes: number | undefined } {
  const value = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return {
    totalBytes: value('hw\\.memsize') || undefined,
    gpuLimitBytes: value('iogpu\\.wired_limit_mb') * mebibyte || undefined,
  }
}

/** Bytes that a new process can have: free, inactive, speculative and purgeable pages. */
export function parseVmStat(text: string): number | undefined {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1])
  const pages = (name: string) => Number(new RegExp(`^Pages ${name}:\\s+(\\d+)\\.$`, 'm').exec(text)?.[1] ?? Number.NaN)
  const available = ['free', 'inactive', 'speculative', 'purgeable'].reduce((sum, name) => sum + pages(name), 0)
  return Number.isNaN(pageBytes * available) ? undefined : pageBytes * available
}

/** Sum over the processes asked for, of `footprint -f bytes -p PID …`; undefined where none was measured.
 *  It takes the pid of a process that has just gone for part of a name and measures strangers: they are left out. */
export function parseFootprint(text: string, pids: readonly number[]): number | undefined {
  const headers = text.matchAll(/\[(\d+)\]:.*Footprint: ([\d.]+) (B|KB|MB|GB|TB)\b/g)
  const measured = [...headers].filter(([, pid]) => pids.includes(Number(pid)))
  if (measured.length === 0) return undefined
  return measured.reduce((sum, [, , amount, unit]) => sum + Number(amount) * (unitBytes[unit ?? ''] ?? 0), 0)
}
