/** A decision that the ledger does not take, in the preference centre: why, in the reader's language, and that it is not recorded. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { english } from '../../functions/pages/refusal-words-en.ts'
import { swedish } from '../../functions/pages/refusal-words-sv.ts'
import {
  type ConsoleStage,
  openConsoleStage,
  phone,
  receiptsOf,
  secretOf,
  violations,
} from '../support/console-stage.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const notRecorded = {
  en: 'Not accepted: your choice is not recorded.',
  sv: 'Inte godtaget: ditt val är inte antecknat.',
}
const no = { en: 'No – Statistics', sv: 'Nej – Statistik' }
const onItsWay = /being sent|på väg till/
const alert = (page: Page) => page.getByRole('alert').filter({ hasText: /\S/ })

/** The ledger answers each event with this problem. */
async function refuse(page: Page, code: string, status = 400): Promise<void> {
  const problem = { code, detail: 'a sentence for developers' }
  await page.route('**/v1/events?*', (route) => route.fulfill({ json: { outcomes: [{ status, problem }] } }))
}

describe.each([
  ['en', english],
  ['sv', swedish],
] as const)('in %s', (language, words) => {
  it.each(['origin-not-allowed', 'unknown-purpose', 'verb-not-allowed', 'token-expired', 'log-damaged'] as const)(
    '%s has words of its own, without the sentence for developers',
    async (code) => {
      const page = await stage.visitHosted('', { language })
      await refuse(page, code)
      await page.getByRole('button', { name: no[language] }).click()
      await page.getByText(notRecorded[language]).waitFor()
      const said = await alert(page).textContent()
      expect(said).toContain(words[code])
      expect(said).not.toContain('developers')
      expect(await page.getByText(onItsWay).count()).toBe(0)
      expect(await violations(page)).toEqual([])
      await page.context().close()
    },
  )

  it('an origin that the site does not allow is refused by the ledger itself', async () => {
    const page = await stage.visitHosted('', { language, options: phone })
    const key = stage.ledger.key('ljungsten/web')
    await page.goto(`${stage.ledger.url}/console/preferences?${new URLSearchParams({ key, lang: language })}`)
    await page.getByRole('button', { name: no[language] }).click()
    // On the purpose itself, too: the alert may be out of view.
    await page.getByText(`${notRecorded[language]} ${words['origin-not-allowed']}`).waitFor()
    expect(await alert(page).textContent()).toContain(words['origin-not-allowed'])
    expect(await page.getByText(onItsWay).count()).toBe(0)
    // It looks like an error, also without its colour.
    const colours = await alert(page).evaluate((element) => {
      const { color, borderInlineStartColor } = getComputedStyle(element)
      return [color, borderInlineStartColor]
    })
    expect(colours).toEqual(['rgb(154, 47, 29)', 'rgb(154, 47, 29)'])
    await page.context().close()
  })
})

it('a choice that is recorded in the end is shown as recorded', async () => {
  const page = await stage.visitHosted()
  await refuse(page, 'origin-not-allowed')
  await page.getByRole('button', { name: no.en }).click()
  await page.getByText(notRecorded.en).waitFor()
  await page.unroute('**/v1/events?*')
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByText('You said no.').waitFor()
  expect(await alert(page).count()).toBe(0)
  expect(await receiptsOf(stage, await secretOf(page), 1)).toHaveLength(1)
  await page.context().close()
})

it('a refused choice does not hide that another was recorded', async () => {
  const page = await stage.visitHosted()
  await refuse(page, 'unknown-purpose')
  await page.getByRole('button', { name: no.en }).click()
  await page.getByText(notRecorded.en).waitFor()
  await page.unroute('**/v1/events?*')
  await page.getByRole('button', { name: 'Yes – Marketing' }).click()
  await page.getByText('You said yes. It is valid until').waitFor()
  expect(await page.getByText(notRecorded.en).count()).toBe(1)
  await page.context().close()
})
