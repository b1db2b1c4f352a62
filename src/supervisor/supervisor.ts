/** Finds or makes the one server of a profile. */
import { join } from 'node:path'
import type { Served } from '../catalog/catalog.ts'
import type { Settings } from '../config/config.ts'
import type { Engine } from '../engines/engines.ts'
import { GatewayError } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { Store } from '../store/store.ts'
import { fileNameOf } from './file-name.ts'
import type { Announce } from './event.ts'
import type { StopReason } from './lifecycle.ts'
import { LogFile } from './log-file.ts'
import { LogTail } from './log-tail.ts'
import { ModelServer, type ReadyServer, type ServerSnapshot } from './model-server.ts'
import { reap } from './reap.ts'

export type { Progress } from '../engines/engines.ts'
export type { SupervisorEvent } from './event.ts'
export type { FailedState, ServerState, StopReason } from './lifecycle.ts'
export type { ReadyServer, ServerSnapshot } from './model-server.ts'
export { notTried } from './refusal.ts'

export interface Supervisor {
  /** Resolves when the server of this profile is ready, starting it if need be; asked while it stops, it starts again after the exit.
   *  One start at a time per profile; the start goes on when the signal aborts. Rejects with GatewayError `model_load_failed`
   *  (permanent), `server_failed` (transient), `server_timeout` (a start without progress), `insufficient_memory`, `engine_unavailable`,
   *  `server_unavailable` (circuit open, with retryAfterMs; or stopped meanwhile), `shutting_down`, or the signal's reason. During the
   *  pause after a few failures it waits. */
  ensureReady(served: Served, signal: AbortSignal): Promise<ReadyServer>
  /** Resolves when the process group is gone. Nothing to do where it is stopped. */
  stop(profile: string, reason: StopReason): Promise<void>
  /** A server that makes no progress: killed at once, counted as a failure. */
  condemn(profile: string, reason: string): Promise<void>
  /** A server that broke off an answer: its process and its engine's `finalHealth` are looked at, and where it is dead it is condemned. */
  suspect(profile: string, reason: string): Promise<void>
  /** Forgets failures and pauses: a person said "try again". */
  reset(profile: string): void
  /** Measures what the servers hold for somebody who looks, also while they load; `server.measured` tells. One that takes long to measure
   *  is left out more often. They are measured every 15 s without it. */
  measure(): Promise<void>
  /** Of every profile that has or had a server. */
  servers(): readonly ServerSnapshot[]
  /** The last lines of a server's output, oldest first; also of earlier runs of the gateway. */
  log(profile: string): readonly string[]
  /** Calls `line` for each further line until the signal aborts. */
  follow(profile: string, line: (text: string) => void, signal: AbortSignal): void
  /** Ends what a dead gateway left behind; run once, before anything starts. Returns the profiles whose servers were ended. */
  reap(): Promise<readonly string[]>
  /** Stops all servers. */
  close(): Promise<void>
}

export interface SupervisorParts {
  readonly engines: { engine(name: Engine['name']): Engine }
  readonly host: Host
  readonly store: Store['children']
  readonly settings: Settings['supervision']
  /** Logs go to `logs` in it, each server's working folder is in `servers`. */
  readonly dataDirectory: string
  /** Of the gateway; scrubbed before a server sees it. */
  readonly environment: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  /** How often a ready server is measured and asked whether it is dead, ms. */
  readonly checkEvery?: number
  readonly announce: Announce
  /** Milliseconds since 1970. */
  now(): number
  /** 0 to 1. */
  random(): number
}

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { settings, dataDirectory, announce, now } = parts
  const servers = new Map<string, ModelServer>()
  const tails = new Map<string, LogTail>()
  let closed = false

  const trouble = (message: string) => announce({ type: 'supervisor.trouble', message })
  function tailOf(profile: string): LogTail {
    const path = join(dataDirectory, 'logs', `${fileNameOf(profile)}.log`)
    const tail = tails.get(profile) ?? new LogTail(new LogFile({ path, size: settings.logSize, now, trouble }))
    tails.set(profile, tail)
    return tail
  }
  function serverOf(served: Served): ModelServer {
    const { name } = served.profile
    const { platform = process.platform, checkEvery = 15_000, engines } = parts
    const engine = (name: Engine['name']) => engines.engine(name)
    const tail = tailOf(name)
    const server = servers.get(name) ?? new ModelServer({ ...parts, engine, platform, checkEvery, tail }, served)
    servers.set(name, server)
    return server
  }

  return {
    async ensureReady(served, signal) {
      if (closed) throw new GatewayError('shutting_down', 'The gateway is shutting down.')
      return serverOf(served).ensureReady(served, signal)
    },
    stop: async (profile, reason) => servers.get(profile)?.stop(reason),
    condemn: async (profile, reason) => servers.get(profile)?.condemn(reason),
    suspect: async (profile, reason) => servers.get(profile)?.suspect(reason),
    async measure() {
      await Promise.all([...servers.values()].map((server) => server.measure()))
    },
    reset: (profile) => servers.get(profile)?.reset(),
    servers: () => [...servers.values()].map((server) => server.snapshot()),
    log: (profile) => tailOf(profile).since(0),
    follow: (profile, line, signal) => tailOf(profile).follow(line, signal),
    reap: () => reap(parts),
    async close() {
      closed = true
      await Promise.all([...servers.values()].map((server) => server.stop('shutdown')))
    },
  }
}
