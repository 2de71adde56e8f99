/** The front page and the API reference in Chromium: WCAG, what they load, and what a reader can do there. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desktop, phone, violations } from '../support/console-stage.ts'
import { launchChromium, openContext } from '../support/pages.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { keepPicture } from './pictures.ts'

let ledger: RunningLedger
let browser: Browser
beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await ledger?.close()
})

interface Visit {
  readonly page: Page
  /** Addresses of everything that the page asked for. */
  readonly requests: readonly string[]
  /** What the browser complained about: violations of the content security policy, and errors of scripts. */
  readonly complaints: readonly string[]
}

async function visit(path: string, options: BrowserContextOptions = desktop): Promise<Visit> {
  const page = await (await openContext(browser, options)).newPage()
  page.setDefaultTimeout(20_000)
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(ledger.url + path)
  return { page, requests, complaints }
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

const narrow = { viewport: { width: 320, height: 640 } }
const manners: [string, BrowserContextOptions][] = [
  ['a phone in the dark', { ...phone, colorScheme: 'dark', locale: 'sv-SE' }],
  ['a phone in the light', { ...phone, colorScheme: 'light', locale: 'en-GB' }],
  ['a desktop in the dark', { ...desktop, colorScheme: 'dark', locale: 'en-GB' }],
  ['a desktop in the light', { ...desktop, colorScheme: 'light', locale: 'sv-SE' }],
  ['a narrow window', { ...narrow, locale: 'sv-SE' }],
  ['forced colours', { ...desktop, forcedColors: 'active', locale: 'en-GB' }],
]

describe('/', () => {
  it.each(manners)('meets WCAG 2.2 AA and does not scroll sideways: %s', async (name, options) => {
    const { page, requests, complaints } = await visit('/', options)
    await keepPicture(page, `front, ${name}`)
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
    expect(requests.every((address) => address.startsWith(ledger.url))).toBe(true)
    await page.context().close()
  })

  it('is read without scripts, changed to the other language, and skipped to its content by keyboard', async () => {
    const { page } = await visit('/', { ...desktop, javaScriptEnabled: false, locale: 'sv-SE' })
    await page.getByRole('heading', { level: 1, name: 'Samtyckesregister' }).waitFor()
    await page.getByRole('link', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'Consent ledger' }).waitFor()
    expect(page.url()).toBe(`${ledger.url}/?lang=en`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(page.url()).toBe(`${ledger.url}/?lang=en#main`)
    await page.getByRole('link', { name: 'OpenAPI' }).click()
    expect(page.url()).toBe(`${ledger.url}/openapi.json`)
    await page.context().close()
  })
})

describe('/reference', () => {
  const shown = (page: Page) => page.locator('.opblock').first().waitFor()

  it.each(manners)('asks this ledger alone and violates no policy: %s', async (name, options) => {
    const { page, requests, complaints } = await visit('/reference', options)
    await shown(page)
    await keepPicture(page, `reference, ${name}`)
    expect(complaints).toEqual([])
    expect(requests.filter((address) => !address.startsWith(ledger.url) && !address.startsWith('data:'))).toEqual([])
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.context().close()
  })

  it('opens a route, shows its fields and errors, and sends a request to this ledger', async () => {
    const { page, requests, complaints } = await visit('/reference')
    await shown(page)
    const operation = page.locator('#operations-Anyone-getHealth')
    await operation.getByRole('button').first().click()
    await operation.getByText('For load balancers').last().waitFor()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.getByText('"status": "ok"').first().waitFor()
    await keepPicture(page, 'reference, a request')
    expect(await violations(page)).toEqual([])
    expect(requests).toContain(`${ledger.url}/healthz`)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('shows each route of the document, and each message that an endpoint gets', async () => {
    const { page, complaints } = await visit('/reference')
    await shown(page)
    const { paths, webhooks } = await (await fetch(`${ledger.url}/openapi.json`)).json()
    const operations = [paths, webhooks].flatMap((all) => Object.values<object>(all).flatMap(Object.keys))
    expect(await page.locator('.opblock').count()).toBe(operations.length)
    const message = page.locator('.webhooks .opblock').filter({ hasText: 'consent.withdrawn' })
    await message.getByRole('button').first().click()
    await message.getByText('webhook-signature').first().waitFor()
    await message.getByText('redirects are not followed').waitFor()
    expect(await violations(page)).toEqual([])
    await keepPicture(page, 'reference, a message', ['light', 'dark'])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('without scripts leads to the document', async () => {
    const { page } = await visit('/reference', { ...desktop, javaScriptEnabled: false, locale: 'en-GB' })
    // Chromium shows what is in noscript only where scripts are off from the start, which the test cannot turn off: front.test.ts reads it.
    await page
      .getByRole('main')
      .getByRole('link', { name: /OpenAPI/ })
      .click()
    expect(page.url()).toBe(`${ledger.url}/openapi.json`)
    await page.context().close()
  })
})
