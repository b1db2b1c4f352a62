/** What `/proc/net/tcp` and `lsof -F` say about listening sockets. */

const listening = '0A'

/** Local addresses whose sockets get connections to 127.0.0.1, as the kernel prints them: 127.0.0.1, any, and both in IPv6. */
const reachable = new Set([
  '0100007F',
  '00000000',
  '00000000000000000000000000000000',
  '0000000000000000FFFF00000100007F',
])

/** Inodes of the sockets that listen on 127.0.0.1:`port`, from `/proc/net/tcp` and `tcp6`. */
export function parseProcNetTcp(text: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const [address = '', localPort] = local.split(':')
    const ours = localPort === wanted && state === listening && reachable.has(address)
    return ours && inode !== undefined ? [inode] : []
  })
}

/** Whether a part of `/proc/net/tcp` is enough: the kernel lists those that listen first, and after them the connections, of which a busy
 *  machine has thousands. */
export function holdsAllListeners(text: string): boolean {
  return /^ *\d+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:[0-9A-F]+ (?!0A)[0-9A-F]{2} /m.test(text)
}

/** Pids that listen where 127.0.0.1 leads, from `lsof -Fpn`: `p` opens a process, each `n` is one of its sockets. */
export function parseLsof(text: string): readonly number[] {
  const pids = new Set<number>()
  let pid = Number.NaN
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1))
    else if (/^n(127\.0\.0\.1|\*|\[::ffff:127\.0\.0\.1\]|\[::\]|localhost):\d+$/.test(line)) pids.add(pid)
  }
  return [...pids]
}
