import { expect, inject, test } from 'vitest'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

test('a setting is changed with validation, says where it comes from, and is undone', async () => {
  await using house = await openHouse([], { scheduling: { idle: '7m' } }, inject('pageDirectory'))
  await using visitor = await visit(house, '/settings')
  const { page } = visitor
  const field = page.getByLabel('scheduling.idle', { exact: true })
  await field.fill('soon')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText(/scheduling\.idle.*(?:30s|10m|duration|time)/i)
    .last()
    .waitFor()
  await field.fill('3m')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('changed here').waitFor()
  const { settings } = await house.admin('GET', '/settings')
  const now = settings.find(({ path }: { readonly path: string }) => path === 'scheduling.idle')
  expect(now).toMatchObject({ inEffect: 180_000, origin: 'page' })
  await page.getByRole('button', { name: 'Undo the change of scheduling.idle' }).click()
  await page.getByText('changed here').waitFor({ state: 'detached' })
  await expect.poll(() => field.inputValue()).toBe('7m')
  expect(visitor.troubles).toEqual([])
})
