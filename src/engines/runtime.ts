/** Installs mlx-lm into a Python environment of its own under the data directory. */
import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GatewayError, messageOf } from '../errors.ts'
import { diagnose } from './diagnosis.ts'
import type { Progress } from './engine.ts'
import { Holding } from './holding.ts'
import { installFailure } from './install-failure.ts'
import { readProgress } from './install-progress.ts'
import { installations, type Installation } from './installation.ts'
import { findInstaller, pythonOf } from './installer.ts'
import { MLX_LM_SIGNS } from './mlx-lm-signs.ts'
import { runProgram, type Outcome } from './program.ts'
import { pulse } from './pulse.ts'
import type { PythonSearch } from './python.ts'
import { shareRuns } from './shared-run.ts'

/** The version that the gateway is tested with. */
export const MLX_LM_VERSION = '0.32.2'
/** Every package beside it, pinned. */
const CONSTRAINTS = fileURLToPath(new URL('mlx-lm-constraints.txt', import.meta.url))
/** pip and uv find nothing amiss in an interrupted installation, whose top package is written last; only an import does. */
const IMPORT_TEST = 'import mlx_lm.server, importlib.metadata as m; print("imported", m.version("mlx-lm"))'

export interface Runtime {
  /** The complete installation, if there is one. */
  current(): Promise<Installation | undefined>
  /** The installation, made first if need be; callers share one. Throws GatewayError `engine_unavailable`. */
  ensure(report: (progress: Progress) => void, signal: AbortSignal): Promise<Installation>
  installing(): boolean
  /** Keeps it from being removed; waits for a removal that is under way. */
  readonly hold: (signal: AbortSignal) => Promise<Disposable>
  /** Throws GatewayError `conflict` while it is held or being installed. */
  remove(): Promise<void>
}

export interface RuntimeParts {
  /** `<data>/engines/mlx-lm` */
  readonly root: string
  readonly search: PythonSearch
  readonly announce: (event: RuntimeEvent) => void
}

export type RuntimeEvent =
  | {
      readonly type: 'engine.installing'
      readonly engine: 'mlx-lm'
      readonly version: string
      readonly with: 'uv' | 'pip'
    }
  | { readonly type: 'engine.installed'; readonly engine: 'mlx-lm'; readonly version: string }
  | { readonly type: 'engine.failed'; readonly engine: 'mlx-lm'; readonly version: string; readonly reason: string }

const facts = { engine: 'mlx-lm', version: MLX_LM_VERSION } as const

export function createRuntime({ root, search, announce }: RuntimeParts): Runtime {
  const places = installations(root, MLX_LM_VERSION, 'mlx_lm.server')
  const holding = new Holding('mlx-lm')

  const install = shareRuns(async (report: (progress: Progress) => void, signal): Promise<Installation> => {
    // Its own: who asked for it may leave before a called-off run has cleared up.
    using _ = await holding.hold(signal)
    // Looked at again: the caller's look may be older than the end of the last run.
    const present = await places.current()
    if (present !== undefined) return present
    const place = await places.begin()
    try {
      await fill(place, search, announce, report, signal)
      await places.complete(place)
    } catch (error) {
      await rm(place.folder, { recursive: true, force: true })
      announce({ type: 'engine.failed', ...facts, reason: signal.aborted ? 'It was called off.' : messageOf(error) })
      throw error
    }
    announce({ type: 'engine.installed', ...facts })
    return place
  })

  return {
    current: () => places.current(),
    ensure: async (report, signal) => (await places.current()) ?? install(report, signal),
    installing: () => install.busy(),
    hold: (signal) => holding.hold(signal),
    remove: () => holding.remove(() => places.remove()),
  }
}

/** Environment, packages, import test, disk. */
async function fill(
  { folder }: Installation,
  search: PythonSearch,
  announce: RuntimeParts['announce'],
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  const what = `Installing mlx-lm ${MLX_LM_VERSION}`
  const { environment } = search
  // uv heeds a project's settings in the folder it runs in.
  const directory = dirname(folder)
  const run = (
    program: { file: string; arguments: readonly string[] },
    line?: (text: string) => void,
  ): Promise<Outcome> => runProgram({ ...program, environment, directory }, signal, line)

  let latest: Progress = { phase: 'installing', message: 'Making a Python environment', share: 0 }
  const tell = (progress: Progress): void => report((latest = progress))
  tell(latest)
  const installer = await findInstaller(search, signal)
  announce({ type: 'engine.installing', ...facts, with: installer.name })
  const created = await pulse(run(installer.create(folder)), () => report(latest))
  if (created.code !== 0) throw installFailure(`${what}: making a Python environment with ${installer.name}`, created)

  const pinned = (await readFile(CONSTRAINTS, 'utf8')).match(/^\w.*==/gm) ?? []
  const read = readProgress(pinned.length)
  const wanted = `mlx-lm${search.platform === 'darwin' ? '' : '[cpu]'}==${MLX_LM_VERSION}`
  const packages = ['--constraint', CONSTRAINTS, wanted]
  const installing = run(installer.install(folder, packages), (line) => {
    const progress = read(line)
    if (progress !== undefined) tell(progress)
  })
  const installed = await pulse(installing, () => report(latest))
  if (installed.code !== 0) throw installFailure(`${what} with ${installer.name}`, installed)

  tell({ phase: 'installing', message: 'Trying it', share: 0.96 })
  const tried = await run({ file: pythonOf(folder), arguments: ['-c', IMPORT_TEST] })
  if (tried.code !== 0 || !tried.lines.includes(`imported ${MLX_LM_VERSION}`)) throw importFailure(tried)
  // A power cut after the declaration must find all files on disk; one `sync` costs less than thousands of fsyncs.
  const written = await run({ file: 'sync', arguments: [] })
  if (written.code !== 0) throw installFailure(`${what}: writing it to disk`, written)
  tell({ phase: 'installing', message: `mlx-lm ${MLX_LM_VERSION} is installed`, share: 1 })
}

function importFailure({ code, lines }: Outcome): GatewayError {
  const { reason } = diagnose(MLX_LM_SIGNS, lines, { code: code ?? null, signal: null })
  return new GatewayError('engine_unavailable', `mlx-lm ${MLX_LM_VERSION} was installed but does not start. ${reason}`)
}
