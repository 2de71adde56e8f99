/** What the preference centre says: in the reader's language, about this person, and in words that fit the control. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ConsoleStage,
  openConsoleStage,
  receiptsOf,
  secretOf,
  unfold,
  violations,
} from '../support/console-stage.ts'
import { aDeviceSecret, anEvent } from '../support/running-ledger.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const card = (page: Page, name: string): Locator =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) })

/** A device whose decisions the ledger has. */
async function deviceWith(...events: readonly Record<string, unknown>[]): Promise<string> {
  const secret = aDeviceSecret()
  for (const more of events) {
    const { status, text } = await stage.ledger.post(`/v1/events?key=${stage.keys.ljungsten}`, anEvent(secret, more))
    expect(status, text).toBe(201)
  }
  return secret
}

const earlier = { shown: [{ policyId: 'cookie-policy', version: '1', locale: 'en' }] }
const earlierTerms = {
  decisions: [{ policyId: 'general-terms', verb: 'accepted' }],
  shown: [{ policyId: 'general-terms', version: '1', locale: 'en' }],
}

describe('what is recorded', () => {
  it.each([
    ['sv', 'Statistik', /Du har sagt ja. Du bestämde dig den \d+ \w+ \d{4}, enligt version 2 av ”Cookiepolicy”./],
    ['en', 'Statistics', /You said yes. You decided this on \d+ \w+ \d{4}, under version 2 of “Cookie policy”./],
  ] as const)('is said with dates and titles, in %s', async (language, name, sentence) => {
    const page = await stage.visitHosted(`#device=${await deviceWith({})}`, { language })
    const purpose = card(page, name)
    await purpose.getByText(/Vad det innebär|What this means/).click()
    await purpose.getByText(sentence).waitFor()
    expect(await purpose.textContent()).not.toMatch(/\d{4}-\d\d-\d\dT|[0-9a-f]{8}-[0-9a-f]{4}|Given/)
    await page.context().close()
  })

  it('known terms of recipients and transfers are translated', async () => {
    const page = await stage.visitHosted('', { language: 'sv' })
    await page.getByRole('heading', { name: 'Marknadsföring' }).waitFor()
    await unfold(page)
    const text = (await page.getByRole('tabpanel').textContent()) ?? ''
    for (const said of ['tjänsteleverantör', 'annonsnätverk', 'standardavtalsklausuler']) expect(text).toContain(said)
    for (const said of ['service provider', 'advertising network', 'contractual clauses'])
      expect(text).not.toContain(said)
    await page.context().close()
  })
})

describe('what has changed since the last version', () => {
  it('is not told to a person who never answered, and is to one who answered an earlier version', async () => {
    const summary = 'Another company measures statistics too, and marketing has been added. We ask you again.'
    const first = await stage.visitHosted()
    await first.getByText('You have not decided.').first().waitFor()
    expect(await first.getByText(summary).isVisible()).toBe(false)
    await first.context().close()
    const second = await stage.visitHosted(`#device=${await deviceWith(earlier)}`)
    await second.getByText(summary).waitFor()
    await second.context().close()
  })
})

describe('terms', () => {
  it('can be accepted where the version in force was not, and then stay accepted', async () => {
    const page = await stage.visitHosted(`#device=${await deviceWith(earlierTerms)}`)
    await page.getByRole('tab', { name: 'General terms' }).click()
    await page.getByText('You have accepted version 1. The terms have changed since.').waitFor()
    await page.getByText('Needs a new acceptance.').waitFor()
    expect(await violations(page)).toEqual([])
    const accept = page.getByRole('button', { name: 'I accept version 2' })
    await accept.focus()
    await page.keyboard.press('Enter')
    await page.getByText('You have accepted it.', { exact: true }).waitFor()
    expect(await accept.isVisible()).toBe(false)
    expect(
      await page.evaluate(() => document.querySelector('consent-preferences')?.shadowRoot?.activeElement?.className),
    ).toContain('state')
    const [receipt] = await receiptsOf(stage, await secretOf(page, 'session'), 2)
    expect(receipt.decisions).toMatchObject([{ policyId: 'general-terms', verb: 'accepted', effect: 'yes' }])
    expect(receipt.link).toMatchObject([{ policyId: 'general-terms', shown: '2', grade: 'served' }])
    await page.reload()
    await page.getByRole('tab', { name: 'General terms' }).click()
    await page.getByText('You have accepted it.', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: /accept/ }).count()).toBe(0)
    await page.context().close()
  })

  it('can be declined', async () => {
    const page = await stage.visitHosted('', { language: 'sv' })
    await page.getByRole('tab', { name: 'Allmänna villkor' }).click()
    await page.getByRole('button', { name: 'Jag godkänner den inte' }).click()
    await page.getByText('Du har inte godkänt den.').waitFor()
    const [receipt] = await receiptsOf(stage, await secretOf(page), 1)
    expect(receipt.decisions).toMatchObject([{ policyId: 'general-terms', verb: 'declined', effect: 'no' }])
    await page.context().close()
  })
})

describe('purposes', () => {
  it.each([
    [
      'sv',
      'Integritetspolicy',
      ['Du väljer', 'Du kan invända', 'För din kännedom'],
      /Om du säger nej|Så säger du nej/,
      /Om du invänder|Så invänder du/,
    ],
    [
      'en',
      'Privacy policy',
      ['You choose', 'You may object', 'For your information'],
      /If you say no|How to say no/,
      /If you object|How to object/,
    ],
  ] as const)(
    'are in groups with their number, in words that fit the choice, in %s',
    async (language, tab, titles, refusing, objecting) => {
      const page = await stage.visitHosted('', { language })
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('heading', { name: new RegExp(`^${titles[0]}`) }).waitFor()
      await unfold(page)
      expect(await violations(page)).toEqual([])
      const headings = page.getByRole('tabpanel').getByRole('heading', { level: 3 })
      const found = (await headings.allTextContents()).filter((text) => titles.some((title) => text.startsWith(title)))
      expect(found.map((text) => text.replace(/ \(\d+\)/, ''))).toEqual(titles)
      for (const [i, text] of found.entries()) {
        const group = page.getByRole('tabpanel').locator('.group').nth(i)
        const cards = await group.getByRole('article').allTextContents()
        expect(text).toBe(`${titles[i]} (${cards.length})`)
        for (const words of cards) {
          expect([refusing.test(words), objecting.test(words)], words).toEqual([i === 0, i === 1])
        }
      }
      await page.context().close()
    },
  )

  it('that leave no choice are folded, and open with the keyboard', async () => {
    const page = await stage.visitHosted()
    await page.getByRole('tab', { name: 'Privacy policy' }).click()
    const title = page.getByRole('heading', { name: /^For your information/ })
    const group = page.locator('details.group', { has: title })
    await title.waitFor()
    expect(await group.getByRole('article').first().isVisible()).toBe(false)
    await group.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    await group.getByRole('article').first().waitFor()
    await page.context().close()
  })
})
