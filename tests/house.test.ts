/** Holds the floors of the house: who may use whom, through which door, and where each library lives. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'

const floors = [
  ['errors'],
  ['store', 'wire', 'host'],
  ['config'],
  ['catalog', 'access'],
  ['engines', 'router', 'hub'],
  ['supervisor', 'downloads'],
  ['scheduler'],
  ['proxy'],
  ['telemetry'],
  ['api'],
  ['gateway'],
  ['cli'],
  ['main'],
]
/** Open beside `<room>/<room>.ts`, for types alone. */
const secondDoors = new Set(['api/admin/admin.ts'])
const homes: Record<string, readonly string[]> = {
  '@hono/node-server': ['api'],
  '@hono/zod-openapi': ['api'],
  '@huggingface/hub': ['hub'],
  'better-sqlite3': ['store'],
  bytes: ['config'],
  'cli-table3': ['cli'],
  commander: ['cli'],
  'drizzle-orm': ['store'],
  execa: ['supervisor', 'engines', 'host'],
  'fastest-levenshtein': ['config', 'engines', 'router'],
  hono: ['api'],
  'hono/client': ['api', 'cli'],
  'lru-cache': ['access', 'hub'],
  ms: ['config', 'cli'],
  'p-retry': ['downloads'],
  pino: ['telemetry'],
  'pino-pretty': ['telemetry'],
  'prom-client': ['telemetry'],
  'rotating-file-stream': ['supervisor'],
  undici: ['proxy', 'hub', 'downloads'],
  yaml: ['config'],
  zod: ['config', 'api', 'wire'],
}

interface Import {
  /** A file under src, or a library. */
  readonly of: string
  readonly typeOnly: boolean
  readonly internal: boolean
}

const files = new Map<string, { readonly code: string; readonly imports: readonly Import[] }>()
const src = join(import.meta.dirname, '../src')
for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))) {
  const text = readFileSync(join(src, path), 'utf8')
  files.set(path, { code: withoutProse(text), imports: [...importsOf(path, text)] })
}

function* importsOf(path: string, text: string): Generator<Import> {
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
  const declared = /^(?:import|export)\s+(?<type>type\s)?(?:[^'"`;]*?\sfrom\s+)?'(?<of>[^']+)'/gm
  for (const { groups } of [...code.matchAll(declared), ...code.matchAll(/\bimport\('(?<of>[^']+)'\)/g)]) {
    const of = groups?.['of'] ?? ''
    const internal = of.startsWith('.')
    yield { of: internal ? join(dirname(path), of) : of, typeOnly: groups?.['type'] !== undefined, internal }
  }
}

/** The code without comments, texts and blank lines. */
function withoutProse(text: string): string {
  const prose = /\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/.*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/gm
  return text.replaceAll(prose, (found) => (found.startsWith('/') ? '' : "''")).replaceAll(/^\s*\n/gm, '')
}

const roomOf = (path: string) => path.split('/')[0]?.replace(/\.ts$/, '') ?? ''
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room))
const homeOf = (library: string) => homes[library] ?? homes[/^(?:@[^/]+\/)?[^/]+/.exec(library)?.[0] ?? ''] ?? []
const crosses = (path: string, used: Import) => used.internal && roomOf(path) !== roomOf(used.of)
/** A room without a door of its own: a shelf of shapes, each file one. */
const shelves = new Set(['wire'])
const isOpen = ({ of, typeOnly }: Import) =>
  shelves.has(roomOf(of)) ||
  [`${roomOf(of)}.ts`, `${roomOf(of)}/${roomOf(of)}.ts`].includes(of) ||
  (typeOnly && secondDoors.has(of))
const isLibrary = ({ of, internal }: Import) => !internal && !of.startsWith('node:')

const breaches = (breach: (path: string, used: Import) => boolean) =>
  [...files].flatMap(([path, { imports }]) =>
    imports.filter((used) => breach(path, used)).map((used) => `${path} → ${used.of}`),
  )
const filesWith = (breach: (code: string) => boolean) =>
  [...files].filter(([, { code }]) => breach(code)).map(([path]) => path)

describe('the house', () => {
  test('gives every room a floor', () => {
    expect([...files.keys()].filter((path) => floorOf(roomOf(path)) < 0)).toEqual([])
  })

  test('has stairs that only go down, for types too', () => {
    expect(breaches((path, used) => crosses(path, used) && floorOf(roomOf(used.of)) >= floorOf(roomOf(path)))).toEqual(
      [],
    )
  })

  test('lets one room into another only through its door', () => {
    expect(breaches((path, used) => crosses(path, used) && !isOpen(used))).toEqual([])
  })

  test('has no circles, for types too', () => {
    const left = new Map([...files].map(([path, { imports }]) => [path, imports.map(({ of }) => of)]))
    const isUsed = (path: string) => [...left.values()].some((uses) => uses.includes(path))
    const ends = () => [...left].filter(([path, uses]) => !isUsed(path) || !uses.some((of) => left.has(of)))
    for (let found = ends(); found.length > 0; found = ends()) for (const [path] of found) left.delete(path)
    expect([...left.keys()]).toEqual([])
  })

  test('keeps each library at home', () => {
    expect(breaches((path, used) => isLibrary(used) && !homeOf(used.of).includes(roomOf(path)))).toEqual([])
  })

  test('has no any, no assertion of non-null and no enum', () => {
    const found = [
      /(?:[:<|,(]|\bas)\s*any\b/,
      /[\w)\]]!(?=[.,;)\]}[]|\s*$|\s+[-+*/=<>?:&|])(?!=)/m,
      /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w/m,
    ].map((breach) => filesWith((code) => breach.test(code)))
    expect(found).toEqual([[], [], []])
  })

  test('has no file over 300 lines, blank and comment lines aside', () => {
    expect(filesWith((code) => code.split('\n').length > 300)).toEqual([])
  })
})
