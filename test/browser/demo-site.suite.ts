/**
 * The whole system as people use it: the demo site with its banner, newsletter, sign-up and account in Chromium, on a ledger. Each scene ends
 * with an auditor's proof, verified offline. The scenes share one ledger, whose clock only moves forward.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { sendNewsletter } from '../../infra/demo/site/letters.ts'
import { type DemoSite, startDemoSite } from '../../infra/demo/site/start-demo-site.ts'
import { people } from '../../infra/demo/world/people.ts'
import { lockDataFolder } from '../../infra/local/data/data-folder.ts'
import { ProblemError } from '../../shared/server/server.ts'
import { launchChromium } from '../support/pages.ts'
import { proven, type Visitor, visitor } from '../support/site-visitor.ts'

let folder: string
let demo: DemoSite
let browser: Browser
let customer: Visitor

const email = 'maj.lund@brevbox.example'
const address = { type: 'email', id: email }
const elin = { type: 'account', id: people.elin.account }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-ledger-'))
  demo = await startDemoSite({ port: 0, ledgerPort: 0, dataFolder: await lockDataFolder(folder), log: { cycleMs: 20 } })
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await demo?.close()
  await rm(folder, { recursive: true, force: true })
})

const runs = ({ page }: Visitor) => page.locator('#runs').textContent()
const accountOf = (name: string) =>
  Object.values(demo.site.records.accounts).find((account) => account.name === name)?.account ?? ''

it('runs nothing optional before an answer, nor after a no', async () => {
  const visit = await visitor(browser, demo)
  const { page, context } = visit
  await visit.goTo('/')
  await page.getByRole('button', { name: 'Neka alla' }).click()
  await expect.poll(() => page.getByRole('button', { name: 'Neka alla' }).count()).toBe(0)
  await visit.goTo('/')
  expect(await runs(visit)).toBe('inget valfritt')
  expect(await page.locator('#advertisement').isVisible()).toBe(false)
  expect(demo.site.counted).toEqual({ visits: 0, advertisements: 0 })
  expect(await context.cookies()).toEqual([])
  expect(await proven(demo, await visit.identity(), { purposeId: 'statistics' })).toMatchObject({ status: 'Refused' })
  expect(visit.complaints).toEqual([])
  await context.close()
})

it('counts a visitor who allows statistics, on this page and after, until she says no', async () => {
  const visit = await visitor(browser, demo)
  const { page, context } = visit
  await visit.goTo('/?lang=en')
  await page.getByRole('checkbox', { name: 'Statistics' }).check()
  await page.getByRole('button', { name: 'Save selected' }).click()
  await expect.poll(() => runs(visit)).toBe('Statistics')
  await expect.poll(() => demo.site.counted.visits).toBe(1)
  await page.reload()
  await expect.poll(() => demo.site.counted.visits).toBe(2)
  expect(demo.site.counted.advertisements).toBe(0)
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['lup_visit'])
  const subject = await visit.identity()
  expect(await proven(demo, subject, { purposeId: 'statistics' })).toMatchObject({ status: 'Given' })
  expect(await proven(demo, subject, { purposeId: 'marketing-cookies' })).toMatchObject({ status: 'Refused' })

  await page.getByRole('link', { name: 'Privacy choices' }).click()
  await page.getByRole('button', { name: 'No – Statistics' }).click()
  await expect.poll(() => runs(visit)).toBe('nothing optional')
  expect(await context.cookies()).toEqual([])
  await page.reload()
  expect(await runs(visit)).toBe('nothing optional')
  expect(demo.site.counted.visits).toBe(2)
  expect(await proven(demo, subject, { purposeId: 'statistics' })).toMatchObject({ status: 'Withdrawn' })
  expect(visit.complaints).toEqual([])
  await context.close()
})

it('sends the newsletter when the address is confirmed, and no more when it is ended', async () => {
  const visit = await visitor(browser, demo)
  const { page, context } = visit
  const newsletter = () => proven(demo, address, { purposeId: 'newsletter' })
  await visit.goTo('/newsletter')
  await page.getByRole('button', { name: 'Neka alla' }).click()
  await page.getByRole('button', { name: 'Skicka' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('Kryssa i rutan')
  expect(demo.site.records.letters).toEqual([])
  await page.getByLabel('E-postadress').fill(email)
  await page.getByLabel('Ja, skicka nyhetsbrevet').check()
  await page.getByRole('button', { name: 'Skicka' }).click()
  await page.getByRole('heading', { name: 'Titta i din brevlåda' }).waitFor()
  expect(await newsletter()).toMatchObject({ status: 'Requested' })
  const [letter] = demo.site.records.letters
  const link = letter?.link.url ?? ''
  expect(link.startsWith(`${demo.ledgerUrl}/v1/confirmations/`)).toBe(true)
  expect(await page.content()).not.toContain(link.split('/').at(-1))
  await sendNewsletter(demo.site)
  expect(demo.site.records.letters).toHaveLength(1)

  await visit.goTo('/mailbox')
  expect(await visit.barriers()).toEqual([])
  await page.getByRole('link', { name: 'Öppna länken' }).click()
  await page.getByRole('heading', { name: 'Vill du bekräfta?' }).waitFor()
  expect(await newsletter()).toMatchObject({ status: 'Requested' })
  await page.getByRole('button', { name: 'Ja, bekräfta' }).click()
  await page.getByRole('heading', { name: 'Bekräftat' }).waitFor()
  expect(await newsletter()).toMatchObject({ status: 'Given', reason: 'confirmed' })

  await visit.goTo('/mailbox')
  await page.getByRole('button', { name: 'Skicka månadens nyhetsbrev' }).click()
  await page.getByRole('link', { name: 'Avsluta nyhetsbrevet' }).click()
  await page.getByRole('button', { name: 'Avsluta' }).click()
  await page.getByRole('heading', { name: 'Du har avslutat' }).waitFor()
  expect(await newsletter()).toMatchObject({ status: 'Withdrawn' })
  await page.goto(link)
  await page.getByRole('button', { name: 'Ja, bekräfta' }).click()
  await page.getByRole('heading', { name: 'Redan bekräftat' }).waitFor()
  expect(await newsletter()).toMatchObject({ status: 'Withdrawn' })
  await sendNewsletter(demo.site)
  expect(demo.site.records.letters).toHaveLength(2)
  expect(visit.complaints).toEqual([])
  await context.close()
})

/** Sends the newsletter's form without a browser. Returns the link in the letter. */
async function asksFor(address: string): Promise<string> {
  const body = new URLSearchParams({ email: address, newsletter: 'yes' })
  expect((await fetch(`${demo.url}/newsletter`, { method: 'POST', body })).status).toBe(200)
  return demo.site.records.letters.findLast(({ to }) => to === address)?.link.url ?? ''
}

it('takes an unsubscription from a mail program in one call', async () => {
  const one = { type: 'email', id: 'one@brevbox.example' }
  const confirmed = await fetch(await asksFor(one.id), {
    method: 'POST',
    body: new URLSearchParams({ confirm: 'yes' }),
  })
  expect(confirmed.status).toBe(200)
  await sendNewsletter(demo.site)
  const [, address = ''] = /^<(.*)>$/.exec(demo.site.records.letters.at(-1)?.headers?.['List-Unsubscribe'] ?? '') ?? []
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  const ended = await fetch(address, { method: 'POST', body })
  expect([ended.status, ended.redirected]).toEqual([200, false])
  expect(await proven(demo, one, { purposeId: 'newsletter' })).toMatchObject({ status: 'Withdrawn' })
})

it('opens no account without an acceptance that is recorded', async () => {
  customer = await visitor(browser, demo)
  const { page } = customer
  await customer.goTo('/signup')
  await page.getByRole('button', { name: 'Neka alla' }).click()
  await page.getByLabel('Namn').fill('Maj Lund')
  await page.getByLabel('E-postadress').fill(email)
  await page.getByRole('button', { name: 'Skapa konto' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('godkänna villkoren')
  expect(accountOf('Maj Lund')).toBe('')
  expect(await customer.barriers()).toEqual([])
  const elsewhere = { method: 'POST', headers: { origin: 'https://elsewhere.example' } }
  expect((await fetch(`${demo.url}/signup`, elsewhere)).status).toBe(403)

  const refusal = new ProblemError(503, 'unavailable', 'the ledger does not answer')
  const down = vi.spyOn(demo.site.ledger, 'recordEvents').mockRejectedValueOnce(refusal)
  await page.getByLabel('Jag godkänner').check()
  await page.getByLabel('Ja, lämna mina kontaktuppgifter').check()
  await page.getByRole('button', { name: 'Skapa konto' }).click()
  await page.getByText('Inget konto har skapats').waitFor()
  expect([down.mock.calls.length, accountOf('Maj Lund')]).toEqual([1, ''])
  down.mockRestore()

  await page.getByRole('link', { name: 'Försök igen' }).click()
  await page.getByLabel('Namn').fill('Maj Lund')
  await page.getByLabel('E-postadress').fill(email)
  await page.getByLabel('Jag godkänner').check()
  await page.getByLabel('Ja, lämna mina kontaktuppgifter').check()
  await page.getByRole('button', { name: 'Skapa konto' }).click()
  await page.getByText('Kontot är öppnat').waitFor()
  await page.getByRole('button', { name: /^Kontrollera/ }).click()
  await page.getByText('Äkta: kvittot').waitFor()
  expect(await customer.barriers()).toEqual([])
  const terms = await proven(demo, { type: 'account', id: accountOf('Maj Lund') }, { policyId: 'general-terms' })
  expect(terms).toMatchObject({ status: 'Accepted', current: true, shown: '2', grade: 'served' })
})

it('asks a customer of 2024 again, with what changed since', async () => {
  const visit = await visitor(browser, demo)
  const { page, context } = visit
  await visit.goTo('/login')
  await page.getByRole('button', { name: 'Neka alla' }).click()
  await page.getByRole('button', { name: 'Elin Bergstrand' }).click()
  const change = page.getByRole('region', { name: 'Allmänna villkor har ändrats' })
  expect(await change.locator('ins').allTextContents()).toContainEqual(
    expect.stringContaining('klagomal@ljungsten.example'),
  )
  expect(await proven(demo, elin, { policyId: 'general-terms' })).toMatchObject({ current: false, shown: '1' })
  await change.getByRole('button', { name: 'Godkänn' }).click()
  await change.getByText('Kryssa i rutan').first().waitFor()
  await change.getByLabel('Jag godkänner version 2').check()
  await change.getByRole('button', { name: 'Godkänn' }).click()
  await page.locator('#terms-status', { hasText: 'Du har godkänt version 2.' }).waitFor()
  await page.locator('#history-list > li', { hasText: 'version 1' }).getByRole('button').click()
  await page.getByText('Äkta: kvittot').waitFor()
  expect(await proven(demo, elin, { policyId: 'general-terms' })).toMatchObject({ current: true, shown: '2' })
  expect(visit.complaints).toEqual([])
  await context.close()
})

it('asks again on the day of a major version, and lets what ended be renewed and withdrawn', async () => {
  const { page } = customer
  const before = new Date(demo.site.clock.now()).toISOString()
  const account = { type: 'account', id: accountOf('Maj Lund') }
  const offers = { purposeId: 'partner-offers' }
  expect(await proven(demo, account, offers)).toMatchObject({ status: 'Given' })
  const link = await asksFor('late@brevbox.example')
  await customer.goTo('/account')
  await page.getByRole('button', { name: /Allmänna villkor 4 \(väsentlig\)/ }).click()
  const terms = page.getByRole('region', { name: 'Allmänna villkor har ändrats' })
  expect(await terms.locator('del').allTextContents()).toContainEqual(expect.stringContaining('tjugofyra'))
  expect(await customer.barriers()).toEqual([])
  expect(await proven(demo, account, offers)).toMatchObject({ status: 'Expired' })
  expect((await fetch(link)).status).toBe(410)

  await terms.getByLabel('Jag godkänner version 4').check()
  await terms.getByRole('button', { name: 'Godkänn' }).click()
  await page.locator('#terms-status', { hasText: 'Du har godkänt version 4.' }).waitFor()
  const privacy = page.getByRole('region', { name: 'Integritetspolicy har ändrats' })
  expect(await privacy.locator('ins').allTextContents()).toContainEqual(expect.stringContaining('Sjömärket Finans'))
  await privacy.getByRole('button', { name: 'Ja', exact: true }).click()
  const choice = page.locator('[data-purpose="partner-offers"]')
  await choice.getByText('Ja, förnyat').waitFor()
  await choice.getByRole('button', { name: /^Återkalla/ }).click()
  await choice.getByText('Återkallat', { exact: true }).waitFor()

  const receipts = await page.locator('#history-list > li').count()
  await page
    .getByRole('button', { name: /^Kontrollera/ })
    .first()
    .click()
  await page.getByText('Äkta: kvittot').waitFor()
  // The result of a check stays when a new receipt comes.
  await choice.getByRole('button', { name: /^Säg ja/ }).click()
  await choice.getByRole('button', { name: /^Återkalla/ }).click()
  await choice.getByText('Återkallat', { exact: true }).waitFor()
  await expect.poll(() => page.locator('#history-list > li').count()).toBeGreaterThanOrEqual(receipts + 2)
  expect(await page.getByText('Äkta: kvittot').count()).toBe(1)

  expect(await proven(demo, account, offers)).toMatchObject({ status: 'Withdrawn' })
  expect(await proven(demo, account, { ...offers, at: before })).toMatchObject({ status: 'Given' })
  const now = await proven(demo, account, { policyId: 'general-terms' })
  expect(now).toMatchObject({ current: true, shown: '4' })
  const then = await proven(demo, account, { policyId: 'general-terms', at: before })
  expect(then).toMatchObject({ current: true, shown: '2' })
  expect(customer.complaints).toEqual([])
})
