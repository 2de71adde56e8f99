/** The console's pages Proof and Verify in Chromium: from a question to a verified proof, and what they make of every other file. */
import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { type ConsoleStage, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { audit, visitorEvent } from '../support/demo-calls.ts'
import { openContext } from '../support/pages.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { openTab } from './console-tab.ts'
import { dropFiles, giveKeys, openVerifyPage, verifyInPage } from './verify-page.ts'

let stage: ConsoleStage
let device: string
let proof: Buffer
let receipt: Buffer
let keys: string

beforeAll(async () => {
  stage = await openConsoleStage()
  const { ledger } = stage
  const secret = aDeviceSecret()
  device = deviceIdentity(secret).id
  const recorded = await ledger.post(`/v1/events?key=${ledger.key('ljungsten/web')}`, visitorEvent(ledger, secret))
  receipt = Buffer.from(recorded.text)
  const question = { subject: { type: 'device', id: device }, purposeId: 'statistics' }
  proof = Buffer.from((await audit(ledger, 'proofs', question)).text)
  keys = (await ledger.get('/log/ljungsten/policy')).text
})

afterAll(() => stage?.close())

const tampered = () => Buffer.from(proof.toString().replace('"Given"', '"Refused"'))
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Fills in the question about the device of these tests. */
async function ask(page: Page): Promise<void> {
  await page.getByLabel('Known by').selectOption('device')
  await page.getByLabel('Identifier').fill(device)
  await page.getByLabel('About').selectOption('purpose/statistics')
  await button(page, 'Get the proof').click()
}

describe('Proof', () => {
  // On a phone and on a desktop it is part of a working day.
  it('has no barrier that axe finds with forced colours', async () => {
    const { page } = await openTab(stage, 'proof', { scope: 'consent.audit', forcedColors: 'active' })
    await ask(page)
    await page.getByText('What it answers').waitFor()
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
  })
})

describe('from the front page to a verified proof', () => {
  it('takes at most ten clicks', async () => {
    const context = await openContext(stage.browser, { locale: 'en-GB' })
    const clicks: string[] = []
    await context.exposeBinding('noteClick', (_, on: string) => clicks.push(on))
    // What a hand does with the mouse: each press wherever it lands, and each choice in a list, which is a press on the browser's own menu.
    await context.addInitScript(() => {
      const note = ({ isTrusted, target }: Event) =>
        isTrusted && target instanceof Element && Reflect.get(window, 'noteClick')(target.outerHTML.slice(0, 80))
      addEventListener('pointerdown', note, true)
      addEventListener('change', (event) => event.target instanceof HTMLSelectElement && note(event), true)
    })
    const page = await context.newPage()
    const front = await page.goto(`${stage.ledger.url}/`)
    expect(front?.ok()).toBe(true)
    await page.getByRole('link', { name: 'Get a proof about a person' }).click()
    await button(page, 'Sign in').click()
    await page.getByRole('button', { name: 'Auditor' }).click()
    await page.getByLabel('Identifier').click()
    await page.keyboard.insertText(device)
    await page.getByLabel('About').click()
    await page.keyboard.type('Statistics')
    await page.keyboard.press('Enter')
    await button(page, 'Get the proof').click()
    await page.getByRole('link', { name: 'Verify it here' }).click()
    await button(page, 'Fetch the keys').click()
    await page.getByText('These are the ledger’s own keys').waitFor()
    await button(page, 'Verify').click()
    await page.locator('.found').waitFor()
    expect(await page.locator('.found').textContent()).toContain('Every check passed')
    expect(await page.locator('.found').textContent()).toContain(device)
    // Pressed elements: at least the seven that are pressed by name above, or the counter does not count.
    expect(clicks.length).toBeGreaterThanOrEqual(7)
    expect(clicks.length, clicks.join('\n')).toBeLessThanOrEqual(10)
    await context.close()
  })
})

describe('Verify', () => {
  it.each([
    ['a proof that was tampered with', () => tampered(), /Not valid.*“Answer” failed/s],
    ['a receipt', () => receipt, /Result: Receipt/],
    ['no JSON', () => Buffer.from('Dear auditor,'), /Result: Unknown file.*Not valid.*neither a consent-proof@1/s],
    ['an image', () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8]), /Not valid.*not UTF-8 text/s],
    ['nothing', () => Buffer.alloc(0), /Not valid.*the file is empty/s],
    ['half a proof', () => proof.subarray(0, 1000), /Not valid.*ends in the middle/s],
  ])('%s', async (_, file, shows) => {
    const { page, complaints } = await openTab(stage, 'verify')
    await openVerifyPage(page, stage.ledger.url)
    await giveKeys(page, keys)
    const { text } = await verifyInPage(page, file())
    expect(text).toMatch(shows)
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('says what is missing, too much, too large or of another ledger', async () => {
    const { page } = await openTab(stage, 'verify')
    await openVerifyPage(page, stage.ledger.url)
    await button(page, 'Verify').click()
    await page.getByText('Choose a file first.').waitFor()
    await page.getByText('Give the keys of the log first.').waitFor()
    await button(page, 'Fetch the keys').click()
    await page.getByText('The file does not say which log it is of').waitFor()
    const two = [
      { name: 'a', bytes: proof },
      { name: 'b', bytes: proof },
    ]
    await dropFiles(page, two)
    await page.getByText('Give one file at a time.').waitFor()
    await dropFiles(page, [{ name: 'large.json', bytes: proof, size: 64 * 2 ** 20 + 1 }])
    await page.getByText('The verifier takes at most 64 MiB.').waitFor()
    await giveKeys(page, '<img src=x onerror=alert(1)>')
    await button(page, 'Verify').click()
    expect(await page.locator('.found').count()).toBe(0)
    await dropFiles(page, [{ name: 'proof.json', bytes: proof }])
    await button(page, 'Verify').click()
    await page.getByText('These are no keys of a log:').waitFor()
    const other = Buffer.from(proof.toString().replaceAll('ljungsten', 'another'))
    await dropFiles(page, [{ name: 'proof.json', bytes: other }])
    await button(page, 'Fetch the keys').click()
    await page.getByText('This ledger has no log “another”.').waitFor()
    await page.context().setOffline(true)
    await dropFiles(page, [{ name: 'proof.json', bytes: proof }])
    await button(page, 'Fetch the keys').click()
    await page.getByText('The ledger could not be reached.').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('stops when the reader wants, and goes on with another file', async () => {
    const { page } = await openTab(stage, 'verify')
    await openVerifyPage(page, stage.ledger.url)
    await giveKeys(page, keys)
    await dropFiles(page, [{ name: 'large.json', bytes: Buffer.from('{"a":[[],'), size: 64 * 2 ** 20 }])
    await button(page, 'Verify').click()
    await button(page, 'Stop').click()
    await page.getByText('Stopped.').waitFor()
    expect((await verifyInPage(page, proof)).titles).toContain('Valid')
  })

  it('works with the keyboard alone, and puts the focus on the result', async () => {
    const { page } = await openTab(stage, 'verify')
    // Listened for long before the press: Chromium drops a dialog that nobody has asked for yet.
    const chosen = page.waitForEvent('filechooser')
    await openVerifyPage(page, stage.ledger.url)
    await page.locator('h1').focus()
    await page.keyboard.press('Tab')
    await page.locator('input[type=file]:focus').waitFor()
    await page.keyboard.press('Enter')
    const chooser = await chosen
    await chooser.setFiles({ name: 'proof.json', mimeType: 'application/json', buffer: proof })
    await page.keyboard.press('Tab')
    await page.keyboard.insertText(keys)
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.found').waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Result: Consent proof')
  })

  it.each([
    ['on a phone', phone],
    ['at 320 pixels', { viewport: { width: 320, height: 640 } }],
    ['in the dark', { colorScheme: 'dark' as const }],
    ['with forced colours', { forcedColors: 'active' as const }],
    ['in Swedish', { locale: 'sv-SE' }],
  ])('is accessible %s', async (_, options) => {
    const { page } = await openTab(stage, 'verify', options)
    await page.locator('form button[type=submit]').waitFor()
    expect(await violations(page)).toEqual([])
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'proof.json', mimeType: 'application/json', buffer: proof })
    await page.getByRole('textbox').fill(keys)
    await page.locator('form button[type=submit]').click()
    await page.locator('.found').waitFor()
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true
    })
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
  })
})

describe('the report', () => {
  it('is for paper: question, answer, steps, hash, code and command, and nothing of the page', async () => {
    const { page } = await openTab(stage, 'verify')
    await openVerifyPage(page, stage.ledger.url)
    await giveKeys(page, keys)
    await verifyInPage(page, proof)
    expect(await page.locator('.report').isVisible()).toBe(false)
    await page.emulateMedia({ media: 'print' })
    const report = page.locator('.report')
    const text = (await report.textContent()) ?? ''
    const sha256 = createHash('sha256').update(proof).digest('hex')
    const sentence = JSON.parse(proof.toString()).answer.sentence
    for (const each of [device, sentence, sha256, 'npx consent-ledger verify', `${stage.ledger.url}/console/#/verify`])
      expect(text).toContain(each)
    expect(await report.locator('svg.qr').isVisible()).toBe(true)
    expect(await report.locator('.steps > li').count()).toBeGreaterThan(12)
    expect(await page.locator('form').isVisible()).toBe(false)
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000)
  })

  it('is printed on a press', async () => {
    const { page } = await openTab(stage, 'verify')
    await page.evaluate(() => {
      window.print = () => document.documentElement.setAttribute('data-printed', 'yes')
    })
    await openVerifyPage(page, stage.ledger.url)
    await giveKeys(page, keys)
    await verifyInPage(page, proof)
    await button(page, 'Print a report').click()
    expect(await page.locator('html').getAttribute('data-printed')).toBe('yes')
  })
})

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
