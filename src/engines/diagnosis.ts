/** What the last lines of a server's log, and its way of ending, mean. Pure. */
import { tidied } from '../wire/words.ts'
import type { Diagnosis, Exit } from './engine.ts'

export interface Sign {
  readonly pattern: RegExp
  readonly kind: Diagnosis['kind']
  /** A sentence; `$1` is the pattern's first group, which must be narrow: a reason reaches clients, and a line may hold a prompt or a secret. */
  readonly reason: string
}

/** Signs that any server program may give. */
export const COMMON_SIGNS: readonly Sign[] = [
  {
    pattern: /Insufficient Memory|kIOGPUCommandBufferCallbackErrorOutOfMemory/,
    kind: 'memory',
    reason: 'The GPU ran out of memory. Lower the profile’s concurrency or context, or use a smaller model.',
  },
  {
    pattern: /\[(?:metal::)?malloc[^\]]*\] (?:Attempting to|Unable to) allocate/,
    kind: 'memory',
    reason: 'The model or its context does not fit into memory.',
  },
  { pattern: /^MemoryError|std::bad_alloc/, kind: 'memory', reason: 'It ran out of memory.' },
  {
    pattern: /Address already in use/i,
    kind: 'transient',
    reason: 'Another program took its port before it could.',
  },
  {
    pattern: /kIOGPUCommandBufferCallbackErrorTimeout|Impacting Interactivity/,
    kind: 'transient',
    reason: 'The GPU’s watchdog ended its work.',
  },
  {
    pattern:
      /\berror: (?:unrecognized arguments:|argument|the following arguments are required:) (--[a-zA-Z][\w-]*|-[a-zA-Z](?![\w-]))/,
    kind: 'permanent',
    reason: 'It does not understand its command line: see $1.',
  },
  {
    pattern: /\berror: (?:unrecognized arguments:|argument|the following arguments are required:)/,
    kind: 'permanent',
    reason: 'It does not understand its command line.',
  },
]

/** 1. The first sign in the table of which a line speaks, whatever the exit.
 *  2. Otherwise how it ended: 126 and 127 are a shell's "cannot be run"; all else may go away. */
export function diagnose(signs: readonly Sign[], lines: readonly string[], exit: Exit | undefined): Diagnosis {
  for (const { pattern, kind, reason } of signs) {
    const found = lines.findLast((line) => pattern.test(line))
    const detail = found === undefined ? undefined : pattern.exec(found)?.[1]
    if (found !== undefined) return { kind, reason: sentence(reason.replace('$1', () => tidied(detail ?? '', 200))) } // 1
  }
  if (exit === undefined) return { kind: 'transient', reason: 'It stopped answering.' } // 2
  if (exit.signal !== null) return { kind: 'transient', reason: endedBy(exit.signal) }
  if (exit.code === 126) return { kind: 'permanent', reason: 'It cannot be run: its program may not be executed.' }
  if (exit.code === 127) return { kind: 'permanent', reason: 'It cannot be run: a program it needs was not found.' }
  return { kind: 'transient', reason: `It ended by itself with exit code ${exit.code}.` }
}

function endedBy(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL'
    ? 'It was killed from outside, by a person or because the machine ran out of memory.'
    : `It was ended by ${signal}.`
}

function sentence(text: string): string {
  return text.replace(/\.+$/, '.')
}
