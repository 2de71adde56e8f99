/**
 * Starts the website of the invented company with a ledger of its own, for `npm run demo:site` and for the end-to-end test. The site calls
 * its ledger over HTTP only, as a controller's server does; this file holds the ledger to start and stop it and to move its clock.
 */
import { join } from 'node:path'
import { openLedger } from '../../../shared/server/server.ts'
import type { DataFolder } from '../../local/data/data-folder.ts'
import { audienceOf } from '../../local/development-issuer.ts'
import type { GatewayFault } from '../../local/gateway/options.ts'
import { type LocalLedger, openLocalLedger } from '../../local/local-ledger.ts'
import { localOrigins } from '../../local/local-origins.ts'
import type { LogRunnerOptions } from '../../local/log/log-runner.ts'
import { serve } from '../../local/serve.ts'
import { openDemoWorld } from '../world.ts'
import { bundleBrowserCode } from './browser-code.ts'
import { importEarlierCustomer } from './earlier-customer.ts'
import { openForwardClock } from './forward-clock.ts'
import { publishNextTerms } from './next-terms.ts'
import { openSessions } from './sessions.ts'
import type { Site } from './site.ts'
import { openSiteRecords } from './site-records.ts'
import { listen } from './site-server.ts'

export interface DemoSiteOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly ledgerPort: number
  readonly dataFolder: DataFolder
  readonly log?: LogRunnerOptions
  /** Called with each fault, which holds nothing from the request. */
  readonly onFault?: (fault: Pick<GatewayFault, 'routeKey' | 'error'>) => void
}

export interface DemoSite {
  readonly url: string
  readonly ledgerUrl: string
  readonly site: Site
  readonly local: LocalLedger
  close(): Promise<void>
}

const controller = 'ljungsten'
export const demoHost = 'localhost'
const hourSeconds = 3600
const webServer = 'web-server@ljungsten.example'
/** Lets the site's server ask before it sends the newsletter. The id is fixed, so that a restart makes no second grant. */
const newsletterGrant = {
  grantId: '7d0f4b1a-3a53-4f0c-9b26-5b8f3d0a2101',
  auditor: { subject: webServer },
  name: 'Ljungsten, before each newsletter',
  purposes: ['newsletter'],
  subjects: 'all',
  until: '2100-01-01T00:00:00Z',
} as const

export async function startDemoSite({
  port,
  ledgerPort,
  dataFolder,
  log,
  onFault,
}: DemoSiteOptions): Promise<DemoSite> {
  const clock = await openForwardClock(join(dataFolder.path, 'clock'))
  const server = await listen({ host: demoHost, port, onFault: (routeKey, error) => onFault?.({ routeKey, error }) })
  let ledgerUrl = ''
  const closing: (() => Promise<void>)[] = [server.close]
  const close = async () => {
    for (const end of closing) await end()
  }
  try {
    const local = await openLocalLedger({ dataFolder, clock: clock.now, log, baseUrl: () => ledgerUrl })
    closing.push(local.close)
    const sites = await openDemoWorld(local)
    const allowsOrigin = localOrigins(sites.values(), () => ledgerUrl)
    const options = { host: demoHost, port: ledgerPort, log: onFault, allowsOrigin, developmentSignIn: true }
    const gateway = await serve(local, options)
    closing.splice(1, 0, gateway.close)
    ledgerUrl = gateway.url

    const tokenFor = (subject: string, scope: string) =>
      local.issuer.token({ audience: audienceOf(controller), subject, scope, lifetimeSeconds: hourSeconds })
    const asServer = {
      url: ledgerUrl,
      controller,
      clock: clock.now,
      token: (scope: string) => tokenFor(webServer, scope),
    }
    const siteKey = sites.get(`${controller}/web`)?.key ?? ''
    const ledger = openLedger({ ...asServer, siteKey })
    const records = await openSiteRecords(join(dataFolder.path, 'site.json'))
    await publishNextTerms(ledger, clock.now())
    // The ledger caches what is published. Read it now, so that the first visitor sees the new version.
    await local.ledger.controllers.current(controller)
    await importEarlierCustomer(ledger, records)
    await ledger.makeGrant(newsletterGrant)
    const site: Site = {
      url: server.url,
      ledgerUrl,
      siteKey,
      controller,
      ledger,
      records,
      outbox: join(dataFolder.path, 'mailbox'),
      clock,
      sessions: openSessions(),
      counted: { visits: 0, advertisements: 0 },
      browserCode: await bundleBrowserCode(),
      logPolicy: await ledger.getLogPolicy(),
      tokenOf: (account) => tokenFor(account, ''),
      async moveClock(instant) {
        // Put everything recorded so far into the log before the clock jumps; after it, those events would count as backdated.
        await local.runner.settle()
        await clock.moveTo(instant)
      },
    }
    server.open(site)
    return { url: server.url, ledgerUrl, site, local, close }
  } catch (error) {
    await close()
    throw error
  }
}
