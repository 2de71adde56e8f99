/** A controller's day at the desk, in Chromium: what they publish, and what it does to the banner; sites; holds and erasures. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { type ConsoleStage, openConsoleStage, secretOf } from '../support/console-stage.ts'
import { device, hourMs, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { openDesk } from './console-desk.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const field = (page: Page, pointer: string) => page.locator(`[name="${pointer}"]`)
const banner = (page: Page) => page.getByRole('dialog', { name: /Your privacy choices|Dina integritetsval/ })

async function confirm(page: Page, name: string, action: RegExp): Promise<void> {
  await page.getByLabel(`Type ${name} to confirm`).fill(name)
  await page.locator('.confirmation').getByRole('button', { name: action }).click()
}

describe('publishing', () => {
  it('a major change asks the visitor again who had said yes', async () => {
    const visitor = await stage.visit()
    await banner(visitor).waitFor()
    await button(visitor, 'Accept all').click()
    await banner(visitor).waitFor({ state: 'detached' })
    await visitor.reload()
    expect(await banner(visitor).count()).toBe(0)

    const { page, complaints, close } = await openDesk(stage, 'publish?policy=cookie-policy')
    await button(page, 'Begin with a copy').click()
    await field(page, '/summary/en').fill('Visits are kept for two years.')
    await page.locator('summary', { hasText: /^Statistics/ }).click()
    await page.locator('.item[open] summary', { hasText: 'Recipients, places' }).click()
    await field(page, '/purposes/3/retention').fill('P2Y')
    await field(page, '/changes/0/reason').fill('Visits are kept longer.')
    await field(page, '/level').selectOption('major')
    await page.getByText('People who consented to “Statistics” are asked again').waitFor()
    await page.getByText('Consents to “Preferences” still count').waitFor()
    await button(page, 'Check and publish').click()

    await page.getByLabel('Type cookie-policy to confirm').fill('cookies')
    await button(page, 'Publish version 4').click()
    await page.getByText('Nothing was done: “cookies” is not cookie-policy.').waitFor()
    expect((await stage.ledger.get('/v1/controllers/ljungsten/policies/cookie-policy/versions/4')).status).toBe(404)
    await confirm(page, 'cookie-policy', /Publish version 4/)
    await page.getByText('Version 4 is published').waitFor()
    await page.getByRole('row', { name: /^4 Scheduled/ }).waitFor()
    expect(complaints).toEqual([])
    await close()

    // The banner looks for a new version once an hour.
    stage.ledger.setClockAhead(2 * hourMs)
    await visitor.clock.setSystemTime(Date.now() + 2 * hourMs)
    await visitor.reload()
    await banner(visitor).waitFor()
    expect(await banner(visitor).getByRole('checkbox').count()).toBe(1)
    await banner(visitor).getByText('Statistics').waitFor()
    await visitor.context().close()
    stage.ledger.setClockAhead(0)
  })

  it('shows what is wrong beside its field while it is typed, and leads to it from the list', async () => {
    const { page, close } = await openDesk(stage, 'publish?policy=general-terms', { language: 'sv' })
    await button(page, 'Börja med en kopia').click()
    await field(page, '/version').fill('nummer 4')
    await page.getByText('Bokstäver, siffror, punkt, understreck och bindestreck, 1 till 40.').waitFor()
    await field(page, '/version').fill('2')
    await page.getByText('Det finns redan en version med det namnet.').waitFor()
    await field(page, '/version').fill('9')
    await page.getByText('Det finns redan en version med det namnet.').waitFor({ state: 'detached' })
    await button(page, 'Kontrollera och publicera').click()
    const list = page.getByRole('alert').filter({ hasText: '1 sak att rätta' })
    await list.getByRole('button', { name: 'Vad som är nytt, i en mening' }).press('Enter')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('/summary/sv-SE')
    await page.keyboard.type('Rättade stavfel.')
    await page.getByLabel('Skriv general-terms för att bekräfta').waitFor()
    await close()
  })

  it('takes a new purpose with a recipient, moved and removed again, and leads to what is folded', async () => {
    const { page, close } = await openDesk(stage, 'publish?policy=general-terms')
    await button(page, 'Begin with a copy').click()
    await button(page, 'Add a purpose').click()
    const purpose = page.locator('.item[open]')
    await field(page, '/purposes/5/purposeId').pressSequentially('parking')
    await field(page, '/purposes/5/title/en').pressSequentially('Parking')
    await purpose.locator('summary', { hasText: 'Recipients, places' }).click()
    for (const party of ['Meadow Ltd', 'Grove Ltd']) {
      await purpose.getByRole('button', { name: 'Add recipient' }).click()
      const at = party === 'Grove Ltd' ? 1 : 0
      await field(page, `/purposes/5/recipients/${at}/party`).pressSequentially(party)
    }
    await button(page, 'Move up: Recipient 2: Grove Ltd').click()
    expect(await field(page, '/purposes/5/recipients/0/party').inputValue()).toBe('Grove Ltd')
    await button(page, 'Remove: Recipient 1: Grove Ltd').click()
    expect(await field(page, '/purposes/5/recipients/0/party').inputValue()).toBe('Meadow Ltd')
    await button(page, 'Move up: Parking').click()
    await page.reload()
    await button(page, /^Go on with your draft/).click()
    await button(page, 'Check and publish').click()
    await page.getByRole('alert').getByRole('button', { name: 'Parking: What kind of party' }).click()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === '/purposes/4/recipients/0/type')
    await close()
  })

  it('retracts a scheduled version with a reason', async () => {
    const { page, close } = await openDesk(stage, 'publish?policy=privacy-policy')
    await button(page, 'Retract version 3').click()
    await page.getByLabel('Reason').fill('The partner withdrew.')
    await confirm(page, 'privacy-policy', /^Retract$/)
    await page.getByText('Version 3 is retracted').waitFor()
    await page.getByRole('row', { name: /^3 Retracted/ }).waitFor()
    stage.ledger.setClockAhead(60_000)
    const { json } = await stage.ledger.get('/v1/controllers/ljungsten/policies/privacy-policy/versions/3')
    stage.ledger.setClockAhead(0)
    expect(json.retraction.reason).toBe('The partner withdrew.')
    await close()
  })
})

describe('presentations', () => {
  it('are previewed by the banner itself, which records nothing, and are then what visitors see', async () => {
    const { page, addresses, complaints, close } = await openDesk(stage, 'presentations')
    const preview = page.locator('.banner-stage')
    await preview.getByText('Refuse all').or(preview.getByText('Neka alla')).waitFor()
    await page.getByLabel('A reader of').selectOption('en')
    await field(page, '/presentationId').fill('autumn')
    await field(page, '/wording/en').fill('May we <b>count</b> visits?')
    await preview.getByText('May we <b>count</b> visits?').waitFor()
    const before = addresses.length
    await preview.getByRole('button', { name: 'Accept all' }).click()
    await page.getByText('Here the answer would be recorded.').waitFor()
    expect(addresses.slice(before)).toEqual([])
    await field(page, '/refusal/layer').fill('2')
    await page.getByText('The banner will not use this').waitFor()
    await field(page, '/refusal/layer').fill('1')
    await page.getByText('The banner will not use this').waitFor({ state: 'detached' })
    await button(page, 'Check and publish').click()
    await confirm(page, 'autumn', /Publish the presentation/)
    await page.getByText('The presentation autumn is published').waitFor()
    expect(complaints).toEqual([])
    await close()
    stage.ledger.setClockAhead(hourMs)
    const visitor = await stage.visit()
    await banner(visitor).getByText('May we <b>count</b> visits?').waitFor()
    await visitor.context().close()
    stage.ledger.setClockAhead(0)
  })
})

describe('sites', () => {
  it('are made, changed and revoked', async () => {
    const { page, close } = await openDesk(stage, 'sites')
    await page.getByLabel('Name', { exact: true }).fill('The campaign')
    await page.getByLabel('Id', { exact: true }).fill('campaign')
    const origins = () => page.getByRole('textbox', { name: 'Web addresses (origins)' }).first()
    await origins().fill('https://*.example.org')
    await page.getByText('has a wildcard').waitFor()
    await origins().fill('https://www.example.org/path')
    await page.getByText('has to be scheme, host and port only').waitFor()
    await origins().fill('https://www.example.org')
    await button(page, 'Create the site').click()
    const row = page.getByRole('row', { name: /campaign/ })
    const key = await row.locator('code', { hasText: 'site_ljungsten_campaign' }).textContent()

    await button(page, 'Change origins: campaign').click()
    await origins().fill('https://shop.example.org')
    await page.getByText('can then no longer record anything: https://www.example.org').waitFor()
    await button(page, 'Save the origins').click()
    await row.getByText('https://shop.example.org').waitFor()

    const send = () => stage.ledger.post(`/v1/events?key=${key}`, visitorEvent(stage.ledger, aDeviceSecret()))
    expect((await send()).status).toBe(201)
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    await button(page, 'Revoke: campaign').press('Enter')
    expect(await focused()).toMatch(/^Revoke The campaign/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('Revoke')
    await page.keyboard.press('Enter')
    await page.getByLabel('Type campaign to confirm').fill('web')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing was done: “web” is not campaign.').waitFor()
    await confirm(page, 'campaign', /^Revoke$/)
    await row.getByText(/^Revoked/).waitFor()
    expect(await focused()).toMatch(/^The site campaign is revoked/)
    stage.ledger.setClockAhead(60_000)
    expect((await send()).status).toBe(401)
    stage.ledger.setClockAhead(0)
    await close()
  })
})

describe('holds and erasures', () => {
  it('a hold stops an erasure, and the desk says so; released, the erasure is carried out', async () => {
    const secret = aDeviceSecret()
    await record(stage.ledger, { ...visitorEvent(stage.ledger, secret), subject: { deviceSecret: secret, new: true } })
    const { id } = deviceIdentity(secret)
    const { page, addresses, complaints, goTo, close } = await openDesk(stage, 'holds')
    await button(page, 'Make the hold').click()
    await page.getByText('Say what it keeps.').waitFor()
    await page.getByLabel('Known by').selectOption('device')
    await page.getByLabel('Identifier').fill(id)
    const until = page.getByLabel('It ends (optional)')
    await until.pressSequentially('01012090')
    await button(page, 'Make the hold').click()
    // A day without its time is no instant, and without one the hold would have no end.
    expect(addresses.filter((address) => address.endsWith('/v1/holds'))).toEqual([])
    await until.fill('')
    await button(page, 'Make the hold').click()
    await page.getByText('Keep this id with the case:').waitFor()
    const holdId = (await page.locator('.notice code').textContent()) ?? ''

    const erase = async () => {
      await page.getByLabel('Known by').selectOption('device')
      await page.getByLabel('Identifier').fill(id)
      await button(page, 'See what it means').click()
      await page.getByText('Nobody can then open their events any more').waitFor()
      await page.getByText('They stay valid, and whoever has one can still read it.').waitFor()
    }
    await goTo('erasures')
    await erase()
    await page.getByLabel(`Type ${id} to confirm`).fill('somebody else')
    await button(page, 'Erase for ever').click()
    await page.getByText('Nothing was done: “somebody else”').waitFor()
    await confirm(page, id, /Erase for ever/)
    await page.getByText('Not erased: a hold stands').waitFor()
    await page.getByText(`A legal claim, until it is released. Hold ${holdId}`).waitFor()

    await goTo('holds')
    await button(page, `Release: ${holdId}`).click()
    await confirm(page, holdId.slice(0, 8), /^Release$/)
    await page.getByText('The hold is released').waitFor()
    await goTo('erasures')
    await erase()
    await confirm(page, id, /Erase for ever/)
    await page.getByText('1 event can no longer be opened or attributed').waitFor()
    expect(await page.getByLabel('Identifier').inputValue()).toBe('')
    await page.getByLabel('Identifier').fill('a'.repeat(43))
    await button(page, 'See what it means').click()
    await page.getByText('Nobody can then open their events any more').waitFor()
    expect(await page.getByText('can no longer be opened or attributed').count()).toBe(0)

    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
    )
    expect([...addresses, stored].filter((text) => text.includes(id))).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('answers a person’s request, who then sees the refusal with its ground', async () => {
    const visitor = await stage.visit()
    await button(visitor, 'Refuse all').click()
    await banner(visitor).waitFor({ state: 'detached' })
    const secret = await secretOf(visitor)
    const own = `/v1/me/erasure-requests?key=${stage.keys.ljungsten}`
    await expect.poll(async () => (await stage.ledger.post(own, { scope: 'subject' }, device(secret))).status).toBe(200)
    const { page, close } = await openDesk(stage, 'erasures')
    await page.getByRole('row', { name: /Waits for your answer/ }).waitFor()
    await button(page, /^Refuse: /).click()
    await page.getByLabel('Ground').first().selectOption('legal-claims')
    const typed = await page.locator('.confirmation label', { hasText: 'Type ' }).textContent()
    await confirm(page, /^Type (\S+) to/.exec(typed ?? '')?.[1] ?? '', /^Refuse$/)
    await page.getByRole('row', { name: /Refused: Legal claims/ }).waitFor()
    const { json } = await stage.ledger.get(own, device(secret))
    expect(json.requests[0]).toMatchObject({ state: 'refused', refusal: { ground: 'legal-claims' } })
    await visitor.context().close()
    await close()
  })
})
