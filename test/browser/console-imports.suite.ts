/** The console's page Imports in Chromium: a file is sent and tried, what it would record is seen, and then it is recorded. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConsoleStage, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { openDesk } from './console-desk.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const scopes = 'consent.import consent.admin'
const rows = [
  ...['id,email,date,statistics,terms', '1,anna@example.org,2025-04-03 14:30,yes,2019-A'],
  ...[
    '2,bo@example.org,2025-02-31 10:00,yes,',
    '3,,2025-02-01 10:00,no,',
    '4,cilla@example.org,2025-02-01 10:00,no,',
    '',
  ],
]
const mapping = {
  ...{ originId: { column: 'id' }, identifier: { id: { column: 'email' }, type: { constant: 'email' } } },
  occurredAt: { column: 'date', format: 'yyyy-MM-dd HH:mm', zone: 'Europe/Stockholm' },
  decisions: [
    { purpose: { constant: 'statistics' }, verb: { column: 'statistics', values: { yes: 'given', no: 'refused' } } },
  ],
  version: { column: 'terms' },
}

it('tries a file, shows what it would record and reject, and records it after that only', async () => {
  const { page, addresses, complaints, close } = await openDesk(stage, 'imports', { scopes })
  await page.getByText('Nothing has been imported.').waitFor()
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('Choose at least one file.').waitFor()
  await page.getByLabel('Name of the tool').fill('old-crm')
  await page.getByLabel('Site', { exact: true }).fill('web')
  await page.getByLabel('Which column is what').fill('{')
  await page.getByText('This is no JSON object.').waitFor()
  await page.getByLabel('Which column is what').fill(JSON.stringify(mapping, null, 2))
  await page.getByLabel('Which text people saw').selectOption('cookie-policy')
  const versions = page.getByLabel('Names of versions')
  await versions.fill('2019-A = version two')
  await page.getByText('This line cannot be read: 2019-A = version two').waitFor()
  await versions.fill('2019-A = 2')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'consents.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'imports form', ['light', 'dark'])
  await page.getByRole('button', { name: 'Try it' }).click()

  await page.getByText('Tried, nothing is recorded yet').first().waitFor()
  const preview = page.getByRole('region', { name: 'The first 2 records, as they would be recorded' })
  await preview.getByText('anna@example.org').waitFor()
  await preview.getByText('Consent refused: statistics').waitFor()
  await preview.getByText('cookie-policy, version 2').first().waitFor()
  await page.getByRole('row', { name: 'The time cannot be one 1' }).waitFor()
  await page.getByRole('row', { name: /old-crm.*2 would be recorded/ }).waitFor()
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Report of all rejected records (CSV)' }).click(),
  ])
  expect(await readFile(await report.path(), 'utf8')).toContain('consents.csv,3,bad-time')
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'imports tried', ['light', 'dark'])

  await page.getByRole('button', { name: 'Record 2 events' }).click()
  await page.locator('.notice.good').getByText('Recorded').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('row', { name: /old-crm.*Recorded.*2 recorded.*2 rejected/ }).waitFor()
  expect(complaints).toEqual([])
  expect(addresses.join()).not.toContain('example.org')
  await close()
})

it('is cancelled after a second press, and fits a phone and 320 pixels in Swedish', async () => {
  const { page, close } = await openDesk(stage, 'imports', {
    scopes,
    language: 'sv',
    options: { ...phone, colorScheme: 'dark' },
  })
  await page.getByLabel('Verktygets namn').fill('annat')
  await page.getByLabel('Webbplats', { exact: true }).fill('web')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
  await page.getByLabel('Vilken kolumn som är vad').fill(JSON.stringify(mapping))
  await page.getByLabel('Vilken text människor såg').selectOption('cookie-policy')
  await page.getByLabel('Versionernas namn').fill('2019-A = 2')
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'imports form sv')
  await page.getByRole('button', { name: 'Prova' }).click()
  await page.getByText('Provad, inget är antecknat än').first().waitFor()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'imports 320 sv')
  await page.getByRole('button', { name: 'Avbryt importen' }).click()
  await page.getByRole('button', { name: 'Ja, avbryt' }).click()
  await page.locator('.facts').getByText('Avbruten').waitFor()
  await close()
})
