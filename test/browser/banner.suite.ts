/** The consent banner on a site of another origin, in Chromium: what it shows, what it records, and that it harms no page. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
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
import { administer } from '../support/demo-calls.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const banner = (page: Page) => page.getByRole('dialog', { name: /Your privacy choices|Dina integritetsval/ })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const details = (page: Page) => button(page, 'Purposes, recipients and cookies')

/** The element with the focus, within our own part of the page or the site's. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const outer = document.activeElement
    const at = outer?.shadowRoot?.activeElement ?? outer
    const { outlineStyle, outlineWidth } = getComputedStyle(at ?? document.body)
    return { text: at?.closest('label')?.textContent || at?.textContent, outline: `${outlineWidth} ${outlineStyle}` }
  })

describe('WCAG 2.2 AA, and no sideways scrolling', () => {
  it.each([
    ['a phone', phone, 'sv', 'dark'],
    ['a phone', phone, 'en', 'light'],
    ['a desktop', desktop, 'sv', 'light'],
    ['a desktop', desktop, 'en', 'dark'],
    ['a narrow window', { viewport: { width: 320, height: 400 } }, 'sv', 'light'],
  ] as const)('on %s', async (_, options, language, colorScheme) => {
    const page = await stage.visit({ language, options: { ...options, colorScheme } })
    await banner(page).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: /^Purposes|^Ändamål/ }).click()
    await page.getByRole('dialog', { name: /^Choose|^Välj/ }).waitFor()
    await unfold(page)
    expect(await violations(page)).toEqual([])
    const overflow = await page.evaluate(() => {
      const root = document.querySelector('consent-banner')?.shadowRoot
      const all = [document.documentElement, ...(root?.querySelectorAll('.banner, .scrolled') ?? [])]
      return all.map((each) => each.scrollWidth - each.clientWidth)
    })
    expect(overflow).toEqual([0, 0, 0])
    await page.context().close()
  })
})

describe('refusing', () => {
  it('is as easy as accepting: as near, as large, and looks the same', async () => {
    const page = await stage.visit({ options: phone })
    const [no, yes] = [button(page, 'Refuse all'), button(page, 'Accept all')]
    const look = (element: Element) => {
      const { backgroundColor, color, fontSize, fontWeight, border } = getComputedStyle(element)
      const { width, height } = element.getBoundingClientRect()
      return { backgroundColor, color, fontSize, fontWeight, border, width, height }
    }
    expect(await no.evaluate(look)).toEqual(await yes.evaluate(look))
    expect((await no.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await page.context().close()
  })

  it.each([
    ['Refuse all', 'refuse-all', { preferences: 'refused', statistics: 'refused', 'marketing-cookies': 'refused' }],
    ['Accept all', 'accept-all', { preferences: 'given', statistics: 'given', 'marketing-cookies': 'given' }],
  ])('%s takes one click and is recorded as it was', async (name, control, decisions) => {
    const page = await stage.visit()
    await button(page, name).click()
    await banner(page).waitFor({ state: 'hidden' })
    const [receipt] = await receiptsOf(stage, await secretOf(page), 1)
    expect(decided(receipt)).toEqual(decisions)
    expect(howOf(receipt)).toMatchObject({
      ...{ surface: 'banner', act: 'button', control, layer: 1 },
      initialState: { preferences: 'off', statistics: 'off', 'marketing-cookies': 'off' },
    })
    expect(receipt.link).toMatchObject([{ policyId: 'cookie-policy', shown: '2', grade: 'served', locale: 'en' }])
    await page.context().close()
  })
})

describe('with the keyboard alone', () => {
  it('the first Tab gets to the banner, each stop is visible, and Escape decides nothing', async () => {
    const page = await stage.visit()
    await banner(page).waitFor()
    const stops = ['Preferences', 'Statistics', 'Marketing', 'Purposes, recipients and cookies']
    for (const text of [...stops, 'Refuse all', 'Accept all', 'Save selected', 'To the top']) {
      await page.keyboard.press('Tab')
      expect(await focused(page)).toEqual({ text, outline: expect.not.stringMatching(/none|^0px/) })
    }
    await page.keyboard.press('Escape')
    expect(await banner(page).isVisible()).toBe(true)
    // What has the focus is not under the banner.
    const link = await page.getByRole('link', { name: 'To the top' }).boundingBox()
    const top = (await banner(page).boundingBox())?.y ?? 0
    expect((link?.y ?? 0) + (link?.height ?? 0)).toBeLessThanOrEqual(top)
    await page.context().close()
  })

  it('choosing on the second layer: what was ticked goes along, Escape leads back, saving records that layer', async () => {
    const page = await stage.visit()
    await page.getByRole('checkbox', { name: 'Preferences' }).focus()
    await page.keyboard.press('Space')
    await details(page).focus()
    await page.keyboard.press('Enter')
    const layer = page.getByRole('dialog', { name: 'Choose for each purpose' })
    await layer.waitFor()
    expect(await page.getByRole('switch', { name: 'Allow Preferences' }).isChecked()).toBe(true)
    await page.keyboard.press('Escape')
    await layer.waitFor({ state: 'detached' })
    expect((await focused(page)).text).toBe('Purposes, recipients and cookies')
    await page.keyboard.press('Enter')
    await page.getByRole('switch', { name: 'Allow Statistics' }).focus()
    await page.keyboard.press('Space')
    await button(page, 'Save selected').last().focus()
    await page.keyboard.press('Enter')
    await banner(page).waitFor({ state: 'hidden' })
    const [receipt] = await receiptsOf(stage, await secretOf(page), 1)
    expect(decided(receipt)).toEqual({ preferences: 'given', statistics: 'given', 'marketing-cookies': 'refused' })
    expect(howOf(receipt)).toMatchObject({ surface: 'banner', control: 'save-choices', layer: 2 })
    await page.context().close()
  })
})

describe('what it shows', () => {
  it('is the banner’s own words where no first layer was published, and records none; texts have their language', async () => {
    const draft = world.tallmo.publications[0]?.draft
    const [purpose] = draft?.purposes ?? []
    const title = { 'sv-SE': 'Mätning' }
    const published = await administer(
      stage.ledger,
      '/policies/measuring/versions',
      {
        ...draft,
        policyId: undefined,
        effectiveFrom: undefined,
        purposes: [{ ...purpose, purposeId: 'measuring', title }],
      },
      'tallmo',
    )
    expect(published.status, published.text).toBe(201)
    const page = await stage.visit({ controller: 'tallmo', policyId: 'measuring' })
    await page.getByText('We ask for your consent to what is listed here.').waitFor()
    expect(await page.getByText('Mätning').getAttribute('lang')).toBe('sv-SE')
    await button(page, 'Refuse all').click()
    const [receipt] = await receiptsOf(stage, await secretOf(page), 1, 'tallmo')
    expect(decided(receipt)).toEqual({ measuring: 'refused' })
    expect(howOf(receipt)).not.toHaveProperty('presentationId')
    await page.context().close()
  })

  it('asks again after a no when its purpose says so, and not before', async () => {
    const draft = world.tallmo.publications[0]?.draft
    const [purpose] = draft?.purposes ?? []
    const declared = (purposeId: string, askAgainAfter: string) => ({
      ...{ ...purpose, purposeId, askAgainAfter, title: { en: purposeId } },
    })
    const version = { ...draft, policyId: undefined, effectiveFrom: undefined }
    const purposes = [declared('asked-again', 'PT1S'), declared('left-alone', 'P6M')]
    const path = '/policies/patience/versions'
    expect((await administer(stage.ledger, path, { ...version, purposes }, 'tallmo')).status).toBe(201)
    const page = await stage.visit({ controller: 'tallmo', policyId: 'patience' })
    await button(page, 'Refuse all').click()
    await receiptsOf(stage, await secretOf(page), 1, 'tallmo')
    await page.waitForTimeout(1_100)
    /** As an hour later: the notice is fetched again. */
    await page.evaluate(() => {
      for (const name of Object.keys(localStorage)) if (name.includes(':banner:')) localStorage.removeItem(name)
    })
    await page.reload()
    await banner(page).waitFor()
    expect(
      await banner(page)
        .getByRole('checkbox')
        .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('value'))),
    ).toEqual(['asked-again'])
    await details(page).click()
    await unfold(page)
    await page.getByText('After a no you are not asked again').first().waitFor()
    await page.context().close()
  })

  it('has the page’s colours, where the page sets them', async () => {
    const page = await stage.visit()
    const colour = () => button(page, 'Refuse all').evaluate((element) => getComputedStyle(element).backgroundColor)
    expect(await colour()).toBe('rgb(10, 90, 115)')
    await page.evaluate(() => document.documentElement.style.setProperty('--consent-accent', 'rgb(90, 20, 90)'))
    expect(await colour()).toBe('rgb(90, 20, 90)')
    await page.context().close()
  })
})

describe('the page', () => {
  it('is asked once: with everything decided there is no banner, and no call to the ledger', async () => {
    const page = await stage.visit()
    await button(page, 'Refuse all').click()
    await expect.poll(() => page.evaluate('consentLedger.consent.pending()')).toBe(0)
    const called: string[] = []
    page.on('request', (request) => called.push(new URL(request.url()).pathname))
    await page.reload()
    await page.waitForTimeout(300)
    expect(await banner(page).count()).toBe(0)
    expect(called.filter((path) => path.startsWith('/v1'))).toEqual([])
    await page.context().close()
  })

  it('runs what waits for a consent when it is there, and not before', async () => {
    const page = await stage.visit()
    await banner(page).waitFor()
    const counted = () => page.evaluate(() => document.documentElement.dataset.counted)
    expect(await counted()).toBeUndefined()
    await page.getByRole('checkbox', { name: 'Statistics' }).check()
    await button(page, 'Save selected').click()
    await page.waitForFunction(() => document.documentElement.dataset.counted === 'yes')
    await page.context().close()
  })

  it('is unharmed without the ledger: no banner, nothing runs, no error', async () => {
    const errors: string[] = []
    const page = await stage.visit({
      async prepare(before) {
        before.on('pageerror', (error) => errors.push(`${error}`))
        await before.route('**/v1/**', (route) => route.abort())
      },
    })
    await page.waitForTimeout(300)
    expect(await banner(page).count()).toBe(0)
    expect(await page.evaluate(() => document.documentElement.dataset.counted)).toBeUndefined()
    expect(await page.getByRole('heading', { name: 'A shop' }).isVisible()).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })

  const optingOut = async (before: Page) =>
    before.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))

  it('says once that Global Privacy Control was honoured when there is nothing to ask, and records that it did', async () => {
    const page = await stage.visit({ prepare: optingOut, options: phone })
    await banner(page).waitFor()
    /** Nothing is left to ask, and the notice is old enough to be fetched again. */
    const leaveNothing = () =>
      page.evaluate(() => {
        for (const name of Object.keys(localStorage)) if (name.includes(':banner:')) localStorage.removeItem(name)
      })
    await page.evaluate(() => Reflect.get(globalThis, 'consentLedger').consent.record({ preferences: false }))
    await expect.poll(() => banner(page).count()).toBe(0)
    await leaveNothing()
    await page.reload()
    const told = page.getByRole('region', { name: 'Your privacy choices' })
    await told.waitFor()
    expect(await told.textContent()).toContain('was honoured. It counts as a no to: Statistics and Marketing.')
    expect(await violations(page)).toEqual([])
    await keepPicture(page, 'signal honoured phone', ['light', 'dark'])
    const events = (await receiptsOf(stage, await secretOf(page), 3)).map((receipt) => [
      decided(receipt),
      howOf(receipt),
    ])
    expect(events[0]).toMatchObject([
      { statistics: 'requested', 'marketing-cookies': 'requested' },
      { surface: 'banner', signals: { gpc: true, gpcShown: true } },
    ])
    await button(page, 'Change').click()
    const panel = page.getByRole('dialog', { name: 'Your privacy choices' })
    await panel.getByText('was honoured').waitFor()
    await keepPicture(page, 'signal honoured preferences')
    expect(await told.count()).toBe(0)
    await leaveNothing()
    await page.reload()
    await page.waitForFunction(() => Object.keys(localStorage).some((name) => name.includes(':banner:')))
    expect(await told.count()).toBe(0)
    expect(await receiptsOf(stage, await secretOf(page), 3)).toHaveLength(3)
    await page.context().close()
  })

  it('shows what Global Privacy Control has refused, asks about the rest, and records with the answer that it was shown', async () => {
    const page = await stage.visit({ prepare: optingOut })
    await banner(page).waitFor()
    expect(await page.getByRole('checkbox').count()).toBe(1)
    expect(await page.getByText('It counts as a no to: Statistics and Marketing.').isVisible()).toBe(true)
    const [receipt] = await receiptsOf(stage, await secretOf(page), 1)
    expect(howOf(receipt)).toMatchObject({ act: 'browser-signal' })
    await details(page).click()
    expect(await page.getByText('You said no.').count()).toBe(2)
    const facts = await page.getByRole('dialog').locator('dd').allTextContents()
    expect(facts).toContain('for 6 months, then erased')
    expect(facts).toContain('for 5 years after it has ended')
    await page
      .getByRole('dialog', { name: 'Choose for each purpose' })
      .getByRole('button', { name: 'Refuse all' })
      .click()
    const [answer] = await receiptsOf(stage, await secretOf(page), 2)
    expect(howOf(answer)).toMatchObject({ act: 'button', signals: { gpc: true, gpcShown: true } })
    await page.context().close()
  })
})
