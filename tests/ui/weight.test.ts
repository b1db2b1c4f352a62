import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Request } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { openHouse } from '../fixtures/gateway/house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()

test('the dashboard comes with 250 kB of JavaScript at most, from the gateway alone, and asks nothing more while it is idle', async () => {
  await using house = await openHouse([{ name: 'coder' }], {}, inject('pageDirectory'))
  await house.warm('coder')
  await using visitor = await visit(house, '/keys')
  const page = await visitor.page.context().newPage()
  await page.clock.install()
  const asked: Request[] = []
  page.on('request', (request) => asked.push(request))
  await page.goto('/admin/')
  await page.getByRole('article', { name: 'coder' }).waitFor()
  await page.getByText('Speed', { exact: true }).waitFor()
  await page.waitForLoadState('load')
  const urls = asked.map((request) => new URL(request.url()))
  expect(new Set(urls.map(({ origin }) => origin))).toEqual(new Set([house.url]))
  const scripts = urls
    .filter(({ pathname }) => pathname.endsWith('.js'))
    .map(({ pathname }) => pathname.replace('/admin/', ''))
  const bytes = [...new Set(scripts)].map((path) => gzipSync(readFileSync(join(inject('pageDirectory'), path))).length)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000)

  const before = asked.length
  await page.clock.runFor(60_000)
  expect(asked.slice(before).map((request) => request.url())).toEqual([])
})

test('every page’s own code stands in files of its own', () => {
  const files = readdirSync(join(inject('pageDirectory'), 'assets'))
  const split = ['models', 'profiles', 'playground', 'requests', 'logs', 'keys', 'connect', 'settings', 'start']
  expect(split.filter((name) => !files.some((file) => file.startsWith(`${name}-`) && file.endsWith('.js')))).toEqual([])
})
