/** TCP ports on 127.0.0.1: a free one, and who listens on one. */
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { parseLsof, parseProcNetTcp } from './listeners.ts'
import type { Probes } from './probes.ts'

/** Free a moment ago: whoever starts a server on it must see that the listener is its own. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has an address and a port')
  return address.port
}

export async function findListeners(port: number, probes: Probes): Promise<readonly number[] | undefined> {
  return probes.platform === 'linux' ? linuxListeners(port, probes) : macosListeners(port, probes)
}

async function macosListeners(port: number, { run }: Probes): Promise<readonly number[] | undefined> {
  const listed = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpn'])
  return listed === undefined ? undefined : parseLsof(listed)
}

/** Sockets are found by inode in the descriptors of every process we may look into. Undefined where somebody listens whom we
 *  may not see. */
async function linuxListeners(port: number, { readText }: Probes): Promise<readonly number[] | undefined> {
  const [tcp, tcp6] = await Promise.all([readText('/proc/net/tcp'), readText('/proc/net/tcp6')])
  if (tcp === undefined) return undefined
  const sockets = parseProcNetTcp(`${tcp}\n${tcp6 ?? ''}`, port).map((inode) => `socket:[${inode}]`)
  if (sockets.length === 0) return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const holds = await Promise.all(pids.map((pid) => hasOpen(pid, sockets)))
  const found = pids.filter((_, index) => holds[index])
  return found.length === 0 ? undefined : found
}

async function hasOpen(pid: number, sockets: readonly string[]): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  try {
    const links = await Promise.all((await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')))
    return links.some((link) => sockets.includes(link))
  } catch {
    return false
  }
}
