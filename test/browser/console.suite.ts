/** The console's pages Ask and Timeline in Chromium: what an auditor reads there, in both languages and in every window. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleStage, openConsoleStage, phone } from '../support/console-stage.ts'
import { kim, pageOfTimeline, recordHistory, withManyEvents, withUnreadable } from './console-history.ts'
import { type ConsoleReader, expectAccessible, openReader, type Reading, unfoldAll, windows } from './console-reader.ts'
import { signIn } from './console-tab.ts'
import { lighthouseScores } from './lighthouse.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
  await recordHistory(stage.ledger)
})
afterAll(() => stage?.close())

const labels = {
  en: { identifier: 'Identifier', about: 'About', ask: 'Ask', show: 'Show the history' },
  sv: { identifier: 'Identitet', about: 'Om', ask: 'Fråga', show: 'Visa historiken' },
} as const

/** A reader at a page who has filled in the question. */
async function openQuestion(reading: Reading, topic = 'purpose/statistics'): Promise<ConsoleReader> {
  const reader = await openReader(stage, reading)
  const { identifier, about } = labels[reading.language ?? 'en']
  await reader.page.getByLabel(identifier, { exact: true }).fill(kim.id)
  await reader.page.getByLabel(about, { exact: true }).selectOption(topic)
  return reader
}

async function answer(page: Page, name: string): Promise<string> {
  const answered = page.waitForResponse((response) => response.url().endsWith('/v1/audit/timeline'))
  await page.getByRole('button', { name, exact: true }).click()
  await answered
  await page.locator('.busy').waitFor({ state: 'detached' })
  return (await page.locator('.sentence').textContent()) ?? ''
}

/** How many dates the page writes because of a press. */
async function countDates(page: Page, press: () => Promise<void>): Promise<number> {
  const count = await page.evaluateHandle(() => {
    const dates = Intl.DateTimeFormat.prototype
    const format = Object.getOwnPropertyDescriptor(dates, 'format')
    const count = { dates: 0 }
    Object.defineProperty(dates, 'format', {
      get() {
        count.dates += 1
        return format?.get?.call(this)
      },
    })
    return count
  })
  await press()
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
  return (await count.jsonValue()).dates
}

async function showHistory(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  await page.locator('.lane').first().waitFor()
}

describe('Ask', () => {
  it('says what linked identities amount to together, how the person was known, and how the decision was made', async () => {
    const { page, close } = await openQuestion({ hash: '#/ask' })
    await answer(page, 'Ask')
    const joint = page.locator('.notice', { hasText: 'Together with linked identities' })
    expect(await joint.textContent()).toMatch(
      /This person withdrew the consent to “Statistics” on .+, and had not given it again/,
    )
    expect(await joint.textContent()).toContain('contradict')
    const facts = (await page.locator('.facts').textContent()) ?? ''
    expect(facts).toContain('Named by the controller’s own server or staff.')
    expect(facts).toContain('on the web, in the banner, with a button, “save my choices”')
    await close()
  })

  it('says when the ledger cannot be reached, and when nobody is known by the identifier', async () => {
    const { page, close } = await openQuestion({ hash: '#/ask' })
    await page.route('**/v1/audit/**', (route) => route.abort())
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('No answer of the ledger arrived').waitFor()
    await expectAccessible(page)
    await page.unroute('**/v1/audit/**')
    await page.getByLabel('Identifier', { exact: true }).fill('nobody@example.org')
    expect(await answer(page, 'Ask')).toMatch(/^No decision of this person/)
    await close()
  })
})

it('Ask and Timeline say when part of what is recorded cannot be read, and state no yes', async () => {
  const { page, close } = await openQuestion({ hash: '#/ask' })
  await page.route('**/v1/audit/*', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: withUnreadable(await response.text()) })
  })
  expect(await answer(page, 'Ask')).toMatch(/^Part of what is recorded about “Statistics” cannot be read/)
  await page.getByText('3 recorded entries cannot be read.').waitFor()
  await expectAccessible(page)
  await page.goto(`${stage.ledger.url}/console/#/timeline`)
  await showHistory(page, 'Show the history')
  await page.getByText('3 recorded entries cannot be read.').waitFor()
  await expectAccessible(page)
  await close()
})

describe('Timeline', () => {
  it('has a lane for each purpose, a mark for each event, and the same facts in a table', async () => {
    const { page, complaints, close } = await openQuestion({ hash: '#/timeline' })
    await showHistory(page, 'Show the history')
    expect(await page.locator('.lane h3').allTextContents()).toEqual([
      'StatisticsAsked about',
      expect.stringContaining('Preferences'),
      expect.stringContaining('Marketing'),
    ])
    const statistics = page.locator('[data-lane="purpose/statistics"]')
    const names = await statistics.locator('.mark').evaluateAll((marks) => marks.map((mark) => mark.ariaLabel))
    expect(names.map((name) => name?.split(':')[0])).toEqual([
      ...['Consent given', 'Consent withdrawn', '3 events', 'Consent given'],
    ])
    const table = page.getByRole('region', { name: 'History as a table' })
    const text = (await table.textContent()) ?? ''
    for (const fact of [
      'Version 2 of “Cookie policy” came into force',
      'Difference to version 1',
      'Linked with another identity',
      'Consent withdrawn: Statistics',
      'The person was told that the signal was honoured.',
      'Google’s tags were told: analytics_storage granted (Statistics) · ad_storage denied (Marketing, Preferences)',
    ])
      expect(text).toContain(fact)
    const difference = table.getByRole('link', { name: 'Difference to version 1' }).first()
    expect(await difference.getAttribute('href')).toBe('/policies/ljungsten/cookie-policy/diff?from=1&to=2')
    const link = table.getByRole('link', { name: 'Cookie policy, version 2' }).first()
    expect(await link.getAttribute('href')).toBe('/policies/ljungsten/cookie-policy/versions/2')

    // The statuses of other lanes are asked for on a press only: each question is recorded.
    expect(await page.locator('[data-lane="purpose/preferences"] .span').count()).toBe(0)
    await page.getByRole('button', { name: 'Ask for the status of the other lanes, too' }).click()
    await page.locator('[data-lane="purpose/preferences"] .span').first().waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  it('is read with the keyboard alone: from mark to mark, into a group, and to the row of an event', async () => {
    const { page, close } = await openQuestion({ hash: '#/timeline' })
    await page.getByRole('button', { name: 'Show the history' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.lane').first().waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
    await page.getByRole('button', { name: 'Show less time' }).focus()
    while (!(await focused()).startsWith('Consent given: Statistics')) await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toMatch(/^Consent withdrawn: Statistics/)
    expect(await page.locator('.chosen-mark').textContent()).toContain('Consent withdrawn: Statistics')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toMatch(/^3 events: Statistics/)
    await page.keyboard.press('Enter')
    expect(await focused()).toMatch(/^Consent given: Statistics/)
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toMatch(/^Consent refused: Statistics/)
    await page.keyboard.press('Enter')
    const found = () => page.evaluate(() => document.activeElement?.textContent)
    await expect.poll(found).toContain('Consent refused: Statistics')
    expect(await page.locator('tr[aria-current]').textContent()).toContain('Consent refused: Statistics')
    await page.locator('.mark[tabindex="0"]').focus()
    await page.keyboard.press('0')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toMatch(/Preferences/)
    await page.keyboard.press('0')
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('+')
    for (let press = 0; press < 9; press += 1) await page.keyboard.press('Shift+ArrowRight')
    expect(await page.locator('.mark').count()).toBe(0)
    await page.keyboard.press('0')
    expect(await focused()).toMatch(/Preferences/)
    await close()
  })

  it('shows with the first touch what a mark stands for, and opens it with the next', async () => {
    const { page, close } = await openQuestion({ hash: '#/timeline', options: { ...phone, hasTouch: true } })
    await showHistory(page, 'Show the history')
    const mark = page.getByRole('button', { name: /^Consent refused: Marketing/ })
    await mark.tap()
    expect(await page.locator('.chosen-mark').textContent()).toContain('Consent refused: Marketing')
    expect(await page.locator('tr[aria-current]').count()).toBe(0)
    await mark.tap()
    await page.locator('tr[aria-current]').waitFor()
    await page.getByRole('button', { name: 'Find it in the table' }).click()
    const found = () => page.evaluate(() => document.activeElement?.textContent)
    await expect.poll(found).toContain('Consent refused: Marketing')
    await close()
  })

  it('with 10,000 events draws groups that have them all, and a page of the table', async () => {
    const { page, complaints, close } = await openQuestion({ hash: '#/timeline' })
    let whole: string | undefined
    await page.route('**/v1/audit/timeline', async (route) => {
      const question = route.request().postDataJSON()
      if (whole !== undefined) return route.fulfill({ json: JSON.parse(pageOfTimeline(whole, question)) })
      const response = await route.fetch()
      whole = withManyEvents(await response.text(), 10_000)
      return route.fulfill({ response, body: pageOfTimeline(whole, question) })
    })
    await showHistory(page, 'Show the history')
    await page.getByText('1,000 of 10,000 events are loaded, the oldest first').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Load the next 1,000 events' }).click()
    await page.getByText('2,000 of 10,000 events are loaded').waitFor()
    await page.getByRole('button', { name: 'Load all' }).click()
    await page.getByText('events are loaded').waitFor({ state: 'detached' })
    const counted = () =>
      page
        .locator('.mark')
        .evaluateAll((marks) =>
          marks.map((mark) => Number(/^\d+/.exec(mark.ariaLabel?.replaceAll(',', '') ?? '') ?? 1)),
        )
    expect((await counted()).reduce((sum, count) => sum + count, 0)).toBe(10_000)
    const parts = () => page.locator('.picture *, .scroll *').count()
    expect(await parts()).toBeLessThan(3_000)
    expect(await page.locator('tbody tr').count()).toBe(50)
    await expectAccessible(page)

    // A step to the next mark writes that one's facts, and neither the other marks' names nor the table nor the statuses behind the marks.
    await page.locator('.mark').first().focus()
    const dates = await countDates(page, () => page.keyboard.press('ArrowRight'))
    expect(dates).toBeGreaterThan(0)
    expect(dates).toBeLessThan((await counted()).length)

    await page.locator('.mark').nth(3).click()
    await page.getByRole('button', { name: 'Show less time' }).click()
    expect((await counted()).length).toBeGreaterThan(1)
    expect(await parts()).toBeLessThan(3_000)
    await page.getByRole('button', { name: 'Everything' }).click()
    await page.getByRole('button', { name: 'Later rows' }).click()
    expect(await page.locator('caption').textContent()).toMatch(/^Rows 51–100 of 10,0\d\d/)
    expect(complaints).toEqual([])
    await close()
  })

  it('says which receivers acted on an event, and which have not reported', async () => {
    const { page, complaints, close } = await openQuestion({ hash: '#/timeline' })
    await page.route('**/v1/audit/timeline', async (route) => {
      const response = await route.fetch()
      const timeline = await response.json()
      const [{ times }, withdrawn] = timeline.events
      const [at, purposeId] = [times.recordedAt, 'statistics']
      const report = { endpoint: 'crm', leaf: 4, part: 0, completedAt: at, reportedAt: at, reportLeaf: 17, purposeId }
      const missing = { endpoint: 'mail', purposeId, deliveredAt: at, dueAt: at, isLate: true }
      Object.assign(withdrawn, { completions: [report], notReported: [missing] })
      return route.fulfill({ response, json: timeline })
    })
    await showHistory(page, 'Show the history')
    const row = page.getByRole('row').filter({ hasText: 'Consent withdrawn: Statistics' })
    const text = (await row.textContent()) ?? ''
    for (const fact of [
      /crm states that it acted on /,
      /Reported on .*, leaf 17/,
      /mail has not reported .* due since /,
    ])
      expect(text).toMatch(fact)
    await expectAccessible(page)
    await keepPicture(page, 'timeline completions', ['light', 'dark'])
    expect(complaints).toEqual([])
    await close()
  })

  it('says when nobody is known by the identifier', async () => {
    const { page, close } = await openQuestion({ hash: '#/timeline' })
    await page.getByLabel('Identifier', { exact: true }).fill('nobody@example.org')
    await page.getByRole('button', { name: 'Show the history' }).click()
    await page.getByText('The ledger has no event of a person with this identifier').waitFor()
    await expectAccessible(page)
    await close()
  })
})

it('on a phone the menu is a button: it opens with a key, and folds with Escape or when a page is opened', async () => {
  const { page, close } = await openReader(stage, { hash: '#/ask', options: phone })
  const button = page.getByRole('button', { name: 'Pages: Ask' })
  expect(await page.getByRole('link', { name: 'Timeline', exact: true }).isVisible()).toBe(false)
  await button.focus()
  await page.keyboard.press('Enter')
  await expectAccessible(page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  expect(await button.getAttribute('aria-expanded')).toBe('false')
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Timeline', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Timeline' }).waitFor()
  expect(await page.getByRole('link', { name: 'Ask', exact: true }).isVisible()).toBe(false)
  await close()
})

// The other two of `windows` are those of a working day.
describe.each(windows.filter(([name]) => !['a desktop, light', 'a phone, dark'].includes(name)))('%s', (_, options) => {
  it('has no barrier that axe finds, in question, answer and history', async () => {
    const language = options.colorScheme === 'dark' ? 'sv' : 'en'
    const { page, complaints, close } = await openQuestion({ hash: '#/ask', language, options })
    await expectAccessible(page)
    await answer(page, labels[language].ask)
    await unfoldAll(page)
    await expectAccessible(page)
    await page.goto(`${stage.ledger.url}/console/#/timeline`)
    await showHistory(page, labels[language].show)
    await page.locator('.mark').nth(2).focus()
    await unfoldAll(page)
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await close()
  })
})

// `public-pages.suite.ts` measures a public page.
describe('Lighthouse gives at least 95 in each category', () => {
  it.each([
    ['the first page, signed out', '', undefined],
    ['Ask, signed in', '#/ask', 'consent.audit'],
  ] as const)('%s', async (_, hash, scope) => {
    const { scores, lost } = await lighthouseScores(`${stage.ledger.url}/console/${hash}`, async (context) => {
      if (scope) await signIn(context, stage, scope)
    })
    for (const [category, score] of Object.entries(scores))
      expect(score, `${category}: ${lost.join(', ')}`).toBeGreaterThanOrEqual(95)
  })
})
