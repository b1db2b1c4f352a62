import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'
import { barePath, findProgram } from '../fixtures/bare-path.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openHubHouse } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { openNewGateway } from '../fixtures/ui/new-gateway.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'
import { tinyConfig } from '../unit/catalog/model-folder.ts'
import { fakePython, ownFolder } from '../unit/engines/folder.ts'

const { visit } = openBrowser()

test('from nothing to a first answer: the engine is there, a model is chosen, it answers, and a client is told the way', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house)
  const { page } = visitor
  await page.getByRole('link', { name: 'Get a first answer' }).click()
  await page.getByText(/^mlx-lm.* is there already\.$/).waitFor()
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByRole('button', { name: 'Use it: coder' }).click()
  await page.getByLabel('Ask coder').fill('say:hello')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Hello from a scripted model.').waitFor()
  await page.getByRole('button', { name: 'Next: your client' }).click()
  expect(await page.getByLabel('Base URL', { exact: true }).innerText()).toBe(`${house.url}/v1`)
  expect(await page.getByLabel('Model', { exact: true }).innerText()).toBe('coder')
  const curl = await page.getByLabel('Try it in a terminal', { exact: true }).innerText()
  expect(curl).toContain(`${house.url}/v1/chat/completions`)
  expect(curl).toContain('"model":"coder"')
  await page.getByRole('link', { name: 'Done' }).waitFor()
  await page.getByRole('link', { name: 'Settings for your client' }).click()
  await page.getByRole('heading', { name: 'Connect a client', level: 1 }).waitFor()
  expect(house.started('coder')).toHaveLength(1)
  expect(visitor.troubles).toEqual([])
})

/** A Python whose `pip install` fetches one package, and then does what it is told: goes on, or fails. */
async function obedientPython() {
  const folder = await ownFolder()
  const told = join(folder, 'told')
  await promisify(execFile)('mkfifo', [told])
  const failing = `echo "ERROR: No matching distribution found for mlx-lm"; exit 1`
  const pip = `echo "Downloading numpy (12 MB)"; read what < "${told}"; [ "$what" = on ] || { ${failing}; }`
  const python = await fakePython(join(folder, 'python3'), { pip })
  return { python, tell: (what: 'on' | 'fail') => writeFile(told, `${what}\n`) }
}

/** What the fake needs, and no installer. */
async function path(): Promise<string> {
  const needed = ['mkdir', 'cp'].map(async (name) => [name, await findProgram(name)] as const)
  const folder = await barePath(Object.fromEntries(await Promise.all(needed)))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test('the engine is installed in sight, through a reload; where that fails the page says why, and it is tried again', async () => {
  const { python, tell } = await obedientPython()
  const settings = { engines: { python } }
  const environment = { PATH: await path() }
  await using gateway = await openNewGateway({ pageDirectory: inject('pageDirectory'), settings, environment })
  await using visitor = await visit(gateway, '/start')
  const { page } = visitor
  await page.getByRole('button', { name: 'Install mlx-lm' }).click()
  await page.getByText('Downloading numpy (12 MB)').waitFor()
  await page.reload()
  await page.getByText('Downloading numpy (12 MB)').waitFor()
  const share = page.getByRole('progressbar', { name: 'Installation of the engine' })
  expect(Number(await share.getAttribute('aria-valuenow'))).toBeGreaterThan(0)
  await tell('fail')
  await page.getByRole('alert').getByText('failed with exit code 1. The download failed').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Downloading numpy (12 MB)').waitFor()
  await tell('on')
  await page.getByText(/^mlx-lm 0\.\d+\.\d+ is installed\.$/).waitFor()
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByText('There is none yet.').waitFor()
  expect(visitor.troubles).toEqual([])
})

test('a model that fits is fetched from the hub, and is there to be used once it has come', async () => {
  await using house = await openHubHouse({ memory: { budget: '1GB' }, pageDirectory: inject('pageDirectory') })
  const vast = { 'config.json': JSON.stringify({ ...tinyConfig, num_hidden_layers: 1200 }) }
  for (const [id, more] of Object.entries({ 'maker/Chat-4bit': {}, 'maker/Vast-4bit': vast }))
    house.hub.add({ id, files: wholeModel(1024, more), task: 'text-generation', tags: ['mlx', '4-bit'] })
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByText('There is none yet.').waitFor()
  await page.getByRole('button', { name: 'Download maker/Chat-4bit' }).waitFor()
  expect(await page.getByRole('button', { name: /^Download / }).count(), 'what does not fit is not offered').toBe(1)
  await page.getByRole('button', { name: 'Download maker/Chat-4bit' }).click()
  await page.getByRole('button', { name: 'Use it: maker/Chat-4bit' }).click()
  await page.getByLabel('Ask maker/Chat-4bit').fill('say:hello')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Hello from a scripted model.').waitFor()
  expect(visitor.troubles).toEqual([])
})

test('each step can be skipped, which ticks none of them off, and a reload or a way through other pages leads back to where it was left', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  const skip = page.getByRole('button', { name: 'Skip this step' })
  await page.getByRole('button', { name: 'Next: a model' }).waitFor()
  await skip.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByText('Ready on this machine').waitFor()
  await page.reload()
  await page.getByText('Ready on this machine').waitFor()
  await skip.click()
  await page.getByText('Choose a model first.').waitFor()
  await skip.click()
  await page.getByLabel('Base URL', { exact: true }).waitFor()
  await skip.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '2 Model' }).waitFor()
  await page.getByRole('button', { name: '3 First message' }).waitFor()

  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('button', { name: 'Choose a model' }).click()
  await page.getByRole('button', { name: 'Use it: coder' }).click()
  await page.getByLabel('Ask coder').waitFor()
  await page.getByRole('link', { name: 'Leave for now' }).click()
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  await page.goto('/admin/start')
  await page.getByLabel('Ask coder').waitFor()
  expect(visitor.troubles).toEqual([])
})

test('the starter is not said to be here before it is, and a hub that cannot be asked can be asked again', async () => {
  await using house = await openHubHouse({
    offline: true,
    models: { starter: true },
    pageDirectory: inject('pageDirectory'),
  })
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByText('There is none yet.').waitFor()
  const toCome = page.getByRole('region', { name: 'Not on this machine yet' })
  await toCome.getByText('Fetched when it is first asked').waitFor()
  await toCome.getByRole('button', { name: 'Use it: smollm2-135m-instruct' }).waitFor()
  const hub = page.getByRole('region', { name: 'Often fetched, and fit this machine' })
  await hub.getByRole('button', { name: 'Try again' }).click()
  expect(visitor.troubles).toEqual([])
})

test('a first question that fails says why, and can be asked again', async () => {
  await using house = await openHouse([{ name: 'coder', mode: 'exit-at-once=1' }], {}, inject('pageDirectory'))
  await using visitor = await visit(house, '/start')
  const { page } = visitor
  await page.getByRole('button', { name: 'Next: a model' }).click()
  await page.getByRole('button', { name: 'Use it: coder' }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('alert').getByText('The server of "coder" failed').waitFor()
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Next: your client' }).waitFor({ state: 'detached' })
  expect(visitor.troubles).toEqual([])
})
