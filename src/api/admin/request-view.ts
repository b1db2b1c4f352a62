/** What is shown of requests: of one that has ended, and of one under way. */
import { z } from '@hono/zod-openapi'
import type { LiveCall } from '../../proxy/proxy.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { RequestRow } from '../../store/store.ts'

const tokens = z.int().nullable()
const time = z.int().describe('ms since 1970')
const keyName = z.string().nullable().describe('what the key is called; null where none was shown')
const waitedFor = z
  .array(z.string())
  .describe('profiles that were in its way while it waited; its own where all places on it were taken')

export const requestView = z
  .object({
    id: z.string(),
    startedAt: time,
    endpoint: z.string(),
    profile: z.string().nullable(),
    model: z.string().describe('the name asked for'),
    keyId: z.string().nullable(),
    keyName,
    stream: z.boolean(),
    status: z.int(),
    error: z.string().nullable().describe('the code of the error'),
    finishReason: z.string().nullable(),
    promptTokens: tokens,
    cachedTokens: tokens,
    completionTokens: tokens,
    queueMs: z.number(),
    waitedFor,
    loadMs: z.number(),
    prefillMs: z.number(),
    decodeMs: z.number(),
  })
  .openapi('Request')

export const liveRequestView = z
  .object({
    id: z.string(),
    startedAt: time,
    endpoint: z.string(),
    model: z.string().describe('the name asked for'),
    profile: z.string().nullable(),
    keyId: z.string().nullable(),
    keyName,
    stream: z.boolean(),
    phase: z.enum(['queued', 'loading', 'prefill', 'decode']),
    since: time.describe('when this phase began, ms since 1970'),
    position: z.int().nullable().describe('1 is the next of those who wait for the same profile'),
    estimateMs: z.int().nullable().describe('until it begins to be answered, where that can be told'),
    waitedFor,
    queueMs: z.int().describe('of the phases that are over'),
    loadMs: z.int(),
    prefillMs: z.int(),
    tokens: tokens.describe('said so far; null before the first'),
  })
  .openapi('LiveRequest')

export type RequestView = z.output<typeof requestView>
export type LiveRequest = z.output<typeof liveRequestView>

export function viewEnded({ waitedFor, ...row }: RequestRow, keyName: string | null): RequestView {
  const { data = [] } = names.safeParse(JSON.parse(waitedFor ?? '[]'))
  return { ...row, keyName, waitedFor: data }
}

const names = z.array(z.string())

export function viewLive(call: LiveCall, scheduler: Pick<Scheduler, 'estimate'>): LiveRequest {
  const { phase, profile, position } = call
  const waits = profile !== null && (phase === 'queued' || phase === 'loading')
  const estimate = waits ? scheduler.estimate(profile, position ?? 1) : undefined
  return {
    ...call,
    since: Math.round(call.since),
    estimateMs: estimate === undefined ? null : Math.round(estimate),
    waitedFor: [...call.waitedFor],
    queueMs: Math.round(call.queueMs),
    loadMs: Math.round(call.loadMs),
    prefillMs: Math.round(call.prefillMs),
  }
}
