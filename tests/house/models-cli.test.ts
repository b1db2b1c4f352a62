/** Models on the command line: found, pulled, looked at, verified, mended and deleted. */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { runCli as run } from '../../src/cli/cli.ts'
import type { World } from '../../src/cli/world.ts'
import { furnish } from '../fixtures/gateway/furnish.ts'
import { furnishHub, MEBIBYTE, SMALL, type HubWishes } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { runCli, spawnCli } from '../fixtures/run-cli.ts'
import { startGatewayProcess } from '../fixtures/start-gateway.ts'
import { heldIn } from '../unit/catalog/hub-cache.ts'

/** Commands on a data directory and a cache of their own; a gateway runs there only when a test starts one. */
async function world(wishes: HubWishes = {}) {
  await using stack = new AsyncDisposableStack()
  const hub = stack.use(await furnishHub(wishes))
  const house = furnish([], hub.sections)
  stack.defer(house.remove)
  const [dataDirectory, file] = [join(house.folder, 'data'), join(house.folder, 'config.yaml')]
  writeFileSync(file, JSON.stringify(house.settings))
  const place = ['--data', dataDirectory, '--config', file]
  const kept = stack.move()
  return {
    ...hub,
    dataDirectory,
    place,
    start: () => startGatewayProcess({ settings: house.settings, dataDirectory }),
    run: (...line: readonly string[]) => runCli([...line, ...place]),
    /** What it prints where all goes well. */
    async said(...line: readonly string[]): Promise<string> {
      const { code, out, err } = await runCli([...line, ...place])
      expect([line, code, code === 0 ? '' : err]).toEqual([line, 0, ''])
      return out
    },
    spawn: (...line: readonly string[]) => spawnCli([...line, ...place]),
    /** The same in this process, at a terminal where somebody types. */
    async typed(answer: string, ...line: readonly string[]) {
      const [input, out, err] = [new PassThrough(), new PassThrough(), new PassThrough()]
      for (const stream of [input, out, err]) Object.assign(stream, { isTTY: true, columns: 100 })
      const streams = { in: input, out, err } as unknown as Pick<World, 'in' | 'out' | 'err'>
      input.write(answer)
      const environment = { PATH: process.env['PATH'] }
      const about = { environment, homeDirectory: house.folder, platform: process.platform }
      const code = await run([...line, ...place], { ...about, ...streams })
      return { code, out: String(out.read() ?? ''), err: String(err.read() ?? '') }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

describe('search', () => {
  test('shows what there is, how large it is and whether it fits, of several words and wishes', async () => {
    await using made = await world()
    made.hub.add({
      id: 'maker/Gated-8bit',
      gated: 'manual',
      files: wholeModel(),
      license: 'other',
      tags: ['mlx', '8-bit'],
    })
    const table = await made.said('search', 'small', '4bit')
    expect(table).toMatch(/^model +weights +quantisation +context +licence +gated +here +fits *$/m)
    expect(table).toMatch(/^maker\/Small-4bit +4 MB +\S+ +2048 +apache-2\.0 +no +no +fits: [\d.]+ MB of /m)
    expect(table).not.toContain('Gated')
    const found = JSON.parse(await made.said('search', '--bits', '8', '--max-size', '1GB', '--json'))
    expect(found).toMatchObject({ hits: [{ id: 'maker/Gated-8bit', gated: 'manual' }], offline: false })
    expect(await made.said('search', '--owner', 'maker', '--max-size', '1KB', '--limit', '3')).toBe('Nothing found.\n')
    const wrong = await made.run('search', 'x', '--max-size', 'big')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Write a size, for example 8GB.')])
  })

  test('without a hub shows what is here, and says so', async () => {
    await using made = await world()
    await made.said('pull', SMALL)
    await made.hub.close()
    const { code, out, err } = await made.run('search', 'small')
    expect([code, out]).toEqual([0, expect.stringMatching(/^maker\/Small-4bit .* yes +fits/m)])
    expect(err).toMatch(/cannot be reached.*\nThese are the models on this machine\.\n$/s)
  })
})

describe('pull', () => {
  test('without a gateway does the work itself, showing how far it is', async () => {
    await using made = await world({ hub: { pace: 8 * MEBIBYTE } })
    const { code, out, err } = await made.run('pull', SMALL)
    expect([code, out]).toEqual([0, `${SMALL} is on disk (4 MB).\n`])
    expect(err).toMatch(/^ +\d+ % [\d.]+ \w+ of 4 MB/m)
    expect(made.isRight()).toBe(true)
    const again = await made.run('pull', `${SMALL}@${made.commit}`)
    expect([again.code, again.out]).toEqual([0, `${SMALL} is on disk (4 MB).\n`])
    expect(made.hub.sent('model.safetensors')).toBe(made.weights.bytes)
    expect(await made.said('downloads')).toMatch(/^1 +maker\/Small-4bit +complete +100 %/m)
    expect(await made.said('downloads', 'rm', '1')).toBe('Forgot download 1.\n')
  })

  test('shows a bar at a terminal', async () => {
    await using made = await world({ hub: { pace: 8 * MEBIBYTE } })
    const { code, out, err } = await made.typed('', 'pull', SMALL)
    expect([code, out]).toEqual([0, `${SMALL} is on disk (4 MB).\n`])
    expect(err).toContain('Ctrl-C stops it; the same command goes on with it.\n')
    expect(err).toMatch(/\r\u001B\[2K +\d+ % █*░+ [\d.]+ \w+ of 4 MB/)
  })

  test('with a gateway leaves the work to it: Ctrl-C ends the display, kill -9 of the gateway only delays it', async () => {
    await using made = await world({ bytes: 16 * MEBIBYTE, hub: { pace: 2 * MEBIBYTE } })
    await using first = await made.start()
    expect(await made.said('pull', SMALL)).toBe(`Pulling ${SMALL}; mlx-gateway downloads shows how far it is.\n`)
    const watching = made.spawn('pull', SMALL, '--wait')
    const ended = once(watching, 'close')
    await vi.waitFor(async () => {
      const [download] = JSON.parse(await made.said('downloads', '--json')).downloads
      expect(download.bytes).toBeGreaterThan(3 * MEBIBYTE)
    }, 30_000)
    watching.kill('SIGINT')
    expect(await ended).toEqual([null, 'SIGINT'])
    const sent = made.hub.sent('model.safetensors')
    expect(JSON.parse(await made.said('downloads', '--json'))).toMatchObject({
      downloads: [{ id: 1, state: 'running' }],
    })
    await first.kill()

    made.hub.pace(Number.POSITIVE_INFINITY)
    made.hub.forget()
    await using _ = await made.start()
    await vi.waitFor(() => expect(made.isRight()).toBe(true), 30_000)
    expect(made.hub.sent('model.safetensors')).toBeLessThan(made.weights.bytes - sent + 2 * MEBIBYTE)
    expect(await made.said('pull', SMALL, '--wait')).toBe(`${SMALL} is on disk (16 MB).\n`)
  })

  test.each([
    ['that nobody has', 'maker/None', 'has no maker/None'],
    ['that is no model', 'nonsense', 'write owner/name'],
  ])('of a model %s says so and ends', async (_, id, words) => {
    await using made = await world()
    await using gateway = await made.start()
    expect(gateway.pid).toBeGreaterThan(0)
    for (const more of [[], ['--wait']]) {
      expect(await made.run('pull', id, ...more)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining(words),
      })
    }
  })
})

describe('models', () => {
  test('shows size, revisions and use of each, those that are newer on the hub, and what they take', async () => {
    await using made = await world()
    await made.said('pull', SMALL)
    await made.said('models', 'du')
    expect(await made.said('models')).toMatch(/^maker\/Small-4bit +4 MB +\S+ +2048 +main +never +– *$/m)
    const use = JSON.parse(await made.said('models', 'du', '--json'))
    expect(use.totalBytes).toBe(heldIn(made.home))
    expect(await made.said('models', 'du')).toMatch(/^maker\/Small-4bit +4 MB +0 B .*\n\n4 MB in all\n.* free for /ms)
    expect(await made.said('models', 'updates')).toBe('Every model is as new as the hub’s.\n')
    made.hub.commit(SMALL, wholeModel())
    expect(await made.said('models', 'updates')).toMatch(/^maker\/Small-4bit +main +\w{12} +\w{12}/m)
  })

  test('tells how to go on with one that is not whole', async () => {
    await using made = await world({ hub: { pace: MEBIBYTE } })
    await using gateway = await made.start()
    expect(gateway.pid).toBeGreaterThan(0)
    await made.said('pull', SMALL)
    await vi.waitFor(async () => {
      expect(JSON.parse(await made.said('downloads', '--json')).downloads[0].bytes).toBeGreaterThan(MEBIBYTE)
    }, 30_000)
    expect(await made.said('downloads', 'pause', '1')).toBe(`${SMALL}: paused\n`)
    await fetch(`${gateway.url}/admin/api/models/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminToken}` },
    })
    expect(await made.said('models')).toContain(`resume: mlx-gateway pull ${SMALL}\n`)
    expect(await made.said('downloads', 'cancel', '1')).toBe(`${SMALL}: cancelled\n`)
  })

  test('rm says what it frees and what it freed, and asks whoever sits at a terminal', async () => {
    await using made = await world()
    await made.said('pull', SMALL)
    await made.said('models', 'du')
    const held = heldIn(made.cache)
    const kept = await made.typed('n\n', 'models', 'rm', SMALL)
    expect(kept).toMatchObject({ code: 0, out: 'Nothing was deleted.\n' })
    expect(kept.err).toContain(`Delete ${SMALL} in ${made.home}? That frees 4 MB. [y/N]`)
    expect(heldIn(made.cache)).toBe(held)
    expect(await made.typed('y\n', 'models', 'rm', `${SMALL}@main`)).toMatchObject({
      code: 0,
      out: `Deleted ${SMALL}@main; 4 MB freed.\n`,
    })
    expect(heldIn(made.cache)).toBe(0)
    expect(await made.run('models', 'rm', SMALL)).toMatchObject({
      code: 1,
      err: expect.stringContaining('No model is called'),
    })
  })

  test('rm with --yes does not ask, nor does it in a script', async () => {
    await using made = await world()
    for (const remove of [
      () => made.typed('', 'models', 'rm', SMALL, '--yes'),
      () => made.run('models', 'rm', SMALL),
    ]) {
      await made.said('pull', SMALL)
      expect(await remove()).toMatchObject({ code: 0, out: `Deleted ${SMALL}; 4 MB freed.\n` })
    }
  })

  test('verify finds what is broken, and mends it with nothing else fetched', async () => {
    await using made = await world()
    await made.said('pull', SMALL)
    expect(await made.said('models', 'verify', SMALL)).toMatch(/^maker\/Small-4bit: of 4 files 4 right\.$/m)
    const weights = join(made.home, 'snapshots', made.commit, 'model.safetensors')
    const bytes = readFileSync(weights)
    bytes[bytes.length - 100] = 255 - (bytes.at(-100) ?? 0)
    writeFileSync(weights, bytes)

    const broken = await made.run('models', 'verify', `${SMALL}@main`)
    expect([broken.code, broken.out]).toEqual([
      1,
      expect.stringMatching(/^model\.safetensors +broken +its sha256 is /m),
    ])
    expect(broken.err).toContain(`mlx-gateway models verify ${SMALL}@main --repair`)
    made.hub.forget()
    const mended = await made.run('models', 'verify', SMALL, '--repair', '--json')
    expect([mended.code, JSON.parse(mended.out)]).toEqual([0, expect.objectContaining({ repaired: true })])
    expect(made.isRight()).toBe(true)
    const fetched = made.hub.requests.flatMap(({ path, sent }) => (path !== undefined && sent > 0 ? path : []))
    expect(fetched).toEqual(['model.safetensors'])
    expect(await made.said('models', 'verify', SMALL)).toContain('of 4 files 4 right.')
  })

  test('verify throws nothing away that the hub cannot give again', async () => {
    await using made = await world()
    await made.said('pull', SMALL)
    const config = join(made.home, 'snapshots', made.commit, 'config.json')
    writeFileSync(config, readFileSync(config, 'utf8').replace('64', '65'))
    await made.hub.close()
    const { code, err } = await made.run('models', 'verify', SMALL, '--repair')
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be reached')])
    expect(readFileSync(config, 'utf8')).toContain('65')
  })
})
