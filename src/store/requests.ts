/** Requests that have ended. */
import { and, desc, eq, getTableColumns, getTableName, isNotNull, isNull, lt, or, sql } from './drizzle.ts'
import type { Database } from './database.ts'
import { requests } from './schema.ts'

export type RequestRow = typeof requests.$inferSelect

export interface Requests {
  /** One transaction. A row whose id is known already is left out. */
  add(rows: readonly RequestRow[]): void
  /** Newest first. */
  recent(wanted: WantedRequests): RequestRow[]
  /** When a request for this profile last began; undefined where none is remembered. */
  lastUsed(profile: string): number | undefined
  /** How many were removed. */
  prune(startedBefore: number): number
}

export interface WantedRequests {
  readonly limit: number
  /** Only those that began before, in ms since 1970. */
  readonly before?: number | undefined
  readonly profile?: string | undefined
  readonly status?: 'ok' | 'failed' | undefined
  /** The id of a key. */
  readonly key?: string | undefined
  /** A part of the name asked for, or of its profile's, in whatever case. */
  readonly model?: string | undefined
}

export function createRequests({ relaxed }: Database): Requests {
  const insert = prepareInsert(relaxed.$client)
  const last = relaxed
    .select({ startedAt: requests.startedAt })
    .from(requests)
    .where(eq(requests.profile, sql.placeholder('profile')))
    .orderBy(desc(requests.startedAt))
    .limit(1)
    .prepare()
  return {
    add(rows) {
      relaxed.transaction(() => {
        for (const row of rows) insert(row)
      })
    },
    recent({ limit, before, profile, status, key, model }) {
      const wanted = and(
        before === undefined ? undefined : lt(requests.startedAt, before),
        profile === undefined ? undefined : eq(requests.profile, profile),
        // a stream that broke off had begun with status 200
        status === undefined ? undefined : (status === 'ok' ? isNull : isNotNull)(requests.error),
        key === undefined ? undefined : eq(requests.keyId, key),
        model === undefined ? undefined : or(holds(requests.model, model), holds(requests.profile, model)),
      )
      const newestFirst = [desc(requests.startedAt), desc(requests.id)]
      return relaxed
        .select()
        .from(requests)
        .where(wanted)
        .orderBy(...newestFirst)
        .limit(limit)
        .all()
    },
    lastUsed: (profile) => last.get({ profile })?.startedAt,
    prune: (startedBefore) => relaxed.delete(requests).where(lt(requests.startedAt, startedBefore)).run().changes,
  }
}

/** LIKE would read `_` and `%` as anything. */
function holds(column: typeof requests.model | typeof requests.profile, text: string) {
  return sql`instr(lower(${column}), lower(${text})) > 0`
}

/** Columns in the order of the statement below. */
const columns = getTableColumns(requests)
const fields = Object.keys(columns) as (keyof RequestRow)[]

/** Written by hand and prepared once: through the builder each row costs five times as much, which busy gateways feel. */
function prepareInsert(client: Database['relaxed']['$client']) {
  const names = fields.map((field) => columns[field].name)
  const text = `INSERT INTO ${getTableName(requests)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`
  const statement = client.prepare(text)
  return (row: RequestRow): void => {
    statement.run(fields.map((field) => (field === 'stream' ? Number(row.stream) : row[field])))
  }
}
