import { expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { endless } from '../fixtures/gateway/client.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()
const open = (profiles: Parameters<typeof openHouse>[0], sections?: Parameters<typeof openHouse>[1]) =>
  openHouse(profiles, sections, inject('pageDirectory'))

test('a server is seen loading, answering, counting down and gone, without a reload', async () => {
  await using house = await open([{ name: 'coder', mode: 'slow-load=1500,slow-tokens=40', idle: '2s' }])
  await using visitor = await visit(house)
  const { page } = visitor
  await page.getByText('Nothing is loaded').waitFor()
  const chat = house.stream(endless('coder'))
  const card = page.getByRole('article', { name: 'coder' })
  await card.getByText('loading', { exact: true }).waitFor()
  await card.getByText('1 answering').waitFor()
  await page.getByRole('img', { name: /coder, measured: \d/ }).waitFor()
  await page
    .getByRole('table', { name: 'Waiting and answering' })
    .getByText(/\d tokens/)
    .waitFor()
  chat.leave()
  await card.getByText(/unloads in/).waitFor()
  await card.waitFor({ state: 'detached' })
  await page
    .getByText(/Unloaded.*coder.*freed/)
    .first()
    .waitFor()
  expect(visitor.troubles).toEqual([])
})

test('a failed server shows its cause and last words, and starts again when it is told to', async () => {
  await using house = await open([{ name: 'coder', mode: 'exit-at-once=1' }], { supervision: { maxFailures: 1 } })
  await using visitor = await visit(house)
  const { page } = visitor
  await house.ask(say('coder', 'hello'))
  const card = page.getByRole('article', { name: 'coder' })
  await card.getByText('failed', { exact: true }).waitFor()
  await card.getByText('Model type nope not supported').first().waitFor()
  const before = house.started('coder').length
  const again = house.next('server.starting', 'coder')
  await card.getByRole('button', { name: 'Retry now coder' }).click()
  await again
  await page.getByRole('alert').waitFor()
  expect(house.started('coder').length).toBeGreaterThan(before)
})

test('a hanging server is told of, and can be ended', async () => {
  await using house = await open([{ name: 'coder', mode: 'never-ready' }])
  await using visitor = await visit(house)
  const { page } = visitor
  const chat = house.stream(say('coder', 'hello'))
  const card = page.getByRole('article', { name: 'coder' })
  const gone = house.next('server.stopped', 'coder')
  await card.getByRole('button', { name: 'Cancel coder' }).click()
  await gone
  await card.waitFor({ state: 'detached' })
  const { text } = await chat.ended
  expect(text).toContain('was stopped while it was loading')
  expect(visitor.troubles).toEqual([])
})

test('a server is kept, let go and unloaded by its buttons, in two tabs at once', async () => {
  await using house = await open([{ name: 'coder' }])
  await house.warm('coder')
  await using visitor = await visit(house)
  const other = await visitor.tab()
  await visitor.page.getByRole('button', { name: 'Keep coder' }).click()
  for (const page of [visitor.page, other]) await page.getByText('kept loaded').waitFor()
  await other.getByRole('button', { name: 'Let go when idle coder' }).click()
  await visitor.page.getByText(/unloads in/).waitFor()
  await visitor.page.getByRole('button', { name: 'Unload coder' }).click()
  await other.getByRole('article', { name: 'coder' }).waitFor({ state: 'detached' })
  expect(visitor.troubles).toEqual([])
})

test('someone’s request is cancelled from the list of those under way', async () => {
  await using house = await open([{ name: 'coder', mode: 'slow-tokens=20' }])
  await using visitor = await visit(house)
  const chat = house.stream(endless('coder'))
  await visitor.page.getByText(/\d tokens/).waitFor()
  await visitor.page.getByRole('button', { name: /^Cancel request/ }).click()
  const { error } = await chat.read()
  expect(error).toMatchObject({ code: 'request_cancelled' })
  await visitor.page.getByText('Nobody is asking at the moment.').waitFor()
})

test('who waits is shown in order, with what is in the way', async () => {
  await using house = await open([{ name: 'coder', concurrency: 1, mode: 'slow-tokens=20' }])
  await using visitor = await visit(house)
  const first = house.stream(endless('coder'))
  const rows = visitor.page.getByRole('table', { name: 'Waiting and answering' }).getByRole('row')
  await rows.getByText(/\d tokens/).waitFor()
  const others = [house.stream(say('coder', 'hello')), house.stream(say('coder', 'hello'))]
  await rows.getByRole('cell', { name: '2', exact: true }).waitFor()
  await visitor.page.getByText('2 requests waiting').waitFor()
  first.leave()
  for (const other of others) expect((await other.read()).said).toContain('Hello')
  await visitor.page.goto('/admin/requests')
  await visitor.page.getByRole('button', { name: 'Details' }).first().click()
  await visitor.page.getByText(/because every place on coder was taken/).waitFor()
  expect(visitor.troubles).toEqual([])
})
