/** Where a file's bytes come from: the hub itself for small files, a second host for large ones; and what the hub says of it. */
import type { HubAccess } from '../config/config.ts'
import { GatewayError } from '../errors.ts'
import { firstHop, headersFor, type Hop } from './hop.ts'
import { fileAddress, type FileName } from './ids.ts'
import { headerOf, type Answer, type Line } from './line.ts'
import { troubleOf, walk } from './walk.ts'

/** What the hub itself said on the way, whatever another host says later. */
export interface Claims {
  /** The name of the file's blob: its sha256 or its git hash. */
  readonly blob: string | undefined
  readonly bytes: number | undefined
}

/** Plain data. An address on a second host holds for some minutes; then the way is asked for anew. */
export interface FileSource extends Claims {
  readonly url: string
  /** To be sent there, and nowhere else: the token may be among them. */
  readonly headers: Readonly<Record<string, string>>
}

/** Asks the hub alone. Throws GatewayError `invalid_request`, `not_found`, `permission_denied` or `hub_unreachable`. */
export async function locateFile(access: HubAccess, file: FileName, line: Line): Promise<FileSource> {
  const claims = listen(file)
  const first = firstHop(access, fileAddress(access.endpoint, file))
  const { hop, answer } = await walk(access, first, line, { method: 'HEAD', headers: {} }, claims.hear)
  if (answer.statusCode >= 400) throw await troubleOf(access, subjectOf(file), hop, answer)
  return { ...claims.heard(), url: hop.url.href, headers: headersFor(hop, access) }
}

export function subjectOf({ id, commit, path }: FileName): { id: string; revision: string; path: string } {
  return { id, revision: commit, path }
}

/** Gathers what the answers say. Throws GatewayError `hub_unreachable` where they are of another revision. */
export function listen({ commit }: FileName): {
  readonly hear: (hop: Hop, answer: Answer) => void
  readonly heard: () => Claims
} {
  let claims: Claims = { blob: undefined, bytes: undefined }
  return {
    hear(hop, answer) {
      if (!hop.trusted || answer.statusCode >= 400) return
      const named = headerOf(answer, 'x-repo-commit')
      if (named !== undefined && named !== commit) {
        throw new GatewayError('hub_unreachable', `The hub answered with revision ${named} in place of ${commit}.`)
      }
      const { blob, bytes } = claimsOf(answer)
      claims = { blob: claims.blob ?? blob, bytes: claims.bytes ?? bytes }
    },
    heard: () => claims,
  }
}

/** A redirect has an `ETag` and a length of its own, which are not the file's. */
function claimsOf(answer: Answer): Claims {
  const whole = answer.statusCode === 200
  const etag = headerOf(answer, 'x-linked-etag') ?? (answer.statusCode < 300 ? headerOf(answer, 'etag') : undefined)
  const size = headerOf(answer, 'x-linked-size') ?? (whole ? headerOf(answer, 'content-length') : undefined)
  return {
    blob: etag === undefined ? undefined : /^(?:W\/)?"?([^"]*)/.exec(etag)?.[1],
    bytes: size === undefined ? undefined : Number(size),
  }
}
