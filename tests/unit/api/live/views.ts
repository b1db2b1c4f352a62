/** What is shown of servers, for tests of who watches them. */
import type { ServersView, ServerView } from '../../../../src/api/admin/admin.ts'

const gigabyte = 1024 ** 3

export function server(profile: string, facts: Partial<ServerView> = {}): ServerView {
  return {
    profile,
    engine: 'mlx-lm',
    version: null,
    model: null,
    state: 'ready',
    since: 1,
    pid: 7,
    port: 8,
    loadMs: 9,
    usualLoadMs: 9,
    tokensPerSecond: null,
    firstTokenMs: null,
    contextLength: null,
    quantization: null,
    progress: null,
    stopping: null,
    failure: null,
    memoryBytes: 10 * gigabyte,
    reservedBytes: 12 * gigabyte,
    active: 0,
    waiting: 0,
    pinned: false,
    lastUsed: 1_000,
    unloadAt: 2_000,
    ...facts,
  }
}

export function serversOf(...servers: ServerView[]): ServersView {
  return { budgetBytes: 24 * gigabyte, reservedBytes: 0, servers }
}
