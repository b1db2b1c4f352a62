import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { doors } from '../../../src/api/doors.ts'
import { openapiDocument } from '../../../src/api/openapi.ts'

const printed = openapiDocument()

describe('openapi.yaml', () => {
  test('is what the code prints; `npm run openapi` writes it', () => {
    const committed = readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8')
    expect(committed).toBe(printed)
  })

  test('describes every door', () => {
    const { paths } = parse(printed) as { paths: Record<string, Record<string, unknown>> }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    const mounted = doors.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      // the unencoded spelling of the door above it
      .filter((door) => door !== 'get /v1/models/{owner}/{name}')
    expect([...new Set(mounted)].sort()).toEqual(described.sort())
  })

  test('every reference leads somewhere', () => {
    const { components } = parse(printed) as { components: { schemas: Record<string, unknown> } }
    const names = [...printed.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)
    expect(names.filter((name) => name === undefined || !(name in components.schemas))).toEqual([])
  })
})
