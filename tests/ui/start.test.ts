import { expect, inject, test } from 'vitest'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openHubHouse } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'
import { tinyConfig } from '../unit/catalog/model-folder.ts'

const { visit } = openBrowser()

test('from nothing to a first answer: the engine is there, a model is chosen, it answers, and a client is told the way', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house)
  const { page } = visitor
  await page.getByRole('link', { name: 'Get a first answer' }).click()
  await page.getByText(/^mlx-lm.* is there already\.$/).waitFor()
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByRole('button', { name: 'Use coder' }).click()
  await page.getByLabel('Ask coder').fill('say:hello')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Hello from a scripted model.').waitFor()
  await page.getByRole('button', { name: 'Next: your client' }).click()
  expect(await page.getByLabel('Base URL', { exact: true }).innerText()).toBe(`${house.url}/v1`)
  expect(await page.getByLabel('Model', { exact: true }).innerText()).toBe('coder')
  await page.getByRole('link', { name: 'Settings for your client' }).click()
  await page.getByRole('heading', { name: 'Connect a client', level: 1 }).waitFor()
  expect(house.started('coder')).toHaveLength(1)
  expect(visitor.troubles).toEqual([])
})

test('a model that fits is fetched from the hub, and is there to be used once it has come', async () => {
  await using house = await openHubHouse({ memory: { budget: '1GB' }, pageDirectory: inject('pageDirectory') })
  const vast = { 'config.json': JSON.stringify({ ...tinyConfig, num_hidden_layers: 1200 }) }
  for (const [id, more] of Object.entries({ 'maker/Chat-4bit': {}, 'maker/Vast-4bit': vast }))
    house.hub.add({ id, files: wholeModel(1024, more), task: 'text-generation', tags: ['mlx', '4-bit'] })
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByText('There is none yet.').waitFor()
  await page.getByRole('button', { name: 'Download maker/Chat-4bit' }).waitFor()
  expect(await page.getByRole('button', { name: /^Download / }).count(), 'what does not fit is not offered').toBe(1)
  await page.getByRole('button', { name: 'Download maker/Chat-4bit' }).click()
  await page.getByRole('button', { name: 'Use maker/Chat-4bit' }).click()
  await page.getByLabel('Ask maker/Chat-4bit').fill('say:hello')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Hello from a scripted model.').waitFor()
  expect(visitor.troubles).toEqual([])
})

test('each step can be skipped, and a reload or a way through other pages leads back to where it was left', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  const skip = page.getByRole('button', { name: 'Skip this step' })
  await page.getByRole('button', { name: 'Next: a model' }).waitFor()
  await skip.click()
  await page.getByText('Ready on this machine').waitFor()
  await page.reload()
  await page.getByText('Ready on this machine').waitFor()
  await skip.click()
  await page.getByText('Choose a model first.').waitFor()
  await skip.click()
  await page.getByLabel('Base URL', { exact: true }).waitFor()
  await skip.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('button', { name: 'Choose a model' }).click()
  await page.getByRole('button', { name: 'Use coder' }).click()
  await page.getByLabel('Ask coder').waitFor()
  await page.getByRole('link', { name: 'Leave for now' }).click()
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  await page.goto('/admin/start')
  await page.getByLabel('Ask coder').waitFor()
  expect(visitor.troubles).toEqual([])
})

test('a first question that fails says why, and can be asked again', async () => {
  await using house = await openHouse([{ name: 'coder', mode: 'exit-at-once=1' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByRole('button', { name: 'Use coder' }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('alert').getByText('The server of "coder" failed').waitFor()
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Next: your client' }).waitFor({ state: 'detached' })
  expect(visitor.troubles).toEqual([])
})
