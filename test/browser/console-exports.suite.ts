/** The console's page Exports in Chromium: everyone whose consent stands, as a file, with its manifest; and where every entry went. */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConsoleStage, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { openDesk } from './console-desk.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
  for (const verb of ['given', 'given', 'refused']) {
    const decisions = [{ purposeId: 'statistics', verb }]
    expect((await record(stage.ledger, visitorEvent(stage.ledger, aDeviceSecret(), { decisions }))).status).toBe(201)
  }
})
afterAll(() => stage?.close())

const scopes = 'consent.export consent.admin'

it('exports everyone whose consent stands, with a manifest and a file to download', async () => {
  const { page, complaints, close } = await openDesk(stage, 'exports', { scopes })
  await page.getByText('Nothing has been exported.').waitFor()
  await page.getByText('Your session does not have the right to export identifiers').waitFor()
  await page.getByLabel('About', { exact: true }).selectOption({ label: 'Statistics' })
  await keepPicture(page, 'exports form', ['light', 'dark'])
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.locator('.notice.good').getByText('Done').waitFor()
  await page.getByText('Where each entry went').click()
  await keepPicture(page, 'exports done', ['light', 'dark'])
  expect(await violations(page)).toEqual([])
  const files = page.getByRole('region', { name: /^\d+ files?$/ })
  const [file] = await Promise.all([page.waitForEvent('download'), files.getByRole('link').first().click()])
  const rows = gunzipSync(await readFile(await file.path()))
    .toString()
    .trim()
    .split('\r\n')
  expect(rows[0]).toContain('status')
  expect(rows.slice(1).every((row) => row.includes('Given'))).toBe(true)
  const [manifest] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ])
  expect(JSON.parse(await readFile(await manifest.path(), 'utf8'))).toMatchObject({ manifest: 'consent-export@1' })
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('row', { name: /Statuses, CSV.*Done/ }).waitFor()
  expect(complaints).toEqual([])
  await close()
})

it('asks for events of a time, and fits a phone and 320 pixels in Swedish', async () => {
  const options = { ...phone, colorScheme: 'dark' } as const
  const { page, close } = await openDesk(stage, 'exports', { scopes, language: 'sv', options })
  await page.getByLabel('Händelser: det som har antecknats, i ordning').check()
  await page.getByLabel('Format', { exact: true }).selectOption('parquet')
  await page.getByLabel('Antecknade från (valfritt)').fill('2020-01-01T00:00')
  await page.getByRole('button', { name: 'Exportera' }).click()
  await page.locator('.notice.good').getByText('Klar').waitFor()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'exports 320 sv')
  await close()
})
