import { expect, test } from 'vitest'
import type { TransferProgress } from '../../../src/downloads/transfer.ts'
import type { Download, DownloadsEvent } from '../../../src/downloads/downloads.ts'
import { Pull, type PullParts } from '../../../src/downloads/pull.ts'
import { GatewayError } from '../../../src/errors.ts'

const row: PullParts['row'] = {
  id: 1,
  repo: 'owner/name',
  revision: 'main',
  commit: 'a'.repeat(40),
  files: '[]',
  state: 'queued',
  pausedBy: null,
  reason: null,
  bytes: 0,
  createdAt: 0,
  updatedAt: 0,
}

/** A download whose rows cannot be written. */
function onFullDisk(transfer: () => Promise<void>) {
  const events: DownloadsEvent[] = []
  const rested = Promise.withResolvers<void>()
  const pull = new Pull({
    row,
    files: [],
    store: {
      setState() {
        throw new GatewayError('store_unusable', 'database or disk is full')
      },
    },
    transfer,
    discard: () => Promise.reject(new GatewayError('read_only', 'It may not be deleted.')),
    announce: (event) => events.push(event),
    rested: rested.resolve,
    now: () => 0,
  })
  return { pull, events, rested: rested.promise }
}

test('a state that cannot be written down is told of and holds nothing up', async () => {
  const full = new GatewayError('disk_full', 'There is no space left.')
  const { pull, events, rested } = onFullDisk(() => Promise.reject(full))
  pull.begin()
  await rested
  expect(pull.state).toEqual({ kind: 'paused', by: 'disk', reason: full.message })
  expect(events.flatMap((event) => (event.type === 'download.trouble' ? event.message : []))).toEqual([
    'The state of the download of owner/name could not be written down: database or disk is full',
    'The state of the download of owner/name could not be written down: database or disk is full',
  ])
})

test('what cannot be thrown away is told to whoever gives the download up, and to nobody who closes it', async () => {
  const { pull } = onFullDisk(() => Promise.resolve())
  await expect(pull.cancel()).rejects.toMatchObject({ code: 'read_only' })
  await pull.close()
  expect(pull.state).toEqual({ kind: 'cancelled' })
})

test('one that is under way is not begun again, whoever wants it to go on, and can still be paused', async () => {
  const begun = Promise.withResolvers<AbortSignal>()
  const pull = new Pull({
    row,
    files: [],
    store: { setState() {} },
    transfer(_, signal) {
      begun.resolve(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
    discard: () => Promise.resolve(),
    announce: () => {},
    rested: () => {},
    now: () => 0,
  })
  pull.begin()
  const signal = await begun.promise
  pull.resume()
  pull.begin()
  expect(pull.state).toEqual({ kind: 'running' })
  pull.pause()
  expect(signal.aborted).toBe(true)
  await pull.close()
})

test('how far it is is noted now and then, and at the end of the gateway', async () => {
  const noted: number[] = []
  let now = 0
  const pull = new Pull({
    row,
    files: [{ path: 'model.safetensors', bytes: 100_000, blob: 'b', hash: 'sha256' }],
    store: { setState: (_, { bytes }) => noted.push(bytes) },
    transfer(report, signal) {
      for (let bytes = 1000; bytes <= 12_000; bytes += 1000) {
        now += 1000
        report({ phase: 'running', bytes, resumed: 0, files: [] })
      }
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
    discard: () => Promise.resolve(),
    announce: () => {},
    rested: () => {},
    now: () => now,
  })
  pull.begin()
  await expect.poll(() => pull.snapshot().bytes).toBe(12_000)
  await pull.close()
  expect(noted).toEqual([0, 5000, 10_000, 12_000])
})

test('one that was under way when the gateway ended is queued again, as far as was noted', () => {
  for (const state of ['running', 'verifying'] as const) {
    const parts = { files: [], store: { setState() {} }, announce: () => {}, rested: () => {}, now: () => 0 }
    const pull = new Pull({
      ...parts,
      row: { ...row, state, bytes: 9 },
      transfer: () => Promise.resolve(),
      discard: () => Promise.resolve(),
    })
    expect(pull.snapshot()).toMatchObject({ state: { kind: 'queued' }, bytes: 9 })
  }
})

test('one that is paused says what lets it go on', () => {
  const { pull } = losing()
  pull.pause()
  const reason = 'It was paused by hand; `mlx-gateway downloads resume 1` lets it go on.'
  expect(pull.state).toEqual({ kind: 'paused', by: 'hand', reason })
})

test('what comes while one is being paused is told and noted: it is kept', async () => {
  const noted: number[] = []
  const told: Download[] = []
  const begun = Promise.withResolvers<void>()
  const pull = new Pull({
    row,
    files: [{ path: 'model.safetensors', bytes: 9000, blob: 'b', hash: 'sha256' }],
    store: { setState: (_, { bytes }) => noted.push(bytes) },
    transfer(report, signal) {
      report({ phase: 'running', bytes: 1000, resumed: 0, files: [] })
      begun.resolve()
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          report({ phase: 'running', bytes: 3000, resumed: 0, files: [] })
          reject(signal.reason)
        }),
      )
    },
    discard: () => Promise.resolve(),
    announce: (event) => 'download' in event && told.push(event.download),
    rested: () => {},
    now: () => 0,
  })
  pull.begin()
  await begun.promise
  pull.pause()
  await pull.close()
  expect(told.at(-1)).toMatchObject({ state: { kind: 'paused' }, bytes: 3000 })
  expect(noted.at(-1)).toBe(3000)
})

function breaking(): never {
  throw new Error('no ear')
}

test('who watches and breaks is told so, and is no trouble to the others or to the download', () => {
  const { pull } = losing()
  const heard: string[] = []
  const broken: unknown[] = []
  pull.watch(breaking, (thrown) => broken.push(thrown))
  pull.watch(
    () => heard.push(pull.state.kind),
    () => {},
  )
  pull.pause()
  expect([heard, broken.map(String)]).toEqual([
    ['queued', 'paused'],
    ['Error: no ear', 'Error: no ear'],
  ])
})

/** A download that tells of this progress, and then loses the hub; at a time that stands still. */
function losing() {
  const world = { now: 0, coming: [] as readonly Partial<TransferProgress>[], rested: () => {} }
  const shown: Download[] = []
  const pull = new Pull({
    row,
    files: [{ path: 'model.safetensors', bytes: 100_000, blob: 'b', hash: 'sha256' }],
    store: { setState() {} },
    transfer(report) {
      for (const news of world.coming) {
        world.now += 1000
        report({ phase: 'running', bytes: 0, resumed: 0, files: [], ...news })
      }
      return Promise.reject(new GatewayError('hub_unreachable', 'It cannot be reached.'))
    },
    discard: () => Promise.resolve(),
    announce: (event) => event.type === 'download.progress' && shown.push(event.download),
    rested: () => world.rested(),
    now: () => world.now,
  })
  return {
    pull,
    world,
    shown,
    async run(...coming: readonly Partial<TransferProgress>[]): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      Object.assign(world, { coming, rested: resolve })
      pull.resume()
      pull.begin()
      await promise
    },
  }
}

test('a hub that is lost is tried again later each time, and soon after bytes have come', async () => {
  const { pull, world, run } = losing()
  /** How long after a loss it is tried again, in seconds. */
  async function patience(...coming: readonly Partial<TransferProgress>[]): Promise<number> {
    await run(...coming)
    const began = world.now
    while (!pull.isDue(10_000)) world.now += 1000
    return (world.now - began) / 1000
  }
  const waits = []
  for (let losses = 0; losses < 8; losses++) waits.push(await patience({ bytes: 500, resumed: 500 }))
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300])
  expect(await patience({ bytes: 501, resumed: 500 })).toBe(10)
})

test('what had come before stays shown while it is looked at, and is not taken for speed', async () => {
  const { shown, run } = losing()
  await run({ bytes: 40_000 })
  shown.length = 0
  const file = { path: 'model.safetensors', bytes: 0, total: 100_000 }
  await run(
    { bytes: 0, files: [{ ...file, state: 'waiting' }] },
    { bytes: 39_000, resumed: 39_000, files: [{ ...file, state: 'running' }] },
    { bytes: 41_000, resumed: 39_000, files: [{ ...file, state: 'running' }] },
    { bytes: 43_000, resumed: 39_000, files: [{ ...file, state: 'running' }] },
  )
  expect(shown.map(({ bytes }) => bytes)).toEqual([40_000, 39_000, 41_000, 43_000])
  expect(shown.at(-1)?.bytesPerSecond).toBeLessThanOrEqual(2000)
})
