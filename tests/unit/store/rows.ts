/** Rows as the rooms above would store them. */
import type { KeyRow, RequestRow } from '../../../src/store/store.ts'

export const profile = (name: string, settings = '{}') => ({ name, settings, createdAt: 1, updatedAt: 1 })
export const key = (id: string, more: Partial<KeyRow> = {}): KeyRow => ({
  id,
  name: 'laptop',
  hash: `hash of ${id}`,
  hint: 'mgw_abcd',
  scopes: '["inference"]',
  models: null,
  createdAt: 1_000,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  ...more,
})
export const request = (id: string, startedAt: number, more: Partial<RequestRow> = {}): RequestRow => ({
  id,
  startedAt,
  endpoint: '/v1/chat/completions',
  profile: 'small',
  model: 'gpt-4o-mini',
  keyId: null,
  stream: true,
  status: 200,
  error: null,
  finishReason: 'stop',
  promptTokens: 7,
  cachedTokens: null,
  completionTokens: 3,
  queueMs: 0,
  waitedFor: null,
  loadMs: 12,
  prefillMs: 5,
  decodeMs: 9,
  ...more,
})
