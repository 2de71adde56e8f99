/** The console's page Deliveries in Chromium: a system is told, its secret is shown once, what was sent to it is seen, and sent again. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConsoleStage, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { openDesk } from './console-desk.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

it('makes a system that is told, shows its secret once, and changes it', async () => {
  const { page, addresses, complaints, close } = await openDesk(stage, 'deliveries')
  await page.getByText('No system is told yet.').waitFor()
  await keepPicture(page, 'deliveries empty', ['light', 'dark'])
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('Small letters, digits and hyphens, 1 to 40.').waitFor()
  await page.getByText('Write an address that begins with https://.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('crm')
  await page.getByLabel('Address', { exact: true }).fill('https://crm.example.org/consent')
  await page.getByText('About all purposes').click()
  await page.getByLabel('Statistics', { exact: true }).check()
  await page.getByLabel('Hours to report completion (optional)').fill('48')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('crm: there is a new secret').waitFor()
  const secret = (await page.locator('code.secret').textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  const row = page.getByRole('row', { name: /crm/ })
  await row.getByText('Only statistics').waitFor()
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'deliveries made', ['light', 'dark'])

  await page.getByRole('button', { name: 'Settings: crm' }).click()
  await page.getByLabel('Messages are sent.').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('crm is changed').waitFor()
  await row.getByText('Disabled').waitFor()
  expect(await page.locator('main').textContent()).not.toContain(secret)

  await page.getByRole('button', { name: 'New secret: crm' }).click()
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  await row.getByText('2 secrets sign: one is being replaced').waitFor()
  expect(await page.locator('code.secret').textContent()).not.toBe(secret)

  await page.getByRole('button', { name: 'Send again: crm' }).click()
  await page.getByRole('button', { name: 'Send a test message' }).click()
  await page.getByText('A test message is sent as soon as').waitFor()
  await page.getByLabel('From entry').fill('900')
  await page.getByRole('button', { name: 'Send again', exact: true }).click()
  await page.getByText('The first entry is after the last.').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Send again: crm')
  await page.getByRole('button', { name: 'Deliveries: crm' }).click()
  await page.getByText('Nothing has been delivered or given up yet.').waitFor()
  expect(complaints).toEqual([])
  expect(addresses.join()).not.toContain('whsec_')
  await close()
})

it('fits a phone and a window of 320 pixels, in Swedish, in the dark', async () => {
  for (const options of [phone, { viewport: { width: 320, height: 640 } }]) {
    const { page, close } = await openDesk(stage, 'deliveries', {
      language: 'sv',
      options: { ...options, colorScheme: 'dark' },
    })
    await page.getByText('Avstängt').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])
    await keepPicture(page, `deliveries ${options.viewport.width} sv`)
    await close()
  }
})
