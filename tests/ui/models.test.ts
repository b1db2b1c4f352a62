import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { bytes } from '../../admin-ui/src/parts/format.ts'
import { say } from '../fixtures/ask.ts'
import { type HubWishes, MEBIBYTE, openHubHouse, SMALL } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'
import { commitOf, heldIn, writeRevision } from '../unit/catalog/hub-cache.ts'
import { temporaryFolder, tinyConfig } from '../unit/catalog/model-folder.ts'

const { visit } = openBrowser()
const open = (wishes: HubWishes = {}) => openHubHouse({ ...wishes, pageDirectory: inject('pageDirectory') })
type House = Awaited<ReturnType<typeof open>>

const here = 'maker/Here-4bit'

/** Each of four answers at once brings so much a second: what is to be done meanwhile has a minute. */
const slow: HubWishes = { bytes: 32 * MEBIBYTE, hub: { pace: MEBIBYTE / 8 } }

/** A cache that holds one model already. */
function furnishedCache(): string {
  const cache = temporaryFolder()
  writeRevision(cache, here, commitOf('a'), { refs: ['main'] })
  return cache
}

async function look(page: Page, words: string): Promise<void> {
  await page.getByLabel('Search this machine and the hub').fill(words)
}

const library = (page: Page) => page.getByRole('table', { name: /^On this machine/ })

const downloadIn = (page: Page) => page.getByRole('article', { name: `Download of ${SMALL}` })

/** How much of it the page says has come, in percent. */
async function comeIn(page: Page): Promise<number> {
  return Number(await downloadIn(page).getByRole('progressbar').getAttribute('aria-valuenow'))
}

/** What the page says of what had come before a pause. */
const keptIn = (page: Page) =>
  downloadIn(page)
    .getByText(/that have come are kept\.$/)
    .innerText()

/** The config of a model whose contexts need so much more memory. */
const deep = (layers: number) => JSON.stringify({ ...tinyConfig, num_hidden_layers: layers })

/** Its weights are on disk, by what the gateway was told to fetch without a page. */
async function bring(house: House): Promise<void> {
  await house.admin('POST', '/downloads', { id: SMALL })
  await house.until('download.changed', ({ download }) => download.state === 'complete')
}

test('one search finds what is on this machine and what the hub has, and says whether that fits', async () => {
  const profiles = [{ name: 'coder', memory: '500MB' }]
  await using house = await open({ cache: furnishedCache(), memory: { budget: '1GB' }, profiles })
  for (const [id, layers] of Object.entries({ 'maker/Deep-4bit': 400, 'maker/Deepest-4bit': 1200 }))
    house.hub.add({ id, files: wholeModel(1024, { 'config.json': deep(layers) }), tags: ['mlx', '4-bit'] })
  await house.warm('coder')
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await library(page).getByText(here, { exact: true }).waitFor()
  expect(house.hub.requests, 'opening the page asks nobody outside').toEqual([])

  await look(page, 'maker 4bit')
  const hub = page.getByRole('table', { name: 'On the hub' })
  for (const [id, verdict] of [
    [SMALL, 'fits'],
    ['maker/Deep-4bit', 'fits alone'],
    ['maker/Deepest-4bit', 'does not fit'],
  ])
    await hub.getByRole('button', { name: `${id} ${verdict}: the numbers` }).waitFor()
  await library(page).getByText(here, { exact: true }).waitFor()

  await hub.getByRole('button', { name: 'maker/Deep-4bit fits alone: the numbers' }).click()
  await page.getByText(/what runs must be unloaded first/).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText(/what runs must be unloaded first/).waitFor({ state: 'detached' })

  await hub.getByRole('button', { name: 'Pull maker/Deepest-4bit' }).click()
  await page
    .getByRole('dialog')
    .getByText(/^It needs .* may be held\. Pull it all the same\?$/)
    .waitFor()
  await page.getByRole('button', { name: 'Leave it' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect((await house.admin('GET', '/downloads')).downloads).toEqual([])

  await look(page, 'here')
  await page.getByText('The hub has no MLX model like that.').waitFor()
  await page.reload()
  await page.getByText('The hub has no MLX model like that.').waitFor()
  await library(page).getByText(here, { exact: true }).waitFor()
  await look(page, 'small')
  await hub.getByText(SMALL).waitFor()
  await page.getByText('No model on this machine is like that.').waitFor()
  expect(visitor.troubles).toEqual([])
})

test('a pull goes on while the page is reloaded: its progress is there again, and nothing is fetched twice', async () => {
  await using house = await open({ downloads: { bandwidth: '128KB' } })
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await look(page, SMALL)
  await page.getByRole('button', { name: `Pull ${SMALL}` }).click()
  await expect.poll(() => comeIn(page)).toBeGreaterThan(0)
  const before = await comeIn(page)
  await page.reload()
  await downloadIn(page).getByText('downloading').waitFor()
  const after = await comeIn(page)
  expect(after).toBeGreaterThanOrEqual(before)
  await expect.poll(() => comeIn(page)).toBeGreaterThan(after)
  await house.admin('PUT', '/settings/downloads.bandwidth', { value: '1GB' })
  await downloadIn(page).getByText('complete').waitFor()
  await page.getByRole('table', { name: 'On the hub' }).getByText('on this machine').waitFor()
  await page.getByRole('link', { name: `Talk to ${SMALL}` }).waitFor()
  expect(house.hub.sent('model.safetensors')).toBe(house.weights.bytes)
  expect((await house.admin('GET', '/downloads')).downloads).toHaveLength(1)
  expect(house.isRight()).toBe(true)
  expect(visitor.troubles).toEqual([])
})

test('a download is paused, gone on with and given up, and two tabs show the same of it', async () => {
  await using house = await open(slow)
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  const other = await visitor.tab()
  const both = [page, other]
  await look(page, SMALL)
  await page.getByRole('button', { name: `Pull ${SMALL}` }).click()
  for (const tab of both) await expect.poll(() => comeIn(tab)).toBeGreaterThan(0)

  await other.getByRole('button', { name: `Pause: ${SMALL}` }).click()
  for (const tab of both) await downloadIn(tab).getByText('paused', { exact: true }).waitFor()
  await page.reload()
  await expect.poll(async () => (await keptIn(page)) === (await keptIn(other))).toBe(true)
  const before = await comeIn(page)

  await page.getByRole('button', { name: `Resume: ${SMALL}` }).click()
  for (const tab of both) await downloadIn(tab).getByText('downloading').waitFor()
  await expect.poll(() => comeIn(other)).toBeGreaterThan(before)
  await page.getByRole('button', { name: `Give up: ${SMALL}` }).click()
  await page
    .getByRole('dialog')
    .getByText(/that have come are thrown away/)
    .waitFor()
  await page.getByRole('button', { name: 'Give it up' }).click()
  for (const tab of both) await downloadIn(tab).getByText('given up').waitFor()
  await expect.poll(() => readdirSync(join(house.home, 'blobs'))).toEqual([])

  await other.getByRole('button', { name: `Forget: ${SMALL}` }).click()
  for (const tab of both) await downloadIn(tab).waitFor({ state: 'detached' })
  expect(visitor.troubles).toEqual([])
})

test('what was paused and is gone on with comes whole, without what had come before', async () => {
  await using house = await open(slow)
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await look(page, SMALL)
  await page.getByRole('button', { name: `Pull ${SMALL}` }).click()
  await expect.poll(() => comeIn(page)).toBeGreaterThan(0)
  await page.getByRole('button', { name: `Pause: ${SMALL}` }).click()
  await downloadIn(page).getByText('paused', { exact: true }).waitFor()
  house.hub.forget()
  house.hub.pace(Infinity)
  await page.getByRole('button', { name: `Resume: ${SMALL}` }).click()
  await downloadIn(page).getByText('complete').waitFor()
  expect(house.isRight()).toBe(true)
  expect(house.hub.sent('model.safetensors')).toBeLessThan(house.weights.bytes)
  expect(visitor.troubles).toEqual([])
})

test('a model is deleted once somebody has read what that frees, and just that is freed', async () => {
  await using house = await open({ cache: furnishedCache() })
  await bring(house)
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await page.getByRole('button', { name: `More about ${SMALL}` }).click()
  await page.getByRole('button', { name: `Delete ${SMALL}` }).click()
  const dialog = page.getByRole('dialog')
  const promise = await dialog.getByText(/^It frees /).innerText()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  const held = heldIn(house.cache)

  await page.getByRole('button', { name: `Delete ${SMALL}` }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  const done = await page.getByRole('alert').getByText(`Deleted ${SMALL}: `).innerText()
  const freed = bytes(held - heldIn(house.cache))
  expect(promise).toContain(`It frees ${freed}.`)
  expect(done).toContain(`${freed} freed.`)
  await page.locator('table', { hasText: SMALL }).waitFor({ state: 'detached' })
  await library(page).getByText(here, { exact: true }).waitFor()
  expect(existsSync(join(house.home, 'snapshots', house.commit))).toBe(false)
  expect(visitor.troubles).toEqual([])
})

test('a model in use is not deleted: the gateway says why, and its server can be unloaded there and then', async () => {
  await using house = await open()
  await bring(house)
  await house.ask(say(SMALL, 'hello'))
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await page.getByRole('button', { name: `More about ${SMALL}` }).click()
  await page.getByRole('button', { name: `Delete ${SMALL}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('alert').getByText(`The server of "${SMALL}" uses "${SMALL}"; stop it first`).waitFor()
  expect(house.isRight()).toBe(true)
  await dialog.getByRole('button', { name: `Unload ${SMALL}` }).click()
  await dialog.getByText(/is loaded, and uses it/).waitFor({ state: 'detached' })
  await dialog.getByText('is being unloaded').waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('alert').getByText(`Deleted ${SMALL}`).waitFor()
  await page.getByText('No model is on this machine yet.').waitFor()
  expect(house.isRight()).toBe(false)
  expect(visitor.troubles).toEqual([])
})

test('where the gateway may not ask the hub, the search is of this machine alone, and says so', async () => {
  await using house = await open({ cache: furnishedCache(), offline: true })
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await look(page, 'here')
  await page.getByText('local only').waitFor()
  await library(page).getByText(here, { exact: true }).waitFor()
  expect(house.hub.requests).toEqual([])
  expect(visitor.troubles).toEqual([])
})

test('a hub that does not answer is told of, and asked again when somebody says so', async () => {
  await using house = await open({ cache: furnishedCache() })
  house.hub.misbehave({ host: 'hub', fault: { kind: 'status', status: 503 } })
  await using visitor = await visit(house, '/models')
  const { page } = visitor
  await look(page, 'maker')
  await page.getByText('local only').waitFor()
  house.hub.behave()
  await page.getByRole('button', { name: 'Ask it again' }).click()
  await page.getByRole('table', { name: 'On the hub' }).getByText(SMALL).waitFor()
  await page.getByText('local only').waitFor({ state: 'detached' })
  expect(visitor.troubles).toEqual([])
})
