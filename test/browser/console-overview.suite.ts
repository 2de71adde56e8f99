/** The console's page Overview in Chromium: numbers that are known, those that are hidden, and each state of the page. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleStage, desktop, phone, violations } from '../support/console-stage.ts'
import { launchChromium } from '../support/pages.ts'
import { startLedger } from '../support/running-ledger.ts'
import { type ConsoleTab, openTab, overflowOf, type TabOptions, unfoldAll } from './console-tab.ts'
import { firstDay, now, recordWeek } from './overview-days.ts'
import { keepPicture } from './pictures.ts'

/** Without the sites of the usual stage, which are made today: the log's time could not go back to the week. */
let stage: Pick<ConsoleStage, 'ledger' | 'browser'>
let empty: { readonly found: readonly string[]; readonly text: string }

async function open(path = 'overview', options: TabOptions = {}): Promise<ConsoleTab> {
  const tab = await openTab(stage, path, {
    scope: 'consent.statistics',
    ...options,
    prepare: async (page) => {
      await page.clock.setFixedTime(now)
      await options.prepare?.(page)
    },
  })
  tab.page.setDefaultTimeout(10_000)
  return tab
}

/** Cells of the row of a table, by the table's caption and the row's first cell. */
const rowOf = (page: Page, table: string | RegExp, row: string | RegExp) =>
  page
    .getByRole('table', { name: table })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: row }) })
    .getByRole('cell')

async function saved(page: Page, button: RegExp): Promise<string[]> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
  return (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
}

beforeAll(async () => {
  const ledger = await startLedger({ clockOnlyGoesOn: true })
  ledger.setClock(firstDay)
  stage = { ledger, browser: await launchChromium() }
  const { page } = await open()
  await page.getByText('No day has been counted yet').waitFor()
  await keepPicture(page, 'overview empty', ['light', 'dark'])
  empty = { found: await violations(page), text: await page.locator('main').innerText() }
  await page.context().close()
  await recordWeek(stage.ledger)
})
afterAll(async () => {
  await stage?.browser.close()
  await stage?.ledger.close()
})

it('says when the first numbers come, while there are none, and draws nothing', () => {
  expect(empty.found).toEqual([])
  expect(empty.text).toContain('once something has been recorded on a second day')
  expect(empty.text).not.toContain('Agreed')
})

describe('the numbers', () => {
  it('are those of the period for each purpose, and what is hidden is never a zero', async () => {
    const { page, complaints } = await open()
    await page.getByText('Numbers of 27 October 2026 to 25 November 2026, in days of UTC.').waitFor()
    await page.getByText('All of them are final.').waitFor()
    const all = 'People in the period'
    // Agreed 42 + 40 + 25 + 20, and 5 and 3 who are hidden; refused 20 + 15 + 25, and 3 who are hidden.
    expect(await rowOf(page, all, /^Statistics/).allInnerTexts()).toEqual(
      ['about 68%', 'over 127', 'over 60', '11', '0', '0', '0'].map((text) => expect.stringContaining(text)),
    )
    expect(await rowOf(page, all, /^Marketing/).allInnerTexts()).toEqual(['0%', '0', '14', '0', '0', '0', '0'])
    expect(await saved(page, /^Save as CSV: All purposes/)).toContain(
      'Statistics,purpose/statistics,127,60,11,0,0,0,"Agreed, Refused"',
    )
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('of each day are in the chart, in words, in the table and in the file', async () => {
    const { page, complaints } = await open('overview?from=2026-11-20&to=2026-11-25')
    await expect.poll(() => drawnPixels(page)).toBeGreaterThan(500)
    const output = page.locator('output')
    expect(await output.innerText()).toBe('25 November 2026: 20 agreed and 0 refused.')
    const slider = page.getByLabel('Go through the days')
    await slider.focus()
    const told: string[] = []
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('ArrowLeft')
      told.push((await output.innerText()).replace(/ November 2026/, ''))
    }
    expect(told).toEqual([
      '24: over 25 agreed and 25 refused.',
      '23: 0 agreed and 0 refused.',
      '22: hidden agreed and hidden refused.',
      '21: 40 agreed and 15 refused.',
      '20: 42 agreed and 20 refused.',
    ])
    expect(await slider.getAttribute('aria-valuetext')).toBe(await output.innerText())
    await page.getByText('1 day is hatched').waitFor()
    await page.getByText('1 day has a hollow point').waitFor()
    // The pointer goes through the days as the slider does.
    await page.locator('.growth-canvas canvas').hover({ position: { x: 600, y: 100 } })
    await expect.poll(() => output.innerText()).not.toContain('20 November')
    await page.getByLabel('Withdrew').check()
    await slider.fill('5')
    expect(await output.innerText()).toBe('25 November 2026: 20 agreed, 0 refused and 11 withdrew.')
    await page.getByText('The 6 days as a table').click()
    expect(await rowOf(page, /^Day by day/, '22 November 2026').allInnerTexts()).toEqual([
      ...['hidden', 'hidden'],
      ...['0', '0', '0', '0'],
    ])
    const lines = await saved(page, /^Save as CSV: Day by day/)
    expect(lines.slice(1)).toEqual([
      '2026-11-20,42,20,0,0,0,0,',
      '2026-11-21,40,15,0,0,0,0,',
      '2026-11-22,,,0,0,0,0,"Agreed, Refused"',
      '2026-11-23,0,0,0,0,0,0,',
      '2026-11-24,25,25,0,0,0,0,Agreed',
      '2026-11-25,20,0,11,0,0,0,',
    ])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('compare two wordings, versions, channels and languages', async () => {
    const { page } = await open('overview?from=2026-11-20&to=2026-11-25')
    const wording = rowOf(page, 'Statistics, by presentation', 'cookie-banner-2025')
    await wording.first().waitFor()
    expect(await wording.allInnerTexts()).toEqual(
      ['61%', '95', '60', '0', '0', '0', '0'].map((text) => expect.stringContaining(text)),
    )
    await page.getByLabel('Compare by').selectOption('channel')
    await rowOf(page, 'Statistics, by channel', 'Web').first().waitFor()
    expect(page.url()).toContain('by=channel')
    await rowOf(page, 'Statistics, by channel', 'Other or not known').first().waitFor()
    await page.getByLabel('Compare by').selectOption('locale')
    await rowOf(page, 'Statistics, by language', 'English').first().waitFor()
    await page.getByLabel('Compare by').selectOption('version')
    const link = page.getByRole('table', { name: 'Statistics, by version' }).getByRole('link', { name: '2' })
    expect(await link.getAttribute('href')).toBe('/policies/ljungsten/cookie-policy/versions/2?lang=en')
    expect(await saved(page, /^Save as CSV: Statistics, by version/)).toContainEqual(
      expect.stringMatching(/^2,127,60,/),
    )
    await page.context().close()
  })

  it('say how many people a scheduled version asks again, and lead to its public page', async () => {
    const { page } = await open()
    const cells = (version: string) =>
      page
        .getByRole('table', { name: 'People at the end of 25 November 2026' })
        .getByRole('row')
        .filter({ hasText: version })
        .allInnerTexts()
    const link = page.getByRole('link', { name: 'Privacy policy, version 3' })
    await link.waitFor()
    expect((await cells('Privacy policy')).join()).toMatch(/from 15 January 2027.*\s30\s+30 \(100%\)/s)
    expect((await cells('Cookie policy')).join()).toMatch(/Statistics\s+120\s+fewer than 10, or nobody/)
    await link.click()
    await page.waitForURL('**/policies/ljungsten/privacy-policy/versions/3?lang=en')
    expect((await page.locator('h1').innerText()).length).toBeGreaterThan(3)
    await page.context().close()
  })
})

describe('the reader', () => {
  it('chooses a purpose by keyboard, and days of their own; the address keeps both', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: /^Marketing/ }).focus()
    await page.keyboard.press('Enter')
    const heading = page.getByRole('heading', { level: 2, name: /^In detail: Marketing/ })
    await heading.waitFor()
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.getByLabel('Period', { exact: true }).selectOption('own')
    await page.getByLabel('First day').fill('2026-11-26')
    await page.getByRole('alert').getByText('The last day is before the first.').waitFor()
    await page.getByLabel('First day').fill('2024-11-26')
    await page.getByRole('alert').getByText('A period has at most 366 days.').waitFor()
    await page.getByLabel('First day').fill('2026-11-21')
    await page.getByText('Nobody decided anything in this period').first().waitFor()
    await page.reload()
    await heading.waitFor()
    expect(await page.getByLabel('First day').inputValue()).toBe('2026-11-21')
    await page.context().close()
  })

  it('is told when the ledger fails, and tries again', async () => {
    const { page } = await open('overview', {
      prepare: (each) =>
        each.route('**/statistics?**', (route) => route.fulfill({ status: 403, json: { code: 'forbidden' } })),
    })
    await page.getByText('Your session does not have the right to do this.').waitFor()
    await keepPicture(page, 'overview refused')
    await page.unroute('**/statistics?**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Scheduled versions' }).waitFor()
    await page.context().close()
  })

  it('without the scope is asked to sign in for it', async () => {
    const { page } = await open('overview', { scope: 'consent.audit' })
    await page.getByText('(consent.statistics)').waitFor()
    await page.getByRole('radio', { name: /^See statistics/, checked: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Overview' }).count()).toBe(0)
    await page.context().close()
  })
})

/** Pixels of the chart that are not transparent. */
function drawnPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.growth-canvas canvas')
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    return pixels.filter((value, i) => i % 4 === 3 && value > 0).length
  })
}

describe.each([
  ['en', 'en-GB'],
  ['sv', 'sv-SE'],
] as const)('in %s', (language, locale) => {
  it('has no barrier that axe finds in any window and theme, and needs no scrolling sideways', async () => {
    const { page, complaints } = await open('overview?from=2026-11-20&to=2026-11-25', { locale, ...desktop })
    await expect.poll(() => drawnPixels(page)).toBeGreaterThan(500)
    await page.getByRole('table').nth(2).waitFor()
    const look = async (name: string) => {
      await keepPicture(page, `overview ${language} ${name}`)
      expect(await violations(page), name).toEqual([])
      expect(await overflowOf(page), name).toBe(0)
    }
    await look('desktop')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize(phone.viewport)
    await look('phone dark')
    await unfoldAll(page)
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 320, height: 640 })
    await look('narrow, unfolded, forced colours')
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
