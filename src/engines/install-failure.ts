/** Why an installation failed, for people: what to do, and the last words of the program without addresses or secrets. */
import { GatewayError } from '../errors.ts'
import type { Outcome } from './program.ts'

const LINES_SHOWN = 3

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC/, 'The disk is full: make room and try again.'],
  [
    /ensurepip|No module named venv/,
    'This Python lacks the venv module: install it (on Debian and Ubuntu: apt install python3-venv), or install uv.',
  ],
  [
    /HASHES|hash mismatch|Hash mismatch/,
    'What was downloaded is not what was expected: try again, or look at what stands between this machine and its package index.',
  ],
  [
    /no wheels|none of the wheels|requires a different python/i,
    'There is no build of it for this machine and this Python.',
  ],
  [
    /NewConnectionError|ConnectTimeout|ReadTimeout|timed out|name resolution|Failed to fetch|error sending request|dns error|ProxyError|SSLError|certificate|No matching distribution|No solution found/i,
    'The download failed: check that this machine reaches its Python package index (pip’s and uv’s own settings apply), then try again.',
  ],
  [/Permission denied|Read-only file system/, 'The data directory cannot be written to.'],
]

/** `what`: the thing that failed, opening a sentence: `Installing mlx-lm 0.32.2 with uv`. */
export function installFailure(what: string, { code, lines }: Outcome): GatewayError {
  const said = lastWords(lines)
  const advice = ADVICE.find(([pattern]) => pattern.test(lines.join('\n')))?.[1]
  const ended = code === undefined ? 'was ended from outside' : `failed with exit code ${code}`
  const quoted = said.length === 0 ? '' : ` Its last words: ${said.join(' | ')}`
  return new GatewayError('engine_unavailable', `${what} ${ended}.${advice === undefined ? '' : ` ${advice}`}${quoted}`)
}

/** The last telling lines, without package index addresses, hosts and credentials. */
export function lastWords(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(Looking in|\[notice\]|Defaulting to|WARNING: Retrying)/.test(line))
    .slice(-LINES_SHOWN)
    .map(withoutAddresses)
}

function withoutAddresses(line: string): string {
  const clean = line
    .replace(/\b[a-z][a-z+.-]*:\/\/\S+/gi, '<address>')
    .replace(/host='[^']*'/g, "host='<host>'")
    .replace(/\(from versions: [^)]*\)/, '(from other versions)')
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean
}
