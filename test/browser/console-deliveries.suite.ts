/** The console's page Deliveries in Chromium: a system is told, its secret is shown once, what was sent to it is seen, and sent again. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDeliveries } from '../../infra/local/delivery-runner.ts'
import { type ConsoleStage, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { webhookReceiver } from '../support/webhook-receiver.ts'
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
  const ahead = page.getByLabel('Days before a consent expires')
  expect(await ahead.count()).toBe(0)
  await page.getByLabel('Consent will soon expire').check()
  await ahead.fill('14')
  await keepPicture(page, 'deliveries filled', ['light', 'dark'])
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('crm: there is a new secret').waitFor()
  const secret = (await page.locator('code.secret').textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  const row = page.getByRole('row', { name: /crm/ })
  await row.getByText('Only statistics').waitFor()
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'deliveries made', ['light', 'dark'])

  await page.getByRole('button', { name: 'Settings: crm' }).click()
  expect(await ahead.inputValue()).toBe('14')
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

it('shows what a real receiver answered, and sends again what it was not given', async () => {
  const { ledger } = stage
  const { local } = ledger
  const receiver = await webhookReceiver()
  const deliveries = startDeliveries(
    { ...local.ledger, finder: local.subjectFinder, baseUrl: () => ledger.url },
    { allowsLoopback: true },
  )
  const { page, close } = await openDesk(stage, 'deliveries')
  await page.getByLabel('Name', { exact: true }).fill('mail')
  await page.getByLabel('Address', { exact: true }).fill(receiver.url)
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('mail: there is a new secret').waitFor()
  receiver.secret = (await page.locator('code.secret').textContent()) ?? ''
  for (const verb of ['given', 'refused']) {
    const decisions = [{ purposeId: 'statistics', verb }]
    expect((await record(ledger, visitorEvent(ledger, aDeviceSecret(), { decisions }))).status).toBe(201)
  }
  receiver.status = 500
  await local.runner.settle()
  await deliveries.run()
  const row = page.getByRole('row', { name: /^mail/ })
  await page.getByRole('button', { name: 'Refresh' }).click()
  await row.getByText('The receiver fails').waitFor()
  await row.getByText('2 wait').waitFor()
  await page.getByRole('button', { name: 'Deliveries: mail' }).click()
  await page
    .getByRole('row', { name: /Waits for the next attempt.*HTTP status 500/ })
    .first()
    .waitFor()
  expect(await violations(page)).toEqual([])
  await keepPicture(page, 'deliveries waiting', ['light', 'dark'])

  receiver.status = 204
  ledger.setClockAhead(60_000)
  await deliveries.run()
  ledger.setClockAhead(0)
  await page.getByLabel('Show', { exact: true }).selectOption('ended')
  await page
    .getByRole('row', { name: /Delivered.*HTTP status 204/ })
    .first()
    .waitFor()
  expect(receiver.received).toHaveLength(2)
  await page
    .getByRole('button', { name: /^Send again: entry/ })
    .first()
    .click()
  await page.getByText('It is sent again as soon as').waitFor()
  await deliveries.run()
  await expect.poll(() => receiver.received.length).toBe(3)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2)
  await close()
  await deliveries.close()
  await receiver.close()
})
