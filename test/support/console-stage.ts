/**
 * A website of another origin than the ledger's, with a content security policy as strict as one can be, and people who visit it in
 * Chromium: each with a browser of their own, empty at first.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { administer, claimsIn, device } from './demo-calls.ts'
import { launchChromium, openContext } from './pages.ts'
import { type Reply, type RunningLedger, startLedger } from './running-ledger.ts'

export const phone = { viewport: { width: 390, height: 844 } }
export const desktop = { viewport: { width: 1280, height: 900 } }

export interface Visit {
  readonly language?: 'sv' | 'en'
  readonly controller?: 'ljungsten' | 'tallmo'
  readonly policyId?: string
  readonly options?: BrowserContextOptions
  /** Before the page's first script. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

export interface ConsoleStage {
  readonly ledger: RunningLedger
  readonly siteUrl: string
  readonly browser: Browser
  /** Site keys, by controller. */
  readonly keys: Readonly<Record<'ljungsten' | 'tallmo', string>>
  visit(visit?: Visit): Promise<Page>
  /** The hosted page, in a browser of its own. */
  visitHosted(fragment?: string, visit?: Visit): Promise<Page>
  close(): Promise<void>
}

export async function openConsoleStage(): Promise<ConsoleStage> {
  const ledger = await startLedger({ clockOnlyGoesOn: true })
  const site = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://site').searchParams
    if (request.url === '/counted.js') {
      response.setHeader('content-type', 'text/javascript')
      response.end('document.documentElement.dataset.counted = "yes"')
      return
    }
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self' ${ledger.url}; connect-src ${ledger.url}; base-uri 'none'`,
    )
    response.end(pageFor(ledger.url, query))
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  const address = site.address()
  const siteUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const origins = [siteUrl, ledger.url]
  const made = await Promise.all(
    ['ljungsten', 'tallmo'].map((controller) =>
      administer(ledger, '/sites', { site: 'shop', kind: 'web', name: 'Shop', origins }, controller),
    ),
  )
  const keys = { ljungsten: made[0]?.json.key, tallmo: made[1]?.json.key }
  const browser = await launchChromium()

  async function open(target: string, { options = desktop, prepare }: Visit): Promise<Page> {
    const page = await (await openContext(browser, options)).newPage()
    page.setDefaultTimeout(5_000)
    await prepare?.(page)
    await page.goto(target)
    return page
  }

  return {
    ledger,
    siteUrl,
    browser,
    keys,
    visit(visit = {}) {
      const { language = 'en', controller = 'ljungsten', policyId = 'cookie-policy' } = visit
      return open(`${siteUrl}/?${new URLSearchParams({ language, key: keys[controller], policyId })}`, visit)
    },
    visitHosted(fragment = '', visit = {}) {
      const { language = 'en', controller = 'ljungsten' } = visit
      const query = new URLSearchParams({ key: keys[controller], lang: language })
      return open(`${ledger.url}/console/preferences?${query}${fragment}`, visit)
    },
    async close() {
      await browser.close()
      site.close()
      await ledger.close()
    },
  }
}

function pageFor(ledgerUrl: string, query: URLSearchParams): string {
  return `<!doctype html><html lang="${query.get('language')}"><head><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script defer src="${ledgerUrl}/console/banner.js" data-key="${query.get('key')}" data-policy="${query.get('policyId')}"></script>
<script type="text/plain" data-purpose="statistics" src="/counted.js"></script></head>
<body><main><h1>A shop</h1>${'<p>What it sells.</p>'.repeat(40)}
<p><a href="#top">To the top</a></p><button data-consent-preferences>Privacy choices</button></main></body></html>`
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What WCAG 2.2 AA forbids on the page, as far as axe finds it: rule, and where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource)
  const { violations: found } = await page.evaluate((tags) => {
    const { axe } = globalThis as unknown as { axe: { run(root: Document, options: RunOptions): Promise<AxeResults> } }
    return axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
  }, standards)
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`))
}

/** So that nothing on the page is left out. Texts of policies are loaded when they are opened. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const host of document.querySelectorAll('consent-banner, consent-preferences'))
      for (const each of host.shadowRoot?.querySelectorAll('details') ?? []) each.open = true
  })
  await page.waitForFunction(() =>
    [...document.querySelectorAll('consent-banner, consent-preferences')]
      .flatMap((host) => [...(host.shadowRoot?.querySelectorAll('details.whole') ?? [])])
      .every((text) => text.querySelector('.policy-text > :not(.plain)')),
  )
}

/** What the page keeps as the device's secret; in session storage where a site handed it over to the hosted page. */
export function secretOf(page: Page, where: 'local' | 'session' = 'local'): Promise<string> {
  return page.evaluate((kind) => {
    const storage = kind === 'local' ? localStorage : sessionStorage
    const name = Object.keys(storage).find((each) => each.endsWith(':device')) ?? ''
    return JSON.parse(storage.getItem(name) ?? '""')
  }, where)
}

/** The visitor's receipts, newest first, as the ledger hands them out; waits until there are as many. */
export async function receiptsOf(
  stage: ConsoleStage,
  secret: string,
  count: number,
  controller: 'ljungsten' | 'tallmo' = 'ljungsten',
): Promise<Reply['json'][]> {
  const path = `/v1/me/receipts?key=${stage.keys[controller]}`
  for (let tries = 0; tries < 50; tries++) {
    const { json } = await stage.ledger.get(path, device(secret))
    if (json.receipts.length >= count) return json.receipts
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the ledger never had ${count} receipts`)
}

/** How an event came about, as the ledger has committed to it. */
export function howOf(receipt: Reply['json']): Record<string, unknown> {
  return claimsIn(receipt.disclosures).get('field:how')
}

/** What was decided, by purpose. */
export function decided(receipt: Reply['json']): Record<string, string> {
  return Object.fromEntries(
    receipt.decisions.map(({ purposeId, verb }: { purposeId: string; verb: string }) => [purposeId, verb]),
  )
}
