import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { openHouse } from '../fixtures/gateway/house.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'
import { temporaryFolder, writeModel } from '../unit/catalog/model-folder.ts'

const { visit } = openBrowser()
const mine = { name: 'mine', model: 'Little', aliases: ['gpt-4o-mini'], idle: '7m', defaults: { temperature: 0.7 } }

/** With a model in a folder. */
function open(profiles: Parameters<typeof openHouse>[0] = []) {
  const folder = temporaryFolder()
  writeModel(join(folder, 'Little'))
  return openHouse(profiles, { models: { folders: [folder] } }, inject('pageDirectory'))
}

type House = Awaited<ReturnType<typeof open>>

/** The names of the profiles that were made, not declared and not found. */
async function namesIn(house: House): Promise<readonly string[]> {
  const { profiles } = await house.admin('GET', '/profiles')
  const all: readonly { readonly name: string; readonly origin: string }[] = profiles
  return all.filter(({ origin }) => origin === 'store').map(({ name }) => name)
}

const nameIn = (page: Page) => page.getByRole('textbox', { name: 'Name', exact: true })
const made = (page: Page) => page.getByRole('table', { name: 'Made here' })

/** Takes something of the menu of what can be done with a profile. */
async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More to do with ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a profile is made: what is wrong is said while it is written, and what will run and what that takes before it is saved', async () => {
  await using house = await open([{ name: 'coder', aliases: ['gpt-4o'] }])
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  await page.getByRole('link', { name: 'Make the first' }).click()
  await nameIn(page).fill('coder')
  await page.getByText('"coder" already belongs to profile "coder" of the configuration file.').waitFor()
  await nameIn(page).fill('mine')
  await page.getByRole('combobox', { name: 'Aliases' }).fill('gpt-4o')
  await page.keyboard.press('Enter')
  await page.getByText('"gpt-4o" already belongs to profile "coder"').waitFor()
  await page.keyboard.press('Backspace')
  await page.getByText('"gpt-4o" already belongs').waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'Memory' }).fill('a lot')
  await page.getByText('"a lot" is not a size; write for example 300MB or 24GB').waitFor()
  await page.getByRole('textbox', { name: 'Memory' }).fill('')
  await page.getByRole('button', { name: 'Add a parameter to Defaults' }).click()
  await page.getByRole('combobox', { name: 'Defaults: name 1' }).fill('temperature')
  await page.getByRole('textbox', { name: 'Defaults: value of temperature' }).fill('warm')
  await page.getByText('This is no JSON. A text stands in quotes: "warm"').waitFor()
  await page.getByRole('textbox', { name: 'Defaults: value of temperature' }).fill('0.7')
  await page.getByRole('textbox', { name: 'Idle time' }).fill('7m')

  await page.getByRole('combobox', { name: 'Model' }).fill('Little')
  const forecast = page.getByRole('region', { name: 'Predicted memory' })
  await forecast.getByText('Weights', { exact: true }).waitFor()
  await forecast.getByText('fits', { exact: true }).waitFor()
  const line = await page.getByLabel('The command line', { exact: true }).innerText()
  expect(await namesIn(house), 'nothing is saved yet').toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await made(page).getByRole('cell', { name: 'mine' }).first().waitFor()
  await page.getByText('Saved mine.').waitFor()

  const { settings } = await house.admin('GET', '/profiles/mine')
  expect(settings).toMatchObject({ name: 'mine', model: 'Little', idle: 420_000, defaults: { temperature: 0.7 } })
  await house.warm('mine')
  const { arguments: ran } = await (await house.fake('mine')).seen()
  const { port } = (await house.server('mine')) ?? {}
  expect(line.split(/[\s\\]+/).slice(1)).toEqual(ran.map((word) => (word === String(port) ? '<port>' : word)))
  expect(visitor.troubles).toEqual([])
})

test('what is not whole is not saved: the first field at fault has the focus', async () => {
  await using house = await open()
  await using visitor = await visit(house, '/profiles?new=1')
  const { page } = visitor
  await nameIn(page).and(page.locator(':focus')).waitFor()
  const line = page.getByRole('region', { name: 'The command line that will run' })
  await line.getByText('It can be told once a model is named.').waitFor()
  expect(await page.getByText('Is missing').count(), 'nobody has had a chance to write it').toBe(0)
  await page.getByRole('textbox', { name: 'Idle time' }).fill('soon')
  await page.getByText('"soon" is not a duration').waitFor()
  await page.getByText('1 thing to put right').waitFor()
  await nameIn(page).fill('x')
  await nameIn(page).fill('')
  await page.getByText('2 things to put right').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await nameIn(page).and(page.locator(':focus')).waitFor()
  await page.getByText('3 things to put right').waitFor()
  await page.getByRole('link', { name: 'All profiles' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.getByRole('button', { name: 'Go on editing' }).click()
  await question.waitFor({ state: 'detached' })
  expect(await page.getByRole('textbox', { name: 'Idle time' }).inputValue()).toBe('soon')
  await page.getByRole('link', { name: 'All profiles' }).click()
  await question.getByRole('button', { name: 'Leave' }).click()
  await page.getByText('You have made none yet.').waitFor()
  expect(await namesIn(house)).toEqual([])
  expect(visitor.troubles).toEqual([])
})

test('a profile is changed, that is taken back, and it is duplicated under a name of its own', async () => {
  await using house = await open()
  await house.admin('POST', '/profiles', mine)
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  const before = await house.admin('GET', '/profiles/mine')
  await page.getByRole('link', { name: 'Edit mine' }).click()
  await page.getByRole('textbox', { name: 'Idle time' }).fill('2h')
  await page.getByRole('button', { name: 'Save' }).click()
  await made(page).getByText('after 2 h idle').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await made(page).getByText('after 7 min idle').waitFor()
  expect(await house.admin('GET', '/profiles/mine')).toEqual(before)

  await choose(page, 'mine', 'Duplicate')
  await page.getByRole('heading', { name: 'New profile', level: 1 }).waitFor()
  expect(await nameIn(page).inputValue()).toBe('mine-2')
  await page.getByRole('region', { name: 'Predicted memory' }).getByText('fits', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await made(page).getByRole('link', { name: 'Edit mine-2' }).waitFor()
  const { settings } = await house.admin('GET', '/profiles/mine-2')
  expect(settings).toEqual({ ...before.settings, name: 'mine-2', aliases: [] })
  expect(visitor.troubles).toEqual([])
})

test('a profile is tested with one click: it loads, answers one question, and says how long and how large', async () => {
  await using house = await open([{ name: 'coder', mode: 'slow-load=500' }])
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  await page.getByRole('button', { name: 'Test coder' }).click()
  const dialog = page.getByRole('dialog', { name: 'Test of coder' })
  const measured = dialog.getByLabel('What was measured')
  await measured.waitFor()
  const said = (await measured.innerText()).replaceAll(/\s+/g, ' ')
  expect(said).toMatch(/load [\d.]+ m?s.* first token [\d.]+ m?s.* tokens\/s [\d.]+ \d+ tokens.* memory [\d.]+ MB of /i)
  await dialog.getByText('What is the capital of France? Answer in one sentence.').waitFor()
  await dialog.getByText(hello).waitFor()
  await dialog.getByRole('button', { name: 'Test again' }).click()
  await measured.getByText('was loaded').waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'detached' })
  const { requests } = await (await house.fake('coder')).seen({ requests: 2 })
  expect(requests.filter(({ path }) => path === '/v1/chat/completions').length).toBeGreaterThanOrEqual(2)
  expect(visitor.troubles).toEqual([])
})

test('a test that fails says why, with its server’s last words; one that is cancelled waits no longer', async () => {
  await using house = await open([
    { name: 'broken', mode: 'exit-at-once=1' },
    { name: 'hanging', mode: 'never-ready' },
  ])
  await house.admin('POST', '/profiles', { ...mine, arguments: ['--mode', 'exit-at-once=1'] })
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  await page.getByRole('button', { name: 'Test broken' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('alert').getByText('The server of "broken" failed').waitFor()
  await dialog.getByLabel('Its last words').getByText('Model type nope not supported').waitFor()
  expect(await dialog.getByRole('link', { name: 'Edit profile broken' }).count(), 'it is of the file').toBe(0)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await dialog.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Test mine' }).click()
  await dialog.getByRole('link', { name: 'Edit profile mine' }).click()
  await page.getByRole('heading', { name: 'Profile mine', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'All profiles' }).click()

  await page.getByRole('button', { name: 'Test hanging' }).click()
  await dialog.getByText('Loading', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  const { record } = await house.until('request.ended', (event) => event.record.profile === 'hanging')
  expect(record).toMatchObject({ id: expect.stringMatching(/^test_/), error: 'client_left' })
  expect(visitor.troubles).toEqual([])
})

test('a profile is deleted once somebody has read what is lost, and can be had back as it was', async () => {
  await using house = await open()
  await house.admin('POST', '/profiles', mine)
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  const before = await house.admin('GET', '/profiles/mine')
  await choose(page, 'mine', 'Delete…')
  const dialog = page.getByRole('dialog', { name: 'Delete mine?' })
  await dialog.getByText('Whoever asks for mine or gpt-4o-mini is no longer answered').waitFor()
  await dialog.getByText('Its model stays on disk.').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await namesIn(house)).toEqual(['mine'])

  await choose(page, 'mine', 'Delete…')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('You have made none yet.').waitFor()
  expect(await namesIn(house)).toEqual([])
  await page.getByRole('button', { name: 'Undo' }).click()
  await made(page).getByRole('link', { name: 'Edit mine' }).waitFor()
  expect(await house.admin('GET', '/profiles/mine')).toEqual(before)
  expect(visitor.troubles).toEqual([])
})

const llamaSwap = `
models:
  quick:
    cmd: /opt/venv/bin/mlx_lm.server --host 0.0.0.0 --port \${PORT} --model Little --temp 0.5
    ttl: 300
    aliases: [gpt-4o-mini]
  other: { cmd: 'mlx_lm.server --port \${PORT} --model Little' }
  far: { cmd: 'true', proxy: 'http://192.168.1.7:8080' }
`

test('a llama-swap file is looked at, in part imported, and that is taken back', async () => {
  await using house = await open()
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  await page.getByRole('button', { name: 'Import…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import profiles' })
  const text = dialog.getByLabel('Text of the file')
  await text.fill('models: [')
  await text.and(page.locator('[aria-invalid="true"]')).waitFor()
  await text.fill(llamaSwap)
  await dialog.getByText('A file of llama-swap: 3 profiles, of which 1 cannot be taken over.').waitFor()
  await dialog
    .getByRole('row', { name: /far.*left out/ })
    .getByText(/192\.168\.1\.7/)
    .waitFor()
  await dialog.getByRole('row', { name: /quick.*new/ }).waitFor()
  expect(await namesIn(house), 'nothing is saved by looking').toEqual([])

  await dialog.getByRole('checkbox', { name: 'Import other' }).uncheck()
  await dialog.getByRole('button', { name: 'Import 1' }).click()
  await made(page).getByRole('link', { name: 'Edit quick' }).waitFor()
  await made(page).getByText('after 5 min idle').waitFor()
  expect(await namesIn(house)).toEqual(['quick'])
  const { settings } = await house.admin('GET', '/profiles/quick')
  expect(settings).toMatchObject({ aliases: ['gpt-4o-mini'], model: 'Little', idle: 300_000 })
  expect(JSON.stringify(settings)).toContain('0.5')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('You have made none yet.').waitFor()
  expect(await namesIn(house)).toEqual([])
  expect(visitor.troubles).toEqual([])
})

test('what is exported here is the same once it is imported again', async () => {
  await using house = await open()
  for (const name of ['mine', 'second'])
    await house.admin('POST', '/profiles', { ...mine, name, aliases: [`to-${name}`] })
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ])
  const buffer = await readFile(await download.path())
  expect(download.suggestedFilename()).toBe('mlx-gateway-profiles.yaml')
  const before = await house.admin('GET', '/profiles')
  for (const name of ['mine', 'second']) await house.admin('DELETE', `/profiles/${name}`)
  await page.getByText('You have made none yet.').waitFor()

  await page.getByRole('button', { name: 'Import…' }).click()
  const file = { name: download.suggestedFilename(), mimeType: 'application/yaml', buffer }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('Profiles of mlx-gateway: 2 profiles.').waitFor()
  await page.getByRole('button', { name: 'Import 2' }).click()
  await page.getByText('2 profiles imported.').waitFor()
  await made(page).getByRole('link', { name: 'Edit second' }).waitFor()
  expect(await house.admin('GET', '/profiles')).toEqual(before)
  expect(visitor.troubles).toEqual([])
})
