import { expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

test('the first key is made only after a question, for from then on every client needs one', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/connect')
  const { page } = visitor
  await page.getByText('No key is needed yet.').waitFor()
  await page.locator('pre', { hasText: 'api_key="none-needed-yet"' }).waitFor()
  await page.getByRole('button', { name: 'Zed' }).click()
  await page.getByRole('button', { name: 'Make one' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('clients without one are turned away').waitFor()
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await house.admin('GET', '/keys')).keys).toEqual([])

  await page.getByRole('button', { name: 'Make one' }).click()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Made for Zed. It is not shown again: copy it now.').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Make one' }).isDisabled()).toBe(true)
  const key = await page.getByLabel('Key', { exact: true }).inputValue()
  expect((await house.ask(say('coder', 'hello'), key)).status).toBe(200)
  expect(visitor.troubles).toEqual([])
})

test('on a phone the client is chosen in a field', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/connect', { viewport: { width: 390, height: 844 } })
  const { page } = visitor
  await page.getByRole('combobox', { name: 'Client' }).click()
  await page.getByRole('option', { name: 'Codex (not yet)' }).click()
  await page.getByText('does not serve yet').waitFor()
  expect(visitor.troubles).toEqual([])
})
