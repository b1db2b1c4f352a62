/** Finds the Python that engines are installed with. */
import { GatewayError } from '../errors.ts'
import { runProgram } from './program.ts'
import { findPrograms } from './search-path.ts'

export interface Python {
  /** The interpreter itself, whatever shim or link led to it. */
  readonly executable: string
  /** `3.12` */
  readonly version: string
}

/** What mlx-lm 0.32.2 says it requires, and the newest that mlx has wheels for. */
const OLDEST_MINOR = 11
const NEWEST_MINOR = 14
/** The same, as uv and pip write it. */
export const PYTHON_RANGE = `>=3.${OLDEST_MINOR},<3.${NEWEST_MINOR + 1}`

const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python']
const QUESTION =
  'import sys, platform; print("python", sys.version_info[0], sys.version_info[1], platform.machine(), sys.executable)'
const ANSWER = /^python (\d+) (\d+) (\S+) (\/.+)$/m
const ANSWER_WITHIN_MS = 20_000

export interface PythonSearch {
  /** The setting `engines.python`: then no other is looked at. */
  readonly chosen: string | undefined
  readonly folders: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly platform: NodeJS.Platform
}

/** The first that fits. Throws GatewayError `engine_unavailable` that says what was found instead. */
export async function findPython(search: PythonSearch, signal: AbortSignal): Promise<Python> {
  const { chosen, folders, platform } = search
  const found = await Promise.all((chosen === undefined ? NAMES : [chosen]).map((name) => findPrograms(name, folders)))
  // Apple's own is too old, and where the developer tools are absent it opens a window that asks to install them.
  const candidates = found
    .flat()
    .filter((path) => chosen !== undefined || platform !== 'darwin' || path !== '/usr/bin/python3')
  const misfits: string[] = []
  for (const candidate of candidates) {
    const outcome = await askPython(candidate, search, signal)
    if (typeof outcome === 'object') return outcome
    misfits.push(outcome)
  }
  throw new GatewayError('engine_unavailable', complaint(chosen, misfits))
}

/** The Python, or in words why it will not do. */
async function askPython(path: string, search: PythonSearch, signal: AbortSignal): Promise<Python | string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
  const question = { file: path, arguments: ['-c', QUESTION], environment: search.environment }
  const outcome = await runProgram(question, limit).catch((error: unknown) => {
    signal.throwIfAborted()
    return limit.aborted ? { code: undefined, lines: [] } : Promise.reject(error)
  })
  const [, major, minor, machine, executable] = ANSWER.exec(outcome.lines.join('\n')) ?? []
  if (outcome.code !== 0 || executable === undefined) return `${path} does not run`
  const version = `${major}.${minor}`
  if (major !== '3' || Number(minor) < OLDEST_MINOR) return `${path} is Python ${version}, too old`
  if (Number(minor) > NEWEST_MINOR) return `${path} is Python ${version}, newer than mlx-lm supports`
  if (search.platform === 'darwin' && machine !== 'arm64')
    return `${path} is a Python for Intel, for which there is no MLX`
  return { executable, version }
}

function complaint(chosen: string | undefined, misfits: readonly string[]): string {
  const need = `mlx-lm needs Python 3.${OLDEST_MINOR} to 3.${NEWEST_MINOR}`
  if (chosen !== undefined) {
    return `${need}, but ${misfits[0] ?? `${chosen} was not found`}. Name another one as engines.python in the configuration.`
  }
  const found = misfits.length === 0 ? 'no Python was found on PATH' : [...new Set(misfits)].slice(0, 3).join('; ')
  return `${need}: ${found}. Install it (from python.org, or "brew install python@3.13"), or uv, which brings its own; or name one as engines.python in the configuration.`
}
