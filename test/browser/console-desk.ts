/** The controller's desk in Chromium: a page of the console with a controller's session, and what its browser complained of. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type ConsoleStage, desktop } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'

export interface Desk {
  readonly page: Page
  /** Errors of scripts, and what the content security policy refused. */
  readonly complaints: readonly string[]
  /** Addresses of all requests. */
  readonly addresses: readonly string[]
  goTo(hash: string): Promise<void>
  close(): Promise<void>
}

export interface DeskOptions {
  readonly language?: 'sv' | 'en'
  readonly options?: BrowserContextOptions
  readonly scopes?: string
}

const allScopes = 'consent.admin consent.erase consent.hold'

/** As after signing in, which `console-sign-in.suite.ts` tests: the session is in the tab's storage. */
export async function openDesk(stage: ConsoleStage, hash: string, given: DeskOptions = {}): Promise<Desk> {
  const { language = 'en', options = desktop, scopes = allScopes } = given
  const token = await stage.ledger.token(scopes, 'ljungsten', 'editor', 3600)
  const context = await openContext(stage.browser, { ...options, locale: language === 'sv' ? 'sv-SE' : 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  const addresses: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('request', (request) => addresses.push(request.url()))
  const session = {
    ...{ controller: 'ljungsten', name: 'Ljungsten Inkasso AB', token, scopes: scopes.split(' ') },
    endsAt: Date.now() + 3_600_000,
  }
  await context.addInitScript(
    (text) => sessionStorage.setItem('consent-console:session', text),
    JSON.stringify(session),
  )
  const goTo = async (to: string) => {
    await page.goto(`${stage.ledger.url}/console/#/${to}`)
    await page.locator('main .busy').waitFor({ state: 'detached' })
  }
  await goTo(hash)
  return { page, complaints, addresses, goTo, close: () => context.close() }
}
