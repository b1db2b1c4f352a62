import { expect, inject, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { readFileSync } from 'node:fs'
import { noOtherModels } from '../fixtures/start-gateway.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

async function start(folder: string, port: number) {
  const file = JSON.stringify({ models: noOtherModels })
  const config = loadConfig({
    flags: { data: join(folder, 'data'), port },
    environment: {},
    homeDirectory: folder,
    readFile: (path) => (path.endsWith('config.yaml') ? file : undefined),
  })
  return startGateway(config, {
    environment: {},
    platform: process.platform,
    destination: { write() {} },
    pageDirectory: inject('pageDirectory'),
  })
}

test('a page that is open while the gateway is restarted says so, and goes on by itself, still signed in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlx-gateway-page-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const first = await start(folder, 0)
  const adminToken = readFileSync(join(folder, 'data/admin-token'), 'utf8').trim()
  const visitor = stack.use(await visit({ url: first.url, adminToken }))
  const { page } = visitor
  await page.getByText('Nobody is asking at the moment.').waitFor()
  await first.close()
  await page.getByText('Reconnecting to the gateway').waitFor()
  const second = stack.use(await start(folder, first.port))
  await page.getByText('Reconnecting to the gateway').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Keys' }).click()
  await page.getByText('There are no keys').waitFor()
  expect(second.port).toBe(first.port)
  expect(visitor.troubles).toEqual([])
})
