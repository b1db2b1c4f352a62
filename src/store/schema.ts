/** Every table, on one page. Times are milliseconds since 1970, sizes bytes. */
import { index, integer, sqliteTable, text } from './drizzle.ts'

/** Profiles made through the admin API; `settings` is the JSON of `profileSettings`. */
export const profiles = sqliteTable('profiles', {
  name: text('name').primaryKey(),
  settings: text('settings').notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
})

/** API keys. Only the SHA-256 of a key is kept; `hint` is its first characters, for people. */
export const keys = sqliteTable('keys', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  hash: text('hash').notNull().unique(),
  hint: text('hint').notNull(),
  /** JSON list of scopes. */
  scopes: text('scopes').notNull(),
  /** JSON list of model names this key may ask for; NULL: all. */
  models: text('models'),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  lastUsedAt: integer('last_used_at'),
  revokedAt: integer('revoked_at'),
})

/** People signed in to the admin page, by cookie. Only the SHA-256 of a cookie is kept. */
export const sessions = sqliteTable('sessions', {
  hash: text('hash').primaryKey(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** Whether a profile's server stays, where a person said otherwise than the profile does. */
export const pins = sqliteTable('pins', {
  profile: text('profile').primaryKey(),
  pinned: integer('pinned', { mode: 'boolean' }).notNull(),
})

/** One row per server process that may be alive: written before the spawn, deleted after its exit was seen. */
export const children = sqliteTable('children', {
  nonce: text('nonce').primaryKey(),
  profile: text('profile').notNull(),
  port: integer('port').notNull(),
  /** Leader of the process group; NULL between the row and the spawn. */
  pid: integer('pid'),
  /** As the system reports it (host/processes.ts); tells a re-used pid. */
  startTime: text('start_time'),
  createdAt: integer('created_at').notNull(),
})

/** What was read from a model folder, so that a start need not read it again. */
export const modelFacts = sqliteTable('model_facts', {
  path: text('path').primaryKey(),
  /** Changes when the folder's files do. */
  fingerprint: text('fingerprint').notNull(),
  facts: text('facts').notNull(),
})

/** What models take on disk, so that nobody need reckon it again. */
export const modelSizes = sqliteTable('model_sizes', {
  /** The model's own folder: of a hub model, its repository's. */
  path: text('path').primaryKey(),
  /** Changes when something comes into the folder or goes from it. */
  fingerprint: text('fingerprint').notNull(),
  sizes: text('sizes').notNull(),
})

/** Models that were asked for from the hub. How far a file has come is told by the file itself. */
export const downloads = sqliteTable('downloads', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** `owner/name`. */
  repo: text('repo').notNull(),
  /** As it was asked for: a branch, a tag or a commit. */
  revision: text('revision').notNull(),
  /** What the revision was when it was asked for. */
  commit: text('commit').notNull(),
  /** JSON list of the files wanted: path, bytes, blob, hash. */
  files: text('files').notNull(),
  state: text('state', {
    enum: ['queued', 'running', 'verifying', 'paused', 'complete', 'failed', 'cancelled'],
  }).notNull(),
  pausedBy: text('paused_by', { enum: ['hand', 'disk', 'network'] }),
  /** Why it is paused or has failed. */
  reason: text('reason'),
  /** Had come when the state became what it is. */
  bytes: integer('bytes').notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
})

/** Requests that have ended. Phases in milliseconds. */
export const requests = sqliteTable(
  'requests',
  {
    id: text('id').primaryKey(),
    startedAt: integer('started_at').notNull(),
    endpoint: text('endpoint').notNull(),
    profile: text('profile'),
    model: text('model').notNull(),
    keyId: text('key_id'),
    stream: integer('stream', { mode: 'boolean' }).notNull(),
    status: integer('status').notNull(),
    /** The code of the error, or NULL. */
    error: text('error'),
    finishReason: text('finish_reason'),
    promptTokens: integer('prompt_tokens'),
    cachedTokens: integer('cached_tokens'),
    completionTokens: integer('completion_tokens'),
    queueMs: integer('queue_ms').notNull(),
    /** JSON list of the profiles that were in its way while it waited; NULL: none. */
    waitedFor: text('waited_for'),
    loadMs: integer('load_ms').notNull(),
    /** To the first token, after queue and load. */
    prefillMs: integer('prefill_ms').notNull(),
    decodeMs: integer('decode_ms').notNull(),
  },
  (table) => [
    index('requests_started_at').on(table.startedAt),
    index('requests_profile').on(table.profile, table.startedAt),
  ],
)
