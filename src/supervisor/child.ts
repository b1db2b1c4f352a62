/** One process group: a server under its watchdog. Spawned once, ended once, recorded in the store as long as it may live. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit, LaunchCommand, StopStep } from '../engines/engines.ts'
import { codeOf, messageOf } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { Store } from '../store/store.ts'
import type { Announce } from './event.ts'
import { guarded } from './watchdog.ts'

/** How long the last output of an ended server is waited for, ms: a process that left the group may hold the pipe for ever. */
const outputPatience = 250
/** A signal that comes between the fork of the shell and the start of the server is lost; younger children are let grow, ms. */
const youth = 200

export interface ChildParts {
  readonly host: Host
  readonly store: Store['children']
  readonly announce: Announce
  /** How long the death of a killed group is waited for, ms. */
  readonly killPatience?: number
  now(): number
}

export interface ChildLaunch {
  readonly profile: string
  readonly port: number
  readonly command: LaunchCommand
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>
  /** An existing folder. */
  readonly directory: string
  output(chunk: Buffer): void
}

export interface Child {
  /** Of the leader, so of the group. */
  readonly pid: number
  readonly port: number
  /** Resolves when the server has ended and its output has been read; what it left in its group may still live. */
  readonly exited: Promise<Exit>
  /** Resolves when the whole group is gone: the steps of the ladder while the server lives, then SIGKILL to the group. Whoever asks
   *  first decides how. */
  end(ladder: readonly StopStep[]): Promise<void>
}

/** Throws what the store or the system throws where no process could be made. */
export async function spawnChild(parts: ChildParts, launch: ChildLaunch): Promise<Child> {
  const { host, store, announce, now, killPatience = 5_000 } = parts
  const { profile, port } = launch
  const nonce = randomUUID()
  store.add({ nonce, profile, port, pid: null, startTime: null, createdAt: now() })
  const { leader, pid, stdin, stdout } = await run(launch, nonce).catch((error: unknown) => {
    store.remove(nonce)
    throw new Error(`No process could be started: ${messageOf(error)}`)
  })
  const born = performance.now()
  // Nothing is ever written to it, but a reset of the pipe must not end the gateway.
  stdin.on('error', (error) => announceTrouble(announce, profile, error))
  stdout.on('error', (error) => announceTrouble(announce, profile, error))
  stdout.on('data', launch.output)

  const exited = endOf(leader, stdout)
  const recorded = record(parts, nonce, pid).catch((error: unknown) => announceTrouble(announce, profile, error))

  async function finish(ladder: readonly StopStep[]): Promise<void> {
    const young = born + youth - performance.now()
    if (ladder.length > 0 && young > 0) await Promise.race([exited, sleep(young)])
    await climb(pid, ladder, exited)
    const gone = await groupGone(host, pid, killPatience)
    stdin.destroy()
    stdout.destroy()
    await recorded
    if (gone) store.remove(nonce)
    else
      announce({
        type: 'supervisor.trouble',
        message: `The processes of "${profile}" (group ${pid}) cannot be killed.`,
      })
  }

  let ending: Promise<void> | undefined
  const end = (ladder: readonly StopStep[]) => (ending ??= finish(ladder))
  return { pid, port, exited, end }
}

/** Plain `spawn`: nothing of execa is needed here, and it costs a cold start ten milliseconds. Rejects with what the system says. */
async function run({ command, directory, environment }: ChildLaunch, nonce: string) {
  const subprocess = spawn(...guarded(nonce, command.file, command.arguments), {
    cwd: directory,
    env: { ...environment, ...command.environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const { pid, stdin, stdout } = subprocess
  if (pid === undefined) throw (await once(subprocess, 'error'))[0]
  return { leader: subprocess, pid, stdin, stdout }
}

async function endOf(leader: ChildProcess, output: Readable): Promise<Exit> {
  const drained = new Promise<void>((resolve) => output.once('close', resolve))
  const exit = await new Promise<Exit>((resolve) => {
    leader.once('exit', (code, signal) => resolve(serverExit(code, signal)))
  })
  await Promise.race([drained, sleep(outputPatience, undefined, { ref: false })])
  return exit
}

async function record({ host, store }: ChildParts, nonce: string, pid: number): Promise<void> {
  const facts = await host.process(pid)
  if (facts !== undefined) store.started(nonce, pid, facts.startTime)
}

async function climb(groupId: number, ladder: readonly StopStep[], exited: Promise<Exit>): Promise<void> {
  const over = exited.then(() => true)
  for (const { signal, waitMs } of ladder) {
    signalGroup(groupId, signal)
    const patience = new AbortController()
    const late = sleep(waitMs, false, { signal: patience.signal }).catch(() => false)
    const ended = await Promise.race([over, late])
    patience.abort()
    if (ended) break
  }
  signalGroup(groupId, 'SIGKILL')
}

/** False where there was nobody to tell. macOS says EPERM, not ESRCH, of a group that has only zombies left. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-groupId, signal)
  } catch (error) {
    if (codeOf(error) === 'ESRCH' || codeOf(error) === 'EPERM') return false
    throw error
  }
}

/** Whether the group has no live member any more, waited for up to `patienceMs`. */
export async function groupGone(host: Host, groupId: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  for (let pauseMs = 1; ; pauseMs = Math.min(200, pauseMs * 2)) {
    if ((await host.group(groupId)).length === 0) return true
    if (performance.now() > deadline) return false
    await sleep(pauseMs)
  }
}

/** The leader is a shell: it reports a server that was ended by signal n as exit code 128 + n. */
function serverExit(code: number | null, signal: NodeJS.Signals | null): Exit {
  const named = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0]
  return isSignal(named) ? { code: null, signal: named } : { code, signal }
}

function isSignal(name: string | undefined): name is NodeJS.Signals {
  return name !== undefined && name in constants.signals
}

function announceTrouble(announce: Announce, profile: string, error: unknown): void {
  announce({ type: 'supervisor.trouble', message: `The server of "${profile}": ${messageOf(error)}` })
}
