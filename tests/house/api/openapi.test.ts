import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { doors } from '../../../src/api/doors.ts'
import { openapiDocument } from '../../../src/api/openapi.ts'
import { startHouse } from '../../unit/api/house.ts'

interface Described {
  readonly paths: Record<string, Record<string, { readonly security?: Record<string, unknown>[] }>>
  readonly security: Record<string, unknown>[]
  readonly components: { readonly securitySchemes: Record<string, unknown> }
}

/** The admin page's files, which are for browsers, and the unencoded spelling of a door that is described. */
const notDescribed = new Set([
  'get /',
  'get /admin',
  'get /admin/*',
  'get /admin/assets/*',
  'get /v1/models/{owner}/{name}',
])
const printed = openapiDocument()
const run = promisify(execFile)

describe('openapi.yaml', () => {
  test('is what the code prints; `npm run openapi` writes it', () => {
    const committed = readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8')
    expect(committed).toBe(printed)
  })

  test('is printed the same whatever was loaded before', async () => {
    const source = new URL('../../../src/', import.meta.url).href
    const code = `
      for (const room of ['wire/openai', 'config/config']) await import('${source}' + room + '.ts')
      const { openapiDocument } = await import('${source}api/openapi.ts')
      process.stdout.write(openapiDocument())`
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code])
    expect(stdout).toBe(printed)
  })

  test('describes every door', () => {
    const { paths } = parse(printed) as { paths: Record<string, Record<string, unknown>> }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    const mounted = doors.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      .filter((door) => !notDescribed.has(door))
    expect([...new Set(mounted)].sort()).toEqual(described.sort())
  })

  test('says of each door who is let in, as it is', async () => {
    await using house = await startHouse()
    const { url, adminFetch } = house.gateway
    const described = parse(printed) as Described
    const { adminToken, adminTokenHeader, key, keyHeader, session, ...more } = described.components.securitySchemes
    expect([adminToken, adminTokenHeader, key, keyHeader, session].includes(undefined)).toBe(false)
    expect(more).toEqual({})
    const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({ path, method, who: security ?? described.security })),
    )
    expect(operations.length).toBeGreaterThan(25)
    /** The doors that turn away who shows nothing. */
    const closed = async () => {
      const answers = operations.map(async ({ path, method }) => {
        const answer = await fetch(url + path.replaceAll(/\{\w+\}/g, 'x'), { method: method.toUpperCase() })
        await answer.body?.cancel()
        return answer.status === 401 ? [`${method} ${path}`] : []
      })
      return (await Promise.all(answers)).flat()
    }
    const needing = (...schemes: string[]) =>
      operations
        .filter(({ who }) => who.some((way) => schemes.some((scheme) => scheme in way)))
        .map(({ method, path }) => `${method} ${path}`)
    expect(await closed()).toEqual(needing('adminToken'))
    const headers = { 'content-type': 'application/json' }
    await adminFetch(new Request(`${url}/admin/api/keys`, { method: 'POST', body: '{"name":"first"}', headers }))
    expect(await closed()).toEqual(needing('adminToken', 'key'))
    const open = operations.filter(({ who }) => who.length === 0).map(({ path }) => path)
    expect(open).toEqual(['/health', '/livez', '/readyz', '/proof', '/admin/api/session'])
  })

  test('every reference leads somewhere', () => {
    const { components } = parse(printed) as { components: { schemas: Record<string, unknown> } }
    const names = [...printed.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)
    expect(names.filter((name) => name === undefined || !(name in components.schemas))).toEqual([])
  })
})
