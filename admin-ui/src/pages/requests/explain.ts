/** Why a request was slow or failed, in words. Pure. */
import type { RequestView } from '../../../../src/api/admin/admin.ts'
import { count, duration, rate } from '../../parts/format.ts'

type Explained = Pick<
  RequestView,
  | 'profile'
  | 'status'
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
  if (others.length > 0) return ` because ${list(others)} ${others.length === 1 ? 'was' : 'were'} busy`
  return own === undefined ? '' : ` because every place on ${own} was taken`
}

function ofTokens({ promptTokens, cachedTokens }: Explained): string {
  if (promptTokens === null) return ''
  const known = cachedTokens !== null && cachedTokens > 0 ? `, ${count(cachedTokens)} of them known already` : ''
  return ` of ${count(promptTokens)} tokens${known}${known === '' ? '' : ','}`
}

function said({ completionTokens, decodeMs }: Explained): string {
  if (completionTokens === null) return `Answering took ${duration(decodeMs)}.`
  const speed = completionTokens > 1 ? `, ${rate((completionTokens * 1000) / decodeMs)} tokens/s` : ''
  return `Answered with ${count(completionTokens)} token${completionTokens === 1 ? '' : 's'} in ${duration(decodeMs)}${speed}.`
}

const endings: Readonly<Record<string, string>> = {
  client_left: 'The client left before the end.',
  request_cancelled: 'Somebody cancelled it on this page.',
  queue_full: 'It was refused: the queue was full.',
  queue_timeout: 'It waited too long for its turn and was refused.',
  insufficient_memory: 'It was refused: the model does not fit into the memory that is left.',
  model_not_found: 'No model has the name that was asked for.',
  model_load_failed: 'The model could not be loaded.',
  server_failed: 'The model’s server failed while it answered.',
  server_timeout: 'The model’s server made no progress and was ended.',
  server_unavailable: 'The model’s server was not available.',
  engine_unavailable: 'The engine of the model is not installed or does not work.',
  shutting_down: 'The gateway was shutting down.',
  permission_denied: 'Its key may not ask for this model.',
  invalid_api_key: 'Its key is not known, revoked or expired.',
  invalid_request: 'The request was not as the API describes it.',
}

function ending({ status, error, finishReason }: Explained): string | undefined {
  if (error !== null) return endings[error] ?? `It ended with ${error.replaceAll('_', ' ')} (${status}).`
  if (finishReason === 'length') return 'It stopped at the limit of tokens.'
  return undefined
}

function list(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names)
}
