/** The stand-in keeps the contract of the real server, and says what that once said byte for byte. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fakeServer, type FakeServer, freePort, startFake, startServer } from '../fixtures/start-fake.ts'
import { exchange, type Request } from './exchange.ts'
import { faultsContract } from './faults.contract.ts'
import { serverContract } from './server.contract.ts'

serverContract(async ({ broken, port } = {}) => {
  const chosen = port ?? (await freePort())
  const mode = broken ? ['--mode', 'load-fails'] : []
  return startServer(process.execPath, [fakeServer, '--port', String(chosen), ...mode], chosen)
})

faultsContract()

const folder = join(import.meta.dirname, '../fixtures/recordings')
const recorded: Record<string, Request> = JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8'))

describe('the fake', () => {
  let fake: FakeServer
  beforeAll(async () => {
    fake = await startFake()
  })
  afterAll(() => fake[Symbol.asyncDispose]())

  test.each(Object.keys(recorded))('answers as the recording %s', async (name) => {
    const { raw } = await exchange(fake.port, recorded[name] ?? {})
    expect(withoutChance(raw)).toBe(withoutChance(readFileSync(join(folder, `${name}.http`), 'latin1')))
  })
})

/** An answer without what differs from one time, machine or prompt cache to the next. */
function withoutChance(raw: string): string {
  return raw
    .replace(/^Date: .*$/m, 'Date')
    .replace(/Python\/[\d.]+/, 'Python')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uuid')
    .replaceAll(/"created": \d+/g, '"created"')
    .replaceAll(/"system_fingerprint": "[^"]*"/g, '"system_fingerprint"')
    .replaceAll(/"cached_tokens": \d+/g, '"cached_tokens"')
    .replace(/(?:: keepalive \d+\/\d+\n\n)+/, ': keepalive\n\n')
    .replace(/Content-Length: \d{3,}/, 'Content-Length')
}
