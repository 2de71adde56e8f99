/**
 * The clients of c15t, unmodified, in Chromium against this ledger: from the first load through accept, change of mind, revocation,
 * identify, an outage and back; and then what can be proven of it.
 */
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { administer, audit, bearer, minuteMs } from '../support/demo-calls.ts'
import { launchChromium, openContext } from '../support/pages.ts'
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
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  site?.close()
  await ledger?.close()
})

beforeEach(async () => {
  site.visitor = {}
  context = await openContext(browser, { locale: 'sv-SE' })
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

/** Accepts everything while the ledger cannot be reached, until the client has put it by. */
async function unreachable(how: (route: Route) => Promise<void>): Promise<void> {
  await page.route('**/subjects', how)
  await page.click('#accept')
  await expect.poll(() => stored('c15t-pending-consent-submissions')).not.toBeNull()
  await page.unroute('**/subjects')
}

/** Runs in the page, where c15t's store is a global. */
async function acceptTerms(documentSnapshotToken: string): Promise<void> {
  // biome-ignore lint/suspicious/noExplicitAny: the store as the page has it
  const store = (globalThis as any).c15tStore
  await store.getState().unstable_acceptPolicyConsent({ type: 'terms_and_conditions', documentSnapshotToken })
}

/** Statistics are kept longer than was agreed to. */
async function publishMajorVersion(): Promise<void> {
  const { json } = await ledger.get('/v1/controllers/ljungsten/policies/cookie-policy/versions/2')
  const { kind, scope, title, ground, summary } = json
  const purposes = json.purposes.map((purpose: { purposeId: string }) =>
    purpose.purposeId === 'statistics' ? { ...purpose, retention: 'P24M' } : purpose,
  )
  const changes = [{ purposeId: 'statistics', level: 'major', reason: 'kept longer' }]
  const texts = [{ locale: 'sv-SE', mediaType: 'text/plain', text: 'Statistiken sparas längre.' }]
  const version = { version: '2b', kind, scope, title, ground, summary, texts, purposes, changes, level: 'major' }
  expect((await administer(ledger, '/policies/cookie-policy/versions', version)).status).toBe(201)
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

it('react: the banner as it comes; refusing is one click, and the account’s too for whom the page knows', async () => {
  site.visitor = { user: { id: 'acct-react' }, headers: bearer(await ledger.token('', 'ljungsten', 'acct-react')) }
  await open('/react')
  expect(await page.textContent('[data-testid="consent-banner-title"]')).toBe('Du bestämmer över cookies')
  const refused = await posting(() => page.click('[data-testid="consent-banner-reject-button"]'))
  expect(refused).toMatchObject({ status: 200, sent: { consentAction: 'necessary', externalSubjectId: 'acct-react' } })
  expect(await statuses(refused.sent.subjectId)).toEqual(['Refused', 'Refused'])
  const account = { subject: { type: 'account', id: 'acct-react' }, purposeId: 'statistics' }
  expect((await audit(ledger, 'consents', account)).json.consents[0].status).toBe('Refused')
})

it('react: choosing in the dialog', async () => {
  await open('/react')
  await page.click('[data-testid="consent-banner-customize-button"]')
  const measurement = page.locator('[data-testid="consent-widget-switch-measurement"]')
  await measurement.waitFor()
  expect(await page.textContent('[data-testid="consent-widget-accordion-trigger-measurement"]')).toContain('Statistik')
  await measurement.click()
  const saved = await posting(() => page.click('[data-testid="consent-widget-footer-save-button"]'))
  expect(saved).toMatchObject({ status: 200, sent: { consentAction: 'custom' } })
  expect(await statuses(saved.sent.subjectId)).toEqual(['Given', 'Refused'])
})

it('vanilla: accepting terms by the token of the text that was served', async () => {
  await open('/vanilla')
  const key = site.backendURL.split('/').at(-1)
  const { noticeToken } = (await ledger.get(`/v1/notices/general-terms?key=${key}`)).json
  const accepted = await posting(() => page.evaluate(acceptTerms, noticeToken))
  expect(accepted).toMatchObject({ status: 200, answer: { type: 'terms_and_conditions' } })
  const subject = deviceIdentity(accepted.sent.subjectId)
  const [terms] = (await audit(ledger, 'consents', { subject, policyId: 'general-terms' })).json.consents
  expect(terms).toMatchObject({ status: 'Accepted', current: true, grade: 'served-unbound' })
})

it('vanilla: what was decided without a network arrives with the next page', async () => {
  await open('/vanilla')
  await unreachable((route) => route.abort('internetdisconnected'))
  const arrived = await posting(() => page.reload())
  expect(arrived).toMatchObject({ status: 200, sent: { consentAction: 'all' } })
  await expect.poll(() => stored('c15t-pending-consent-submissions')).toBeNull()
  expect(await statuses(arrived.sent.subjectId)).toEqual(['Given', 'Given'])
})

it('vanilla: a yes that arrives late does not undo the no that was said meanwhile', async () => {
  await open('/vanilla')
  await unreachable((route) => route.fulfill({ status: 503 }))
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

it('vanilla: the banner is back when a new version of the policy ends what was agreed to', async () => {
  await open('/vanilla')
  const { subjectId } = (await posting(() => page.click('#accept'))).sent
  await open('/vanilla')
  expect(await page.isVisible('#banner')).toBe(false)
  await publishMajorVersion()
  ledger.setClockAhead(9 * minuteMs)
  await open('/vanilla')
  expect(await page.isVisible('#banner')).toBe(true)
  const { json } = await audit(ledger, 'consents', { subject: deviceIdentity(subjectId), purposeId: 'statistics' })
  expect(json.consents[0]).toMatchObject({ status: 'Expired', reason: 'policy-changed' })
})
