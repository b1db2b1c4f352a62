/** TCP ports on 127.0.0.1: a free one, and who listens on one. */
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { holdsAllListeners, parseLsof, parseProcNetTcp } from './listeners.ts'
import { noAnswer, type Probes } from './probes.ts'

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

/** `likely`: pids to look at first. */
export async function findListeners(
  port: number,
  probes: Probes,
  likely: readonly number[] = [],
): Promise<readonly number[] | undefined> {
  return probes.platform === 'linux' ? linuxListeners(port, probes, likely) : macosListeners(port, probes)
}

async function macosListeners(port: number, { run }: Probes): Promise<readonly number[] | undefined> {
  const listed = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpn'])
  return listed === undefined ? undefined : parseLsof(listed)
}

/** Sockets are found by inode in the descriptors of the likely processes, and of all that we may look into where one is left over.
 *  Undefined where somebody listens whom we may not see. */
async function linuxListeners(
  port: number,
  { readText }: Probes,
  likely: readonly number[],
): Promise<readonly number[] | undefined> {
  const [tcp, tcp6] = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readText(path, holdsAllListeners)),
  )
  if (tcp === undefined) return undefined
  const sockets = parseProcNetTcp(`${tcp}\n${tcp6 ?? ''}`, port).map((inode) => `socket:[${inode}]`)
  if (sockets.length === 0) return []
  const expected = await holders(likely, sockets)
  const heldByThem = new Set(expected.flatMap(({ held }) => held))
  if (sockets.every((socket) => heldByThem.has(socket))) return expected.map(({ pid }) => pid)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await holders(pids, sockets)
  return found.length === 0 ? undefined : found.map(({ pid }) => pid)
}

/** Those of the processes that hold some of the sockets, and which. */
async function holders(pids: readonly number[], sockets: readonly string[]) {
  const all = await Promise.all(pids.map(async (pid) => ({ pid, held: await openOf(pid, sockets) })))
  return all.filter(({ held }) => held.length > 0)
}

async function openOf(pid: number, sockets: readonly string[]): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`
  try {
    const links = await Promise.all((await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(noAnswer)))
    return sockets.filter((socket) => links.includes(socket))
  } catch (thrown) {
    return noAnswer(thrown) ?? []
  }
}
