/** What `/proc/meminfo`, `/proc/PID/smaps_rollup` and cgroup v2 say. */

const kibibyte = 1024

export function parseMeminfo(text: string): { totalBytes: number; availableBytes: number } | undefined {
  const totalBytes = kibibytes(text, 'MemTotal')
  const availableBytes = kibibytes(text, 'MemAvailable')
  return totalBytes === undefined || availableBytes === undefined ? undefined : { totalBytes, availableBytes }
}

/** The folders whose `memory.max` binds this process, innermost first, from `/proc/self/cgroup`. */
export function cgroupPaths(text: string): readonly string[] {
  const own = /^0::(\/.*)$/m.exec(text)?.[1]
  if (own === undefined) return []
  const names = own.split('/').filter((name) => name !== '')
  return Array.from({ length: names.length + 1 }, (_, gone) =>
    ['/sys/fs/cgroup', ...names.slice(0, names.length - gone)].join('/'),
  )
}

/** Undefined where this group has no limit. Its file cache can be reclaimed, so it counts as available. */
export function parseCgroupUse(files: {
  readonly max: string | undefined
  readonly current: string | undefined
  readonly stat: string | undefined
}): { limitBytes: number; availableBytes: number } | undefined {
  const limitBytes = Number.parseInt(files.max ?? '', 10)
  if (Number.isNaN(limitBytes)) return undefined
  const current = Number.parseInt(files.current ?? '0', 10)
  const reclaimable = Number(/^inactive_file (\d+)$/m.exec(files.stat ?? '')?.[1] ?? 0)
  return { limitBytes, availableBytes: Math.max(0, limitBytes - current + reclaimable) }
}

/** Bytes a process holds, its share of shared pages counted once: `Pss` of smaps_rollup, else `VmRSS` of status. */
export function parseProcessMemory(text: string): number | undefined {
  return kibibytes(text, 'Pss') ?? kibibytes(text, 'VmRSS')
}

function kibibytes(text: string, name: string): number | undefined {
  const written = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]
  return written === undefined ? undefined : Number(written) * kibibyte
}
