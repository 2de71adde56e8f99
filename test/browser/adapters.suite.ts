/** The adapters with what they are for, in a browser: the real banners and CMPs are clicked, and the ledger is asked. */
import { TCString } from '@iabtechlabtcf/core'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleSnippet, type SnippetBundle } from '../support/adapter-snippets.ts'
import { launchChromium } from '../support/pages.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { openPageSite, type PageSite } from './page-site.ts'
import { openVisitor, type Visitor } from './visitor.ts'

/** By the control's own click: while the banner moves in, the mouse may miss it. */
const toggle = (control: HTMLElement | SVGElement, isOn: boolean) => {
  if (control instanceof HTMLInputElement && control.checked !== isOn) control.click()
}

let ledger: RunningLedger
let browser: Browser
let site: PageSite

beforeAll(async () => {
  ;[ledger, browser] = await Promise.all([startLedger(), launchChromium()])
  site = await openPageSite(ledger)
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
  await ledger?.close()
})

function scriptOf(snippet: string, around: Partial<SnippetBundle> = {}): Promise<string> {
  return bundleSnippet(snippet, { url: ledger.url, key: site.key, ...around })
}

async function visit(snippet: string, around: Partial<SnippetBundle> = {}): Promise<Visitor> {
  return openVisitor(browser, ledger, site, await scriptOf(snippet, around))
}

const allRefused = { preferences: 'refused', statistics: 'refused', 'marketing-cookies': 'refused' }
const firstLayer = { surface: 'banner', layer: 1, act: 'button' }
const secondLayer = { surface: 'preference-centre', layer: 2, act: 'button' }

describe('vanilla-cookieconsent', () => {
  const visitBanner = () => visit('vanilla-cookieconsent', { after: 'Object.assign(globalThis, { CookieConsent })' })
  const choose = async ({ page }: Visitor, states: Record<string, boolean>) => {
    await page.evaluate('CookieConsent.showPreferences()')
    for (const [name, isOn] of Object.entries(states))
      await page.locator(`.pm input[value="${name}"]`).evaluate(toggle, isOn)
    await page.click('.pm [data-role="save"]')
  }

  it('records a refusal once, for all pages and tabs, and each change of mind', async () => {
    const visitor = await visitBanner()
    await visitor.page.click('.cm [data-role="necessary"]')
    await visitor.page.reload()
    const other = await visitor.openTab()
    await other.waitForFunction('called.length > 0')
    await other.close()
    const [refusal, ...others] = await visitor.events()
    expect(refusal).toMatchObject({
      decisions: allRefused,
      how: { ...firstLayer, control: 'refuse-all' },
      link: [{ policyId: 'cookie-policy', shown: '2', grade: 'asserted', locale: 'en' }],
    })
    expect(refusal?.times.occurredAt).toBe(
      await visitor.page.evaluate('CookieConsent.getCookie().lastConsentTimestamp'),
    )
    expect(others).toEqual([])
    expect(await visitor.statusOf('statistics')).toBe('Refused')

    await choose(visitor, { analytics: true, marketing: true })
    const [, given] = await visitor.events()
    expect(given).toMatchObject({
      decisions: { preferences: 'refused', statistics: 'given', 'marketing-cookies': 'given' },
      how: { ...secondLayer, control: 'save-choices', initialState: { statistics: 'off' } },
    })
    await choose(visitor, { marketing: false })
    expect(await visitor.events()).toHaveLength(3)
    expect(await visitor.countOf('statistics')).toBe(3)
    expect(await visitor.statusOf('statistics')).toBe('RenewedGiven')
    expect(await visitor.statusOf('marketing-cookies')).toBe('Withdrawn')
    const calls = ['onConsent', 'onChange analytics,marketing', 'onChange marketing']
    expect(await visitor.page.evaluate('called')).toEqual(calls)
  })

  it('names the text of each revision that the person was asked about', async () => {
    const before = `import { config as theirs } from './banner.ts'
      theirs.revision = 1`
    const visitor = await visit('vanilla-cookieconsent', { before })
    await visitor.page.click('.cm [data-role="all"]')
    await visitor.page.goto(site.publish(await scriptOf('vanilla-cookieconsent')))
    await visitor.page.click('.cm [data-role="all"]')
    const events = await visitor.events()
    expect(events.map(({ link }) => link[0]?.shown)).toEqual(['1', '2'])
    expect(events.map(({ decisions }) => decisions.statistics)).toEqual(['given: outdated-text', 'given'])
  })

  it('does not count a preselected category as a yes, and counts one button for all of them as one', async () => {
    const saving = await visitBanner()
    await choose(saving, { analytics: true })
    expect((await saving.events())[0]).toMatchObject({
      decisions: { preferences: 'given: initially-on', statistics: 'given', 'marketing-cookies': 'refused' },
      how: { initialState: { preferences: 'on', statistics: 'off', 'marketing-cookies': 'off' } },
    })
    const accepting = await visitBanner()
    await accepting.page.click('.cm [data-role="all"]')
    expect((await accepting.events())[0]).toMatchObject({
      decisions: { preferences: 'given', statistics: 'given', 'marketing-cookies': 'given' },
      how: { ...firstLayer, control: 'accept-all' },
    })
  })

  it('states no act for a decision that the page made, or that is older than the ledger', async () => {
    const scripted = await visitBanner()
    await scripted.page.evaluate('CookieConsent.hide()')
    await scripted.page.evaluate(`CookieConsent.acceptCategory(['analytics'])`)
    const [byScript] = await scripted.events()
    expect(byScript?.decisions).toMatchObject({ preferences: 'refused', statistics: 'given' })
    expect(Object.keys(byScript?.how ?? {})).toEqual(['site', 'channel', 'act', 'initialState', 'locale'])
    expect(byScript?.how.act).toBe('not-stated')

    const returning = await visitBanner()
    const at = new Date(Date.now() - 86_400_000).toISOString()
    const cookie = {
      ...{ categories: ['necessary', 'marketing'], revision: 2, data: null, services: {}, languageCode: 'en' },
      ...{ consentId: 'e8141964-11e3-4fee-ba65-0f01ee7bdb64', consentTimestamp: at, lastConsentTimestamp: at },
    }
    const value = encodeURIComponent(JSON.stringify(cookie))
    await returning.context.addCookies([{ name: 'cc_cookie', value, url: returning.page.url() }])
    await returning.page.reload()
    await returning.page.reload()
    const [old, ...others] = await returning.events()
    expect(old?.decisions).toEqual({ preferences: 'refused', statistics: 'refused', 'marketing-cookies': 'given' })
    expect(old?.times).toMatchObject({ effectiveAt: at, verdict: 'trusted' })
    const how = { site: 'pages', channel: 'web', initialState: { preferences: 'on' }, locale: 'en' }
    expect(old?.how).toEqual({ ...how, act: 'not-stated' })
    expect(others).toEqual([])
  })
})

describe('klaro', () => {
  const visitBanner = () => visit('klaro', { after: 'Object.assign(globalThis, { klaro, config })' })

  it('records a refusal, nothing on the next page, then each save in the second layer', async () => {
    const visitor = await visitBanner()
    await visitor.page.click('.cookie-notice .cn-decline')
    await visitor.page.reload()
    const [refusal, ...others] = await visitor.events()
    expect(refusal).toMatchObject({
      decisions: allRefused,
      how: { ...firstLayer, control: 'refuse-all' },
      link: [{ policyId: 'cookie-policy', shown: '2', grade: 'served' }],
    })
    expect(others).toEqual([])

    const choose = async (service: string, isOn: boolean) => {
      await visitor.page.evaluate('klaro.show(config, true)')
      await visitor.page.setChecked(`#service-item-${service}`, isOn, { force: true })
      await visitor.page.click('.cm-modal .cm-btn-accept')
    }
    await choose('pixel', true)
    await choose('pixel', false)
    const [, given, withdrawn] = await visitor.events()
    expect(given).toMatchObject({
      decisions: { preferences: 'refused', statistics: 'refused', 'marketing-cookies': 'given' },
      how: { ...secondLayer, control: 'save-choices', initialState: { 'marketing-cookies': 'off' } },
    })
    expect(withdrawn?.decisions).toEqual(allRefused)
    expect(await visitor.statusOf('marketing-cookies')).toBe('Withdrawn')
    expect(await visitor.statusOf('statistics')).toBe('Refused')
    expect(await visitor.countOf('statistics')).toBe(3)
  })

  const theirs = `import { config as theirs } from './banner.ts'\n`
  const visitWith = (setting: string) =>
    visit('klaro', {
      before: `${theirs}Object.assign(theirs, ${setting})`,
      after: 'Object.assign(globalThis, { klaro, config })',
    })

  it.each([
    ['by its notice', '{}', '.cookie-notice .cn-decline', firstLayer],
    ['by its notice as a modal', '{ noticeAsModal: true }', '.cookie-notice .cn-decline', firstLayer],
    ['by its modal', '{ mustConsent: true }', '.cm-modal .cn-decline', firstLayer],
    [
      'by its modal, in an element of the page',
      `{ mustConsent: true, elementID: 'cookies' }`,
      '.cm-modal .cn-decline',
      firstLayer,
    ],
    ['by nothing, and the person opens the modal', '{ noNotice: true }', '.cm-modal .cn-decline', secondLayer],
  ])('asks %s (%s), and after a decision the modal is the preference centre', async (_how, setting, refuse, place) => {
    const { page, events } = await visitWith(setting)
    const evaluate = async (script: string) => {
      await page.waitForFunction('globalThis.klaro')
      await page.evaluate(script)
    }
    const ask = () => evaluate(`klaro.show(config, ${setting.includes('noNotice')})`)
    await ask()
    // An element of the page with a name like klaro's is not klaro's.
    await evaluate(`document.body.append(Object.assign(document.createElement('div'), { className: 'cm-modal' }))`)
    await page.click(refuse)
    for (const isReloaded of [false, true]) {
      if (isReloaded) await page.reload()
      await evaluate('klaro.show(config)')
      await page.click('.cm-modal .cm-btn-accept')
    }
    await evaluate('klaro.getManager(config).resetConsents()')
    await ask()
    await page.click(refuse)
    const places = (await events()).map(({ how: { surface, layer, act } }) => ({ surface, layer, act }))
    expect(places).toEqual([place, secondLayer, secondLayer, place])
  })

  it('does not count a preselected service as a yes, and counts one button for all of them as one', async () => {
    const saving = await visitBanner()
    await saving.page.click('.cn-learn-more')
    await saving.page.click('.cm-modal .cm-btn-accept')
    expect((await saving.events())[0]).toMatchObject({
      decisions: { preferences: 'given: initially-on', statistics: 'refused' },
      how: { ...secondLayer, control: 'save-choices' },
    })
    const accepting = await visitBanner()
    await accepting.page.click('.cookie-notice .cm-btn-success')
    expect((await accepting.events())[0]).toMatchObject({
      decisions: { preferences: 'given', statistics: 'given', 'marketing-cookies': 'given' },
      how: { ...firstLayer, control: 'accept-all' },
    })
  })
})

/** What stands in for a CMP until it is there; by the IAB's specifications. */
const stubs = `
  const tcfQueue = [], gppQueue = [], gppEvents = []
  const pingData = { signalStatus: 'not ready', gppString: '' }
  window.__tcfapi = (...call) => call.length === 0 ? tcfQueue : void tcfQueue.push(call)
  window.__gpp = (...call) => {
    const [command, callback, parameter] = call
    if (call.length === 0) return gppQueue
    if (command === 'events') return gppEvents
    gppEvents.push({ id: gppEvents.length + 1, callback, parameter })
    callback({ eventName: 'listenerRegistered', listenerId: gppEvents.length, data: true, pingData }, true)
  }`

it('TCF: records the decisions of an IAB CMP with its string, objections included', async () => {
  const visitor = await visit('tcf', { before: stubs, after: `await import('./cmp.ts')` })
  const click = (label: string) => visitor.page.click(`text=${label}`)
  await click('Refuse all')
  await visitor.page.reload()
  const [refusal, ...others] = await visitor.events()
  expect(refusal).toMatchObject({
    decisions: { 'marketing-cookies': 'refused', statistics: 'refused', 'service-development': 'requested' },
    how: { control: 'refuse-all' },
  })
  const { vendorsDisclosed, policyVersion, purposeConsents } = TCString.decode(refusal?.how.signals?.tcString ?? '')
  expect([[...vendorsDisclosed.values()], policyVersion, purposeConsents.size]).toEqual([[12], 5, 0])
  expect(others).toEqual([])

  for (const label of ['Open', 'Accept all', 'Open', 'Statistics only', 'Object', 'Statistics only']) await click(label)
  const events = await visitor.events()
  expect(events.map(({ decisions }) => Object.values(decisions).join(' '))).toEqual([
    'refused refused requested',
    'given given requested',
    'refused given requested',
    'refused refused objected',
    'refused given objection-withdrawn',
  ])
  expect(events.map(({ how }) => how.control)).toEqual([
    ...['refuse-all', 'accept-all', 'save-choices', 'refuse-all', 'save-choices'],
  ])
  expect(await visitor.statusOf('marketing-cookies')).toBe('Withdrawn')
  expect(await visitor.statusOf('statistics')).toBe('Given')
  expect(await visitor.statusOf('service-development')).toBe('NotObjected')
})

it('GPP: adds the string to events once it is ready', async () => {
  const after = `Object.assign(globalThis, { record: () => consentWithGpp.record({ statistics: false }) })
    await import('./cmp.ts')`
  const visitor = await visit('gpp', { before: stubs, after })
  await visitor.page.evaluate('record()')
  const gppString = await visitor.page.evaluate('ready(1)')
  await visitor.page.evaluate('record()')
  await visitor.page.evaluate('asking(), record()')
  expect(gppString).toMatch(/^DB/)
  expect((await visitor.events()).map(({ how }) => how.signals?.gppString)).toEqual([undefined, gppString, undefined])
})

it('Google Consent Mode: denies by default, and signals the current choices on each page and at each change', async () => {
  const visitor = await visit('google-consent-mode', { after: 'Object.assign(globalThis, { consent: googled })' })
  const pushed = () => visitor.page.evaluate<unknown[][]>('dataLayer.map((args) => [args.toString(), ...args])')
  const states = (analytics: string, ads: string, personalised: string) => ({
    ...{ ad_storage: ads, ad_user_data: ads, ad_personalization: personalised, analytics_storage: analytics },
  })
  const said = (what: string, state: object) => ['[object Arguments]', 'consent', what, state]
  const byDefault = said('default', { ...states('denied', 'denied', 'denied'), wait_for_update: 500 })
  expect(await pushed()).toEqual([byDefault])

  const record = (decisions: object) => visitor.page.evaluate(`consent.record(${JSON.stringify(decisions)}).eventId`)
  await record({ statistics: false, 'marketing-cookies': false })
  await record({ 'marketing-cookies': true })
  await record({ preferences: true, statistics: true })
  expect((await pushed()).slice(1)).toEqual([
    said('update', states('denied', 'denied', 'denied')),
    said('update', states('denied', 'granted', 'denied')),
    said('update', states('granted', 'granted', 'granted')),
  ])
  const recorded = (await visitor.events()).map(({ how }) => how.signals)
  expect(recorded.map((signals) => signals?.consentMode)).toEqual([
    states('denied', 'denied', 'denied'),
    states('denied', 'granted', 'denied'),
    states('granted', 'granted', 'granted'),
  ])
  expect(recorded[0]?.consentModePurposes).toEqual({
    analytics_storage: ['statistics'],
    ad_storage: ['marketing-cookies'],
    ad_user_data: ['marketing-cookies'],
    ad_personalization: ['marketing-cookies', 'preferences'],
  })
  await visitor.page.reload()
  await visitor.page.evaluate(`consent.withdraw(['marketing-cookies']).eventId`)
  expect(await pushed()).toEqual([
    byDefault,
    said('update', states('granted', 'granted', 'granted')),
    said('update', states('granted', 'denied', 'denied')),
  ])
})

it('React: a component is drawn again when a choice changes, here or in another tab', async () => {
  const after = `
    import { createRoot } from 'react-dom/client'
    createRoot(document.body.appendChild(document.createElement('main'))).render(<VisitCounter />)`
  const visitor = await visit('react', { after })
  const other = await visitor.openTab()
  await visitor.page.click('text=Count my visits')
  await visitor.page.waitForSelector('text=Your visit counts.')
  await other.waitForSelector('text=Your visit counts.')
  expect((await visitor.events()).map(({ decisions }) => decisions)).toEqual([{ statistics: 'given' }])
})
