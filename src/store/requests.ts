/** Requests that have ended. */
import { and, desc, eq, getTableColumns, getTableName, lt, sql } from './drizzle.ts'
import type { Database } from './database.ts'
import { requests } from './schema.ts'

export type RequestRow = typeof requests.$inferSelect

export interface Requests {
  /** One transaction. A row whose id is known already is left out. */
  add(rows: readonly RequestRow[]): void
  /** Newest first; `before` is a start time. */
  recent(options: { readonly limit: number; readonly before?: number; readonly profile?: string }): RequestRow[]
  /** When a request for this profile last began; undefined where none is remembered. */
  lastUsed(profile: string): number | undefined
  /** How many were removed. */
  prune(startedBefore: number): number
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
    recent({ limit, before, profile }) {
      const wanted = and(
        before === undefined ? undefined : lt(requests.startedAt, before),
        profile === undefined ? undefined : eq(requests.profile, profile),
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
