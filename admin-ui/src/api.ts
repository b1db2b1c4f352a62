/** The typed admin API, and its errors in the gateway's own words. */
import { hc } from 'hono/client'
import type { AdminApi } from '../../src/api/admin/admin.ts'

export const api = hc<AdminApi>('/admin/api')

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string | null
  readonly param: string | null

  /** `status` 0: no answer came. */
  constructor(
    message: string,
    { status, code = null, param = null }: { status: number; code?: string | null; param?: string | null },
  ) {
    super(message)
    this.status = status
    this.code = code
    this.param = param
  }
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
  text(): Promise<string>
}

/** What an answer holds where it is no refusal. */
export type Held<A> = A extends { json(): Promise<infer Body> }
  ? Body extends { error: unknown }
    ? never
    : Body
  : never

/** The body of an answer. Throws ApiError. */
export async function ask<A extends Answer>(request: Promise<A>): Promise<Held<A>> {
  const answer = await accepted(request)
  return (await answer.json()) as Held<A>
}

/** An answer that is no refusal. Throws ApiError, or AbortError where nobody waits for it any more. */
export async function accepted<A extends Omit<Answer, 'json'>>(request: Promise<A>): Promise<A> {
  const answer = await request.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError('The gateway does not answer. It may be restarting.', { status: 0 })
  })
  if (answer.ok) return answer
  throw readError(answer.status, await answer.text())
}

/** The OpenAI-shaped error of an answer's text. */
export function readError(status: number, text: string): ApiError {
  const body = parse(text) as { error?: { message?: string; code?: string | null; param?: string | null } } | undefined
  const {
    message = `Refused without a reason, with status ${status}: something between this page and the gateway may have answered.`,
    code = null,
    param = null,
  } = body?.error ?? {}
  return new ApiError(message, { status, code, param })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A name in a path: `hc` leaves the slash of `owner/name` as it is. */
export function inPath(name: string): string {
  return encodeURIComponent(name)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
