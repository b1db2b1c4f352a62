import { describe, expect, test } from 'vitest'
import { hostRefusal, refusalOf } from '../../../src/hub/refusal.ts'

const endpoint = 'https://hub.test'
const subject = { id: 'a/b', revision: 'v2', path: 'config.json' }

function refused(status: number, headers: Record<string, string> = {}, token?: string, asked: object = subject) {
  const header = (name: string) => headers[name]
  return refusalOf({ endpoint, token, offline: false }, asked, {
    status,
    header,
    now: Date.parse('2026-01-01T00:00:00Z'),
  })
}

const gated = { 'x-error-code': 'GatedRepo', 'x-error-message': 'Access to model a/b is restricted.' }

describe('a refusal of the hub', () => {
  test('for want of an accepted licence says where it is, and how to give a token', () => {
    const error = refused(401, gated)
    expect(error.code).toBe('permission_denied')
    expect(error.message).toContain('accept it at https://hub.test/a/b')
    expect(error.message).toContain('hub.token')
    expect(error.message).toContain('HF_TOKEN')
  })

  test('of an account that is not let in says where to ask', () => {
    const error = refused(403, gated, 'hf_secret')
    expect(error.code).toBe('permission_denied')
    expect(error.message).toContain('ask for access at https://hub.test/a/b')
  })

  test('over http says that no token is sent there', () => {
    const access = { endpoint: 'http://hub.test', token: 'hf_secret', offline: false }
    const error = refusalOf(access, subject, { status: 401, header: (name) => ({ ...gated })[name], now: 0 })
    expect(error.message).toContain('over https only')
  })

  test('of a token says to make a new one', () => {
    const error = refused(401, { 'x-error-message': 'Invalid credentials in Authorization header' }, 'hf_secret')
    expect(error.code).toBe('permission_denied')
    expect(error.message).toContain('https://hub.test/settings/tokens')
  })

  test('for a model it has not, or hides from strangers, is not_found with a hint', () => {
    for (const error of [
      refused(401, { 'x-error-message': 'Invalid username or password.' }),
      refused(404, { 'x-error-code': 'RepoNotFound' }, 'hf_secret'),
      refused(404),
    ]) {
      expect(error.code).toBe('not_found')
      expect(error.message).toMatch(/has no a\/b\..*mlx-gateway search.*private/)
    }
  })

  test('for a revision or a file it has not names it', () => {
    expect(refused(404, { 'x-error-code': 'RevisionNotFound' })).toMatchObject({
      code: 'not_found',
      message: 'a/b has no revision "v2".',
    })
    expect(refused(404, { 'x-error-code': 'EntryNotFound' })).toMatchObject({
      code: 'not_found',
      message: 'a/b has no file "config.json" at revision v2.',
    })
  })

  test('for too many requests keeps when to come back', () => {
    expect(refused(429, { 'retry-after': '7' })).toMatchObject({ code: 'hub_unreachable', retryAfterMs: 7000 })
    const date = 'Thu, 01 Jan 2026 00:00:09 GMT'
    expect(refused(429, { 'retry-after': date })).toMatchObject({ retryAfterMs: 9000 })
    expect(refused(429, { ratelimit: '"api";r=0;t=120' })).toMatchObject({ retryAfterMs: 120_000 })
    expect(refused(429, { ratelimit: '"api";r=5;t=120' }).retryAfterMs).toBeUndefined()
    expect(refused(429, { 'retry-after': 'soon' }).retryAfterMs).toBeUndefined()
  })

  test('that is the hub’s own trouble may pass', () => {
    expect(refused(503, { 'retry-after': '2' })).toMatchObject({ code: 'hub_unreachable', retryAfterMs: 2000 })
    expect(refused(500).code).toBe('hub_unreachable')
  })

  test('of another kind is repeated in its words', () => {
    expect(refused(403, { 'x-error-message': 'Access to this resource is disabled.' })).toMatchObject({
      code: 'permission_denied',
      message: 'The hub at https://hub.test does not allow it: Access to this resource is disabled.',
    })
    expect(refused(400, { 'x-error-message': 'no such sort' }).code).toBe('invalid_request')
  })

  test('never repeats our token, nor more than one short line', () => {
    const said = `no hf_secret\r\n\u001b[31m here ${'x'.repeat(500)}`
    const { message } = refused(403, { 'x-error-message': said }, 'hf_secret')
    expect(message).not.toContain('hf_secret')
    expect(message).not.toMatch(/[\r\n\u001b]/)
    expect(message.length).toBeLessThan(300)
  })

  test('of a host that holds its files never lasts', () => {
    for (const status of [401, 403, 404, 410, 500]) {
      expect(hostRefusal('cdn.test', { status, header: () => undefined, now: 0 })).toMatchObject({
        code: 'hub_unreachable',
      })
    }
  })
})
