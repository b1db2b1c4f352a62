import { expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

test('a key is made, told once, used and taken back', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/keys')
  const { page } = visitor
  await page.getByText('Everybody on this machine may ask').waitFor()
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Say whose it is').waitFor()
  await page.getByLabel('Name').fill('laptop')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const secret = await page.locator('pre[aria-label="Key"]').innerText()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('cell', { name: 'laptop', exact: true }).waitFor()
  expect(await page.content()).not.toContain(secret)
  expect((await house.ask(say('coder', 'hello'), secret)).status).toBe(200)
  await page.getByRole('button', { name: 'Revoke laptop' }).click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByText('nobody can ask for a model').waitFor()
  expect((await house.ask(say('coder', 'hello'), secret)).status).toBe(401)
  expect(visitor.troubles).toEqual([])
})
