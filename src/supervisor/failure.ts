/** What became of a server that failed: why, in the words of its engine, and its last lines. */
import type { Diagnosis } from '../engines/engines.ts'
import { type ErrorCode, GatewayError, messageOf } from '../errors.ts'

type FailureCode = Extract<
  ErrorCode,
  'model_load_failed' | 'server_failed' | 'server_timeout' | 'insufficient_memory' | 'engine_unavailable'
>

export interface Failure {
  /** What those who waited are told. */
  readonly code: FailureCode
  readonly diagnosis: Diagnosis
  /** The last lines of its output, oldest first. */
  readonly lines: readonly string[]
}

const codes = {
  permanent: 'model_load_failed',
  transient: 'server_failed',
  memory: 'insufficient_memory',
} as const satisfies Record<Diagnosis['kind'], FailureCode>

/** `lines` may be many; the last twenty are kept. */
export function failureOf(diagnosis: Diagnosis, lines: readonly string[]): Failure {
  return { code: codes[diagnosis.kind], diagnosis, lines: lines.slice(-20) }
}

/** The failure of a start that was ended by an error: an engine that is not there, a flag it does not know, a full disk. */
export function failureOfThrown(thrown: unknown, output: readonly string[]): Failure {
  const reason = messageOf(thrown)
  const lines = output.slice(-20)
  const code = thrown instanceof GatewayError ? thrown.code : 'server_failed'
  switch (code) {
    case 'engine_unavailable':
    case 'insufficient_memory':
      return { code, diagnosis: { kind: code === 'engine_unavailable' ? 'transient' : 'memory', reason }, lines }
    case 'model_load_failed':
    case 'invalid_request':
    case 'invalid_config':
      return { code: 'model_load_failed', diagnosis: { kind: 'permanent', reason }, lines }
    default:
      return { code: 'server_failed', diagnosis: { kind: 'transient', reason }, lines }
  }
}
