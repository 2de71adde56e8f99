/**
 * A reader of the console in a browser of their own, signed in at the development issuer: steps that the suites of its pages share. What the
 * browser complains of, and requests to any other server, are kept; each suite says that there are none.
 */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type ConsoleStage, desktop, phone, violations } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'

export interface Reading {
  /** Hash of the page that the reader wants, such as `#/timeline`. */
  readonly hash: string
  readonly as?: 'auditor' | 'administrator'
  readonly language?: 'en' | 'sv'
  readonly options?: BrowserContextOptions
}

export interface ConsoleReader {
  readonly page: Page
  /** Errors and violated policies that the browser reported, and addresses of other servers that the page asked. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** How the console is looked at: each window with its colours. */
export const windows: readonly (readonly [string, BrowserContextOptions])[] = [
  ['a desktop, light', { ...desktop, colorScheme: 'light' }],
  ['a desktop, dark', { ...desktop, colorScheme: 'dark' }],
  ['a phone, light', { ...phone, colorScheme: 'light' }],
  ['a phone, dark', { ...phone, colorScheme: 'dark' }],
  ['320 px', { viewport: { width: 320, height: 640 }, colorScheme: 'light' }],
  ['forced colours', { ...desktop, forcedColors: 'active' }],
]

/** Opens a page of the console without signing in. */
export function openConsole(
  stage: Pick<ConsoleStage, 'ledger' | 'browser'>,
  { hash, ...reading }: Reading,
): Promise<ConsoleReader> {
  return openPath(stage, `/console/${hash}`, reading)
}

/** Opens any page of the ledger. */
export async function openPath(
  { ledger, browser }: Pick<ConsoleStage, 'ledger' | 'browser'>,
  path: string,
  { language = 'en', options = desktop }: Pick<Reading, 'language' | 'options'>,
): Promise<ConsoleReader> {
  const context = await openContext(browser, { locale: language, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== ledger.url && protocol !== 'blob:' && protocol !== 'data:') complaints.push(request.url())
  })
  await page.goto(ledger.url + path)
  return { page, complaints, close: () => context.close() }
}

/** Opens a page of the console and signs in for Ljungsten, in the role that the page proposes. */
export async function openReader(
  stage: Pick<ConsoleStage, 'ledger' | 'browser'>,
  reading: Reading,
): Promise<ConsoleReader> {
  const reader = await openConsole(stage, reading)
  await reader.page.locator('form button[type=submit]').click()
  await reader.page.locator(`button[name=as][value=${reading.as ?? 'auditor'}]`).click()
  await reader.page.waitForURL(`${stage.ledger.url}/console/**`)
  await reader.page.locator('.session').waitFor()
  return reader
}

/** Opens everything that can be unfolded. */
export function unfoldAll(page: Page): Promise<void> {
  return page.locator('main details').evaluateAll((all) => {
    for (const each of all) each.setAttribute('open', '')
  })
}

/** WCAG 2.2 AA as far as axe finds it, and a page that does not scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
  expect(await page.evaluate(overflow)).toBe(0)
}
