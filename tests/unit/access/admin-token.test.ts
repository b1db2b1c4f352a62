import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOrCreateAdminToken } from '../../../src/access/access.ts'

let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mlx-gateway-token-'))
  file = join(directory, 'admin-token')
})
afterEach(() => rmSync(directory, { recursive: true }))

const refused = (words: string) =>
  expect.objectContaining({ code: 'invalid_config', message: expect.stringContaining(words) })

describe('the admin token', () => {
  it('is made once, for its owner alone, and leaves no draft behind', () => {
    const token = readOrCreateAdminToken(directory)
    expect(token).toMatch(/^mgw_admin_[A-Za-z0-9_-]{43}$/)
    expect(readOrCreateAdminToken(directory)).toBe(token)
    expect(readFileSync(file, 'utf8')).toBe(`${token}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['admin-token'])
  })

  it('may be one that somebody chose', () => {
    writeFileSync(file, 'correct-horse-battery-staple\n', { mode: 0o600 })
    expect(readOrCreateAdminToken(directory)).toBe('correct-horse-battery-staple')
  })

  it.each([0o640, 0o604, 0o660])('that others can reach (mode %o) is refused', (mode) => {
    readOrCreateAdminToken(directory)
    chmodSync(file, mode)
    expect(() => readOrCreateAdminToken(directory)).toThrow(refused(`chmod 600 ${file}`))
  })

  it.each(['', 'short', 'two words that are long enough'])('is not %j', (text) => {
    writeFileSync(file, text, { mode: 0o600 })
    expect(() => readOrCreateAdminToken(directory)).toThrow(refused('holds no admin token'))
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('that cannot be read or made says so', () => {
    expect(() => readOrCreateAdminToken(join(directory, 'nowhere'))).toThrow(refused('cannot be used'))
    mkdirSync(file, { mode: 0o700 })
    expect(() => readOrCreateAdminToken(directory)).toThrow(refused('cannot be used'))
  })
})
