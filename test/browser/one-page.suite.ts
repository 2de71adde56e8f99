/** The banner's tag in a page that has it twice, that has a client of its own, or whose clock was wrong when it looked last. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConsoleStage, openConsoleStage } from '../support/console-stage.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

it('a tag that runs again, with the body or because it is in the page twice, opens no second banner', async () => {
  const page = await stage.visit()
  await page.locator('consent-banner').waitFor({ state: 'attached' })
  const before = await page.evaluate('consentLedger')
  const notices: string[] = []
  page.on('request', (request) => request.url().includes('/v1/notices/') && notices.push(request.url()))
  await page.evaluate(async () => {
    const tag = document.querySelector<HTMLScriptElement>('script[data-key]')
    const again = document.createElement('script')
    for (const { name, value } of tag?.attributes ?? []) again.setAttribute(name, value)
    const loaded = new Promise((resolve) => again.addEventListener('load', resolve))
    document.body.append(again)
    await loaded
  })
  await page.waitForTimeout(300)
  expect(notices).toEqual([])
  expect(await page.evaluate('consentLedger')).toEqual(before)
  expect(await page.locator('consent-banner').count()).toBe(1)
  await page.context().close()
})

it('the banner is notified of decisions of the page’s own client, and the page of decisions in the banner', async () => {
  const page = await stage.visit()
  await page.locator('consent-banner').waitFor({ state: 'attached' })
  const options = { url: stage.ledger.url, key: stage.keys.ljungsten }
  await page.evaluate(`{
    const own = consentLedger.openConsent(${JSON.stringify(options)})
    globalThis.own = own
    globalThis.heard = []
    own.onChange(() => heard.push(own.permits('statistics')))
  }`)
  await page.getByRole('button', { name: 'Accept all', exact: true }).click()
  expect(await page.evaluate('heard.at(-1)')).toBe(true)
  // The banner's client runs what waits for this consent.
  await page.waitForFunction('document.documentElement.dataset.counted === "yes"')
  await page.evaluate(`consentLedger.consent.onChange(() => heard.push('banner'))`)
  await page.evaluate(`own.withdraw(['statistics']).receipt.then(() => {})`)
  expect(await page.evaluate('heard')).toContain('banner')
  expect(await page.evaluate(`consentLedger.consent.permits('statistics')`)).toBe(false)
  await page.context().close()
})

it.each([
  [86_400_000, 1],
  [-60_000, 0],
])('a look at the policy that is %i ms off: it looks %i times', async (ms, looks) => {
  const page = await stage.visit()
  await page.getByRole('button', { name: 'Refuse all', exact: true }).click()
  await page.evaluate((offMs) => {
    const name = Object.keys(localStorage).find((each) => each.includes(':banner:')) ?? ''
    localStorage.setItem(
      name,
      JSON.stringify({ ...JSON.parse(localStorage.getItem(name) ?? ''), at: Date.now() + offMs }),
    )
  }, ms)
  const notices: string[] = []
  page.on('response', (response) => response.url().includes('/v1/notices/') && notices.push(response.url()))
  await page.reload({ waitUntil: 'networkidle' })
  expect(notices).toHaveLength(looks)
  await page.context().close()
})
