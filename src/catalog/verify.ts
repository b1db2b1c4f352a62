/** Reads a model again and compares it with what it must be. Changes nothing. */
import { realpath } from 'node:fs/promises'
import { GatewayError, codeOf, messageOf } from '../errors.ts'
import type { Candidate } from './candidate.ts'
import type { Check, Checksum, VerifiedFile } from './checks.ts'
import { checkTensors } from './safetensors.ts'
import { checksOf, withAbsent } from './to-verify.ts'
import type { TreeEntry } from './tree.ts'

/** What a file hashes to, in hexadecimal digits; `read` is told how many bytes of it have been read. */
export type HashFile = (
  file: { readonly path: string; readonly bytes: number; readonly hash: Checksum['hash'] },
  read: (bytes: number) => void,
  signal: AbortSignal,
) => Promise<string>

export interface VerifyProgress {
  readonly bytes: number
  readonly totalBytes: number
}

export interface VerifyOptions {
  readonly hash: HashFile
  readonly report?: (progress: VerifyProgress) => void
  readonly signal: AbortSignal
}

export interface Findings {
  readonly files: readonly VerifiedFile[]
  /** Blobs that are not what their names say, as they were when they were read. */
  readonly brokenBlobs: readonly TreeEntry[]
}

type Subject = Extract<Check['subject'], { readonly kind: 'file' }>
type Verdict = Pick<VerifiedFile, 'state' | 'why'>

/** `commits`: of the revisions that are wanted, of a hub model; `roots`: real paths of the places where models may live. Rejects with the
 *  signal's reason, or GatewayError `model_load_failed` where the folder cannot be looked into. */
export async function verify(
  candidate: Candidate,
  commits: ReadonlySet<string>,
  roots: readonly string[],
  options: VerifyOptions,
): Promise<Findings> {
  const { signal, report = () => {} } = options
  const checks = await checksOf(candidate, commits, roots, signal)
  const subjects = new Map(
    checks.flatMap(({ subject }) => (subject.kind === 'file' ? [[subject.file.path, subject]] : [])),
  )
  const totalBytes = [...subjects.values()].reduce((sum, { file }) => sum + file.length, 0)
  const verdicts = new Map<string, Verdict>()
  let bytes = 0
  for (const [path, subject] of subjects) {
    signal.throwIfAborted()
    const before = bytes
    verdicts.set(path, await judge(subject, options, (read) => report({ bytes: before + read, totalBytes })))
    bytes += subject.file.length
    report({ bytes, totalBytes })
  }
  const brokenBlobs = [...subjects.values()].filter(
    ({ file, checksum }) => checksum !== undefined && verdicts.get(file.path)?.state === 'broken',
  )
  const files = checks.map((check) => verified(check, verdicts))
  return { files: await withAbsent(files, checks), brokenBlobs: brokenBlobs.map(({ file }) => file) }
}

function verified({ path, revisions, subject }: Check, verdicts: ReadonlyMap<string, Verdict>): VerifiedFile {
  if (subject.kind !== 'file') return { path, revisions, bytes: 0, state: subject.kind, why: subject.why }
  const verdict = verdicts.get(subject.file.path) ?? { state: 'unknown', why: 'it was not read' }
  return { path, revisions, bytes: subject.file.length, ...verdict }
}

/** 1. It has gone, or turned into a link, since its folder was looked at. 2. Its name says what it must hash to. 3. Weights say how long
 *  they must be. 4. Anything else says nothing. What cannot be read is not known to be broken. */
async function judge(
  { file, checksum }: Subject,
  options: VerifyOptions,
  read: (bytes: number) => void,
): Promise<Verdict> {
  const { path, length } = file
  try {
    if ((await realpath(path)) !== path) return { state: 'broken', why: 'it has become a link' } // 1
    if (checksum !== undefined) {
      const found = await options.hash({ path, bytes: length, hash: checksum.hash }, read, options.signal)
      return found === checksum.value ? { state: 'ok' } : { state: 'broken', why: `its ${checksum.hash} is ${found}` } // 2
    }
    if (!path.endsWith('.safetensors')) return { state: 'unknown', why: 'no checksum of it is known' } // 4
    await checkTensors(path)
    return { state: 'unknown', why: 'no checksum of it is known; its header and its length are right' } // 3
  } catch (error) {
    options.signal.throwIfAborted()
    if (codeOf(error) === 'ENOENT') return { state: 'missing', why: 'it has gone' } // 1
    if (error instanceof GatewayError && error.code === 'model_load_failed')
      return { state: 'broken', why: error.message } // 3
    return { state: 'unknown', why: `it cannot be read: ${messageOf(error)}` }
  }
}
