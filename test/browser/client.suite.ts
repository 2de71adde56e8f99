/** The browser SDK on its bad days, in Chromium against the ledger: nothing is lost, nothing is invented, and the page lives. */
import { build } from 'esbuild'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { clientBuild } from '../../infra/bundle/package-code.ts'
import { audit } from '../support/demo-calls.ts'
import { launchChromium, launchWholeBrowser, openContext, type Pages, servePages, siteFor } from '../support/pages.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let browser: Browser
let pages: Pages
let key: string
let context: BrowserContext
let page: Page

const events = '**/v1/events*'

beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  const bundle = async (format: 'iife' | 'esm', file: string) => {
    const built = await build({ ...clientBuild, format, entryPoints: [`shared/client/${file}`], write: false })
    return built.outputFiles[0]?.text ?? ''
  }
  const files: Record<string, string> = {
    '/sdk.js': await bundle('iife', 'script.ts'),
    '/promise.js': await bundle('esm', 'promise.ts'),
    '/consent-mode.js': await bundle('esm', 'adapters/google-consent-mode.ts'),
  }
  pages = await servePages(files)
  key = await siteFor(ledger, 'shop', [pages.origin])
  files['/'] = shop(ledger.url, key)
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await pages?.close()
  await ledger?.close()
})

beforeEach(async () => {
  context = await openContext(browser, { locale: 'en' })
  page = await context.newPage()
})
afterEach(() => context.close())

/** A page with two buttons; all that it knows it learns from the SDK. */
function shop(url: string, siteKey: string): string {
  return `<!doctype html><html lang="en"><title>Shop</title>
<script defer src="/sdk.js"></script>
<h1>Shop</h1><button id="yes">Yes</button><button id="no">No</button><output id="permits"></output>
<script type="module">
  const consent = consentLedger.openConsent({ url: ${JSON.stringify(url)}, key: ${JSON.stringify(siteKey)}, onError: (e) => errors.push(e) })
  const errors = [], recordings = [], answers = []
  const how = { surface: 'banner', act: 'button', control: 'save-choices', layer: 1 }
  const show = () => { permits.value = String(consent.permits('statistics')) }
  const decide = (value) => {
    const recording = consent.record({ statistics: value }, how)
    recordings.push(recording.eventId)
    recording.receipt.then((receipt) => answers.push(receipt))
  }
  yes.onclick = () => decide(true)
  no.onclick = () => decide(false)
  consent.onChange(show)
  show()
  Object.assign(globalThis, { consent, errors, recordings, answers })
</script></html>`
}

// biome-ignore lint/suspicious/noExplicitAny: what the page put there
type Shop = any
const inPage = <T>(of: Page, read: (shop: Shop) => T | Promise<T>) => of.evaluate<T>(`(${read})(globalThis)`)
const recorded = async (of: Page = page) => {
  await of.waitForFunction('consent.pending() === 0')
  return timeline(of)
}

/** Every event that the ledger has of this device, as an auditor sees it. */
async function timeline(
  of: Page = page,
): Promise<{ eventId: string; verb: string; verdict: string; status: string }[]> {
  const secret = await inPage(of, (s) => JSON.parse(s.localStorage.getItem(`consent-ledger:${s.consentKey}:device`)))
  const asked = await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics' })
  return asked.json.events.map((event: Shop) => ({
    eventId: event.eventId,
    verb: event.decisions[0].verb,
    verdict: event.times.verdict,
  }))
}

async function openShop(of: Page = page): Promise<void> {
  await of.addInitScript(`globalThis.consentKey = ${JSON.stringify(key)}`)
  await of.goto(`${pages.origin}/`)
}

const permits = (of: Page = page) => of.locator('#permits').textContent()
const fulfil =
  (status: number, headers = {}) =>
  (route: Route) =>
    route.fulfill({
      status,
      contentType: 'application/problem+json',
      headers: {
        'access-control-allow-origin': pages.origin,
        'access-control-expose-headers': 'retry-after',
        ...headers,
      },
      body: JSON.stringify({ code: 'unavailable' }),
    })

it('nothing fails: a click is recorded with one request and no preflight, and reading its receipt makes another', async () => {
  const requests: string[] = []
  page.on('request', (request) => request.url().includes('/v1/') && requests.push(request.method()))
  await openShop()
  await page.evaluate('yes.onclick = () => { globalThis.recording = consent.record({ statistics: true }) }')
  await page.click('#yes')
  expect(await permits()).toBe('true')
  expect(await recorded()).toMatchObject([{ verb: 'given', verdict: 'trusted' }])
  expect(requests).toEqual(['POST'])
  expect(await page.evaluate('recording.receipt.then((receipt) => receipt.decisions[0].effect)')).toBe('yes')
  expect(requests.filter((method) => method !== 'OPTIONS')).toEqual(['POST', 'GET'])
  await page.reload()
  expect(await permits()).toBe('true')
})

it('the network is down: the choice stands on the device, survives reloads, and is recorded once there is a network', async () => {
  await openShop()
  await page.route(events, (route) => route.abort('internetdisconnected'))
  await page.click('#no')
  await page.waitForFunction('answers.length === 1')
  await page.reload()
  await page.reload()
  expect(await permits()).toBe('false')
  expect(await inPage(page, (s) => s.consent.pending())).toBe(1)
  await page.unroute(events)
  await context.setOffline(true)
  await context.setOffline(false)
  expect(await recorded()).toMatchObject([{ verb: 'refused', verdict: 'trusted' }])
})

it.each([
  ['500', () => fulfil(500)],
  ['503 with Retry-After', () => fulfil(503, { 'retry-after': '1' })],
  [
    'a portal that answers 200',
    () => (route: Route) => route.fulfill({ body: '<h1>Log in</h1>', headers: { 'access-control-allow-origin': '*' } }),
  ],
])('%s, then good again: the same event, once', async (_what, answer) => {
  await openShop()
  const sent: string[] = []
  await page.route(events, async (route) => {
    sent.push(JSON.parse(route.request().postData() ?? '').events[0].eventId)
    await (sent.length === 1 ? answer()(route) : route.continue())
  })
  await page.click('#yes')
  const [event, ...more] = await recorded()
  expect(more).toEqual([])
  expect(sent).toEqual([event?.eventId, event?.eventId])
  expect(await inPage(page, (s) => s.errors)).toEqual([])
})

it('the answer is lost: the event is recorded once', async () => {
  await openShop()
  let calls = 0
  await page.route(events, async (route) => {
    if (++calls > 1) return route.continue()
    await route.fetch()
    return route.abort('connectionreset')
  })
  await page.click('#yes')
  expect(await recorded()).toHaveLength(1)
  expect(calls).toBe(2)
})

it.each([-86_400_000, 86_400_000])('the clock is wrong by %i ms: the ledger corrects it', async (ms) => {
  await page.addInitScript(`{ const now = Date.now; Date.now = () => now() + ${ms} }`)
  await openShop()
  await page.click('#yes')
  expect(await recorded()).toMatchObject([{ verb: 'given', verdict: 'corrected' }])
})

it('the storage is full: what cannot be kept is sent all the same', async () => {
  await openShop()
  await inPage(page, (s) => {
    s.consent.permits('x')
    for (let size = 1 << 22; size > 0; size >>= 1)
      for (let i = 0; ; i++)
        try {
          s.localStorage.setItem(`filler-${size}-${i}`, 'x'.repeat(size))
        } catch {
          break
        }
  })
  await page.click('#yes')
  await page.waitForFunction('answers.length === 1')
  expect(await inPage(page, (s) => s.answers[0].decisions[0].effect)).toBe('yes')
  expect(await permits()).toBe('true')
})

it('third-party cookies are blocked: a framed page has no storage, and records as a subject that lives as long as the page', async () => {
  const framing = await servePages({ '/': `<iframe src="${pages.origin}/"></iframe>` }, '127.0.0.1')
  // The shell has no such setting.
  const whole = await launchWholeBrowser()
  const blocking = await (await openContext(whole)).newPage()
  await blocking.goto(`${framing.origin}/`)
  const [, frame] = blocking.frames()
  if (frame === undefined) throw new Error('no frame')
  expect(await frame.evaluate('try { localStorage } catch (e) { e.name }')).toBe('SecurityError')
  await frame.click('#yes')
  await frame.click('#no')
  await frame.waitForFunction('answers.length === 2')
  const answers = await frame.evaluate<Shop[]>('answers')
  expect(answers.map(({ decisions }) => decisions[0].effect)).toEqual(['yes', 'no'])
  expect(new Set(answers.map(({ leaf }) => JSON.parse(leaf).sub)).size).toBe(1)
  expect(await frame.locator('#permits').textContent()).toBe('false')
  await whole.close()
  await framing.close()
})

it('the tab is killed between click and request: the next page sends the decision', async () => {
  await openShop()
  await page.route(events, () => {})
  await page.click('#no')
  await page.goto('chrome://crash').catch(() => {})
  const next = await context.newPage()
  await openShop(next)
  expect(await recorded(next)).toMatchObject([{ verb: 'refused' }])
})

it('the page is left while the ledger fails: the browser takes the event along', async () => {
  await openShop()
  await page.route(events, fulfil(500))
  await page.click('#yes')
  await page.waitForFunction('answers.length === 1')
  await page.unroute(events)
  await page.goto('about:blank')
  const next = await context.newPage()
  await next.route(events, (route) => route.abort())
  await openShop(next)
  await expect.poll(() => timeline(next)).toHaveLength(1)
  await next.unroute(events)
  expect(await recorded(next)).toHaveLength(1)
})

it('two tabs decide differently: both are recorded once, the later one counts, and each tab is notified of it', async () => {
  const other = await context.newPage()
  const sent: string[] = []
  for (const tab of [page, other]) {
    await openShop(tab)
    await tab.route(events, async (route) => {
      sent.push(...JSON.parse(route.request().postData() ?? '').events.map((event: Shop) => event.eventId))
      await new Promise((resolve) => setTimeout(resolve, 100))
      await route.continue()
    })
  }
  await page.click('#yes')
  await other.click('#no')
  await page.waitForFunction("permits.value === 'false'")
  await other.waitForFunction('consent.pending() === 0')
  expect((await recorded()).map(({ verb }) => verb)).toEqual(['given', 'refused'])
  expect(sent).toHaveLength(2)
  expect(await inPage(page, (s) => s.consent.state().then(() => s.consent.permits('statistics')))).toBe(false)
})

it('the ledger is newer than the SDK: what it does not know permits nothing and breaks nothing', async () => {
  await openShop()
  await page.route('**/v1/me/consents*', async (route) => {
    const response = await route.fetch()
    const { consents, ...answer } = await response.json()
    const newer = consents.map((c: Shop) => ({ ...c, status: 'Suspended', permittedByConsent: false, more: { x: 1 } }))
    await route.fulfill({ response, json: { ...answer, consents: newer, cursor: 'next' } })
  })
  await page.click('#yes')
  await recorded()
  await inPage(page, (s) => s.consent.state())
  expect(await permits()).toBe('undefined')
  expect(await inPage(page, (s) => s.errors)).toEqual([])
})

it('the ledger hangs: the page is drawn and works', async () => {
  await page.route(`${ledger.url}/**`, () => {})
  await openShop()
  await inPage(page, (s) => void s.consent.notice('cookie-policy'))
  await page.click('#no')
  expect(await permits()).toBe('false')
  expect(await page.locator('h1').isVisible()).toBe(true)
})

it('a second client in the page: each is notified of the other’s changes, and so are Google’s tags', async () => {
  await openShop()
  await page.evaluate(`import('/consent-mode.js').then(({ signalConsentMode }) =>
    signalConsentMode({ consent, purposes: { analytics_storage: 'statistics' } }))`)
  await page.click('#yes')
  await recorded()
  const signalled = () => inPage(page, (s) => [...s.dataLayer].at(-1)[2].analytics_storage)
  expect(await signalled()).toBe('granted')
  await page.evaluate(
    `globalThis.other = consentLedger.openConsent({ url: ${JSON.stringify(ledger.url)}, key: consentKey })`,
  )
  await inPage(page, (s) => s.other.withdraw(['statistics']).receipt.then(() => {}))
  expect([await permits(), await signalled()]).toEqual(['false', 'denied'])
})

it('the ledger refuses: onError gets the code, and nothing is permitted; without onError the console gets it', async () => {
  const printed: string[] = []
  page.on('console', (message) => message.type() === 'warning' && printed.push(message.text().trim()))
  await openShop()
  await page.route(events, (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      headers: { 'access-control-allow-origin': pages.origin },
      body: JSON.stringify({ code: 'origin-not-allowed', detail: 'this site does not allow the origin' }),
    }),
  )
  await page.click('#yes')
  await page.waitForFunction('errors.length === 1')
  expect(await inPage(page, (s) => s.errors[0].code)).toBe('origin-not-allowed')
  expect(await permits()).toBe('undefined')
  await page.evaluate(
    `globalThis.silent = consentLedger.openConsent({ url: ${JSON.stringify(ledger.url)}, key: consentKey })`,
  )
  for (let times = 0; times < 2; times++)
    await inPage(page, (s) => s.silent.record({ statistics: true }).receipt.then(() => {}))
  expect(printed).toEqual(['consent ledger: origin-not-allowed this site does not allow the origin'])
})

it.each([
  ['half a surrogate pair', 'a\ud83d', undefined],
  ['more text than a request may have that outlives its page', 'x'.repeat(70_000), 'body-too-large'],
])('an offline event with %s keeps no other back', async (_what, tcString, code) => {
  await openShop()
  await page.route(events, (route) => route.abort('internetdisconnected'))
  await page.evaluate(
    `consent.record({ statistics: true }, { signals: { tcString: ${JSON.stringify(tcString)} } }).receipt`,
  )
  await page.click('#no')
  await page.unroute(events)
  await page.reload()
  await expect
    .poll(async () => (await timeline()).map(({ verb }) => verb))
    .toEqual(code ? ['refused'] : ['given', 'refused'])
  await expect.poll(() => inPage(page, (s) => s.errors.map((error: Shop) => error.code))).toEqual(code ? [code] : [])
})

it('Global Privacy Control is read from the browser', async () => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))
  await openShop()
  await inPage(page, (s) => s.consent.notice('cookie-policy'))
  expect(await recorded()).toMatchObject([{ verb: 'refused' }])
  expect(await permits()).toBe('false')
  await page.reload()
  await inPage(page, (s) => s.consent.notice('cookie-policy'))
  expect(await recorded()).toHaveLength(1)
})

it('checks a receipt’s promise', async () => {
  await openShop()
  const policy = (await ledger.get('/log/ljungsten/policy')).text
  const logKey = /^log (\S+)/m.exec(policy)?.[1]
  await page.click('#yes')
  await recorded()
  await page.evaluate(`import('/promise.js').then((module) => Object.assign(globalThis, module))`)
  expect(await page.evaluate(`isPromised(answers[0], ${JSON.stringify(logKey)})`)).toBe(true)
  expect(await page.evaluate(`isPromised({ ...answers[0], leaf: '{}' }, ${JSON.stringify(logKey)})`)).toBe(false)
})
