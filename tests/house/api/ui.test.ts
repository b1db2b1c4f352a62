/** The admin page, as files: a folder in place of the built one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { visit } from '../../fixtures/visitor.ts'
import { startHouse, temporaryFolder } from '../../unit/api/house.ts'

const index = '<!doctype html><title>mlx-gateway</title>'
const script = 'export const answer = 42\n'.repeat(100)
const secret = 'of nobody’s business'
const asPage = { accept: 'text/html,*/*' }

async function open({ built = true } = {}) {
  await using stack = new AsyncDisposableStack()
  const { path: beside } = stack.use(temporaryFolder())
  const page = join(beside, 'page')
  writeFileSync(join(beside, 'secret.txt'), secret)
  mkdirSync(join(page, 'assets'), { recursive: true })
  if (built) {
    writeFileSync(join(page, 'index.html'), index)
    writeFileSync(join(page, 'icon.svg'), '<svg/>')
    writeFileSync(join(page, 'assets', 'main-a1b2.js'), script)
    writeFileSync(join(page, 'assets', 'main-a1b2.js.br'), brotliCompressSync(script))
    writeFileSync(join(page, 'assets', 'main-a1b2.js.gz'), gzipSync(script))
    writeFileSync(join(page, 'assets', 'main-c3.css'), 'a{}')
  }
  const house = stack.use(await startHouse({ page }))
  const kept = stack.move()
  const { url } = house.gateway
  return {
    page,
    token: readFileSync(join(house.path, 'admin-token'), 'utf8').trim(),
    ask: visit(url, {}).ask,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

describe('the admin page', () => {
  test.each(['/admin/', '/admin/sign-in', '/admin/profiles/new', '/admin/apis'])(
    'is the same at %s, asked for anew each time, and open to nothing from elsewhere',
    async (path) => {
      await using doors = await open()
      const answer = await doors.ask(path)
      expect([answer.status, await answer.text()]).toEqual([200, index])
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        etag: expect.stringMatching(/^"\w+"$/),
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
          "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      })
    },
  )

  test('is not sent again to who has it, and is once it was built anew', async () => {
    await using doors = await open()
    const etag = (await doors.ask('/admin/')).headers.get('etag') ?? ''
    const again = () => doors.ask('/admin/models', { headers: { 'if-none-match': etag } })
    const same = await again()
    expect([same.status, await same.text(), same.headers.get('cache-control')]).toEqual([304, '', 'no-cache'])
    const rebuilt = index.toUpperCase()
    writeFileSync(join(doors.page, 'index.html'), rebuilt)
    const other = await again()
    expect([other.status, await other.text()]).toEqual([200, rebuilt])
  })

  test('opens also at a place that names a model and looks like a file, where a browser wants a page', async () => {
    await using doors = await open()
    const place = '/admin/models/owner/Qwen2.5-0.5B'
    const answer = await doors.ask(place, { headers: asPage })
    expect([answer.status, await answer.text()]).toEqual([200, index])
    expect((await doors.ask(place)).status).toBe(404)
  })

  test('is found from the gateway’s bare address by a browser, and from /admin by anybody', async () => {
    await using doors = await open()
    const [bare, program, admin] = [
      await doors.ask('/', { headers: asPage }),
      await doors.ask('/'),
      await doors.ask('/admin'),
    ]
    expect([bare.status, bare.headers.get('location')]).toEqual([302, '/admin/'])
    expect([program.status, await program.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
    expect([admin.status, admin.headers.get('location')]).toEqual([308, '/admin/'])
  })

  test('that has not been built says how to do that, and is there once it was', async () => {
    await using doors = await open({ built: false })
    for (const path of ['/admin/', '/admin/sign-in', '/admin/assets/main.js']) {
      const answer = await doors.ask(path)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/plain; charset=UTF-8'])
      expect(await answer.text()).toContain('npm run build')
    }
    writeFileSync(join(doors.page, 'index.html'), index)
    expect((await doors.ask('/admin/')).status).toBe(200)
  })
})

describe('a file of it', () => {
  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])(
    'under assets/ may be kept forever, and comes compressed where that is accepted: %s',
    async (accepted, encoding) => {
      await using doors = await open()
      const answer = await doors.ask('/admin/assets/main-a1b2.js', { headers: { 'accept-encoding': accepted } })
      expect([answer.status, await answer.text()]).toEqual([200, script])
      expect(answer.headers.get('content-encoding')).toBe(encoding)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      })
    },
  )

  test('without a compressed one beside it comes as it is', async () => {
    await using doors = await open()
    const answer = await doors.ask('/admin/assets/main-c3.css')
    expect([await answer.text(), answer.headers.get('content-type')]).toEqual(['a{}', 'text/css; charset=utf-8'])
  })

  test('outside assets/ is asked for anew', async () => {
    await using doors = await open()
    const answer = await doors.ask('/admin/icon.svg')
    expect([await answer.text(), answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      '<svg/>',
      'image/svg+xml; charset=utf-8',
      'no-cache',
    ])
  })

  test('is told of without its content to HEAD', async () => {
    await using doors = await open()
    for (const [path, length] of [
      ['/admin/', index.length],
      ['/admin/assets/main-c3.css', 3],
    ] as const) {
      const answer = await doors.ask(path, { method: 'HEAD' })
      expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, `${length}`, ''])
    }
  })

  test.each([
    '/admin/assets/main-old.js',
    '/admin/assets/',
    '/admin/assets/..%2f..%2fsecret.txt',
    '/admin/..%2fsecret.txt',
    '/admin/%2e%2e%2fsecret.txt',
    '/admin/favicon.ico',
    '/admin/api/nothing',
  ])('that is not there is an error in JSON, which nobody keeps: %s', async (path) => {
    await using doors = await open()
    const answer = await doors.ask(path, { headers: { authorization: `Bearer ${doors.token}` } })
    expect([path, answer.status, await answer.json()]).toMatchObject([path, 404, { error: { code: 'not_found' } }])
    expect([answer.headers.get('cache-control'), answer.headers.get('x-request-id')]).toEqual([
      null,
      expect.stringMatching(/^req_/),
    ])
  })

  test.each(['/admin/assets/..%2f..%2fsecret.txt', '/admin/..%2fsecret.txt', '/admin/places/..%2f..%2fsecret.txt'])(
    'that is not of the page is nobody’s to see, be it asked for as a page: %s',
    async (path) => {
      await using doors = await open()
      expect(await (await doors.ask(path, { headers: asPage })).text()).not.toContain(secret)
    },
  )

  test('is read, and nothing else is done with it', async () => {
    await using doors = await open()
    const answer = await doors.ask('/admin/sign-in', { method: 'POST' })
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  })
})
