import { expect, it } from 'vitest'
import { isLoopback, mayListen } from '../../../src/access/access.ts'

it.each(['127.0.0.1', '127.8.8.8', '::1', '[::1]', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])(
  '%s is loopback',
  (host) => {
    expect(isLoopback(host)).toBe(true)
  },
)

it.each(['0.0.0.0', '::', '', '192.168.1.2', 'my-mac.local', '::ffff:10.0.0.1', '127.1', 'localhost.evil.example'])(
  '"%s" may be reached by others, so a key must exist first',
  (host) => {
    expect(isLoopback(host)).toBe(false)
    const refusal = { code: 'invalid_config', message: expect.stringContaining('mlx-gateway keys create') }
    expect(() => mayListen(host, false)).toThrow(expect.objectContaining(refusal))
    expect(() => mayListen(host, true)).not.toThrow()
  },
)

it('needs no key on loopback', () => {
  expect(() => mayListen('127.0.0.1', false)).not.toThrow()
})
