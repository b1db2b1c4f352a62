import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { furnish, MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { random } from '../../fixtures/downloads/random.ts'
import { generated } from '../../fixtures/hub/fake-hub.ts'
import { quickStart } from '../../fixtures/quick-start.ts'

const KILLS = 100
const program = join(import.meta.dirname, '../../fixtures/programs/transfer.ts')
const weights = generated(64 * MEBIBYTE)
const everything = weights.read(0, weights.bytes)

function start() {
  const environment = { ...process.env, ...quickStart }
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'pipe'], env: environment })
  return { child, words: text(child.stderr) }
}

/** How many bytes of the range are what they should be, in pieces of 4 KiB. */
function rightBytes(found: Buffer, start: number, end: number): number {
  let right = 0
  for (let at = start; at < end; at += 4096) {
    const until = Math.min(end, at + 4096)
    if (found.subarray(at, until).equals(everything.subarray(at, until))) right += until - at
  }
  return right
}

test(`killed ${KILLS} times at any offset of a file, a transfer goes on to the right file and fetches at most 1 MiB again`, async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
  const roll = random(seed)
  await using world = await furnish({ files: { 'model.safetensors': weights } })
  const { hub, home } = world
  const path = 'model.safetensors'
  const again: number[] = []
  const offsets: number[] = []
  let next = start()
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child: victim, words } = next
      // started ahead, because a start takes longer than a transfer
      next = start()
      hub.forget()
      const offset = Math.floor(roll() * weights.bytes)
      victim.stdin.write(JSON.stringify(world.job()))
      while (hub.sent(path) <= offset && victim.exitCode === null && victim.signalCode === null) await wait(1)
      if (hub.sent(path) <= offset) throw new Error(`seed ${seed}, kill ${kill}: it ended by itself:\n${await words}`)
      victim.kill('SIGKILL')
      if (victim.signalCode === null && victim.exitCode === null) await once(victim, 'exit')

      const blobs = join(home, 'blobs')
      const partial = readdirSync(blobs).find((name) => name.endsWith('.gateway.incomplete'))
      const left = partial === undefined ? everything : readFileSync(join(blobs, partial))
      hub.forget()
      await world.pull()
      const ranges = hub.requests.filter(({ host, range }) => host === 'cdn' && range !== undefined)
      const asked = ranges.map(({ range }) => /(\d+)-(\d+)/.exec(range ?? '') ?? [])
      again.push(asked.reduce((sum, [, from, to]) => sum + rightBytes(left, Number(from), Number(to) + 1), 0))
      offsets.push(offset)
      expect(world.read(path).equals(everything), `seed ${seed}, kill ${kill} at ${offset}`).toBe(true)
      expect(world.blobs()).toHaveLength(1)
      rmSync(home, { recursive: true })
    }
  } finally {
    next.child.kill('SIGKILL')
  }
  const worst = Math.max(...again)
  process.stderr.write(`kills: seed ${seed}, at most ${worst} bytes were fetched again\n`)
  expect(worst, `seed ${seed}, at ${offsets[again.indexOf(worst)]}`).toBeLessThanOrEqual(MEBIBYTE)
}, 400_000)
