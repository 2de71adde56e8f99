/** A ledger with the public pages, on which three invented companies have published policies as others write them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { world } from '../../infra/demo/world/world.ts'
import { administer } from '../support/demo-calls.ts'
import { launchChromium, openContext } from '../support/pages.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

export const publishedPolicies = [
  { policyId: 'aktell-energi', locale: 'sv-SE', title: 'Så hanterar Åktell Energi dina personuppgifter' },
  { policyId: 'fernwick-outdoor', locale: 'en', title: 'Privacy Notice' },
  { policyId: 'plymo-app', locale: 'en', title: 'Plymo – Privacy Policy & Cookie Statement' },
] as const

export interface PublicStage {
  readonly ledger: RunningLedger
  readonly browser: Browser
  /** Publishes a policy that has this text, and everything else as the demo's. */
  publish(policyId: string, text: string, more?: object, controller?: string): Promise<void>
  /** A page and everything that it complains about. */
  open(path: string, options?: BrowserContextOptions): Promise<{ readonly page: Page; readonly complaints: string[] }>
  close(): Promise<void>
}

export async function openPublicStage(): Promise<PublicStage> {
  const ledger = await startLedger({ clockOnlyGoesOn: true })
  const browser = await launchChromium()

  async function publish(policyId: string, text: string, more: object = {}, controller = 'tallmo'): Promise<void> {
    const draft = world.tallmo.publications[0]?.draft
    const { locale = 'en', ...rest } = more as { locale?: string }
    const reply = await administer(
      ledger,
      `/policies/${policyId}/versions`,
      {
        ...draft,
        policyId: undefined,
        ...{ version: '1', kind: 'other', effectiveFrom: undefined, changes: [], purposes: [] },
        title: { [locale]: policyId },
        summary: { [locale]: policyId },
        texts: [{ locale, mediaType: 'text/markdown', text }],
        ...rest,
      },
      controller,
    )
    if (reply.status !== 201) throw new Error(`not published: ${reply.text}`)
  }

  for (const { policyId, locale } of publishedPolicies) {
    const file = join(import.meta.dirname, 'published-policies', `${policyId}.${locale.slice(0, 2)}.md`)
    await publish(policyId, await readFile(file, 'utf8'), { locale })
  }
  // Longer than an instance remembers what policies there are.
  ledger.setClockAhead(31_000)

  return {
    ledger,
    browser,
    publish,
    async open(path, options) {
      const page = await (await openContext(browser, options)).newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('request', (request) => {
        if (!request.url().startsWith(ledger.url)) complaints.push(`asks ${request.url()}`)
      })
      await page.goto(ledger.url + path)
      return { page, complaints }
    },
    async close() {
      await browser.close()
      await ledger.close()
    },
  }
}
