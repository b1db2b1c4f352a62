/** A disk that fills up while a model comes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { admin, follow } from '../fixtures/admin.ts'
import { open, say } from '../fixtures/ask.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { furnish } from '../fixtures/gateway/furnish.ts'
import { furnishHub, MEBIBYTE, SMALL } from '../fixtures/gateway/hub-house.ts'
import { fill, smallDisk } from '../fixtures/small-disk.ts'
import { main, startGatewayProcess } from '../fixtures/start-gateway.ts'

/** As the admin API shows it. */
function stateOf({ download }: { readonly download: object }): unknown {
  return 'state' in download ? download.state : undefined
}

test('the download waits, clients are served meanwhile, and with room again it goes on to the right model', async () => {
  using disk = smallDisk(24)
  await using made = await furnishHub({ cache: disk.path, bytes: 8 * MEBIBYTE, hub: { pace: 2 * MEBIBYTE } })
  const { settings, remove } = furnish([{ name: 'first' }], made.sections)
  onTestFinished(remove)
  await using gateway = await startGatewayProcess({ settings, command: disk.command(process.execPath, main) })
  await using live = await follow(gateway)
  const asked = () => open(gateway.url, '/chat/completions', say('first', 'hello')).ended
  expect(await asked()).toMatchObject({ status: 200 })

  await admin(gateway, 'POST', '/downloads', { id: SMALL })
  await live.until('download.progress', ({ download }) => download.bytes > MEBIBYTE)
  const seen = disk.seenBy(gateway.pid)
  const empty = fill(seen)
  const { download } = await live.until('download.changed', (event) => stateOf(event) === 'paused')
  expect(download).toMatchObject({ pausedBy: 'disk', reason: expect.stringContaining('There is no space left') })
  const { status, text } = await asked()
  expect([status, text]).toEqual([200, expect.stringContaining(hello)])

  empty()
  await live.until('download.changed', (event) => stateOf(event) === 'complete')
  const home = join(seen, made.home.slice(disk.path.length), 'snapshots', made.commit)
  const weights = readFileSync(join(home, 'model.safetensors'))
  expect(weights.equals(made.weights.read(0, made.weights.bytes))).toBe(true)
  expect(made.hub.sent('model.safetensors')).toBeLessThan(made.weights.bytes + 3 * MEBIBYTE)
})
