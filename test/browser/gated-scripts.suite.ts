/** Scripts that wait for a consent, in Chromium: they run as the same tags would run in a page without a gate. */
import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { launchChromium, openContext, type Pages, servePages, siteFor } from '../support/pages.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let browser: Browser
let site: Pages
let key: string
const files: Record<string, string> = {}

beforeAll(async () => {
  ;[ledger, browser] = await Promise.all([startLedger(), launchChromium()])
  site = await servePages(files)
  key = await siteFor(ledger, 'gated', [site.origin])
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await ledger?.close()
})

/** The page collects in `ran` what has run, in order. A file whose name begins with `slow` arrives after all others. */
async function visit(body: string, scripts: Readonly<Record<string, string>> = {}, head = ''): Promise<Page> {
  const path = `/${Object.keys(files).length}`
  for (const [name, text] of Object.entries(scripts)) files[`/${name}.js`] = text
  files[path] = `<!doctype html><html lang="en"><head><title>A page</title>${head}
    <script nonce="n0nce">ran = []</script>
    <script defer src="${ledger.url}/console/banner.js" data-key="${key}"></script></head><body>${body}</body></html>`
  const page = await (await openContext(browser)).newPage()
  await page.route('**/slow*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    await route.continue()
  })
  await page.goto(site.origin + path)
  return page
}

const gated = (attributes: string, text = '', purpose = 'statistics') =>
  `<script type="text/plain" data-purpose="${purpose}" ${attributes}>${text}</script>`
const decide = (page: Page, isYes: boolean, purpose = 'statistics') =>
  page.evaluate(`consentLedger.consent.record({ '${purpose}': ${isYes} }, { act: 'button' }).eventId`)
const ran = (page: Page) => page.evaluate<string[]>('ran')
/** A task later than all that a consent sets going without the network. */
const settle = (page: Page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)))

it('keep document order: an inline script has the file before it, deferred files and modules come last', async () => {
  const page = await visit(
    [
      gated('data-type="module"', `ran.push('inline module')`),
      gated('defer src="/deferred.js"'),
      gated('src="/slow-library.js"'),
      gated('async defer', `ran.push('inline ' + typeof library)`),
      gated('data-type="module" src="/module.js"', '', 'marketing-cookies'),
      gated('src="/second.js"', '', 'marketing-cookies'),
      gated('', `ran.push('last ' + second)`),
    ].join(''),
    {
      'slow-library': `var library = {}; ran.push('library')`,
      second: `var second = 2; ran.push('second')`,
      deferred: `ran.push('deferred')`,
      module: `ran.push('module ' + typeof import.meta); export {}`,
    },
  )
  await page.evaluate(`consentLedger.consent.record({ statistics: true, 'marketing-cookies': true }, {}).eventId`)
  await expect.poll(() => ran(page)).toHaveLength(7)
  const blocking = ['library', 'inline object', 'second', 'last 2']
  expect(await ran(page)).toEqual([...blocking, 'inline module', 'deferred', 'module object'])
})

it('of a purpose that does not rest on consent run without a decision, and not after an objection', async () => {
  const necessary = gated('', `ran.push('necessary')`, 'necessary-cookies')
  const page = await visit(necessary + gated('', `ran.push('statistics')`))
  await expect.poll(() => ran(page)).toEqual(['necessary'])
  await page.evaluate(`consentLedger.consent.record({ 'necessary-cookies': 'objected' }, { act: 'button' }).eventId`)
  await page.reload()
  await page.locator('consent-banner').waitFor({ state: 'attached' })
  await settle(page)
  expect(await ran(page)).toEqual([])
})

it('run once where two banners ask about two policies', async () => {
  const second = `<script defer src="${ledger.url}/console/banner.js" data-key="${key}" data-policy="privacy-policy"></script>`
  const page = await visit(
    gated('', `ran.push('inline')`) + gated('src="/once.js"'),
    { once: `ran.push('file')` },
    second,
  )
  await decide(page, true)
  await expect.poll(() => ran(page)).toHaveLength(2)
  await settle(page)
  expect(await ran(page)).toEqual(['inline', 'file'])
})

it('wait for no asynchronous file, nor for one that fails, is of another type, or is not for this browser', async () => {
  const page = await visit(
    [
      gated('src="/missing.js"'),
      gated('src="/refused.js" integrity="sha256-AAAA"'),
      gated('nomodule src="/old.js"'),
      gated('data-type="application/json"', '{}'),
      gated('async src="/slow-async.js"'),
      gated('', 'throw new Error("theirs")'),
      gated('', `ran.push('inline')`),
    ].join(''),
    { refused: `ran.push('refused')`, old: `ran.push('old')`, 'slow-async': `ran.push('async')` },
  )
  await decide(page, true)
  await expect.poll(() => ran(page)).toEqual(['inline', 'async'])
})

it('have the attributes of their tags, and the nonce that a policy asks for', async () => {
  const report = `ran.push(Object.fromEntries([...document.currentScript.attributes].map((a) => [a.name, a.value])), document.currentScript.nonce)`
  const integrity = `sha256-${createHash('sha256').update(report).digest('base64')}`
  const policy = `script-src 'nonce-n0nce' ${ledger.url}; connect-src ${ledger.url}`
  const page = await visit(
    [
      gated(
        `src="/report.js" nonce="n0nce" crossorigin integrity="${integrity}" data-site-id="7" referrerpolicy="origin"`,
      ),
      gated('', `ran.push('no nonce')`),
      gated('async fetchpriority="low" nonce="n0nce" src="/async.js"'),
    ].join(''),
    { report, async: 'ran.push(document.currentScript.async, document.currentScript.fetchPriority)' },
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
  )
  await decide(page, true)
  await expect.poll(() => ran(page)).toHaveLength(4)
  const all = await ran(page)
  expect(all.filter((each) => typeof each !== 'object')).toEqual(expect.arrayContaining(['n0nce', true, 'low']))
  expect(all).toContainEqual({
    ...{ src: '/report.js', crossorigin: '', integrity, referrerpolicy: 'origin', nonce: 'n0nce' },
    ...{ 'data-purpose': 'statistics', 'data-site-id': '7' },
  })
})

it('run when they are inserted later, once each, and not without a consent', async () => {
  const page = await visit('<main></main>', { file: `ran.push('file')` })
  const insert = (html: string) =>
    page.evaluate((text) => {
      const made = document.createElement('template')
      made.innerHTML = `<section><p></p>${text}</section>`
      document.querySelector('main')?.append(made.content)
    }, html)
  await insert(gated('', `ran.push('before')`))
  await insert(gated('', `ran.push('other')`, 'marketing-cookies'))
  expect(await ran(page)).toEqual([])
  await decide(page, true)
  await insert(gated('src="/file.js"') + gated('', `ran.push('after')`))
  await expect.poll(() => ran(page)).toEqual(['before', 'file', 'after'])
  await insert('<p></p>')
  await decide(page, true, 'preferences')
  await settle(page)
  expect(await ran(page)).toEqual(['before', 'file', 'after'])
})

it('do not run if the consent is withdrawn before their turn, and run when it is given again', async () => {
  const page = await visit(gated('src="/slow.js"') + gated('', `ran.push('inline')`), { slow: `ran.push('slow')` })
  await decide(page, true)
  await decide(page, false)
  await expect.poll(() => ran(page)).toEqual(['slow'])
  await settle(page)
  expect(await ran(page)).toEqual(['slow'])
  await decide(page, true)
  await expect.poll(() => ran(page)).toEqual(['slow', 'inline'])
})

it('leave the page’s elements as they were, so a kept copy of the page asks for the consent again', async () => {
  const page = await visit(
    gated('src="/file.js"') + gated('', `ran.push('inline')`) + gated('data-type="module"', `ran.push('module')`),
    { file: `ran.push('file')` },
  )
  const before = await page.evaluate(() => document.body.querySelectorAll('script').length)
  await decide(page, true)
  await expect.poll(() => ran(page)).toEqual(['file', 'inline', 'module'])
  const after = await page.evaluate(() => [...document.body.querySelectorAll('script')].map(({ type }) => type))
  expect(after).toEqual(Array(before).fill('text/plain'))
  await decide(page, false)
  await page.evaluate(() => document.body.replaceWith(document.body.cloneNode(true)))
  await settle(page)
  expect(await ran(page)).toHaveLength(3)
  await decide(page, true)
  await expect.poll(() => ran(page)).toEqual(['file', 'inline', 'module', 'file', 'inline', 'module'])
})

it('warn of purposes that the policy does not declare: in the page, inserted later, and when the notice is not fetched again', async () => {
  const page = await visit(gated('', '') + gated('', '', 'statistiks'))
  const warnings: string[] = []
  const listen = (tab: Page) =>
    tab.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
  const about = (id: string) =>
    `consent ledger: unknown-purpose a script waits for a purpose that the policy cookie-policy does not declare ${id}`
  // The banner is shown after the warning of this first load, which is not listened to.
  await page.locator('consent-banner').waitFor({ state: 'attached' })
  listen(page)
  await page.reload()
  await expect.poll(() => warnings).toEqual([about('statistiks')])
  await page.evaluate(
    `consentLedger.consent.record({ preferences: true, statistics: true, 'marketing-cookies': false }, {}).receipt`,
  )
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.reload()
  await expect.poll(() => warnings).toEqual([about('statistiks'), about('statistiks')])
  expect(asked.filter((url) => url.includes('/v1/notices/'))).toEqual([])

  const later = await visit('')
  listen(later)
  await expect.poll(() => later.locator('consent-banner').count()).toBe(1)
  await later.evaluate(`document.body.insertAdjacentHTML('beforeend', \`${gated('', '', 'adverts')}\`)`)
  await expect.poll(() => warnings.slice(2)).toEqual([about('adverts')])
})
