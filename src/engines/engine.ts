/** What every engine must say: how its server is started, spoken to, found ready, stopped, and what its failures mean. */
import type { Served } from '../catalog/catalog.ts'

/** Stands where the port will be in a command line that is only shown. */
export const anyPort = '<port>'

export interface Engine {
  readonly name: 'mlx-lm' | 'command'
  readonly dialect: Dialect
  /** Signals in order, each with how long its effect is waited for (ms); the supervisor ends the ladder with SIGKILL to the group. */
  readonly stopLadder: readonly StopStep[]
  /** Makes everything present that a start needs (environment, starter weights), reporting progress. Idempotent; concurrent calls
   *  share one installation. Throws GatewayError `engine_unavailable` or `model_load_failed`. */
  prepare(served: Served, report: (progress: Progress) => void, signal: AbortSignal): Promise<Prepared>
  /** What `prepare` would find, without making, fetching or holding anything: for showing the command line before anybody starts it.
   *  Throws as `prepare` does for what is plainly not there. */
  preview(served: Served, signal: AbortSignal): Promise<Prepared>
  /** The command line of one server. Throws GatewayError `invalid_request` for a flag this version does not know. */
  command(prepared: Prepared, port: number | typeof anyPort): LaunchCommand
  /** What its last log lines and its way of ending mean. */
  diagnose(lines: readonly string[], exit: Exit | undefined): Diagnosis
}

/** Everything a start needs is on disk. */
export interface Prepared {
  readonly served: Served
  /** Absolute path, or a name to be found on PATH (engine `command`). */
  readonly executable: string
  /** Flags the executable knows, by its own help; undefined where it was not asked, or is not there to be. */
  readonly flags: ReadonlySet<string> | undefined
  readonly version: string | undefined
  /** To be called once its server is gone: until then nobody removes what was prepared. Absent where nobody can. */
  release?(): void
}

export interface LaunchCommand {
  readonly file: string
  readonly arguments: readonly string[]
  /** Added to the scrubbed base environment. */
  readonly environment: Readonly<Record<string, string>>
}

export interface StopStep {
  readonly signal: 'SIGINT' | 'SIGTERM'
  readonly waitMs: number
}

/** How the proxy must speak to this engine's servers. */
export interface Dialect {
  /** `mlx-lm`: an allow-list of fields and every check of its requests of death · `openai`: unknown fields pass. */
  readonly fields: 'mlx-lm' | 'openai'
  /** The `model` value to send. */
  upstreamModel(served: Served): string
  /** Body of the one-token completion that proves readiness, and where to POST it. */
  readinessRequest(served: Served): { readonly path: string; readonly body: unknown }
  /** Path and status that mean "dead for good", where the engine has such. */
  readonly finalHealth: { readonly path: string; readonly status: number } | undefined
  /** `: keepalive P/T` comments tell how far the prompt has been read. */
  readonly prefillComments: boolean
  /** Log probabilities come only in answers that are not streamed. */
  readonly logprobsNeedWholeAnswer: boolean
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** permanent: trying again will not help until something is changed · transient: may go away · memory: ran out of it. */
export interface Diagnosis {
  readonly kind: 'permanent' | 'transient' | 'memory'
  /** One sentence for people. */
  readonly reason: string
}

/** A sign of progress before a server can even start. */
export interface Progress {
  readonly phase: 'installing' | 'fetching' | 'loading'
  /** `Downloading mlx-cpu (20.1 MB)` */
  readonly message: string
  /** 0 to 1 where known. */
  readonly share: number | undefined
}
