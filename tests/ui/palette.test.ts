import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()
const open = (profiles: Parameters<typeof openHouse>[0]) => openHouse(profiles, {}, inject('pageDirectory'))

const field = (page: Page) => page.getByLabel('Go to a page, a model, an action')
/** What a screen reader is told of. */
const heard = (page: Page) => page.locator('[role="status"][aria-live="polite"]')
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 })

/** What Enter would take. */
const selected = (page: Page, name: string) => page.locator('[data-action][data-selected]').filter({ hasText: name })

/** Opens the palette by the keyboard, finds something by these words, and takes the first. */
async function take(page: Page, words: string, first: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await field(page).fill(words)
  await selected(page, first).waitFor()
  await page.keyboard.press('Enter')
  await field(page).waitFor({ state: 'detached' })
}

const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0'
test.each([
  ['Ctrl K', 'Control+k', {}],
  ['⌘ K', 'Meta+k', { userAgent: mac }],
])('%s opens the palette, Escape closes it, and the focus is where it was', async (written, keys, options) => {
  await using house = await open([{ name: 'coder' }])
  await using visitor = await visit(house, '/playground', options)
  const { page } = visitor
  await page.getByRole('button', { name: `Go to… ${written}` }).waitFor()
  const question = page.getByLabel('Your question')
  await question.focus()
  await page.keyboard.press(keys)
  await field(page).and(page.locator(':focus')).waitFor()
  await page.keyboard.type('no such thing')
  await page.getByText('Nothing is called that here.').waitFor()
  await page.keyboard.press('Escape')
  await field(page).waitFor({ state: 'detached' })
  await question.and(page.locator(':focus')).waitFor()
  expect(await question.inputValue()).toBe('')
  expect(visitor.troubles).toEqual([])
})

test('pages, models and actions are found by their names and taken with Enter', async () => {
  await using house = await open([{ name: 'coder' }, { name: 'poet' }])
  await using visitor = await visit(house)
  const { page } = visitor
  await page.getByText('Nothing is loaded').waitFor()
  await take(page, 'start co', 'Start coder')
  await page.getByRole('button', { name: 'Unload coder' }).waitFor()
  await take(page, 'unload', 'Unload coder')
  await page.getByRole('article', { name: 'coder' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await field(page).fill('coder')
  await selected(page, 'Talk to coder').waitFor()
  await page.keyboard.press('ArrowDown')
  await selected(page, 'Start coder').waitFor()
  await page.keyboard.press('Escape')
  await field(page).waitFor({ state: 'detached' })

  await take(page, 'effect', 'Settings')
  await heading(page, 'Settings').waitFor()
  await take(page, 'poet', 'Talk to poet')
  await page.getByRole('region', { name: 'Conversation with poet' }).waitFor()
  expect([house.started('coder').length, house.started('poet').length]).toEqual([1, 0])
  expect(visitor.troubles).toEqual([])
})

test('the whole page is walked through with Tab and Enter: past the navigation, and along it', async () => {
  await using house = await open([])
  await using visitor = await visit(house)
  const { page } = visitor
  const focused = page.locator(':focus')
  await heading(page, 'Dashboard').waitFor()
  await page.keyboard.press('Tab')
  expect(await focused.innerText()).toBe('Skip to the page')
  expect((await focused.boundingBox())?.x).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')
  await page.locator('main:focus').waitFor()
  await page.keyboard.press('Tab')
  await page.locator('main :focus').waitFor()

  await page.reload()
  await heading(page, 'Dashboard').waitFor()
  for (const _ of ['the skip link', 'the name']) await page.keyboard.press('Tab')
  for (const [link, title] of [
    ['Dashboard', 'Dashboard'],
    ['Models', 'Models'],
    ['Profiles', 'Profiles'],
    ['Playground', 'Playground'],
    ['Requests', 'Requests'],
    ['Logs', 'Logs'],
    ['Keys', 'Keys'],
    ['Connect', 'Connect a client'],
    ['Settings', 'Settings'],
  ] as const) {
    await page.keyboard.press('Tab')
    expect(await focused.innerText()).toBe(link)
    await page.keyboard.press('Enter')
    await heading(page, title).waitFor()
    await page.locator('nav a[aria-current="page"]', { hasText: link }).waitFor()
  }
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await field(page).waitFor()
  expect(visitor.troubles).toEqual([])
})

test('whoever listens to the page is told of a load, wherever on it he is', async () => {
  await using house = await open([{ name: 'coder', mode: 'never-ready' }, { name: 'poet' }])
  await using visitor = await visit(house, '/keys')
  const { page } = visitor
  await heading(page, 'Keys').waitFor()
  const chat = house.stream(say('coder', 'hello'))
  await heard(page)
    .getByText(/^Loading coder/)
    .waitFor()
  await house.admin('POST', '/servers/coder/stop', { now: true })
  await heard(page)
    .getByText(/^Unloaded coder: somebody asked for it/)
    .waitFor()
  await chat.ended
  await house.warm('poet')
  await heard(page)
    .getByText(/^poet is ready after/)
    .waitFor()
  expect(visitor.troubles).toEqual([])
})
