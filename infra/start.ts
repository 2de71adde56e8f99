/** `npm start`: serves a ledger on this machine, with the demo world in it unless `--empty` is given. */
import { join } from 'node:path'
import { httpWitness } from '../functions/delivery/http-witness.ts'
import { codeOf, LedgerError } from '../shared/errors.ts'
import { claimedControllers } from '../shared/ledger/controllers/provider-claims.ts'
import { couldNotBegin, Misuse, run } from './command-line.ts'
import { recordVisitors } from './demo/visitors.ts'
import { demoWelcome } from './demo/welcome.ts'
import { type DemoSites, openDemoWorld } from './demo/world.ts'
import { readArguments } from './local/arguments.ts'
import { readConsoleConfig } from './local/console-config-file.ts'
import { defaultDataFolder, holdsDemo, lockDataFolder, writeServedUrl } from './local/data/data-folder.ts'
import { messageFolder } from './local/data/message-folder.ts'
import { writePrivateFile } from './local/data/private-files.ts'
import { startDeliveries } from './local/delivery-runner.ts'
import { emptyWelcome } from './local/empty-welcome.ts'
import { type EngineEvent, restartDelaysMs } from './local/engine/supervisor.ts'
import { parseProxies } from './local/gateway/client-address.ts'
import { defaultRates, formatRates, openRateLimits, parseRates } from './local/gateway/rate-limits.ts'
import { shutDownOnSignal } from './local/graceful-shutdown.ts'
import { isLoopback, notListening, requireFreePort } from './local/listening.ts'
import { openLocalLedger } from './local/local-ledger.ts'
import { localOrigins, parseOrigins } from './local/local-origins.ts'
import type { LogFault } from './local/log/log-runner.ts'
import { serve } from './local/serve.ts'
import { readWitnesses, startWitnessing } from './local/witness-runner.ts'

const options = {
  empty: { help: 'on first start: a real ledger, without the demo controllers; the folder stays so' },
  visitors: { help: 'on first start: a month of invented visitors, for the statistics in the console' },
  port: { help: 'port to listen on', placeholder: 'N', env: 'PORT', default: '8787' },
  host: { help: 'address to listen on', placeholder: 'H', env: 'HOST', default: 'localhost' },
  data: { help: 'folder of the data', placeholder: 'DIR', env: 'LEDGER_DATA', default: defaultDataFolder },
  origin: {
    help: 'first part of the logs’ origins, fixed on first start',
    placeholder: 'HOST',
    env: 'LEDGER_ORIGIN',
  },
  rate: {
    help: 'requests a second (and at once) of callers without a token, or "off"',
    placeholder: 'RATES',
    env: 'LEDGER_RATE',
    default: formatRates(defaultRates),
  },
  'public-url': {
    help: 'address of the ledger for people, in links of letters: https://… where a proxy is in front',
    placeholder: 'URL',
    env: 'LEDGER_PUBLIC_URL',
  },
  'trust-proxy': {
    help: 'addresses of your own proxies, with commas: their X-Forwarded-For is believed',
    placeholder: 'IP',
    env: 'LEDGER_TRUST_PROXY',
  },
  'allow-origin': {
    help: 'an origin whose pages may use the demo’s keys; again for another. Every port of localhost may',
    placeholder: 'URL',
    env: 'LEDGER_ALLOW_ORIGIN',
    repeatable: true,
  },
  console: {
    help: 'where people sign in to the console: its config.json, as infra/local/README.md describes it',
    placeholder: 'FILE',
    env: 'LEDGER_CONSOLE',
  },
  'development-sign-in': {
    help: 'people on this machine sign in to the console without a password; always so with the demo',
  },
  'deliver-to-loopback': {
    help: 'messages to endpoints may go to this machine itself, and without TLS: to try a receiver',
  },
  witness: {
    help: 'an outside witness of the logs, "VKEY URL" (c2sp.org/tlog-witness), asked every 15 minutes; again for another',
    placeholder: 'WITNESS',
    env: 'LEDGER_WITNESS',
    repeatable: true,
  },
  endpoint: { help: 'another DynamoDB instead of the embedded engine', placeholder: 'URL', env: 'LEDGER_ENDPOINT' },
}
const usage = `npm start -- [options]

Serves a consent ledger on this machine, with two demo controllers to try it on. With --empty it has none, and says how to make the first.`

/** For the bench only: what is recorded meanwhile gets into the log by a redrive only. */
const isLogOff = process.env.LEDGER_BENCH_LOG === 'off'

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const port = Number(given.port)
  const witnesses = readWitnesses(given.witness)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Misuse(`--port is 0 to 65535, not ${given.port}`)
  const rates = parseRates(given.rate ?? formatRates(defaultRates))
  const trustedProxies = parseProxies(given['trust-proxy'])
  if (isLogOff) console.error('LEDGER_BENCH_LOG=off: nothing that is recorded now gets into the log.')
  const allowedOrigins = parseOrigins(given['allow-origin'])
  if (given.endpoint !== undefined && !/^https?:$/.test(URL.parse(given.endpoint)?.protocol ?? ''))
    throw new Misuse(`--endpoint is an address like http://localhost:8000, not ${given.endpoint}`)
  const publicUrl = given['public-url']?.replace(/\/+$/, '')
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? ''))
    throw new Misuse(`--public-url is an address like https://consent.example.org, not ${publicUrl}`)
  const isBehindProxy = publicUrl !== undefined || trustedProxies.length > 0
  if (given['development-sign-in'] !== undefined && isBehindProxy)
    throw new Misuse(
      '--development-sign-in asks for no password, so it cannot be with --public-url or --trust-proxy; give --console FILE',
    )
  const consoleConfig = given.console === undefined ? undefined : await readConsoleConfig(given.console)
  const host = given.host ?? 'localhost'
  await requireFreePort(host, port)
  const folder = await lockDataFolder(given.data ?? defaultDataFolder)
  const closing = [folder.release]
  const hasDemo = await holdsDemo(folder, given.empty !== undefined).catch(async (error: unknown) => {
    await folder.release()
    throw error
  })
  shutDownOnSignal('start', async () => {
    console.log('\nStopping: requests in flight finish first.')
    for (const close of closing.toReversed()) await close()
  })
  let url = ''
  const local = await openLocalLedger({
    dataFolder: folder,
    endpoint: given.endpoint,
    host: given.origin,
    baseUrl: () => publicUrl ?? url,
    log: isLogOff ? 'off' : { onFault: onLogFault },
    onEngineEvent,
    onRetentionFault: onFault('retention'),
    onImportFault: onFault('import'),
    onExportFault: onFault('export'),
  })
  closing.push(local.close)
  const sites: DemoSites = hasDemo ? await openDemoWorld(local) : new Map()
  if (given.visitors !== undefined && !(hasDemo && (await recordVisitors(local))))
    console.error('--visitors makes a month of visitors for the demo on first start only: there are none.')
  const deliversToLoopback = given['deliver-to-loopback'] !== undefined
  const gateway = await serve(local, {
    deliversToLoopback,
    host,
    port,
    ...(rates && { rateLimits: openRateLimits(rates) }),
    trustedProxies,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(consoleConfig && { consoleConfig }),
    developmentSignIn: (hasDemo || given['development-sign-in'] !== undefined) && !isBehindProxy,
    allowsOrigin: localOrigins(sites.values(), () => url, allowedOrigins),
    onRefusals: (line) => console.error(JSON.stringify(line)),
    log: ({ requestId, routeKey, fault }) =>
      console.error(JSON.stringify({ level: 'error', requestId, routeKey, fault })),
  }).catch((error: unknown) => {
    throw notListening(error, host, port)
  })
  closing.push(gateway.close)
  url = gateway.url
  const deliveries = startDeliveries(
    { ...local.ledger, finder: local.subjectFinder, baseUrl: () => publicUrl ?? url },
    {
      allowsLoopback: deliversToLoopback,
      bus: messageFolder(join(folder.path, 'messages')),
      onFault: (controller, code) =>
        console.error(JSON.stringify({ level: 'error', fault: 'delivery', controller, code })),
    },
  )
  closing.push(deliveries.close)
  if (witnesses.length > 0)
    closing.push(startWitnessing(local.ledger, witnesses, httpWitness({ allowsLoopback: true })).close)
  await writeServedUrl(folder, url)
  if (hasDemo) {
    const demo = { url, sites: Object.fromEntries([...sites].map(([name, site]) => [name, site.key])) }
    await writePrivateFile(join(folder.path, 'demo.json'), `${JSON.stringify(demo, null, 2)}\n`)
  }
  const place = { url, data: folder.path, engine: local.engine }
  console.log(
    hasDemo
      ? demoWelcome(place, sites, local.logKeys('ljungsten'))
      : emptyWelcome(place, await claimedControllers(local.ledger.entries)),
  )
  if (!isLoopback(host) && consoleConfig === undefined)
    console.log(
      '\nOther machines reach it by the addresses of this one, but nobody signs in to the console from there. How colleagues can: infra/local/README.md, “Showing it to colleagues”',
    )
}, couldNotBegin)

/** Writes the name of a fault and no values: although entries are pseudonymous, nothing of them gets into a log. */
function onLogFault({ controller, fault, error, count }: LogFault): void {
  const code = error instanceof LedgerError ? error.code : error instanceof Error ? error.name : undefined
  const message = error instanceof LedgerError && code === 'log-forked' ? error.message : undefined
  console.error(JSON.stringify({ level: 'error', controller, fault, code, message, count }))
}

function onFault(fault: 'retention' | 'import' | 'export'): (error: unknown) => void {
  return (error) => console.error(JSON.stringify({ level: 'error', fault, code: codeOf(error) }))
}

function onEngineEvent(event: EngineEvent, engine: string): void {
  console.error(engineSentences[event](engine))
}

/** Acknowledged events are safe in each of these cases. */
const engineSentences: Readonly<Record<EngineEvent, (engine: string) => string>> = {
  lost: (engine) => `The database (${engine}) has ended and is started again; until then requests are answered 503.`,
  restarted: (engine) => `The database (${engine}) answers again.`,
  'given-up': (engine) =>
    `The database (${engine}) has ended ${restartDelaysMs.length} times and is not started any more: every request is answered 503. ` +
    'Look at the disk, then stop this server and start it again.',
}
