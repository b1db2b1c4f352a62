/** What an `mlx_lm.server` says of itself: its flags, its version, and the Python that it runs on. */
import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GatewayError } from '../errors.ts'
import { lastWords } from './install-failure.ts'
import { runProgram, type Outcome } from './program.ts'
import { findPrograms, isExecutable } from './search-path.ts'

export interface Description {
  readonly flags: ReadonlySet<string>
  readonly version: string | undefined
  /** Absolute path; undefined where the file does not tell. */
  readonly python: string | undefined
}

/** Old versions import all of transformers before they answer. */
const ANSWER_WITHIN_MS = 60_000
const VERSION_QUESTION = 'import importlib.metadata as m; print("version", m.version("mlx-lm"))'

/** Throws GatewayError `engine_unavailable` where it does not answer like an mlx_lm.server. `folders`: those of PATH. */
export async function describeExecutable(
  executable: string,
  environment: Readonly<Record<string, string>>,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<Description> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const run = (file: string, ...args: string[]): Promise<Outcome> =>
    runProgram(
      { file, arguments: args, environment: { ...environment, COLUMNS: '200' } },
      AbortSignal.any([signal, limit]),
    )
  try {
    const help = await run(executable, '--help')
    const flags = flagsIn(help.lines.join('\n'))
    if (help.code !== 0 || !flags.has('--model') || !flags.has('--port')) {
      const said = lastWords(help.lines).join(' | ')
      throw new GatewayError(
        'engine_unavailable',
        `${executable} does not answer --help like an mlx_lm.server. Its last words: ${said}`,
      )
    }
    const python = await interpreterOf(executable, folders)
    const answer = python === undefined ? undefined : await run(python, '-c', VERSION_QUESTION)
    const version = /^version (\S+)$/m.exec(answer?.lines.join('\n') ?? '')?.[1]
    return { flags, version, python }
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error
    throw new GatewayError('engine_unavailable', `${executable} did not answer --help within a minute.`, {
      cause: error,
    })
  }
}

/** Every `--flag` in a help text. */
export function flagsIn(help: string): Set<string> {
  return new Set(Array.from(help.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g), ([flag]) => flag))
}

/** The Python named in the first lines of a console script; else the one that lies beside it. */
async function interpreterOf(executable: string, folders: readonly string[]): Promise<string | undefined> {
  const named = interpreterIn((await readFile(executable)).subarray(0, 4096).toString())
  const candidates = named === undefined ? [] : await findPrograms(named, folders)
  const beside = join(dirname(await realpath(executable)), 'python')
  for (const path of [...candidates, beside]) if (await isExecutable(path)) return path
  return undefined
}

/** `#!/path/python` · `#!/usr/bin/env python3` · where the path is long or has spaces, `#!/bin/sh` and `'''exec' "/path/python" …`. */
export function interpreterIn(script: string): string | undefined {
  const named =
    /^#!.*\n'''exec' "?([^"\n]+?)"? "\$0"/.exec(script) ?? /^#!\s*(?:\/usr\/bin\/env\s+)?(\S.*?)\s*\n/.exec(script)
  const path = named?.[1]
  return path !== undefined && basename(path).startsWith('python') ? path : undefined
}
