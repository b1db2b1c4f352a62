import { expect, inject, test } from 'vitest'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { stranger, visit } = openBrowser()
const open = () => openHouse([], {}, inject('pageDirectory'))

test('a stranger is asked for the admin token; a wrong one is refused with a reason, the right one opens the page', async () => {
  await using house = await open()
  const context = await stranger(house)
  const page = await context.newPage()
  await page.goto('/admin/keys')
  await page.getByLabel('Admin token').fill('mgw_admin_wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page
    .getByText(/admin token/i)
    .nth(1)
    .waitFor()
  await page.getByLabel('Admin token').fill(house.adminToken)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor()
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
  expect(page.url()).not.toContain(house.adminToken)
  await context.close()
})

test('a one-time link signs in once, and leaves no code in the address', async () => {
  await using house = await open()
  const { code } = await house.admin('POST', '/session/code')
  const context = await stranger(house)
  const page = await context.newPage()
  await page.goto(`/admin/sign-in#${code}`)
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  expect(page.url()).not.toContain(code)
  await context.close()
  const second = await stranger(house)
  const late = await second.newPage()
  await late.goto(`/admin/sign-in#${code}`)
  await late
    .getByText(/link|code/i)
    .nth(1)
    .waitFor()
  await late.getByLabel('Admin token').waitFor()
  await second.close()
})

test('who signs out everywhere is signed out in every tab and every browser', async () => {
  await using house = await open()
  await using here = await visit(house)
  await using there = await visit(house)
  await there.page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  await here.page.getByRole('button', { name: 'Sign out' }).click()
  await here.page.getByRole('menuitem', { name: 'Everywhere' }).click()
  for (const { page } of [here, there]) await page.getByLabel('Admin token').waitFor()
  expect([...here.troubles, ...there.troubles]).toEqual([])
})
