import { describe, expect, test } from 'vitest'
import { firstHop, headersFor, nextHop } from '../../../src/hub/hop.ts'

const access = { endpoint: 'https://hub.test/base', token: 'hf_secret', offline: false }
const at = (address: string) => firstHop(access, address)
const sent = (hop: ReturnType<typeof at>, given = access) => headersFor(hop, given)['authorization']

describe('the token', () => {
  test('goes to the hub over https', () => {
    expect(sent(at('https://hub.test/api/models'))).toBe('Bearer hf_secret')
    expect(sent(nextHop(at('https://hub.test/a/b/resolve/x/y'), '/api/resolve-cache/y'))).toBe('Bearer hf_secret')
  })

  test.each([
    ['another host', 'https://cdn.test/x'],
    ['another port', 'https://hub.test:8443/x'],
    ['a host that begins like it', 'https://hub.test.evil.test/x'],
    ['a host below it', 'https://cdn.hub.test/x'],
    ['an address with its name as the user', 'https://hub.test@evil.test/x'],
    ['another host without saying the scheme', '//evil.test/x'],
  ])('does not go to %s', (_, location) => {
    expect(sent(nextHop(at('https://hub.test/x'), location))).toBeUndefined()
    expect(sent(at(new URL(location, 'https://hub.test').href))).toBeUndefined()
  })

  test('stays dropped where a redirect leads on or back', () => {
    const away = nextHop(at('https://hub.test/x'), 'https://evil.test/x')
    expect(sent(nextHop(away, 'https://hub.test/x'))).toBeUndefined()
    expect(sent(nextHop(away, 'https://evil.test/y'))).toBeUndefined()
  })

  test('does not go to a hub without https', () => {
    const open = { ...access, endpoint: 'http://hub.test' }
    expect(sent(firstHop(open, 'http://hub.test/x'), open)).toBeUndefined()
    expect(sent(nextHop(firstHop(open, 'http://hub.test/x'), 'https://hub.test/x'), open)).toBeUndefined()
  })
})

describe('a redirect', () => {
  test.each([
    'http://hub.test/x',
    'http://cdn.test/x',
    'file:///etc/passwd',
    'data:,x',
    'ftp://hub.test/x',
    'https://',
  ])('of an https hub to %s is not followed', (location) => {
    const follow = () => nextHop(at('https://hub.test/x'), location)
    expect(follow).toThrow(expect.objectContaining({ code: 'hub_unreachable' }))
  })

  test('without an address is not followed', () => {
    expect(() => nextHop(at('https://hub.test/x'), undefined)).toThrow(/redirects to nowhere/)
  })

  test('takes no user and password along', () => {
    expect(nextHop(at('https://hub.test/x'), 'https://a:b@cdn.test/y').url.href).toBe('https://cdn.test/y')
  })
})
