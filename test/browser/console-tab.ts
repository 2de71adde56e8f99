/**
 * A tab of the console in Chromium, already signed in where a scope is given (`sign-in.suite.ts` tries the way there), which notes everything
 * that the browser complains of: errors, violated policies, files that were not there.
 */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type ConsoleStage, desktop } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'

export interface ConsoleTab {
  readonly page: Page
  readonly complaints: readonly string[]
}

export interface TabOptions extends BrowserContextOptions {
  /** Scopes of the session, separated by spaces; absent: nobody is signed in. */
  readonly scope?: string
  /** Whose reader is signed in. */
  readonly controller?: 'ljungsten' | 'tallmo'
  /** Before the page's first request. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

export async function openTab(
  stage: Pick<ConsoleStage, 'ledger' | 'browser'>,
  path: string,
  options: TabOptions = {},
): Promise<ConsoleTab> {
  const { scope, controller = 'ljungsten', prepare, ...more } = options
  const context = await openContext(stage.browser, { locale: 'en-GB', timezoneId: 'UTC', ...desktop, ...more })
  if (scope !== undefined) {
    await signIn(context, stage, scope, controller)
  }
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await prepare?.(page)
  await page.goto(`${stage.ledger.url}/console/#/${path}`)
  return { page, complaints }
}

/** Whatever page of the console is opened in the context from now on has this session. */
export async function signIn(
  context: BrowserContext,
  { ledger }: Pick<ConsoleStage, 'ledger'>,
  scope: string,
  controller: 'ljungsten' | 'tallmo' = 'ljungsten',
): Promise<void> {
  const token = await ledger.token(scope, controller, 'auditor')
  const session = { controller, name: controller, token, scopes: scope.split(' '), endsAt: Date.now() + 600_000 }
  await context.addInitScript(
    ([text]) => sessionStorage.setItem('consent-console:session', text ?? ''),
    [JSON.stringify(session)],
  )
}

/** Opens all that can be opened, so that nothing on the page is left out. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true
  })
}

/** Pixels by which the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
