/** An auditor at the console in a browser of their own: signed in without the way there, and with all that the browser complains of. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type ConsoleStage, desktop } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'

export interface ConsoleReader {
  readonly page: Page
  /** Errors, and violations of the content security policy. */
  readonly complaints: readonly string[]
}

export interface ReaderOptions extends BrowserContextOptions {
  /** Absent: nobody is signed in. */
  readonly scope?: string
}

export async function openConsole(
  stage: ConsoleStage,
  path: string,
  { scope, ...options }: ReaderOptions = {},
): Promise<ConsoleReader> {
  const context = await openContext(stage.browser, { locale: 'en-GB', timezoneId: 'UTC', ...desktop, ...options })
  if (scope !== undefined) {
    const token = await stage.ledger.token(scope, 'ljungsten', 'auditor')
    const session = { controller: 'ljungsten', name: 'Ljungsten', token, scopes: [scope], endsAt: Date.now() + 600_000 }
    await context.addInitScript(
      (text) => sessionStorage.setItem('consent-console:session', text),
      JSON.stringify(session),
    )
  }
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${stage.ledger.url}/console/#/${path}`)
  return { page, complaints }
}
