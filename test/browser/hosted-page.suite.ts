/** The hosted page in Chromium: its frame, the page for a wrong address, and the page without scripts. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConsoleStage, desktop, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

it.each([
  ['sv', { ...phone, colorScheme: 'dark' }],
  ['en', { ...desktop, colorScheme: 'light' }],
  ['en', { viewport: { width: 320, height: 640 } }],
  ['sv', { ...desktop, forcedColors: 'active' }],
] as const)('names the controller, leads to the other language, and is whole (%s, %o)', async (language, options) => {
  const complaints: string[] = []
  const page = await stage.visitHosted('', {
    language,
    options,
    prepare: async (before) => before.on('console', (message) => complaints.push(message.text())),
  })
  await page.getByRole('tab').first().waitFor()
  expect(await page.getByRole('banner').textContent()).toContain('Ljungsten Inkasso AB')
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  expect(await page.getByRole('contentinfo').count()).toBe(1)
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/console/icon.svg')
  expect(await violations(page)).toEqual([])
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
  expect(await page.evaluate(overflow)).toBe(0)
  await page.getByRole('link', { name: language === 'sv' ? 'English' : 'Svenska' }).click()
  await page
    .getByRole('heading', { level: 1, name: language === 'sv' ? 'Your privacy choices' : 'Dina integritetsval' })
    .waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

it.each(['', 'key=site_ljungsten_web_wrong&'])('a wrong address (%s) leads to a page that says so', async (query) => {
  const page = await (await openContext(stage.browser, phone)).newPage()
  const answer = await page.goto(`${stage.ledger.url}/console/preferences?${query}lang=sv`)
  expect(answer?.status()).toBe(404)
  await page.getByRole('heading', { level: 1, name: 'Ingen webbplats hör till den här adressen' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.context().close()
})

it.each(['sv', 'en'] as const)('without scripts it says how to decide, in %s', async (language) => {
  const page = await stage.visitHosted('', { language, options: { ...phone, javaScriptEnabled: false } })
  await page
    .getByRole('heading', {
      name: language === 'sv' ? 'Så bestämmer du utan JavaScript' : 'How to decide without JavaScript',
    })
    .waitFor()
  await page.getByRole('link', { name: 'integritet@ljungsten.example' }).first().waitFor()
  await page.getByRole('link', { name: language === 'sv' ? 'Integritetspolicy' : 'Privacy policy' }).waitFor()
  await page.context().close()
})
