import { dirname } from 'node:path'
import { expect, inject, test } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { follow } from '../fixtures/admin.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { buildPage } from '../fixtures/ui/build-page.ts'
import { openNewGateway } from '../fixtures/ui/new-gateway.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const engine = inject('engine')
const { visit } = openBrowser()

test('somebody who has just installed it gets a first answer in the page, sees what that holds of the memory, and lets it go', async () => {
  await using built = await buildPage()
  const settings = {
    models: { folders: [dirname(engine.scripted)] },
    engines: { 'mlx-lm': { executable: engine.executable } },
  }
  await using gateway = await openNewGateway({ pageDirectory: built.folder, settings })
  await using live = await follow(gateway)
  await using visitor = await visit(gateway)
  const { page } = visitor
  await page.getByRole('link', { name: 'Get a first answer' }).click()
  await page.getByText(/^mlx-lm.* is there already\.$/).waitFor()
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByRole('button', { name: 'Use it: scripted' }).click()
  await page.getByLabel('Ask scripted').fill('say:hello')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText(hello).waitFor({ timeout: 100_000 })
  await page.getByText(/first token after .* tokens\/s/).waitFor()
  await page.getByRole('button', { name: 'Next: your client' }).click()
  await page.getByRole('link', { name: 'Done' }).click()

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
