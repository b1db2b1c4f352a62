/** A program started for a benchmark: its output goes to a file, it is ready when its port answers, and it ends when told. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const patienceMs = 20_000
const lookEveryMs = 2

export interface Program {
  readonly pid: number
  /** Resolves when it has exited; killed where SIGTERM is not enough. */
  stop(): Promise<void>
}

/** Rejects with the end of its output where it exits or does not listen in time. */
export async function startProgram(argv: readonly string[], port: number, output: string): Promise<Program> {
  const [file = '', ...rest] = argv
  const log = openSync(output, 'a')
  const child = spawn(file, rest, { stdio: ['ignore', log, log] })
  closeSync(log)
  const until = performance.now() + patienceMs
  while (!(await listens(port))) {
    if (child.exitCode === null && child.pid !== undefined && performance.now() < until) continue
    child.kill('SIGKILL')
    const said = await readFile(output, 'utf8')
    throw new Error(`${argv.join(' ')} did not start:\n${said.slice(-2000)}`)
  }
  return { pid: child.pid ?? 0, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await exited
  clearTimeout(kill)
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    await pause(lookEveryMs)
    return false
  } finally {
    socket.destroy()
  }
}

/** A port nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}
