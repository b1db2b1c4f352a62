import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { createHost } from '../../src/host/host.ts'
import { follow } from '../fixtures/admin.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { noOtherModels } from '../fixtures/start-gateway.ts'
import { buildPage } from '../fixtures/ui/build-page.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const engine = inject('engine')
const { visit } = openBrowser()

/** A gateway that has just been installed, with a page: it finds models in a folder, and no profile. */
async function openGateway() {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'page-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  const page = stack.use(await buildPage())
  const file = JSON.stringify({
    models: { ...noOtherModels, folders: [dirname(engine.scripted)] },
    engines: { 'mlx-lm': { executable: engine.executable } },
  })
  const config = loadConfig({
    flags: { data: join(folder, 'data'), port: 0 },
    environment: {},
    homeDirectory: folder,
    readFile: (path) => (path.endsWith('config.yaml') ? file : undefined),
  })
  const gateway = await startGateway(config, {
    environment: process.env,
    platform: process.platform,
    destination: { write() {} },
    pageDirectory: page.folder,
  })
  stack.defer(async () => void (await Promise.all([gateway.close(), gateway.close()])))
  const adminToken = readFileSync(join(folder, 'data/admin-token'), 'utf8').trim()
  const kept = stack.move()
  return { url: gateway.url, adminToken, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

test('somebody who has just installed it gets a first answer in the page, sees what that holds of the memory, and lets it go', async () => {
  await using gateway = await openGateway()
  await using live = await follow(gateway)
  await using visitor = await visit(gateway)
  const { page } = visitor
  await page.getByRole('link', { name: 'Get a first answer' }).click()
  await page.getByText(/^mlx-lm.* is there already\.$/).waitFor()
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByRole('button', { name: 'Use scripted' }).click()
  await page.getByLabel('Ask scripted').fill('say:hello')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText(hello).waitFor({ timeout: 100_000 })
  await page.getByText(/first token after .* tokens\/s/).waitFor()
  await page.getByRole('button', { name: 'Next: your client' }).click()
  await page.getByRole('link', { name: 'Leave for now' }).click()

  const { pid } = await live.until('server.ready')
  const card = page.getByRole('article', { name: 'scripted' })
  await card.getByText(/unloads in/).waitFor()
  const bar = await page.getByRole('img', { name: /scripted, measured: / }).getAttribute('aria-label')
  expect(bar).toMatch(/scripted, measured: [1-9][\d.]* [MG]B/)
  expect(await createHost().group(pid)).not.toEqual([])
  await page.getByRole('button', { name: 'Unload scripted' }).click()
  await card.waitFor({ state: 'detached' })
  await page.getByText('Nothing is loaded').waitFor()
  expect(await createHost().group(pid)).toEqual([])
  expect(visitor.troubles).toEqual([])
})
