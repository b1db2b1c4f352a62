/** Processor time and memory of processes, and which processes hold a port: /proc on Linux, `ps` and `lsof` on macOS. */
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** The unit of times in /proc/PID/stat, the same on every Linux. */
const ticksPerSecond = 100

export interface Usage {
  readonly cpuSeconds: number
  readonly residentBytes: number
}

/** Summed over these processes, each with all its threads. */
export async function usageOf(pids: readonly number[]): Promise<Usage> {
  const each = await Promise.all(pids.map(process.platform === 'linux' ? usageFromProc : usageFromPs))
  return {
    cpuSeconds: each.reduce((sum, one) => sum + one.cpuSeconds, 0),
    residentBytes: each.reduce((sum, one) => sum + one.residentBytes, 0),
  }
}

async function usageFromProc(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name before it may hold anything; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024,
  }
}

async function usageFromPs(pid: number): Promise<Usage> {
  const { stdout } = await run('ps', ['-o', 'rss=,time=', '-p', String(pid)])
  const [resident = '', time = ''] = stdout.trim().split(/\s+/)
  return {
    cpuSeconds: time.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0),
    residentBytes: Number(resident) * 1024,
  }
}

/** Every process that listens on this port: a server's workers as well as its master. */
export async function listeningOn(port: number): Promise<readonly number[]> {
  if (process.platform === 'linux') return listeningByProc(port)
  const { stdout } = await run('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'])
  return stdout.trim().split('\n').map(Number)
}

async function listeningByProc(port: number): Promise<readonly number[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8')))
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = new Set<string>()
  for (const row of tables.join('\n').split('\n')) {
    const fields = row.trim().split(/\s+/)
    if (fields[1]?.endsWith(local) === true && fields[3] === '0A') sockets.add(`socket:[${fields[9]}]`)
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const holds = async (pid: string): Promise<boolean> => {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')))
    return links.some((link) => sockets.has(link))
  }
  const held = await Promise.all(pids.map(holds))
  return pids.filter((_, i) => held[i]).map(Number)
}
