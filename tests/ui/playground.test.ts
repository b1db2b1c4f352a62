import { expect, inject, test } from 'vitest'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()
const open = (profiles: Parameters<typeof openHouse>[0]) => openHouse(profiles, {}, inject('pageDirectory'))

test('an answer streams in with its speed; the next question knows what was said', async () => {
  await using house = await open([{ name: 'coder' }])
  await using visitor = await visit(house, '/playground')
  const { page } = visitor
  const question = page.getByLabel('Your question')
  await question.fill('say:hello')
  await question.press('Enter')
  await page.getByText('Hello from a scripted model.').waitFor()
  await page.getByText(/first token after .* tokens\/s/).waitFor()
  await question.fill('say:hello again')
  await page.getByRole('button', { name: 'Send' }).click()
  await page
    .getByText(/first token after/)
    .nth(1)
    .waitFor()
  const fake = await house.fake('coder')
  const { requests } = await fake.seen({ requests: 2 })
  expect(JSON.stringify(requests.at(-1))).toContain('Hello from a scripted model.')
  expect(visitor.troubles).toEqual([])
})

test('stop ends the answer here and in the model’s server', async () => {
  await using house = await open([{ name: 'coder', mode: 'slow-tokens=20' }])
  await using visitor = await visit(house, '/playground')
  const { page } = visitor
  await page.getByLabel('Your question').fill('say:count')
  await page.keyboard.press('Enter')
  await page.getByText(/one two three/).waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText(/· stopped/).waitFor()
  await (await house.fake('coder')).seen({ running: 0 })
  expect(visitor.troubles).toEqual([])
})

test('thoughts are folded away, and tool calls are shown', async () => {
  await using house = await open([{ name: 'coder' }])
  await using visitor = await visit(house, '/playground')
  const { page } = visitor
  await page.getByLabel('Your question').fill('say:think')
  await page.keyboard.press('Enter')
  await page.getByText('The answer is 4.').waitFor()
  expect(await page.getByText('Two and two make four.').isVisible()).toBe(false)
  await page.getByText('What it thought').click()
  await page.getByText('Two and two make four.').waitFor()
})

test('two models are asked side by side, each with its own answer', async () => {
  await using house = await open([{ name: 'coder' }, { name: 'poet' }])
  await using visitor = await visit(house, '/playground?model=poet')
  const { page } = visitor
  await page.getByRole('switch', { name: 'Two side by side' }).click()
  await page.getByRole('region', { name: 'Conversation with poet' }).waitFor()
  await page.getByLabel('Your question').fill('say:hello')
  await page.keyboard.press('Enter')
  await page.getByText('Hello from a scripted model.').nth(1).waitFor()
  expect(visitor.troubles).toEqual([])
})

test('a model that fails says why in its place', async () => {
  await using house = await open([{ name: 'coder', mode: 'exit-at-once=1' }])
  await using visitor = await visit(house, '/playground')
  const { page } = visitor
  await page.getByLabel('Your question').fill('say:hello')
  await page.keyboard.press('Enter')
  expect(await page.getByRole('alert').innerText()).toContain('The server of "coder" failed')
})
