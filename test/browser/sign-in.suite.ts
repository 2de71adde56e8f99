/** Signing in to the console in a real browser: the page on which one chooses who to be, and the way back under the console's policy. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleStage, desktop, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage.close())

interface Reader {
  readonly page: Page
  /** What the browser complained of: a policy that was violated, a file that was not there. */
  readonly complaints: readonly string[]
}

/** A reader who has come from the console to the page on which one chooses who to be. */
async function atTheChoice(options: BrowserContextOptions = desktop, address = '/console/'): Promise<Reader> {
  const context = await openContext(stage.browser, { locale: 'en', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(stage.ledger.url + address)
  await page.locator('form button[type=submit]').click()
  await page.locator('input[name=ticket]').waitFor({ state: 'attached' })
  return { page, complaints }
}

/** What the console keeps of a reader who has signed in; waits until it does. */
async function sessionOf(page: Page) {
  const stored = () => page.evaluate(() => sessionStorage.getItem('consent-console:session'))
  await expect.poll(stored).not.toBeNull()
  return JSON.parse((await stored()) ?? '{}')
}

it('the auditor comes back signed in, without a code in the address, and the browser complains of nothing', async () => {
  const { page, complaints } = await atTheChoice()
  await page.getByRole('button', { name: 'Auditor' }).click()
  await page.waitForURL(`${stage.ledger.url}/console/**`)
  const session = await sessionOf(page)
  expect(new URL(page.url()).search).toBe('')
  expect(session).toMatchObject({ controller: 'ljungsten', scopes: expect.arrayContaining(['consent.audit']) })
  const question = { controller: 'ljungsten', subject: { type: 'email', id: 'kim@example.org' } }
  const authorization = `Bearer ${session.token}`
  expect((await stage.ledger.post('/v1/audit/consents', question, { authorization })).status).toBe(200)
  expect(complaints).toEqual([])
})

it.each(['/console', '/console/index.html'])(
  'from %s one comes back to the one address of the console',
  async (address) => {
    const { page } = await atTheChoice(desktop, address)
    await page.getByRole('button', { name: 'Auditor' }).click()
    await sessionOf(page)
    expect(new URL(page.url()).pathname).toBe('/console/')
  },
)

it('who cancels is back at the console, without a session, and may sign in again', async () => {
  const { page } = await atTheChoice()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.waitForURL(`${stage.ledger.url}/console/**`)
  await page.locator('form button[type=submit]').click()
  await page.getByRole('button', { name: 'Auditor' }).waitFor()
})

it('with the keyboard alone, someone else signs in', async () => {
  const { page } = await atTheChoice()
  await page.locator('#subject').fill('kim')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('value'))).toBe('other')
  await page.keyboard.press('Enter')
  await sessionOf(page)
})

it('the administrator comes back to the first page of the desk, not to a page for auditors', async () => {
  const context = await openContext(stage.browser, { locale: 'en', ...desktop })
  const page = await context.newPage()
  await page.goto(`${stage.ledger.url}/console/`)
  await page.getByRole('radio', { name: /^Run the controller’s desk/ }).check()
  await page.locator('form button[type=submit]').click()
  await page.getByRole('button', { name: 'Administrator' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
})

it('who may see statistics only comes back to them, and has no page about people in the menu', async () => {
  const context = await openContext(stage.browser, { locale: 'en', ...desktop })
  const page = await context.newPage()
  await page.goto(`${stage.ledger.url}/console/#/overview`)
  await page.getByRole('radio', { name: /^See statistics/, checked: true }).waitFor()
  await page.locator('form button[type=submit]').click()
  await page.getByRole('button', { name: 'Analyst' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  const links = await page.getByRole('navigation').getByRole('link').allInnerTexts()
  expect(links).toEqual(['Overview', 'Verify a file', 'Log'])
})

it('no page can frame it', async () => {
  const { page } = await atTheChoice()
  const frame = await page.context().newPage()
  const refused = frame.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
  await frame.setContent(`<iframe src="${page.url()}"></iframe>`)
  await refused
})

describe.each([
  ['phone, light', { ...phone, colorScheme: 'light' }],
  ['phone, dark', { ...phone, colorScheme: 'dark' }],
  ['desktop, light', { ...desktop, colorScheme: 'light' }],
  ['desktop, dark', { ...desktop, colorScheme: 'dark' }],
  ['desktop, forced colours', { ...desktop, forcedColors: 'active' }],
  ['320 px wide, in Swedish', { viewport: { width: 320, height: 640 }, locale: 'sv' }],
] as const)('%s', (_, options) => {
  it('has no barrier that axe finds, and needs no scrolling sideways', async () => {
    const { page } = await atTheChoice(options)
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })
})
