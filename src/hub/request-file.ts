/** Opens a file's bytes, all or a range. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { listen, subjectOf, type Claims, type FileSource } from './file-source.ts'
import { firstHop } from './hop.ts'
import { fileAddress, type FileName } from './ids.ts'
import { discard, headerOf, type Answer, type Line } from './line.ts'
import { troubleOf, walk } from './walk.ts'

export interface FileRange {
  readonly start: number
  /** The first byte that is not wanted; default: all to the end. */
  readonly end?: number
  /** The ETag of an earlier answer of the same source: where it no longer holds, the whole file comes. */
  readonly ifRange?: string
}

/** `blob` and `bytes` are what the hub said on the way; undefined where a source was asked that was known already. */
export interface FileAnswer extends Claims {
  /** 200: the whole file, whatever was asked for. 206: the range. 416: the file ends before the range begins. */
  readonly status: 200 | 206 | 416
  /** Offset of the body's first byte. */
  readonly start: number
  /** Of the whole file, as this answer has it. */
  readonly total: number | undefined
  /** Strong, with its quotes, for `ifRange`; of the host the bytes come from, hence not the blob's name. */
  readonly etag: string | undefined
  /** To be read to its end, or destroyed. What goes wrong with it is put into words by `unreachable`. */
  readonly body: Answer['body']
}

/** Without `source` the hub is asked for the way. Throws GatewayError `invalid_request`, `not_found`, `permission_denied`, or
 *  `hub_unreachable`, which may be over in a moment: also where a source no longer holds and the way must be asked for anew. */
export async function requestFile(
  access: HubAccess,
  file: FileName,
  line: Line,
  asked: { readonly range?: FileRange; readonly source?: FileSource } = {},
): Promise<FileAnswer> {
  const { range, source } = asked
  const claims = listen(file)
  const first = firstHop(access, source?.url ?? fileAddress(access.endpoint, file))
  const headers = range === undefined ? {} : rangeHeaders(range)
  const { hop, answer } = await walk(access, first, line, { method: 'GET', headers }, claims.hear)
  if (answer.statusCode >= 400 && answer.statusCode !== 416) {
    throw await troubleOf(access, subjectOf(file), hop, answer)
  }
  const part = partOf(answer, range)
  const strange = notTheFile(answer, file) ?? (part === undefined ? notThePart(answer) : undefined)
  if (part === undefined || strange !== undefined) {
    await discard(answer)
    throw new GatewayError('hub_unreachable', `${hop.url.host} answered with ${strange}.`)
  }
  const etag = headerOf(answer, 'etag')
  return { ...part, ...claims.heard(), etag: etag?.startsWith('"') ? etag : undefined, body: answer.body }
}

function rangeHeaders({ start, end, ifRange }: FileRange): Record<string, string> {
  const range = `bytes=${start}-${end === undefined ? '' : end - 1}`
  return { range, ...(ifRange === undefined ? {} : { 'if-range': ifRange }) }
}

/** Undefined for a part that was not asked for, and for what has another status than files have. */
function partOf(
  answer: Answer,
  range: FileRange | undefined,
): Pick<FileAnswer, 'status' | 'start' | 'total'> | undefined {
  const [, from, to, all] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headerOf(answer, 'content-range') ?? '') ?? []
  const total = all === undefined || all === '*' ? undefined : Number(all)
  if (answer.statusCode === 416) return { status: 416, start: 0, total }
  if (answer.statusCode === 206) {
    const start = Number(from)
    const wanted = range !== undefined && start === range.start && Number(to) < (range.end ?? Number.POSITIVE_INFINITY)
    return wanted ? { status: 206, start, total } : undefined
  }
  if (answer.statusCode !== 200) return undefined
  const length = headerOf(answer, 'content-length')
  return { status: 200, start: 0, total: length === undefined ? undefined : Number(length) }
}

function notThePart({ statusCode }: Answer): string {
  return statusCode === 206 ? 'another part of the file than asked for' : `status ${statusCode} in place of a file`
}

/** A page to log in on, or bytes that were packed against our wish. */
function notTheFile(answer: Answer, { path }: FileName): string | undefined {
  const isPage = /^text\/html/i.test(headerOf(answer, 'content-type') ?? '') && !/\.html?$/i.test(path)
  if (isPage) return 'a web page in place of a file; perhaps the network wants a login'
  const isPacked = !/^(identity)?$/i.test(headerOf(answer, 'content-encoding') ?? '')
  return isPacked ? 'a compressed file, which nobody asked for; perhaps a proxy did it' : undefined
}
