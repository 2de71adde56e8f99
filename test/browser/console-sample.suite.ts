/**
 * The console's pages Sample audit, Reads and Grants in Chromium, on a real ledger: a sample is drawn, worked through and saved; the read is
 * seen by the controller; a grant is made, used and revoked.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { type ConsoleStage, desktop, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { audit, bearerWithoutGrant, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { openTab, overflowOf, unfoldAll } from './console-tab.ts'

let stage: ConsoleStage
let folder: string
const secrets: string[] = []

beforeAll(async () => {
  stage = await openConsoleStage()
  folder = await mkdtemp(join(tmpdir(), 'console-sample-'))
  const { ledger } = stage
  for (let i = 0; i < 20; i++) {
    const secret = aDeviceSecret()
    secrets.push(secret)
    await ledger.post(`/v1/events?key=${siteKeyOf(ledger, 'ljungsten/web')}`, visitorEvent(ledger, secret))
  }
  await ledger.local.runner.settle()
})
afterAll(async () => {
  await stage?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Saves what the press of a button brings, under the name that the page gave it. */
async function saved(page: Page, button: string): Promise<{ readonly path: string; readonly text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return { path, text: await readFile(path, 'utf8') }
}

const auditor = { scope: 'consent.audit' }
const controller = { scope: 'consent.admin consent.erase consent.hold' }
const seedIn = (page: Page) => page.getByLabel('Seed', { exact: true })
const card = (page: Page, number: number) => page.locator('.sampled').nth(number)

async function draw(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Make a seed' }).click()
  await page.getByLabel('Number of leaves').fill(String(count))
  await page.getByRole('button', { name: 'Draw the sample' }).click()
  await page.getByText(`${count} leaves of`).waitFor()
}

describe('a sample audit', () => {
  it('is worked through with the keyboard, kept over a reload, and gone on with from its file', async () => {
    const { page, complaints } = await openTab(stage, 'sample', auditor)
    await page.getByRole('button', { name: 'Make a seed' }).click()
    const seed = await seedIn(page).inputValue()
    expect(seed).toMatch(/^[0-9a-f]{64}$/)
    await page.getByLabel('Number of leaves').fill('8')
    await page.getByLabel('Number of leaves').press('Enter')
    await page.getByText('8 leaves of').waitFor()

    await card(page, 0).getByRole('radio', { name: 'Open' }).focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Tab')
    await page.keyboard.type('=HYPERLINK("https://a.example/")')
    await card(page, 1).getByRole('radio', { name: 'Fine' }).check()
    await page.getByText('2 of 8 looked at: 1 fine, 1 deviation, 6 open.').waitFor()
    await page.getByRole('group', { name: 'Show' }).getByLabel('Deviations').check()
    expect(await page.locator('.sampled').count()).toBe(1)
    expect(await violations(page)).toEqual([])

    const findings = await saved(page, 'Save the findings')
    expect(JSON.parse(findings.text)).toMatchObject({ format: 'consent-sample-findings@1', sample: { seed, count: 8 } })
    // Kept in the tab over a reload, and in the file for another browser.
    await page.reload()
    await page.getByText('2 of 8 looked at').waitFor()
    await page.getByRole('button', { name: 'Discard this audit' }).click()
    await page.getByRole('button', { name: 'Yes, discard' }).click()
    await page.getByLabel('File with findings').setInputFiles(findings.path)
    await page.getByText('2 of 8 looked at').waitFor()
    expect(await card(page, 0).getByLabel('Note').inputValue()).toContain('=HYPERLINK')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('says which drawn leaves a proof opens, verified in the page without a request', async () => {
    const { page, complaints } = await openTab(stage, 'sample', auditor)
    const size = Number(/newest: (\d+) leaves/.exec(await page.getByText(/The newest: \d+ leaves/).innerText())?.[1])
    await draw(page, Math.min(100, size))
    const subject = deviceIdentity(secrets[3] ?? '')
    const proof = join(folder, 'proof.json')
    await writeFile(proof, (await audit(stage.ledger, 'proofs', { subject, purposeId: 'statistics' })).text)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const field = page.getByLabel('Proof, receipt or receipts')
    await field.setInputFiles(proof)
    await page.getByText('proof.json is valid and opens 1 of the drawn leaves.').waitFor()
    expect(await page.getByText('Opened by proof.json.').count()).toBe(1)
    expect(asked.filter((address) => !address.endsWith('.js'))).toEqual([])
    await writeFile(proof, (await readFile(proof, 'utf8')).replace('"Given"', '"Refused"'))
    await field.setInputFiles(proof)
    await page.getByText('proof.json does not verify').waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('is refused when the ledger answers with other leaves than the seed draws', async () => {
    const { page } = await openTab(stage, 'sample', auditor)
    await page.route('**/v1/audit/samples', async (route) => {
      const response = await route.fetch()
      const { leaves, ...answer } = await response.json()
      return route.fulfill({ response, json: { ...answer, leaves: leaves.toReversed() } })
    })
    await page.getByRole('button', { name: 'Make a seed' }).click()
    await page.getByLabel('Number of leaves').fill('5')
    await page.getByRole('button', { name: 'Draw the sample' }).click()
    await page.getByText('The ledger’s answer is not the sample').waitFor()
    expect(await page.locator('.sampled').count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await page.getByLabel('File with findings').setInputFiles({
      ...{ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
    })
    await page.getByText('This is no file with findings that this page saved.').waitFor()
    await page.context().close()
  })
})

describe('reads', () => {
  it('show each question of the day with its reader, and their sums', async () => {
    await audit(stage.ledger, 'consents', { subject: deviceIdentity(secrets[0] ?? ''), purposeId: 'statistics' })
    const { page, complaints } = await openTab(stage, 'reads', controller)
    await page.getByRole('table', { name: 'All questions of the day' }).waitFor()
    const all = await page.getByRole('table', { name: 'All questions of the day' }).locator('tbody tr').allInnerTexts()
    const day = new Date().toISOString().slice(0, 10)
    const admin = { authorization: `Bearer ${await stage.ledger.token('consent.admin')}` }
    const { reads } = (await stage.ledger.get(`/v1/controllers/ljungsten/reads?day=${day}`, admin)).json
    expect(all.length).toBe(reads.length)
    expect(all.some((row) => /auditor\)\s+Status\s+Statistics\s+1/.test(row))).toBe(true)
    const sums = page.getByRole('table', { name: 'By reader' }).locator('tbody tr td:nth-child(2)')
    const total = (await sums.allInnerTexts()).reduce((sum, each) => sum + Number(each), 0)
    expect(total).toBe(reads.length)
    const table = await saved(page, 'Save as a table (CSV)')
    expect(table.text.trim().split('\r\n').length).toBe(reads.length + 1)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'The day before' }).click()
    await page.getByText(/Nobody asked anything on/).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('grants', () => {
  it('one is made with the form, permits a question, is revoked after a second press, and permits none', async () => {
    const { page, complaints } = await openTab(stage, 'grants', controller)
    await page.getByLabel('Name', { exact: true }).fill('The supervisory authority')
    await page.getByLabel('Name at the identity provider').fill('inspector')
    await page.getByLabel('Statistics', { exact: true }).check()
    await page.getByLabel('Until').fill('2090-01-01T00:00')
    await page.getByRole('button', { name: 'Make a grant' }).click()
    await page.getByText('The supervisory authority may read now').waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2')
    const ask = async () => {
      const token = await bearerWithoutGrant(stage.ledger, 'inspector', 'consent.audit')
      const subject = deviceIdentity(secrets[1] ?? '')
      const question = { controller: 'ljungsten', subject, purposeId: 'statistics' }
      return (await stage.ledger.post('/v1/audit/consents', question, token)).status
    }
    expect(await ask()).toBe(200)
    const row = page.getByRole('row', { name: /The supervisory authority/ })
    expect(await row.innerText()).toMatch(/statistics\s+Everybody\s+.*2090\s+Stands/)
    await row.getByRole('button', { name: 'Revoke the grant of The supervisory authority' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'No, keep it' }).click()
    await row.getByRole('button', { name: 'Revoke the grant of The supervisory authority' }).click()
    await page.getByRole('button', { name: 'Yes, revoke' }).click()
    await row.getByText('Revoked on').waitFor()
    expect(await ask()).toBe(403)
    expect(complaints.filter((each) => !each.includes('403'))).toEqual([])
    await page.context().close()
  })

  it('says which field the ledger does not accept, and whom the form lacks', async () => {
    const { page } = await openTab(stage, 'grants', controller)
    await page.getByLabel('Name', { exact: true }).fill('An auditor')
    await page.getByLabel('Name at the identity provider').fill('someone')
    await page.getByLabel('Until').fill('2090-01-01T00:00')
    await page.getByLabel('These people only').check()
    await page.getByRole('button', { name: 'Make a grant' }).click()
    await page.getByText('Name at least one person.').waitFor()
    await page.getByLabel('Identifiers').fill('Anna@Example.com\n\n')
    await page.getByText('From another identity provider').click()
    await page.getByLabel('Until').fill('2020-01-01T00:00')
    await page.getByRole('button', { name: 'Make a grant' }).click()
    await page.getByRole('alert').getByText('/until').waitFor()
    await page.getByLabel('Until').fill('2090-01-01T00:00')
    await page.getByRole('button', { name: 'Make a grant' }).click()
    await page.getByRole('row', { name: /An auditor.*1 person/ }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })
})

describe.each([
  ['phone, light', { ...phone, colorScheme: 'light' }],
  ['phone, dark, Swedish', { ...phone, colorScheme: 'dark', locale: 'sv-SE' }],
  ['desktop, forced colours', { ...desktop, forcedColors: 'active' }],
  ['320 px wide, Swedish', { viewport: { width: 320, height: 640 }, locale: 'sv-SE' }],
] as const)('%s', (_, options) => {
  it.each(['sample', 'reads', 'grants'])(
    '%s has no barrier that axe finds, and needs no scrolling sideways',
    async (path) => {
      const { page, complaints } = await openTab(stage, path, {
        ...(path === 'sample' ? auditor : controller),
        ...options,
      })
      if (path === 'sample') {
        await page.getByRole('button', { name: /^(Make a seed|Ta fram ett frö)$/ }).click()
        await page.getByRole('button', { name: /^(Draw the sample|Dra stickprovet)$/ }).click()
        await page.locator('.sampled').first().waitFor()
      } else await page.getByRole('table').first().waitFor()
      await unfoldAll(page)
      expect(await violations(page)).toEqual([])
      expect(await overflowOf(page)).toBe(0)
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )
})
