import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, inject, test } from 'vitest'
import { openHouse, type House } from '../fixtures/gateway/house.ts'
import { quickStart } from '../fixtures/quick-start.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'
import { writeModel } from '../unit/catalog/model-folder.ts'

const { visit } = openBrowser()

/** A house with a model that any profile may serve. */
async function openWithModel(): Promise<House> {
  const house = await openHouse([{ name: 'coder', aliases: ['gpt-4o'] }], {}, inject('pageDirectory'))
  writeModel(join(house.dataDirectory, 'models/tiny'))
  await house.admin('POST', '/models/refresh')
  return house
}

test('a profile is made under the gateway’s eyes, tried, deleted, and taken back', async () => {
  await using house = await openWithModel()
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  await page.getByText('You have made none yet').waitFor()
  await page.getByRole('link', { name: 'New profile' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('gpt-4o')
  await page.getByRole('combobox', { name: 'Model' }).fill('tiny')
  await page.getByText('"gpt-4o" already belongs to profile "coder" of the configuration file.').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('mine')
  await page.getByText(/^takes ~.*: fits$/).waitFor()
  const command = await page.getByLabel('The command line', { exact: true }).innerText()
  expect(command).toContain(`--model ${join(house.dataDirectory, 'models/tiny')}`)

  await page.getByText('Advanced').click()
  await page.getByRole('button', { name: 'Add a variable' }).click()
  await page.getByRole('textbox', { name: 'Environment: name 1' }).fill('NODE_COMPILE_CACHE')
  await page.getByLabel('Environment: value of NODE_COMPILE_CACHE').fill(quickStart.NODE_COMPILE_CACHE)
  await page.getByRole('textbox', { name: 'Idle time' }).fill('soon')
  await page.getByText('"soon" is not a duration').waitFor()
  await page.getByRole('textbox', { name: 'Idle time' }).fill('5m')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved mine.').waitFor()
  await page.getByText('after 5 min idle').waitFor()

  await page.getByRole('button', { name: 'Test mine' }).click()
  const measured = page.getByLabel('What was measured')
  await measured.getByText('first token').waitFor()
  await page.getByText('Hello from a scripted model.').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('button', { name: 'More to do with mine' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByText('Whoever asks for mine is no longer answered').waitFor()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('You have made none yet').waitFor()
  await page.getByRole('alert').filter({ hasText: 'Deleted mine.' }).getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('link', { name: 'Edit mine' }).waitFor()
  expect(await house.admin('GET', '/profiles/mine')).toMatchObject({ idle: 300_000, model: 'tiny' })
  expect(visitor.troubles).toEqual([])
})

test('what is not saved is not lost without a question, by whatever way one leaves', async () => {
  await using house = await openWithModel()
  await house.admin('POST', '/profiles', { name: 'mine', model: 'tiny' })
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  await page.getByRole('link', { name: 'Edit mine' }).click()
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('other')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  const ways = [
    () => page.getByRole('link', { name: 'Keys' }).click(),
    () => page.evaluate('history.back()'),
    () => page.getByRole('link', { name: 'Cancel' }).click(),
  ]
  for (const leave of ways) {
    await leave()
    await question.waitFor()
    await question.getByRole('button', { name: 'Go on editing' }).click()
    await question.waitFor({ state: 'hidden' })
    expect(await name.inputValue()).toBe('other')
  }
  await page.getByRole('link', { name: 'Keys' }).click()
  await question.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor()
  expect(await house.admin('GET', '/profiles/mine')).toMatchObject({ name: 'mine' })
  expect(visitor.troubles).toEqual([])
})

test('a profile of the file is not changed here, but can be duplicated', async () => {
  await using house = await openWithModel()
  await using visitor = await visit(house, '/profiles?edit=coder')
  const { page } = visitor
  await page.getByText('It is declared in the configuration file').waitFor()
  await page.getByRole('link', { name: 'Duplicate it' }).click()
  await page.getByRole('heading', { name: 'New profile' }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('coder-2')
  expect(visitor.troubles).toEqual([])
})

test('a file of llama-swap is looked through before it is imported, and an import is taken back', async () => {
  await using house = await openWithModel()
  await using visitor = await visit(house, '/profiles')
  const { page } = visitor
  const file = `models:
  swapped: { cmd: "mlx_lm.server --model ${join(house.dataDirectory, 'models/tiny')} --port \${PORT}", ttl: 60 }
  elsewhere: { cmd: serve, proxy: "http://10.0.0.9:80" }
`
  await page.getByRole('button', { name: 'Import…' }).click()
  await page.locator('input[type=file]').setInputFiles({
    name: 'config.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(file),
  })
  await page.getByText('A file of llama-swap: 2 profiles, of which 1 cannot be taken over.').waitFor()
  await page.getByText('It answers at 10.0.0.9, not here.').waitFor()
  expect(await house.admin('GET', '/profiles/swapped').catch(() => undefined)).toBeUndefined()
  await page.getByRole('button', { name: 'Import 1' }).click()
  await page.getByText('1 profile imported.').waitFor()
  await page.getByText('after 1 min idle').waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ])
  expect(await text(await download.createReadStream())).toContain('name: swapped')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('You have made none yet').waitFor()
  expect(visitor.troubles).toEqual([])
})
