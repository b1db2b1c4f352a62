/** A finished request, for tests. */
import type { RequestRow } from '../../../src/store/store.ts'
import type { GatewayEvent } from '../../../src/telemetry/telemetry.ts'

export function ended(facts: Partial<RequestRow>): GatewayEvent {
  return { type: 'request.ended', record: row(facts), keyName: null }
}

export function row(facts: Partial<RequestRow>): RequestRow {
  return {
    id: 'req_1',
    startedAt: 1000,
    endpoint: 'chat',
    profile: 'small',
    model: 'small',
    keyId: null,
    stream: true,
    status: 200,
    error: null,
    finishReason: 'stop',
    promptTokens: 10,
    cachedTokens: 4,
    completionTokens: 20,
    queueMs: 100,
    waitedFor: null,
    loadMs: 2000,
    prefillMs: 300,
    decodeMs: 600,
    ...facts,
  }
}
