/** Models on their way, on the command line: pulled, with a gateway and without, and told of. */
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test, vi } from 'vitest'
import { commandsOn } from '../fixtures/gateway/commands.ts'
import { MEBIBYTE, SMALL } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { runCli } from '../fixtures/run-cli.ts'

/** All that has come so far. */
function heardFrom(stream: Readable): () => string {
  let heard = ''
  stream.on('data', (chunk) => (heard += String(chunk)))
  return () => heard
}

describe('pull', () => {
  test('without a gateway does the work itself, showing how far it is', async () => {
    await using made = await commandsOn({ hub: { pace: 8 * MEBIBYTE } })
    const { code, out, err } = await made.run('pull', SMALL)
    expect([code, out]).toEqual([0, `${SMALL} is on disk (4 MB).\n`])
    expect(err).toMatch(/^ +\d+ % [\d.]+ \w+ of 4 MB/m)
    expect(made.isRight()).toBe(true)
    const again = await made.run('pull', `${SMALL}@${made.commit}`)
    expect([again.code, again.out]).toEqual([0, `${SMALL} is on disk (4 MB).\n`])
    expect(made.hub.sent('model.safetensors')).toBe(made.weights.bytes)
    expect(await made.said('downloads')).toMatch(/^1 +maker\/Small-4bit +complete +100 % of 4 MB/m)
  })

  test('shows a bar at a terminal', async () => {
    await using made = await commandsOn({ hub: { pace: 8 * MEBIBYTE } })
    const { code, out, err } = await made.typed('', 'pull', SMALL)
    expect([code, out]).toEqual([0, `${SMALL} is on disk (4 MB).\n`])
    expect(err).toContain('Ctrl-C stops it; the same command goes on with it.\n')
    expect(err).toMatch(/\r\u001B\[2K +\d+ % █*░+ [\d.]+ \w+ of 4 MB/)
  })

  test('with a gateway leaves the work to it: Ctrl-C ends the display, kill -9 of the gateway only delays it', async () => {
    await using made = await commandsOn({ bytes: 16 * MEBIBYTE, hub: { pace: 2 * MEBIBYTE } })
    await using first = await made.start()
    expect(await made.said('pull', SMALL)).toBe(`Pulling ${SMALL}; mlx-gateway downloads shows how far it is.\n`)
    const watching = made.spawn('pull', SMALL, '--wait')
    const ended = once(watching, 'close')
    const said = heardFrom(watching.stderr)
    await expect.poll(said, { timeout: 30_000 }).toContain(' % ')
    await vi.waitFor(async () => {
      const [download] = JSON.parse(await made.said('downloads', '--json')).downloads
      expect(download.bytes).toBeGreaterThan(3 * MEBIBYTE)
    }, 30_000)
    watching.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(said()).toMatch(/\nThe download goes on; see mlx-gateway downloads\.\n$/)
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
    expect(await made.said('pull', SMALL, '--wait')).toBe(`${SMALL} is on disk (17 MB).\n`)
  })

  test('without a gateway ends at Ctrl-C, with what has come; the same command goes on', async () => {
    await using made = await commandsOn({ bytes: 16 * MEBIBYTE, hub: { pace: 2 * MEBIBYTE } })
    const pulling = made.spawn('pull', SMALL)
    const [ended, said] = [once(pulling, 'close'), text(pulling.stderr)]
    await vi.waitFor(() => expect(made.hub.sent('model.safetensors')).toBeGreaterThan(6 * MEBIBYTE), 30_000)
    pulling.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(await said).toMatch(/ of 17 MB.*\nStopped; the same command goes on\.\n$/s)
    const told = await made.said('downloads')
    expect(told).toMatch(/^1 +maker\/Small-4bit +queued +[1-9]\d? % of 17 MB/m)
    expect(told).toContain('No gateway is running, so nothing comes: start one with mlx-gateway serve')

    made.hub.pace(Number.POSITIVE_INFINITY)
    made.hub.forget()
    expect((await made.run('pull', SMALL)).out).toBe(`${SMALL} is on disk (17 MB).\n`)
    expect(made.hub.sent('model.safetensors')).toBeLessThan(made.weights.bytes - 4 * MEBIBYTE)
    expect(await made.said('downloads')).not.toContain('No gateway')
  })

  test('without a gateway waits for a hub that is lost, and goes on by itself', async () => {
    await using made = await commandsOn()
    made.hub.misbehave({ host: 'bytes', fault: { kind: 'status', status: 503 } })
    const pulling = made.spawn('pull', SMALL, '--set', 'downloads.attempts=1')
    const [ended, out] = [once(pulling, 'close'), text(pulling.stdout)]
    await expect.poll(heardFrom(pulling.stderr), { timeout: 30_000 }).toContain('tried again by itself')
    made.hub.behave()
    expect([await ended, await out]).toEqual([[0, null], `${SMALL} is on disk (4 MB).\n`])
  })

  test('of a model that nobody has says so and ends, with a gateway at once', async () => {
    await using made = await commandsOn()
    await using gateway = await made.start()
    expect(gateway.pid).toBeGreaterThan(0)
    for (const more of [[], ['--wait']]) {
      expect(await made.run('pull', 'maker/None', ...more)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('has no maker/None'),
      })
    }
  })

  test.each(['nonsense', 'a/b/c', '@main', 'https://huggingface.co/datasets/maker/data'])(
    'of %s, which is no model, is a wrong call',
    async (wanted) => {
      await using made = await commandsOn()
      const { code, out, err } = await made.run('pull', wanted)
      expect([code, out, err]).toEqual([2, '', expect.stringContaining('Write owner/name, for example')])
    },
  )

  test('takes several, and the address of a page; what is refused of one keeps none of the others', async () => {
    await using made = await commandsOn()
    made.hub.add({ id: 'maker/Other', files: wholeModel() })
    const line = ['pull', 'maker/None', `https://huggingface.co/${SMALL}/tree/main`, 'maker/Other']
    const { code, out, err } = await made.run(...line)
    expect([code, out]).toEqual([1, expect.stringMatching(`^${SMALL} is on disk .*\nmaker/Other is on disk .*\n$`)])
    expect(err).toMatch(/^error: .* has no maker\/None/m)
    expect(made.isRight()).toBe(true)
    const { downloads } = JSON.parse((await made.run(...line, '--json')).out)
    expect(downloads).toMatchObject([
      { repo: SMALL, state: 'complete' },
      { repo: 'maker/Other', state: 'complete' },
    ])
  })

  test('at work without a gateway, is what others are told that want the same data directory', async () => {
    await using made = await commandsOn({ hub: { pace: MEBIBYTE / 4 } })
    const pulling = made.spawn('pull', SMALL)
    const ended = once(pulling, 'close')
    await vi.waitFor(() => expect(made.hub.sent('model.safetensors')).toBeGreaterThan(0), 30_000)
    const told = `A command (mlx-gateway pull, pid ${pulling.pid}) is at work in ${made.dataDirectory}. Wait until it is done`
    for (const line of [['downloads'], ['serve', '--port', '0']]) {
      expect(await made.run(...line)).toMatchObject({ code: 1, err: expect.stringContaining(told) })
    }
    pulling.kill('SIGINT')
    await ended
  })
})

describe('downloads', () => {
  test('are named by number or by model, several at once; each paused one says what lets it go on', async () => {
    await using made = await commandsOn({ hub: { pace: MEBIBYTE / 4 } })
    made.hub.add({ id: 'maker/Other', files: wholeModel(4 * MEBIBYTE) })
    await using gateway = await made.start()
    expect(gateway.pid).toBeGreaterThan(0)
    await made.said('pull', SMALL, 'maker/Other')
    expect(await made.said('downloads', 'pause', SMALL.toLowerCase(), '2')).toBe(
      `${SMALL}: paused. mlx-gateway downloads resume 1 lets it go on.\n` +
        'maker/Other: paused. mlx-gateway downloads resume 2 lets it go on.\n',
    )
    const list = await made.said('downloads')
    for (const id of [1, 2]) expect(list).toContain(`\`mlx-gateway downloads resume ${id}\` lets it go on.`)
    expect(await made.said('downloads', 'resume', '1')).toBe(`${SMALL}: running\n`)

    const waiting = made.spawn('pull', SMALL, '--wait')
    const ended = once(waiting, 'close')
    const said = heardFrom(waiting.stderr)
    await expect.poll(said, { timeout: 30_000 }).toContain(' % ')
    await made.said('downloads', 'pause', SMALL)
    expect(await ended).toEqual([1, null])
    expect(said()).toMatch(/^error: maker\/Small-4bit: .*downloads resume 1` lets it go on\.$/m)

    const some = await made.run('downloads', 'cancel', '7', SMALL)
    expect([some.code, some.out]).toEqual([1, `${SMALL}: cancelled\n`])
    expect(some.err).toMatch(/^error: There is no download 7/)
    expect(await made.said('downloads', 'rm', '--all')).toBe('Forgot 1.\n')
    expect(await made.said('downloads', 'rm', '--all')).toBe('There was none that is over.\n')
    expect((await made.run('downloads', 'rm', '2')).err).toContain('is not over')
    await made.said('downloads', 'cancel', '2')
    expect(await made.said('downloads', 'rm', '2')).toBe('Forgot download 2.\n')
  })

  test.each([
    [['pause', 'x'], 'Write its number or owner/name'],
    [['cancel'], "missing required argument 'number'"],
    [['rm'], "missing argument 'number', or --all"],
    [['rm', 'all'], 'Write its number or owner/name'],
  ])('(%s) named wrongly end with 2', async (line, words) => {
    const { code, out, err } = await runCli(['downloads', ...line])
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(words)])
  })
})
