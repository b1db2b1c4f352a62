import { expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

test('requests come as they are asked, are explained in words, and can be filtered', async () => {
  await using house = await openHouse(
    [{ name: 'coder', mode: 'slow-load=700' }, { name: 'poet' }],
    {},
    inject('pageDirectory'),
  )
  await using visitor = await visit(house, '/requests')
  const { page } = visitor
  await page.getByText('Nobody has asked yet').waitFor()
  await house.ask(say('coder', 'hello'))
  await house.ask(say('nobody', 'hello'))
  await page.getByText('failed', { exact: true }).waitFor()
  await page.getByRole('row', { name: /coder/ }).getByRole('button', { name: 'Details' }).click()
  await page.getByText(/Loading coder took/).waitFor()
  await page.getByText('Failed', { exact: true }).click()
  await page.getByRole('row', { name: /coder/ }).waitFor({ state: 'detached' })
  await page
    .getByRole('row', { name: /nobody/ })
    .getByRole('button', { name: 'Why' })
    .click()
  await page.getByText('No model has the name that was asked for.', { exact: true }).waitFor()
  await page.getByLabel('Filter by model or key').fill('poet')
  await page.getByText('No request is like that').waitFor()
  expect(visitor.troubles).toEqual([])
})
