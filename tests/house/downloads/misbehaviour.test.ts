import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { furnish, MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { random } from '../../fixtures/downloads/random.ts'
import { generated, type Fault, type Misbehaviour } from '../../fixtures/hub/fake-hub.ts'

const weights = generated(40 * MEBIBYTE + 12_345)
const everything = weights.read(0, weights.bytes)
const path = 'model.safetensors'
const files = { 'config.json': '{"a":1}', [path]: weights }
const world = () => furnish({ files, settings: { attempts: 4, stall: 300 } })
type World = Awaited<ReturnType<typeof world>>

/** Files that bear the name of a blob and are another. */
function wrongBlobs({ home }: World): readonly string[] {
  const blobs = join(home, 'blobs')
  return readdirSync(blobs)
    .filter((name) => /^[0-9a-f]+$/.test(name))
    .filter((name) => {
      const bytes = readFileSync(join(blobs, name))
      const head = name.length === 64 ? '' : `blob ${bytes.length}\0`
      return (
        createHash(name.length === 64 ? 'sha256' : 'sha1')
          .update(head)
          .update(bytes)
          .digest('hex') !== name
      )
    })
}

const passing: readonly (readonly [string, Fault])[] = [
  ['ends its answers early', { kind: 'truncate', after: 100_000 }],
  ['ends its answers at once', { kind: 'truncate', after: 0 }],
  ['resets the connection', { kind: 'reset', after: 3 * MEBIBYTE }],
  ['stops in the middle', { kind: 'stall', after: 70_000 }],
  ['says nothing at all', { kind: 'stall', after: 0 }],
  ['knows no ranges', { kind: 'ignore-range' }],
  ['says that the file changed', { kind: 'change-etag', etag: 'another' }],
  ['sends a wrong byte', { kind: 'wrong-bytes', at: 20 * MEBIBYTE }],
  ['says that the file is shorter', { kind: 'shorten', to: 1000 }],
  ['says that a page to log in on is the file', { kind: 'html' }],
  ['asks for a pause', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
  ['has trouble', { kind: 'status', status: 500 }],
  ['is away', { kind: 'status', status: 503 }],
  ['answers with 203', { kind: 'status', status: 203 }],
  ['answers with 204', { kind: 'status', status: 204 }],
  ['redirects to nowhere', { kind: 'redirect', to: 'ftp://nowhere' }],
  ['answers in JSON', { kind: 'json', text: '{"error":"no"}' }],
]

/** Whether nothing comes of it, however often it is asked. */
function isHopeless(fault: Fault): boolean {
  if ('after' in fault) return fault.after === 0
  return !['ignore-range', 'change-etag'].includes(fault.kind)
}

describe('where the second host', () => {
  test.each(passing)('%s a few times, the file comes all the same', async (_, fault) => {
    await using here = await world()
    here.hub.misbehave({ fault, path, times: 3 })
    await here.pull()
    expect(here.read(path).equals(everything)).toBe(true)
    expect(here.blobs()).toHaveLength(2)
  })

  test.each(passing.filter(([, fault]) => isHopeless(fault)))(
    '%s always, nothing gets the name of a file',
    async (_, fault) => {
      await using here = await world()
      here.hub.misbehave({ fault, path })
      const code = fault.kind === 'wrong-bytes' ? 'verification_failed' : 'hub_unreachable'
      await expect(here.pull()).rejects.toMatchObject({ code })
      expect(wrongBlobs(here)).toEqual([])
      expect(readdirSync(here.home).includes('refs')).toBe(false)
      expect(readdirSync(join(here.home, 'snapshots')), 'nobody sees half a model').toEqual([])
    },
  )

  test.each<[string, Fault, number]>([
    ['ends its answers early', { kind: 'truncate', after: 2 * MEBIBYTE }, 1.2],
    // what lies in such a connection is lost, however much that is
    ['resets the connection', { kind: 'reset', after: 7 * MEBIBYTE }, 10],
    ['stops in the middle', { kind: 'stall', after: 9 * MEBIBYTE }, 1.2],
    ['has an ETag of its own', { kind: 'change-etag', etag: 'another' }, 1.2],
  ])('%s always, the file comes bit by bit', async (_, fault, times) => {
    await using here = await world()
    here.hub.misbehave({ fault, path })
    await here.pull()
    expect(here.read(path).equals(everything)).toBe(true)
    expect(here.sent()).toBeLessThan(weights.bytes * times)
  })

  test('never knew ranges, the file comes in one piece, also after it broke off', async () => {
    await using here = await world()
    here.hub.misbehave({ fault: { kind: 'ignore-range' }, path, times: 1 })
    here.hub.misbehave({ fault: { kind: 'truncate', after: 30 * MEBIBYTE }, path, times: 1 })
    here.hub.misbehave({ fault: { kind: 'ignore-range' }, path })
    await here.pull()
    expect(here.read(path).equals(everything)).toBe(true)
  })

  test('has another file from now on, what had come of the first is thrown away', async () => {
    await using here = await world()
    const stop = new AbortController()
    here.hub.pace(10 * MEBIBYTE)
    const half = (bytes: number) => bytes > 10 * MEBIBYTE && stop.abort(new Error('half'))
    await expect(here.transfers.start(here.job(), ({ bytes }) => half(bytes), stop.signal)).rejects.toThrow('half')
    here.hub.pace(Number.POSITIVE_INFINITY)
    here.hub.misbehave({ fault: { kind: 'wrong-bytes', at: 39 * MEBIBYTE }, path, times: 3 })
    await here.pull()
    expect(here.read(path).equals(everything)).toBe(true)
  })

  test('sends wrong bytes three times, nothing is kept of them', async () => {
    await using here = await world()
    here.hub.misbehave({ fault: { kind: 'wrong-bytes', at: 5 }, path })
    await expect(here.pull()).rejects.toMatchObject({
      code: 'verification_failed',
      message: expect.stringMatching(/model\.safetensors came 3 times, and its hash was never/),
    })
    expect(here.blobs().filter((name) => name.includes('gateway'))).toEqual([])
    expect(here.sent()).toBeGreaterThanOrEqual(weights.bytes * 3)
  })
})

describe('where the hub', () => {
  test.each<[string, Fault, string]>([
    ['says 401', { kind: 'status', status: 401 }, 'not_found'],
    ['says 403', { kind: 'status', status: 403 }, 'permission_denied'],
    ['says 404', { kind: 'status', status: 404 }, 'not_found'],
  ])('%s, that is said at once', async (_, fault, code) => {
    await using here = await world()
    here.hub.misbehave({ fault, path, host: 'hub' })
    await expect(here.pull()).rejects.toMatchObject({ code })
    const asked = here.hub.requests.filter((request) => request.path === path)
    expect(asked.length, 'by each of the requests that were under way').toBeLessThanOrEqual(4)
  })

  test('says that a file is another one than it has listed, none of it is taken', async () => {
    await using here = await world()
    here.hub.misbehave({ fault: { kind: 'change-etag', etag: 'f'.repeat(64) }, path, host: 'hub' })
    await expect(here.pull()).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringContaining('another file than the one listed'),
    })
    const partial = here.blobs().find((name) => name.endsWith('.incomplete')) ?? ''
    expect(statSync(join(here.home, 'blobs', partial)).size).toBe(0)
    expect(wrongBlobs(here)).toEqual([])
  })

  test('asks for a pause, it gets one', async () => {
    await using here = await world()
    const fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const
    here.hub.misbehave({ fault, path, host: 'hub', times: 1 })
    const began = performance.now()
    await here.pull({ connections: 1 })
    expect(performance.now() - began).toBeGreaterThan(990)
  })

  test('goes away, what has come is kept', async () => {
    await using here = await world()
    here.hub.pace(10 * MEBIBYTE)
    const running = Promise.allSettled([here.pull()])
    await expect.poll(() => here.hub.sent(path), { timeout: 10_000 }).toBeGreaterThan(10 * MEBIBYTE)
    here.hub.misbehave({ fault: { kind: 'reset', after: 0 } })
    here.hub.misbehave({ fault: { kind: 'reset', after: 0 }, host: 'hub' })
    here.hub.cut()
    expect(await running).toMatchObject([{ status: 'rejected', reason: { code: 'hub_unreachable' } }])
    here.hub.behave()
    here.hub.pace(Number.POSITIVE_INFINITY)
    const last = (await here.pull()).at(-1)
    expect(last?.resumed).toBeGreaterThan(8 * MEBIBYTE)
    expect(here.read(path).equals(everything)).toBe(true)
  })
})

test('a host that sends more than it says is not believed', async () => {
  await using here = await world()
  const server = createServer((incoming, outgoing) => {
    const [, from = '0', to = '0'] = /(\d+)-(\d+)/.exec(incoming.headers.range ?? '') ?? []
    const body = everything.subarray(Number(from), Number(to) + 11)
    const range = `bytes ${from}-${to}/${weights.bytes}`
    outgoing.writeHead(206, { 'content-range': range, 'content-length': body.length }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const hub = { endpoint: `http://127.0.0.1:${port}`, token: undefined, offline: false }
  const weightsAlone = here.files.filter((file) => file.path === path)
  await expect(here.pull({ hub, files: weightsAlone })).rejects.toMatchObject({
    code: 'hub_unreachable',
    message: expect.stringContaining('more bytes than asked for'),
  })
  expect(wrongBlobs(here)).toEqual([])
  server.closeAllConnections()
  server.close()
})

test('whatever goes wrong in whatever order, no wrong file gets its final name', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
  const roll = random(seed)
  const small = generated(18 * MEBIBYTE + 1, 3)
  const right = small.read(0, small.bytes)
  await using here = await furnish({ files: { ...files, [path]: small }, settings: { attempts: 3, stall: 150 } })
  const outcomes = { there: 0, failed: 0 }
  for (let round = 0; round < 25; round += 1) {
    here.hub.behave()
    const faults = Array.from({ length: 1 + Math.floor(roll() * 8) }, (): Misbehaviour => {
      const fault = passing[Math.floor(roll() * passing.length)]?.[1] ?? { kind: 'html' }
      const moved = 'after' in fault ? { ...fault, after: Math.floor(roll() * small.bytes) } : fault
      const at = { kind: 'wrong-bytes', at: Math.floor(roll() * small.bytes) } as const
      return {
        fault: fault.kind === 'wrong-bytes' ? at : moved,
        times: 1 + Math.floor(roll() * 3),
        host: roll() < 0.8 ? 'bytes' : 'hub',
      }
    })
    faults.forEach((fault) => here.hub.misbehave(fault))
    const outcome = await here.pull().then(
      () => 'there' as const,
      () => 'failed' as const,
    )
    outcomes[outcome] += 1
    expect(wrongBlobs(here), `seed ${seed}, round ${round}: ${JSON.stringify(faults)}`).toEqual([])
    if (outcome === 'failed') continue
    expect(here.read(path).equals(right)).toBe(true)
    rmSync(join(here.home, 'blobs'), { recursive: true })
  }
  process.stderr.write(`misbehaviour: seed ${seed}, ${JSON.stringify(outcomes)}\n`)
  expect(outcomes.there).toBeGreaterThan(0)
})
