/** A request that has ended, as the admin API shows it. */
import type { RequestView } from '../../../src/api/admin/admin.ts'

export function row(given: Partial<RequestView> = {}): RequestView {
  return {
    id: 'req-1',
    startedAt: 1_000,
    endpoint: '/v1/chat/completions',
    profile: 'coder',
    model: 'coder',
    keyId: null,
    keyName: null,
    stream: true,
    status: 200,
    error: null,
    finishReason: 'stop',
    promptTokens: null,
    cachedTokens: null,
    completionTokens: null,
    queueMs: 0,
    waitedFor: [],
    loadMs: 0,
    prefillMs: 0,
    decodeMs: 0,
    ...given,
  }
}
