/** What the demo site's pages say: one time zone, nouns in their number, titles in the place of ids, one word for one thing, and headings in order. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pages } from '../../infra/demo/site/pages.ts'
import { type DemoSite, startDemoSite } from '../../infra/demo/site/start-demo-site.ts'
import { lockDataFolder } from '../../infra/local/data/data-folder.ts'
import { launchChromium, openContext } from '../support/pages.ts'

let folder: string
let demo: DemoSite
let browser: Browser
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-ledger-'))
  demo = await startDemoSite({ port: 0, ledgerPort: 0, dataFolder: await lockDataFolder(folder), log: { cycleMs: 20 } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  await rm(folder, { recursive: true, force: true })
})

/** A visitor in New York, whose clock differs from the company's. */
async function open(path: string): Promise<Page> {
  const page = await (await openContext(browser, { timezoneId: 'America/New_York', locale: 'sv-SE' })).newPage()
  await page.goto(demo.url + path)
  return page
}

/** Each heading that is more than one level below the heading before it. */
function skippedLevels(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
    const levels = all.map(({ localName }) => Number(localName[1]))
    return all.flatMap((heading, i) => {
      const before = levels[i - 1] ?? 0
      return (levels[i] ?? 0) > before + 1 ? [`h${before} → ${heading.localName}: ${heading.textContent}`] : []
    })
  })
}

const shownPaths = Object.keys(pages).flatMap((name) => (/^GET [^.]+$/.test(name) ? [name.slice(4)] : []))

it.each(['sv', 'en'])('headings are in order on every page, in %s', async (language) => {
  const page = await open('/login')
  await page.getByRole('button', { name: 'Neka alla' }).click()
  await page.getByRole('button', { name: 'Elin Bergstrand' }).click()
  await page.getByRole('heading', { name: 'Mitt konto' }).waitFor()
  expect(shownPaths.length).toBeGreaterThan(10)
  for (const path of shownPaths) {
    await page.goto(`${demo.url}${path}?lang=${language}`)
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    expect(await skippedLevels(page), path).toEqual([])
    const text = (await page.locator('body').textContent()) ?? ''
    expect(text, path).not.toMatch(/liggare/i)
  }
  await page.context().close()
})

it('the time of an event is the same in the account’s history and in the mailbox, whatever the visitor’s time zone', async () => {
  const page = await open('/login')
  await page.getByRole('button', { name: 'Neka alla' }).click()
  await page.getByRole('button', { name: 'Elin Bergstrand' }).click()
  const time = page.locator('#history-list time').first()
  const inCompanyZone = new Intl.DateTimeFormat('sv-SE', {
    ...{ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ timeZoneName: 'short', timeZone: 'Europe/Stockholm' },
  })
  const at = new Date((await time.getAttribute('datetime')) ?? '')
  expect(await time.textContent()).toBe(inCompanyZone.format(at))
  await page.goto(`${demo.url}/newsletter`)
  await page.getByLabel('E-postadress').fill('zone@brevbox.example')
  await page.getByLabel('Ja, skicka nyhetsbrevet').check()
  await page.getByRole('button', { name: 'Skicka' }).click()
  await page.goto(`${demo.url}/mailbox`)
  const sent = new Date(demo.site.records.letters.at(-1)?.sentAt ?? '')
  await page.getByText(inCompanyZone.format(sent)).waitFor()
  await page.context().close()
})

it('counts in the singular and the plural, and names purposes by their titles', async () => {
  const page = await open('/?lang=en')
  await page.getByRole('button', { name: 'Accept all' }).click()
  await page.locator('#runs', { hasText: 'Preferences' }).waitFor()
  expect((await page.locator('#runs').textContent())?.split(', ').sort()).toEqual([
    ...['Marketing', 'Preferences', 'Statistics'],
  ])
  await expect.poll(() => demo.site.counted.visits).toBe(1)
  await page.goto(`${demo.url}/newsletter?lang=en`)
  const controls = page.getByRole('complementary', { name: 'Demo controls' })
  await expect.poll(() => demo.site.counted.visits).toBe(2)
  expect(await controls.textContent()).toContain('1 page view')
  expect(await controls.textContent()).not.toContain('1 page views')
  await page.reload()
  expect(await controls.textContent()).toContain('2 page views')
  await page.context().close()
})
