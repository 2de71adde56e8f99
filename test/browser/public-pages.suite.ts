/** The public pages in Chromium: on phone and desktop, light and dark, without script; and hostile texts, which stay text. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desktop, phone, violations } from '../support/console-stage.ts'
import { lighthouseScores } from './lighthouse.ts'
import { openPublicStage, type PublicStage, publishedPolicies } from './public-stage.ts'

let stage: PublicStage
beforeAll(async () => {
  stage = await openPublicStage()
})
afterAll(() => stage?.close())

const policy = '/policies/ljungsten/cookie-policy'
const pages = [
  ['the policies of a controller', '/policies/ljungsten?lang=en'],
  ['a policy', `${policy}?lang=en`],
  ['a policy in Swedish', `${policy}?lang=sv`],
  ['a version that is scheduled', `${policy}/versions/3?lang=en`],
  ['a difference', `${policy}/diff?from=1&to=2&lang=en`],
  ['an address that leads nowhere', '/policies/ljungsten/nothing?lang=en'],
  ...publishedPolicies.map(({ policyId, title }) => [title, `/policies/tallmo/${policyId}?lang=en`] as const),
] as const

const screens: readonly (readonly [string, BrowserContextOptions])[] = [
  ['desktop, light', desktop],
  ['phone, dark', { ...phone, colorScheme: 'dark' }],
  ['320 px, forced colours', { viewport: { width: 320, height: 640 }, forcedColors: 'active' }],
]

describe.each(screens)('%s', (_, options) => {
  it.each(pages)('%s is accessible, fits its screen, and needs nothing else', async (__, path) => {
    const { page, complaints } = await stage.open(path, options)
    const isRefused = path.includes('/nothing')
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect(complaints.filter((each) => !(isRefused && each.includes('404')))).toEqual([])
    expect(await page.locator('h1').count()).toBe(1)
    await page.context().close()
  })
})

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

describe('a reader', () => {
  it('gets to a footnote and back, and to a section from the table of contents', async () => {
    const { page } = await stage.open('/policies/tallmo/aktell-energi?lang=sv', phone)
    const inView = (selector: string) =>
      page.locator(selector).evaluate((node) => {
        const { top, bottom } = node.getBoundingClientRect()
        return bottom > 0 && top < innerHeight
      })
    await page.getByRole('link', { name: '1', exact: true }).first().click()
    expect(await inView('[id="text-note:1"]')).toBe(true)
    await page.getByRole('link', { name: 'Tillbaka till texten, not 1' }).click()
    expect(await inView('[id="text-note-ref:1"]')).toBe(true)
    await page.getByRole('link', { name: 'Dina rättigheter' }).click()
    expect(await inView('[id="text-dina-rättigheter"]')).toBe(true)
    await page.context().close()
  })
})

it('Lighthouse gives the page of a policy at least 95 in each category', async () => {
  const { scores, lost } = await lighthouseScores(`${stage.ledger.url}${policy}?lang=en`)
  for (const [category, score] of Object.entries(scores))
    expect(score, `${category}: ${lost.join(', ')}`).toBeGreaterThanOrEqual(95)
})
