/** Profiles and servers as the gateway shows them, for the tests of the page that is about them. */
import type { Profile } from '../../../../admin-ui/src/parts/use-profiles.ts'
import type { LiveRequest, ServerView } from '../../../../src/api/admin/admin.ts'

export function profile(more: { [Fact in keyof Profile]?: Profile[Fact] | undefined } = {}): Profile {
  const usual = {
    name: 'small',
    aliases: [],
    engine: 'mlx-lm',
    model: 'owner/tiny',
    arguments: [],
    environment: {},
    defaults: {},
    force: {},
    pinned: false,
    preload: false,
    origin: 'store',
    readOnly: false,
    available: true,
    idle: 600_000,
    concurrency: 8,
    reservedBytes: 5e9,
    settings: { name: 'small', model: 'owner/tiny' },
  } as const
  return { ...usual, ...more } as Profile
}

export function server(more: Partial<ServerView> = {}): ServerView {
  return {
    profile: 'small',
    engine: 'mlx-lm',
    version: null,
    model: null,
    state: 'ready',
    since: 0,
    pid: null,
    port: null,
    loadMs: null,
    usualLoadMs: null,
    tokensPerSecond: null,
    firstTokenMs: null,
    contextLength: null,
    quantization: null,
    progress: null,
    stopping: null,
    failure: null,
    memoryBytes: null,
    reservedBytes: 5e9,
    active: 0,
    waiting: 0,
    pinned: false,
    lastUsed: null,
    unloadAt: null,
    ...more,
  }
}

export function asked(more: Partial<LiveRequest> = {}): LiveRequest {
  return {
    id: 'test_1',
    startedAt: 0,
    endpoint: 'chat',
    model: 'small',
    profile: 'small',
    keyId: null,
    keyName: null,
    stream: false,
    phase: 'queued',
    since: 0,
    position: null,
    estimateMs: null,
    waitedFor: [],
    queueMs: 0,
    loadMs: 0,
    prefillMs: 0,
    tokens: null,
    ...more,
  }
}
