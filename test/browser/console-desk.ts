/** The controller's desk in Chromium: a tab of the console with a controller's session, and the addresses of all its requests. */
import type { BrowserContextOptions } from 'playwright-core'
import type { ConsoleStage } from '../support/console-stage.ts'
import { type ConsoleTab, openTab } from './console-tab.ts'

export interface Desk extends ConsoleTab {
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

export async function openDesk(stage: ConsoleStage, hash: string, given: DeskOptions = {}): Promise<Desk> {
  const { language = 'en', options = {}, scopes = allScopes } = given
  const addresses: string[] = []
  const tab = await openTab(stage, hash, {
    ...options,
    locale: language === 'sv' ? 'sv-SE' : 'en-GB',
    scope: scopes,
    prepare: async (page) => page.on('request', (request) => addresses.push(request.url())),
  })
  const { page } = tab
  page.setDefaultTimeout(10_000)
  const settled = () => page.locator('main .busy').waitFor({ state: 'detached' })
  await settled()
  const goTo = async (to: string) => {
    await page.goto(`${stage.ledger.url}/console/#/${to}`)
    await settled()
  }
  return { ...tab, addresses, goTo, close: () => page.context().close() }
}
