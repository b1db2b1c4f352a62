/** The two programs that install Python packages, uv and pip, behind one set of command lines. Only ready-built packages are taken:
 *  nothing is compiled, and no package's own set-up code runs. */
import { join } from 'node:path'
import { GatewayError } from '../errors.ts'
import { runProgram } from './program.ts'
import { findPython, PYTHON_RANGE, type PythonSearch } from './python.ts'
import { findPrograms } from './search-path.ts'

export interface Installer {
  readonly name: 'uv' | 'pip'
  /** Makes an environment in a folder that is not there yet. */
  create(folder: string): CommandLine
  /** Installs into the environment of a folder. */
  install(folder: string, packages: readonly string[]): CommandLine
  /** Unpacks into a plain folder; keeps nothing elsewhere. */
  unpack(folder: string, packages: readonly string[]): CommandLine
}

interface CommandLine {
  readonly file: string
  readonly arguments: readonly string[]
}

const BUILT = ['--only-binary', ':all:']
/** A bar would only be drawn once it is full. */
const PIP = ['-m', 'pip', 'install', '--progress-bar', 'off', ...BUILT]

/** The Python of an environment's folder. */
export function pythonOf(folder: string): string {
  return join(folder, 'bin', 'python')
}

/** `python`: a path, or a range of versions that uv may also download. */
export function uvInstaller(uv: string, python: string): Installer {
  const pip = ['pip', 'install', ...BUILT]
  return {
    name: 'uv',
    create: (folder) => ({ file: uv, arguments: ['venv', '--no-project', '--python', python, folder] }),
    install: (folder, packages) => ({
      file: uv,
      arguments: [...pip, '--compile-bytecode', '--python', pythonOf(folder), ...packages],
    }),
    unpack: (folder, packages) => ({
      file: uv,
      arguments: [...pip, '--no-cache', '--python', python, '--target', folder, ...packages],
    }),
  }
}

/** `python`: one that has the modules venv and pip. */
export function pipInstaller(python: string): Installer {
  return {
    name: 'pip',
    create: (folder) => ({ file: python, arguments: ['-m', 'venv', folder] }),
    install: (folder, packages) => ({ file: pythonOf(folder), arguments: [...PIP, ...packages] }),
    unpack: (folder, packages) => ({
      file: python,
      arguments: [...PIP, '--no-cache-dir', '--target', folder, ...packages],
    }),
  }
}

/** uv where it is on PATH, which also brings a Python where none fits and none was chosen; else pip. */
export async function findInstaller(search: PythonSearch, signal: AbortSignal): Promise<Installer> {
  const [uv] = await findPrograms('uv', search.folders)
  try {
    const { executable } = await findPython(search, signal)
    return uv === undefined ? pipInstaller(executable) : uvInstaller(uv, executable)
  } catch (error) {
    if (uv === undefined || search.chosen !== undefined || signal.aborted) throw error
    return uvInstaller(uv, PYTHON_RANGE)
  }
}

/** One that can unpack packages for an engine's Python, which need not have pip itself. */
export async function findUnpacker(python: string, search: PythonSearch, signal: AbortSignal): Promise<Installer> {
  const [uv] = await findPrograms('uv', search.folders)
  if (uv !== undefined) return uvInstaller(uv, python)
  if (await hasPip(python, search, signal)) return pipInstaller(python)
  const found = await findPython(search, signal)
  if (await hasPip(found.executable, search, signal)) return pipInstaller(found.executable)
  throw new GatewayError('engine_unavailable', 'Fetching the starter model needs pip or uv: install one of them.')
}

async function hasPip(python: string, search: PythonSearch, signal: AbortSignal): Promise<boolean> {
  const question = { file: python, arguments: ['-m', 'pip', '--version'], environment: search.environment }
  return (await runProgram(question, signal)).code === 0
}
