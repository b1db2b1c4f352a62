/** Why a request was slow or failed, in words. Pure. */
import type { RequestView } from '../../../../src/api/admin/admin.ts'
import { endingOf } from '../../parts/endings.ts'
import { count, duration, listed, rate, some } from '../../parts/format.ts'
import { speedOf } from '../../parts/speeds.ts'

type Explained = Pick<
  RequestView,
  | 'profile'
  | 'error'
  | 'waitedFor'
  | 'queueMs'
  | 'loadMs'
  | 'prefillMs'
  | 'decodeMs'
  | 'promptTokens'
  | 'cachedTokens'
  | 'completionTokens'
  | 'finishReason'
>

/** What somebody wanted to end has not failed. */
export function isFailure({ error }: Pick<RequestView, 'error'>): boolean {
  return error !== null && error !== 'client_left' && error !== 'request_cancelled'
}

/** Shorter than this nobody notices. */
const noticeableMs = 50

/** One sentence a phase that took time; then how it ended. */
export function explain(request: Explained): readonly string[] {
  const { queueMs, loadMs, prefillMs, decodeMs } = request
  const sentences = [
    queueMs >= noticeableMs ? `Waited ${duration(queueMs)}${because(request)}.` : undefined,
    loadMs >= noticeableMs ? `Loading ${request.profile ?? 'the model'} took ${duration(loadMs)}.` : undefined,
    prefillMs >= noticeableMs ? `Reading the prompt${ofTokens(request)} took ${duration(prefillMs)}.` : undefined,
    decodeMs >= noticeableMs ? said(request) : undefined,
    ending(request),
  ]
  return sentences.filter((sentence) => sentence !== undefined)
}

function because({ waitedFor, profile }: Explained): string {
  const others = waitedFor.filter((name) => name !== profile)
  const own = waitedFor.find((name) => name === profile)
  if (others.length > 0) return ` because ${listed(others)} ${others.length === 1 ? 'was' : 'were'} busy`
  return own === undefined ? '' : ` because every place on ${own} was taken`
}

function ofTokens({ promptTokens, cachedTokens }: Explained): string {
  if (promptTokens === null) return ''
  const known = cachedTokens !== null && cachedTokens > 0 ? `, ${count(cachedTokens)} of them known already` : ''
  return ` of ${some(promptTokens, 'token')}${known}${known === '' ? '' : ','}`
}

function said({ completionTokens, decodeMs }: Explained): string {
  if (completionTokens === null) return `Answering took ${duration(decodeMs)}.`
  const perSecond = speedOf({ completionTokens, decodeMs })
  const speed = perSecond === null ? '' : `, ${rate(perSecond)} tokens/s`
  return `Answered with ${some(completionTokens, 'token')} in ${duration(decodeMs)}${speed}.`
}

function ending({ error, finishReason }: Explained): string | undefined {
  if (error !== null) return endingOf(error)
  if (finishReason === 'length') return 'It stopped at the limit of tokens.'
  return undefined
}
