/** The preference centre in Chromium: on a site's own page and on the ledger's hosted one. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { world } from '../../infra/demo/world/world.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import {
  type ConsoleStage,
  decided,
  desktop,
  howOf,
  openConsoleStage,
  phone,
  receiptsOf,
  secretOf,
  unfold,
  violations,
} from '../support/console-stage.ts'
import { administer, audit, bearer, type EventBody } from '../support/demo-calls.ts'
import { aDeviceSecret, anEvent, type Reply } from '../support/running-ledger.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const choice = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const pressed = async (page: Page, name: string) => (await choice(page, name).getAttribute('aria-pressed')) === 'true'

/** The controller answers the request to be erased that is open. */
async function decideLast({ ledger }: ConsoleStage, decision: EventBody): Promise<Reply> {
  const eraser = bearer(await ledger.token('consent.erase'))
  const { requests } = (await ledger.get('/v1/controllers/ljungsten/erasure-requests', eraser)).json
  const { requestId } = requests.find(({ state }: EventBody) => state === 'open')
  return ledger.post('/v1/erasure-decisions', { controller: 'ljungsten', requestId, ...decision }, eraser)
}

describe('WCAG 2.2 AA, and no sideways scrolling', () => {
  it.each([
    ['every tab, on a phone in the dark', { ...phone, colorScheme: 'dark' }, 'sv', 4],
    ['the first tab, on a desktop in the light', { ...desktop, colorScheme: 'light' }, 'en', 1],
    ['the first tab, on a phone in the light', { ...phone, colorScheme: 'light' }, 'en', 1],
    ['the first tab, on a desktop in the dark', { ...desktop, colorScheme: 'dark' }, 'sv', 1],
    ['the first tab, in a narrow window', { viewport: { width: 320, height: 640 } }, 'en', 1],
  ] as const)('%s', async (_, options, language, count) => {
    const page = await stage.visitHosted(`#device=${aDeviceSecret()}`, { language, options })
    await page.getByRole('button', { name: /^(Yes|Ja) – (Statistics|Statistik)/ }).click()
    await page.getByRole('button', { name: /^(No|Nej) – (Marketing|Marknadsföring)/ }).click()
    for (const tab of (await page.getByRole('tab').all()).slice(0, count)) {
      await tab.click()
      await page.getByRole('tabpanel').getByRole('heading').first().waitFor()
      await unfold(page)
      expect(await violations(page)).toEqual([])
      const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
      expect(await page.evaluate(overflow)).toBe(0)
    }
    await page.context().close()
  })
})

describe('on the site’s own page', () => {
  it('withdrawing is one press of the button beside the one that gave', async () => {
    const page = await stage.visit()
    await choice(page, 'Refuse all').click()
    await choice(page, 'Privacy choices').click()
    await page.getByRole('dialog', { name: 'Your privacy choices' }).waitFor()
    await choice(page, 'Yes – Statistics').focus()
    await page.keyboard.press('Enter')
    await page.getByText('You said yes. It is valid until').waitFor()
    expect(await pressed(page, 'Yes – Statistics')).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.getByText('You took your yes back.').waitFor()
    expect(await pressed(page, 'No – Statistics')).toBe(true)
    const [withdrawn, given] = await receiptsOf(stage, await secretOf(page), 3)
    expect(decided(withdrawn)).toEqual({ statistics: 'withdrawn' })
    expect(decided(given)).toEqual({ statistics: 'given' })
    expect(howOf(given)).toMatchObject({
      ...{ surface: 'preference-centre', act: 'button', control: 'single', initialState: { statistics: 'off' } },
    })
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Privacy choices')
    await page.context().close()
  })

  it('refuses all consents at once, and takes an objection and back', async () => {
    const page = await stage.visit()
    await choice(page, 'Accept all').click()
    await choice(page, 'Privacy choices').click()
    await choice(page, 'Refuse all consents').click()
    await choice(page, 'I object – Necessary cookies').click()
    await page.getByText('You have objected.').waitFor()
    await choice(page, 'No objection – Necessary cookies').click()
    await page.getByText('You took your objection back.').waitFor()
    const [, objected, refused] = await receiptsOf(stage, await secretOf(page), 4)
    expect(decided(objected)).toEqual({ 'necessary-cookies': 'objected' })
    expect(decided(refused)).toEqual({
      ...{
        preferences: 'withdrawn',
        statistics: 'withdrawn',
        'marketing-cookies': 'withdrawn',
        'remember-me': 'refused',
      },
    })
    expect(howOf(refused)).toMatchObject({ control: 'refuse-all' })
    await page.context().close()
  })

  it('is an account’s for a client that has its token, and the device keeps its own', async () => {
    const page = await stage.visit()
    await choice(page, 'Refuse all').click()
    const token = await stage.ledger.token('', 'ljungsten', 'acct-centre')
    const options = JSON.stringify({ url: stage.ledger.url, key: stage.keys.ljungsten })
    await page.evaluate(`{
      const account = consentLedger.openConsent({ ...${options}, token: () => '${token}' })
      consentLedger.openPreferences(undefined, account)
    }`)
    await choice(page, 'Yes – Statistics').click()
    await page.getByText('You said yes. It is valid until').waitFor()
    const subject = { type: 'account', id: 'acct-centre' }
    const asked = await audit(stage.ledger, 'consents', { subject, purposeId: 'statistics' })
    expect(asked.json.consents[0].status).toBe('Given')
    expect(await page.evaluate(`consentLedger.consent.permits('statistics')`)).toBe(false)
    // The code of the record is loaded from the ledger, under the strict policy of the site's own page.
    await page.getByRole('tab', { name: 'Your data' }).click()
    await page.getByText('Statistics: yes').waitFor()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download everything' }).click(),
    ])
    expect(JSON.parse(await readFile((await saved.path()) ?? '', 'utf8')).subject).toEqual(subject)
    await page.context().close()
  })

  it('without the ledger it shows what the device knows, keeps what is decided, and says so', async () => {
    const page = await stage.visit()
    await choice(page, 'Privacy choices').click()
    await choice(page, 'Yes – Statistics').waitFor()
    await page.context().setOffline(true)
    await choice(page, 'Yes – Statistics').click()
    await page.getByText('Saved on this device; being sent to the ledger.').waitFor()
    expect(await pressed(page, 'Yes – Statistics')).toBe(true)
    await page.context().setOffline(false)
    await page.getByText('You said yes. It is valid until').waitFor()
    await page.context().close()
  })
})

describe('the hosted page', () => {
  it.each([
    ['sv', 'Ord i policyerna', 'tredje man', 'Personuppgifter'],
    ['en', 'Words in these policies', 'third party', 'personal data'],
  ] as const)('shows the words of the policies, in %s', async (language, title, term, other) => {
    const page = await stage.visitHosted(`#device=${aDeviceSecret()}`, { language })
    const glossary = page.locator('details', { has: page.getByText(title, { exact: true }) })
    await glossary.locator('summary').click()
    const terms = await glossary.locator('dt').allInnerTexts()
    expect(terms.map((each) => each.toLowerCase())).toEqual(expect.arrayContaining([term, other.toLowerCase()]))
    await page.context().close()
  })

  it('shows the device that the site hands over, whose secret is in no address and no request line', async () => {
    const secret = aDeviceSecret()
    await stage.ledger.post(`/v1/events?key=${stage.keys.ljungsten}`, anEvent(secret))
    const addresses: string[] = []
    const page = await stage.visitHosted(`#device=${secret}`, {
      prepare: async (before) => before.on('request', (request) => addresses.push(request.url())),
    })
    await page.getByText('You said yes. It is valid until').waitFor()
    expect(await page.getByText('choices made on the device whose link you followed').isVisible()).toBe(true)
    expect(new URL(page.url()).hash).toBe('')
    await page.reload()
    await page.getByText('You said yes. It is valid until').waitFor()
    await page.getByRole('link', { name: 'Svenska' }).click()
    await page.getByText('Du har sagt ja. Det gäller till').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('sv')
    await page.getByRole('button', { name: /^Inte dina/ }).click()
    await page.getByText('Du har inte bestämt dig.').first().waitFor()
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
    // Chromium names the fragment of a page it was told to open; no server is sent it.
    expect(addresses.filter((each) => each.split('#')[0]?.includes(secret))).toEqual([])
    await page.context().close()
  })

  it('has a secret of its own for this browser when none, or an invalid one, is handed over', async () => {
    const page = await stage.visitHosted('#device=too-short')
    await choice(page, 'No – Statistics').click()
    await page.getByText('You said no.').waitFor()
    expect(page.url()).not.toContain('too-short')
    expect(await secretOf(page)).toMatch(/^[\w-]{22,}$/)
    await page.context().close()
  })

  it('shows the decisions, with receipts that it has checked and that verify elsewhere', async () => {
    const secret = aDeviceSecret()
    const signals = {
      ...{ gpc: true, gpcShown: true, consentMode: { analytics_storage: 'granted' } },
      consentModePurposes: { analytics_storage: ['statistics'] },
    }
    await stage.ledger.post(`/v1/events?key=${stage.keys.ljungsten}`, { ...anEvent(secret), signals })
    const page = await stage.visitHosted(`#device=${secret}`)
    await page.getByRole('tab', { name: 'Your data' }).click()
    await page.getByText('Statistics: yes').waitFor()
    await page.getByText('What Google’s tags were told: analytics_storage granted (Statistics).').waitFor()
    await page.getByText('You were told that the signal was honoured.').waitFor()
    await keepPicture(page, 'signals in the record', ['light', 'dark'])
    await page.getByText(/^The receipt is valid/).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Download receipt/ }).click(),
    ])
    const file = await readFile((await download.path()) ?? '', 'utf8')
    const policy = (await stage.ledger.get('/log/ljungsten/policy')).text
    expect((await verifyFile(file, parsePolicy(policy))).verdict).toBe('valid')
    await page.context().close()
  })

  it('shows the text that was shown, keeps and prints everything without another request, and erases it in the end', async () => {
    const secret = aDeviceSecret()
    await stage.ledger.post(`/v1/events?key=${stage.keys.ljungsten}`, anEvent(secret))
    const subject = deviceIdentity(secret)
    await audit(stage.ledger, 'consents', { subject, purposeId: 'statistics' })
    const page = await stage.visitHosted(`#device=${secret}`)
    await page.getByRole('tab', { name: 'Your data' }).click()
    await page.getByText('The text that you were shown: Cookie policy, version 2').click()
    await page.getByRole('heading', { name: 'Cookie policy of Ljungsten Inkasso AB' }).waitFor()
    await page.getByRole('row', { name: /Statistics$/ }).waitFor()
    const requests: string[] = []
    page.context().on('request', (request) => requests.push(request.url()))
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download everything' }).click(),
    ])
    const file = await readFile((await saved.path()) ?? '', 'utf8')
    const policy = parsePolicy((await stage.ledger.get('/log/ljungsten/policy')).text)
    expect([(await verifyFile(file, policy)).verdict, JSON.parse(file).subject]).toEqual(['valid', subject])
    const [printed] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Print everything' }).click(),
    ])
    await printed.getByRole('heading', { name: 'What Ljungsten Inkasso AB has recorded about your choices' }).waitFor()
    for (const said of ['Statistics: yes', 'Statistics: You said yes.', `device ${subject.id}`, 'What a cookie is'])
      expect(await printed.getByText(said).first().isVisible(), said).toBe(true)
    expect(await violations(printed)).toEqual([])
    expect(requests.filter((each) => /^http/.test(each))).toEqual([])
    await printed.close()

    await choice(page, 'Ask for erasure').click()
    await choice(page, 'No, keep it').click()
    await choice(page, 'Ask for erasure').click()
    await choice(page, 'Yes, ask for erasure').click()
    await page.getByText(/^You asked for erasure on .* You will have an answer by/).waitFor()
    const decided = await decideLast(stage, { decision: 'refused', ground: 'legal-claims' })
    expect(decided.status).toBe(200)
    await page.reload()
    await page.getByRole('tab', { name: 'Your data' }).click()
    await page.getByText('Reason: it is needed for legal claims (GDPR, article 17(3)(e)).').waitFor()
    await page.getByText(/^You may complain to: /).waitFor()
    expect(await violations(page)).toEqual([])
    const eraser = bearer(await stage.ledger.token('consent.erase'))
    const erasure = { controller: 'ljungsten', subject, ground: 'data-subject-request' }
    expect((await stage.ledger.post('/v1/erasures', erasure, eraser)).json.outcome).toBe('erased')
    await page.reload()
    await page.getByRole('tab', { name: 'Your data' }).click()
    await page.getByText('Your data has been erased').waitFor()
    await page.getByText('The ledger has no decision from you.').waitFor()
    await page.context().close()
  })

  it('goes from policy to policy with the arrow keys', async () => {
    const page = await stage.visitHosted()
    await page.getByRole('tab', { name: 'Cookie policy' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tab', { name: 'Privacy policy' }).getAttribute('aria-selected')).toBe('true')
    await page.getByRole('tabpanel', { name: 'Privacy policy' }).getByText('Newsletter').first().waitFor()
    await page.keyboard.press('End')
    expect(await page.getByRole('tab', { name: 'Your data' }).getAttribute('aria-selected')).toBe('true')
    await page.context().close()
  })
})

describe('a hostile text', () => {
  it('is shown as plain characters, in titles, purposes, tables and Markdown', async () => {
    const image = '<img src=x onerror="document.title=1">'
    const draft = world.tallmo.publications[0]?.draft
    const [purpose] = draft?.purposes ?? []
    const recipient = { party: image, type: image, role: 'processor', reliesOnConsent: false, country: 'SE' }
    const published = await administer(
      stage.ledger,
      '/policies/hostile/versions',
      {
        ...draft,
        policyId: undefined,
        ...{ version: '1', kind: 'other', effectiveFrom: undefined, changes: [] },
        title: { en: image },
        texts: [
          {
            locale: 'en',
            mediaType: 'text/markdown',
            text: `# ${image}\n\n[run](javascript:alert(1)) [go](https://a.example/)\n\n<script>document.title = 2</script>\n\n| a |\n|---|\n| ${image} |\n`,
          },
        ],
        purposes: [
          {
            ...purpose,
            purposeId: 'hostile',
            title: { en: image },
            description: { en: image },
            recipients: [recipient],
          },
        ],
      },
      'tallmo',
    )
    expect(published.status, published.text).toBe(201)
    // Longer than an instance remembers what policies there are.
    stage.ledger.setClockAhead(31_000)
    const page = await stage.visitHosted('', { controller: 'tallmo' })
    await page.getByRole('tab', { name: image }).click()
    await page.getByRole('heading', { name: image, level: 2 }).waitFor()
    await unfold(page)
    expect(await page.getByText('run (javascript:alert(1))').isVisible()).toBe(true)
    expect(await page.getByRole('link', { name: 'go' }).getAttribute('href')).toBe('https://a.example/')
    expect(await page.getByText('<script>document.title = 2</script>').isVisible()).toBe(true)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('Your privacy choices – Tallmo Kredit AB')
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })
})
