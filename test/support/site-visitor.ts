/** A visitor of the demo site in a real browser, and the auditor who later asks what the visit left in the ledger. */
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { deviceIdentity } from '../../functions/http/access.ts'
import type { DemoSite } from '../../infra/demo/site/start-demo-site.ts'
import { audienceOf } from '../../infra/local/development-issuer.ts'
import type { Identity } from '../../shared/consent/event.ts'
import type { StatusAnswer } from '../../shared/consent/status-answer.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { openContext } from './pages.ts'

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser complained of, and where else than to the site and its ledger it went. */
  readonly complaints: string[]
  goTo(path: string): Promise<void>
  /** The device as the ledger knows it. */
  identity(): Promise<Identity>
  /** Rules of axe that the page breaks, and by what. */
  barriers(): Promise<string[]>
}

export async function visitor(browser: Browser, demo: DemoSite): Promise<Visitor> {
  const context = await openContext(browser, { viewport: { width: 390, height: 844 }, locale: 'sv-SE' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // Chromium reports each page of the site that has another status than 200 in the same way.
    if (message.type() === 'error' && !message.text().includes('the server responded')) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const isOurs = [demo.url, demo.ledgerUrl].some((url) => request.url().startsWith(`${url}/`))
    if (!isOurs && !request.url().startsWith('blob:')) complaints.push(`went to ${request.url()}`)
  })
  return {
    page,
    context,
    complaints,
    async goTo(path) {
      await page.goto(demo.url + path)
    },
    async identity() {
      const secret = await page.evaluate(
        (name) => localStorage.getItem(name),
        `consent-ledger:${demo.site.siteKey}:device`,
      )
      return deviceIdentity(JSON.parse(secret ?? '""'))
    },
    async barriers() {
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`)
    },
  }
}

/** The status of a person in a proof, if the proof verifies with the log's keys alone; otherwise the reason why it does not. */
export async function proven(
  { local, ledgerUrl, site }: DemoSite,
  subject: Identity,
  topic: { readonly purposeId?: string; readonly policyId?: string; readonly at?: string },
): Promise<Partial<StatusAnswer> | string> {
  const token = await local.issuer.token({
    audience: audienceOf('ljungsten'),
    subject: 'auditor@ljungsten.example',
    scope: 'consent.audit',
    lifetimeSeconds: 60,
  })
  const response = await fetch(`${ledgerUrl}/v1/audit/proofs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ controller: 'ljungsten', subject, ...topic }),
  })
  const now = new Date(site.clock.now()).toISOString()
  const { verdict, failed, answer } = await verifyFile(await response.text(), parsePolicy(site.logPolicy), { now })
  return verdict === 'valid' && answer ? answer.status : `${verdict}: ${failed?.says}`
}
