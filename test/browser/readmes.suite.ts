/** The snippets of the frontends' READMEs, as they stand there, in Chromium against a ledger. */
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { clientBuild } from '../../infra/bundle/package-code.ts'
import { launchChromium, openContext, type Pages, servePages, siteFor } from '../support/pages.ts'
import { snippetsOf } from '../support/readme-snippets.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let browser: Browser
let pages: Pages
let page: Page
const printed: string[] = []

beforeAll(async () => {
  ledger = await startLedger()
  const files: Record<string, string> = {}
  pages = await servePages(files)
  const key = await siteFor(ledger, 'readme', [pages.origin])
  const snippets = snippetsOf('shared/client/README.md', ledger.url, key)
  snippets.set(
    'c15t',
    `${snippetsOf('functions/c15t/README.md', ledger.url, key).get('c15t')} globalThis.store = consentStore`,
  )
  for (const name of ['module', 'change', 'c15t']) {
    const stdin = { contents: snippets.get(name) ?? '', loader: 'ts', resolveDir: '.' } as const
    const alias = { '@consent-ledger/client': './shared/client/client.ts' }
    const built = await build({ ...clientBuild, format: 'esm', stdin, alias, write: false })
    files[`/${name}.js`] = built.outputFiles[0]?.text ?? ''
    files[`/${name}`] = `<script type="module" src="/${name}.js"></script><div id="changes"></div>`
  }
  files['/'] = snippets.get('page') ?? ''
  const ofPages = snippetsOf('functions/pages/README.md', ledger.url, key)
  files['/banner'] = `<html lang="en">${ofPages.get('banner')}${ofPages.get('gated')}`
  files['/count.js'] = 'console.log("counted")'
  files['/count.mjs'] = 'console.log("counted by a module " + import.meta.url)'
  browser = await launchChromium()
})

beforeEach(async () => {
  page = await (await openContext(browser)).newPage()
  page.on('console', (message) => printed.push(message.text()))
})
afterEach(() => page.context().close())

afterAll(async () => {
  await browser?.close()
  await pages?.close()
  await ledger?.close()
})

const counted = () => page.evaluate('document.body.classList.contains("counted")')
const pending = () => page.waitForFunction('Object.keys(localStorage).every((key) => !key.includes(":event:"))')

it('the page asks, records, and remembers', async () => {
  await page.goto(`${pages.origin}/`)
  expect(await counted()).toBe(false)
  await page.click('#yes')
  expect(await counted()).toBe(true)
  await pending()
  await page.reload()
  expect(await counted()).toBe(true)
  await page.click('#no')
  expect(await counted()).toBe(false)
  await pending()
})

it('the module asks for what is undecided', async () => {
  await page.goto(`${pages.origin}/module`)
  await expect.poll(() => printed.filter((line) => /^[\w-]{22}$/.test(line))).toHaveLength(1)
})

it('the change of terms is shown in the words that changed', async () => {
  ledger.setClock('2024-12-01T00:00:00.000Z')
  await page.goto(`${pages.origin}/`)
  await page.evaluate(`consent.notice('general-terms')`)
  await page.evaluate(
    `consent.record({ 'policy/general-terms': true }, { surface: 'signup', act: 'checkbox' }).receipt`,
  )
  ledger.setClockAhead(0)
  await page.goto(`${pages.origin}/change`)
  await page.waitForSelector('#changes ins')
  expect(await page.locator('#changes del').count()).toBeGreaterThan(0)
})

it('the tag asks, what waits runs when it may, and the link opens the choices', async () => {
  await page.goto(`${pages.origin}/banner`)
  await page.getByRole('button', { name: 'Accept all' }).click()
  await expect.poll(() => printed).toContain('counted')
  await expect.poll(() => printed).toContain(`counted by a module ${pages.origin}/count.mjs`)
  await page.getByRole('link', { name: 'Privacy choices' }).click()
  await page.getByRole('dialog').waitFor()
})

it('c15t’s client decides', async () => {
  await page.goto(`${pages.origin}/c15t`)
  await page.waitForFunction('store.getState().hasFetchedBanner')
  const recorded = page.waitForResponse((response) => response.url().endsWith('/subjects'))
  await page.evaluate(`store.getState().saveConsents('necessary', { uiSource: 'banner' })`)
  expect(await (await recorded).json()).toMatchObject({ appliedPreferences: { necessary: true } })
})
