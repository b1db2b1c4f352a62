/** Runs one of the programs that prepare an engine (pip, uv, Python), line by line; it never outlives the gateway. */
import { execa } from 'execa'
import { codeOf } from '../errors.ts'

export interface Program {
  readonly file: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly directory?: string
}

export interface Outcome {
  /** 0 when all went well; undefined when a signal ended it or it could not be started. */
  readonly code: number | undefined
  /** Its last lines, standard output and error together. */
  readonly lines: readonly string[]
}

/** Runs a program as the leader of a group whose watcher reads a pipe that only the gateway holds: when the gateway dies, however
 *  it dies, the pipe closes and the group is killed. One pipe takes both outputs, so that their lines stay whole and in order. */
const GUARD = 'exec 3<&0; { read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" </dev/null 2>&1 3<&-'
const LINES_KEPT = 400

/** Rejects with the signal's reason when it aborts, after the program and all it started are gone. */
export async function runProgram(
  program: Program,
  signal: AbortSignal,
  onLine: (line: string) => void = () => {},
): Promise<Outcome> {
  signal.throwIfAborted()
  const child = execa('/bin/sh', ['-c', GUARD, 'sh', program.file, ...program.arguments], {
    env: program.environment,
    extendEnv: false,
    ...(program.directory === undefined ? {} : { cwd: program.directory }),
    detached: true,
    stdin: 'pipe',
    reject: false,
    buffer: false,
  })
  const kill = (): void => killGroup(child.pid)
  signal.addEventListener('abort', kill)
  const lines: string[] = []
  try {
    for await (const line of child.iterable()) {
      lines.push(line)
      if (lines.length > LINES_KEPT) lines.shift()
      onLine(line)
    }
    const { exitCode } = await child
    signal.throwIfAborted()
    return { code: exitCode, lines }
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It ended in the same moment; of a group that is ending, macOS says EPERM.
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error
  }
}
