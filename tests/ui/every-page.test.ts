import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { openHubHouse } from '../fixtures/gateway/hub-house.ts'
import { openBrowser } from '../fixtures/ui/open-browser.ts'

const { visit } = openBrowser()
const pages = [
  ['/', 'Dashboard'],
  ['/models', 'Models'],
  ['/profiles', 'Profiles'],
  ['/profiles?new=1', 'New profile'],
  ['/playground', 'Playground'],
  ['/requests', 'Requests'],
  ['/logs', 'Logs'],
  ['/keys', 'Keys'],
  ['/connect', 'Connect a client'],
  ['/settings', 'Settings'],
  ['/start', 'Get a first answer'],
  ['/nowhere', undefined],
] as const

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

let house: Awaited<ReturnType<typeof openHubHouse>>
beforeAll(async () => {
  house = await openHubHouse({
    profiles: [{ name: 'coder' }, { name: 'broken', mode: 'exit-at-once=1' }],
    pageDirectory: inject('pageDirectory'),
  })
  await house.admin('POST', '/keys', { name: 'laptop' })
  await house.ask(say('coder', 'hello'), house.adminToken)
  await house.ask(say('broken', 'hello'), house.adminToken)
})
afterAll(async () => house[Symbol.asyncDispose]())

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(pages)(
    '%s has nothing that a screen reader or a weak eye stumbles over, and no errors',
    async (path, title) => {
      await using visitor = await visit(house, path, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' })
      const { page } = visitor
      if (title !== undefined) await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await page.getByRole('navigation').first().waitFor()
      await page.waitForLoadState('load')
      await page.addScriptTag({ content: axe.source })
      const violations: Violation[] = await page.evaluate('axe.run(document).then(({ violations }) => violations)')
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(
        serious.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]),
      ).toEqual([])
      expect(visitor.troubles).toEqual([])
    },
  )
})

test.each(pages)('%s fits a phone without scrolling sideways', async (path) => {
  await using visitor = await visit(house, path, {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  })
  const { page } = visitor
  await page.getByRole('heading').first().waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
})
