/** What is typed at the desk is neither lost, nor does it undo what somebody else has published meanwhile; and whom a session outlives. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { draftAfter } from '../../functions/console/publish/draft.ts'
import { versionDraft } from '../../shared/api/schemas/policies.ts'
import { type ConsoleStage, openConsoleStage } from '../support/console-stage.ts'
import { administer } from '../support/demo-calls.ts'
import { openDesk } from './console-desk.ts'
import { openTab } from './console-tab.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const field = (page: Page, pointer: string) => page.locator(`[name="${pointer}"]`)

it('keeps the draft in the tab, and saves it as the file that the command takes', async () => {
  const { page, close } = await openDesk(stage, 'publish?policy=privacy-policy')
  await button(page, 'Begin with a copy').click()
  await field(page, '/summary/en').fill('Kept over a reload')
  const isKept = () => Object.values({ ...sessionStorage }).some((text) => `${text}`.includes('Kept over a reload'))
  await page.waitForFunction(isKept)
  await page.reload()
  await button(page, /^Go on with your draft of version 4/).click()
  expect(await field(page, '/summary/en').inputValue()).toBe('Kept over a reload')
  const downloading = page.waitForEvent('download')
  await button(page, 'Save the draft as a file').click()
  const { policyId, ...body } = JSON.parse(await readFile(await (await downloading).path(), 'utf8'))
  expect(policyId).toBe('privacy-policy')
  expect(versionDraft.safeParse(body).success).toBe(true)
  await close()
})

it('a draft does not undo a version that somebody else published while it was written', async () => {
  const { page, close } = await openDesk(stage, 'publish?policy=general-terms')
  await button(page, 'Begin with a copy').click()
  await field(page, '/version').fill('9')
  await field(page, '/summary/sv-SE').fill('Rättade stavfel.')
  const terms = '/v1/controllers/ljungsten/policies/general-terms'
  const { json: version } = await stage.ledger.get(`${terms}/versions/3`)
  const texts = version.texts.map(() => '# Terms, with more in them')
  const { policyId: _, ...theirs } = { ...draftAfter(version, texts, []), version: 'autumn' }
  const made = await administer(stage.ledger, '/policies/general-terms/versions', {
    ...{ ...theirs, effectiveFrom: '2090-01-01T00:00:00.000Z' },
    summary: { 'sv-SE': 'Mer.' },
  })
  expect(made.status, made.text).toBe(201)
  // Longer than an instance remembers what versions there are.
  stage.ledger.setClockAhead(62_000)
  await button(page, 'Check and publish').click()
  await page.getByLabel('Type general-terms to confirm').fill('general-terms')
  await button(page, 'Publish version 9').click()
  await page.getByText('Not published: autumn was published while you wrote').waitFor()
  expect((await stage.ledger.get(`${terms}/versions/9`)).status).toBe(404)
  await page.reload()
  await page.getByRole('row', { name: /^autumn Scheduled/ }).waitFor()
  await button(page, /^Go on with your draft of version 9/).click()
  expect(await field(page, '/summary/sv-SE').inputValue()).toBe('Rättade stavfel.')
  stage.ledger.setClockAhead(0)
  await close()
})

it('a presentation that is being written outlives the way to another page, and is thrown away on a press only', async () => {
  const { page, goTo, complaints, close } = await openDesk(stage, 'presentations')
  const began = 'This is what you had written before.'
  await field(page, '/wording/en').waitFor()
  expect(await page.getByText(began).count()).toBe(0)
  await field(page, '/wording/en').fill('We count visits.')
  await goTo('sites')
  await goTo('presentations')
  await page.getByText(began).waitFor()
  expect(await field(page, '/wording/en').inputValue()).toBe('We count visits.')
  await page.reload()
  await button(page, 'Begin anew').click()
  expect(await field(page, '/wording/en').inputValue()).toBe('')
  await page.reload()
  await field(page, '/wording/en').waitFor()
  expect(await page.getByText(began).count()).toBe(0)
  expect(complaints).toEqual([])
  await close()
})

const endingIn = (ms: number) => (tab: Page) =>
  tab.addInitScript((left) => {
    const name = 'consent-console:session'
    const session = JSON.parse(sessionStorage.getItem(name) ?? '{}')
    sessionStorage.setItem(name, JSON.stringify({ ...session, endsAt: Date.now() + left }))
  }, ms)

it('a session of forty days does not end at once', async () => {
  const { page } = await openTab(stage, 'ask', { scope: 'consent.audit', prepare: endingIn(40 * 86_400_000) })
  await page.getByLabel('Identifier').waitFor()
  await page.waitForTimeout(300)
  expect(await page.getByText('Your session').count()).toBe(0)
  await page.context().close()
})

it('a session that ends within five minutes says so, on pages that need one', async () => {
  const { page } = await openTab(stage, 'ask', { scope: 'consent.audit', prepare: endingIn(200_000) })
  await page.getByText('Your session ends at').waitFor()
  await page.getByLabel('Identifier').waitFor()
  await page.goto(`${stage.ledger.url}/console/#/verify`)
  await page.getByText('Your session ends at').waitFor({ state: 'detached' })
  await page.context().close()
})

it('a page whose code is gone, as after a release, offers to load the console again', async () => {
  const { page } = await openTab(stage, 'verify')
  await page.getByText('Choose a file').first().waitFor()
  await page.route(/\/console\/.*\.js$/, (route) => route.fulfill({ status: 404 }))
  await page.goto(`${stage.ledger.url}/console/#/log`)
  await page.getByText('This page could not be loaded').waitFor()
  await page.unroute(/\/console\/.*\.js$/)
  await button(page, 'Load the console again').click()
  await page.getByText('A checkpoint is the log’s signed statement').waitFor()
  await page.context().close()
})

it('a browser that forbids storage shows what needs none', async () => {
  const { page, complaints } = await openTab(stage, 'verify', {
    prepare: (tab) =>
      tab.addInitScript(() => {
        for (const name of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException('denied', 'SecurityError')
            },
          })
      }),
  })
  await page.getByText('Choose a file').first().waitFor()
  await button(page, 'Svenska').click()
  await page.getByRole('heading', { name: 'Kontrollera en fil' }).waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})
