/** Whether an answer's bytes may be taken into a file. Pure. */
import { GatewayError } from '../errors.ts'
import type { FileAnswer } from '../hub/hub.ts'

export interface Wanted {
  readonly path: string
  readonly blob: string
  readonly bytes: number
  /** The range asked for, its end exclusive. */
  readonly start: number
  readonly end: number
  /** Of the answers that brought what is there already; undefined before the first. */
  readonly etag: string | undefined
}

export type Verdict =
  /** As asked for. */
  | 'range'
  /** The whole file from its start, although a part was asked for: this host knows no ranges. */
  | 'whole'
  /** The file has changed at its host: what came before is not of this one. */
  | 'changed'

/** 1. Another file: the hub names another blob, or the size is another one; it is not taken, and what is there stays. 2. A file that
 *  changed at its host since the last answer begins anew. 3. The whole file where a part was wanted. 4. As asked.
 *  Throws GatewayError `hub_unreachable` in case 1: the next answer may be the right one. */
export function judge(
  answer: Pick<FileAnswer, 'status' | 'total' | 'etag' | 'blob' | 'bytes'>,
  { path, blob, bytes, start, end, etag }: Wanted,
): Verdict {
  if (answer.status === 416) throw another(path, 'the hub says that it is shorter')
  if (answer.blob !== undefined && answer.blob !== blob) throw another(path, 'the hub says that it has another hash')
  for (const said of [answer.bytes, answer.total]) {
    if (said !== undefined && said !== bytes) throw another(path, `${said} bytes in place of ${bytes}`) // 1
  }
  if (etag !== undefined && answer.etag !== undefined && answer.etag !== etag) return 'changed' // 2
  const asked = answer.status === 206 || (start === 0 && end === bytes)
  return asked ? 'range' : 'whole' // 3, 4
}

function another(path: string, how: string): GatewayError {
  return new GatewayError('hub_unreachable', `${path} came as another file than the one listed: ${how}.`)
}
