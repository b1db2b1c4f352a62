import { readFile } from 'node:fs/promises'
import { expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

test('a log is followed, searched, paused and downloaded', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/logs')
  const { page } = visitor
  await page.getByText(/gateway\.started/).waitFor()
  await house.warm('coder')
  await page.getByText(/server\.ready/).waitFor()
  await page.goto('/admin/logs?of=coder')
  await page.getByText(/Starting httpd/).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await house.ask(say('coder', 'hello'))
  await page.getByRole('button', { name: /Go on, \d+ new/ }).click()
  await page.getByLabel('Search the lines').fill('starting HTTPD')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  const text = await readFile(await download.path(), 'utf8')
  expect(text.trim().split('\n')).toHaveLength(1)
  expect(download.suggestedFilename()).toBe('coder.log')
  expect(visitor.troubles).toEqual([])
})
