/** Somebody with a browser of their own at a page: what they do there, and what the ledger then has of them. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import type { EventHow, EventTimes, PolicyLink } from '../../shared/consent/event.ts'
import { audit, claimsIn, device, statusOfVisitor } from '../support/demo-calls.ts'
import { openContext } from '../support/pages.ts'
import type { RunningLedger } from '../support/running-ledger.ts'
import type { PageSite } from './page-site.ts'

export interface Recorded {
  /** By purposeId: the verb, and why it has no effect if it has none. */
  readonly decisions: Readonly<Record<string, string>>
  readonly how: EventHow
  readonly times: EventTimes
  readonly link: readonly PolicyLink[]
}

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Another page of the site, in another tab. */
  openTab(): Promise<Page>
  /** What the ledger has, in the order in which it came, when nothing is on its way any more. */
  events(): Promise<readonly Recorded[]>
  /** How many an auditor sees that are about the purpose. */
  countOf(purposeId: string): Promise<number>
  statusOf(purposeId: string): Promise<string>
}

export async function openVisitor(
  browser: Browser,
  ledger: RunningLedger,
  site: PageSite,
  script: string,
): Promise<Visitor> {
  const context = await openContext(browser)
  const address = site.publish(script)
  const openTab = async () => {
    const tab = await context.newPage()
    await tab.goto(address)
    return tab
  }
  const page = await openTab()

  const items = () => page.evaluate(() => ({ ...localStorage }))
  const isSettled = async () => !Object.keys(await items()).some((name) => name.includes(':event:'))
  async function secret(): Promise<string> {
    const stored = (await items())[`consent-ledger:${site.key}:device`]
    return JSON.parse(stored ?? '""')
  }

  return {
    page,
    context,
    openTab,
    async events() {
      await expect.poll(isSettled, { interval: 20 }).toBe(true)
      if ((await secret()) === '') return []
      const path = `/v1/me/receipts?key=${site.key}`
      const { json } = await ledger.get(path, device(await secret()))
      return json.receipts.map(recordedOf).sort(byTime)
    },
    async countOf(purposeId) {
      const subject = deviceIdentity(await secret())
      return (await audit(ledger, 'timeline', { subject, purposeId })).json.events.length
    },
    statusOf: async (purposeId) => (await statusOfVisitor(ledger, await secret(), { purposeId })).status,
  }
}

interface Receipt {
  readonly decisions: readonly { purposeId: string; verb: string; reason?: string }[]
  readonly disclosures: readonly string[]
}

function recordedOf({ decisions, disclosures }: Receipt): Recorded {
  const claims = claimsIn(disclosures)
  return {
    decisions: Object.fromEntries(
      decisions.map(({ purposeId, verb, reason }) => [purposeId, reason ? `${verb}: ${reason}` : verb]),
    ),
    how: claims.get('field:how'),
    times: claims.get('field:times'),
    link: claims.get('field:link'),
  }
}

function byTime(one: Recorded, other: Recorded): number {
  return one.times.occurredAt < other.times.occurredAt ? -1 : 1
}
