/**
 * The clients of c15t, unmodified, in Chromium against this ledger: from the first load through accept, change of mind, revocation,
 * identify, an outage and back; and then what can be proven of it.
 */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { audit, bearer, minuteMs } from '../support/demo-calls.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { type C15tSite, serveC15tSite } from './c15t-site.ts'

let ledger: RunningLedger
let site: C15tSite
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  site = await serveC15tSite(ledger)
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  site?.close()
  await ledger?.close()
})

beforeEach(async () => {
  site.headers = {}
  context = await browser.newContext({ locale: 'sv-SE' })
  page = await context.newPage()
})
afterEach(() => context.close())

const posted = () => page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/subjects'))

/** Does something that makes the client post, and returns what it posted and what it was answered. */
async function posting(act: () => Promise<unknown>) {
  const [response] = await Promise.all([posted(), act()])
  return { status: response.status(), sent: response.request().postDataJSON(), answer: await response.json() }
}

async function open(path: string): Promise<void> {
  await page.goto(site.origin + path)
  await page.waitForSelector(path === '/vanilla' ? 'html[data-ready]' : '[data-testid="consent-banner-root"]')
}

/** The answer of a proof that verified offline. */
async function proven(subjectId: string, purposeId: string) {
  const proof = await audit(ledger, 'proofs', { subject: deviceIdentity(subjectId), purposeId })
  const policy = parsePolicy((await ledger.get('/log/ljungsten/policy')).text)
  expect(await verifyFile(proof.text, policy)).toMatchObject({ verdict: 'valid' })
  return proof.json
}

async function statuses(subjectId: string): Promise<[string, string]> {
  const [statistics, marketing] = [await proven(subjectId, 'statistics'), await proven(subjectId, 'marketing-cookies')]
  return [statistics.answer.status, marketing.answer.status]
}

const stored = (key: string) => page.evaluate((name) => localStorage.getItem(name), key)

it('vanilla: first load, accept, change of mind with its reload, identify; each of them proven', async () => {
  await open('/vanilla')
  expect(await page.isVisible('#banner')).toBe(true)
  expect(await page.textContent('#banner h1')).toBe('Du bestämmer över cookies')

  const accepted = await posting(() => page.click('#accept'))
  const { subjectId } = accepted.sent
  expect(accepted).toMatchObject({
    status: 200,
    sent: { consentAction: 'all', policySnapshotToken: expect.any(String) },
    answer: { subjectId, appliedPreferences: { necessary: true, measurement: true, marketing: true } },
  })
  expect(await statuses(subjectId)).toEqual(['Given', 'Given'])
  const { answer } = await proven(subjectId, 'statistics')
  expect(answer).toMatchObject({ shown: '2', inForce: '2', grade: 'served-unbound', demonstrable: true })

  const revoked = await posting(() => page.click('#without-marketing'))
  expect(revoked).toMatchObject({ status: 200, sent: { subjectId, preferences: { marketing: false } } })
  expect(revoked.sent).not.toHaveProperty('consentAction')
  expect(await statuses(subjectId)).toEqual(['RenewedGiven', 'Withdrawn'])
  await page.waitForSelector('html[data-ready]')
  expect(await page.isVisible('#banner')).toBe(false)

  const [identified] = await Promise.all([
    page.waitForResponse((r) => r.request().method() === 'PATCH'),
    page.click('#identify'),
  ])
  expect(identified.status()).toBe(200)
  expect(await identified.json()).toMatchObject({ success: false, subject: { id: subjectId } })
  expect(await stored('c15t-pending-identify-submissions')).toBeNull()
})

it('vanilla: what was decided offline arrives, and a yes that arrives late does not undo a later no', async () => {
  await open('/vanilla')
  await page.route('**/subjects', (route) => route.fulfill({ status: 503 }))
  await page.click('#accept')
  await expect.poll(() => stored('c15t-pending-consent-submissions'), { timeout: 5_000 }).not.toBeNull()
  await page.unroute('**/subjects')

  ledger.setClockAhead(6 * minuteMs)
  const refused = await posting(() => page.click('#reject'))
  const { subjectId } = refused.sent
  expect(await statuses(subjectId)).toEqual(['Refused', 'Refused'])
  const late = await posting(async () => {})
  expect(late).toMatchObject({
    status: 200,
    sent: { subjectId, consentAction: 'all' },
    answer: { appliedPreferences: { necessary: true, measurement: false, marketing: false } },
  })
  await expect.poll(() => stored('c15t-pending-consent-submissions')).toBeNull()
  expect(await statuses(subjectId)).toEqual(['Refused', 'Refused'])
  expect((await proven(subjectId, 'statistics')).events).toHaveLength(2)
})

it('react: the banner as it comes says what is declared; refusing is a click, and known as the account’s with its token', async () => {
  site.headers = bearer(await ledger.token('', 'ljungsten', 'acct-react'))
  await open('/react')
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT })
  expect(await page.textContent('[data-testid="consent-banner-title"]')).toBe('Du bestämmer över cookies')
  const refused = await posting(() => page.click('[data-testid="consent-banner-reject-button"]'))
  expect(refused).toMatchObject({ status: 200, sent: { consentAction: 'necessary', uiSource: 'banner' } })
  expect(await statuses(refused.sent.subjectId)).toEqual(['Refused', 'Refused'])
})

it('react: choosing in the dialog', async () => {
  await open('/react')
  await page.click('[data-testid="consent-banner-customize-button"]')
  const measurement = page.locator('[data-testid="consent-widget-switch-measurement"]')
  await measurement.waitFor()
  expect(await page.textContent('[data-testid="consent-widget-accordion-trigger-inner-measurement"]')).toBe('Statistik')
  await measurement.click()
  const saved = await posting(() => page.click('[data-testid="consent-widget-footer-save-button"]'))
  expect(saved).toMatchObject({ status: 200, sent: { consentAction: 'custom' } })
  expect(await statuses(saved.sent.subjectId)).toEqual(['Given', 'Refused'])
})
