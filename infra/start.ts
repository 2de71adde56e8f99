/** The program behind `npm start`: the whole ledger on one machine, behind the same handlers that are deployed. */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { deviceIdentity } from '../functions/http/access.ts'
import { LedgerError } from '../shared/errors.ts'
import { couldNotBegin, Misuse, run } from './command-line.ts'
import { type DemoSites, openDemoWorld } from './demo/world.ts'
import { readArguments } from './local/arguments.ts'
import { defaultDataFolder, lockDataFolder } from './local/data/data-folder.ts'
import { writePrivateFile } from './local/data/private-files.ts'
import { type EngineEvent, restartDelaysMs } from './local/engine/supervisor.ts'
import { parseProxies } from './local/gateway/client-address.ts'
import { defaultRates, formatRates, openRateLimits, parseRates } from './local/gateway/rate-limits.ts'
import { shutDownOnSignal } from './local/graceful-shutdown.ts'
import { notListening, requireFreePort } from './local/listening.ts'
import { type LocalLedger, openLocalLedger } from './local/local-ledger.ts'
import { localOrigins, parseOrigins } from './local/local-origins.ts'
import type { LogFault } from './local/log/log-runner.ts'
import { serve } from './local/serve.ts'

const options = {
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
  endpoint: { help: 'another DynamoDB instead of the embedded engine', placeholder: 'URL', env: 'LEDGER_ENDPOINT' },
}
const usage = 'npm start -- [options]\n\nServes a consent ledger on this machine, with a demo controller to try it on.'

/** The bench compares with it. Nobody else wants it: what is recorded meanwhile never gets into the log by itself. */
const isLogOff = process.env.LEDGER_BENCH_LOG === 'off'

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const port = Number(given.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Misuse(`--port is 0 to 65535, not ${given.port}`)
  const rates = parseRates(given.rate ?? formatRates(defaultRates))
  const trustedProxies = parseProxies(given['trust-proxy'])
  if (isLogOff) console.error('LEDGER_BENCH_LOG=off: nothing that is recorded now gets into the log.')
  const allowedOrigins = parseOrigins(given['allow-origin'])
  if (given.endpoint !== undefined && !/^https?:$/.test(URL.parse(given.endpoint)?.protocol ?? ''))
    throw new Misuse(`--endpoint is an address like http://localhost:8000, not ${given.endpoint}`)
  const host = given.host ?? 'localhost'
  await requireFreePort(host, port)
  const folder = await lockDataFolder(given.data ?? defaultDataFolder)
  const closing = [folder.release]
  shutDownOnSignal('start', async () => {
    console.log('\nStopping: requests in flight finish first.')
    for (const close of closing.toReversed()) await close()
  })
  let url = ''
  const local = await openLocalLedger({
    dataFolder: folder,
    endpoint: given.endpoint,
    host: given.origin,
    baseUrl: () => url,
    log: isLogOff ? 'off' : { onFault: onLogFault },
    onEngineEvent,
    onRetentionFault,
  })
  closing.push(local.close)
  const sites = await openDemoWorld(local)
  const gateway = await serve(local, {
    host,
    port,
    ...(rates && { rateLimits: openRateLimits(rates) }),
    trustedProxies,
    allowsOrigin: localOrigins(sites.values(), () => url, allowedOrigins),
    onRefusals: (line) => console.error(JSON.stringify(line)),
    log: ({ requestId, routeKey, fault }) =>
      console.error(JSON.stringify({ level: 'error', requestId, routeKey, fault })),
  }).catch((error: unknown) => {
    throw notListening(error, host, port)
  })
  closing.push(gateway.close)
  url = gateway.url
  const demo = { url, sites: Object.fromEntries([...sites].map(([name, site]) => [name, site.key])) }
  await writePrivateFile(join(folder.path, 'demo.json'), `${JSON.stringify(demo, null, 2)}\n`)
  console.log(welcome(gateway.url, folder.path, local, sites))
}, couldNotBegin)

/** Named, and without values: what is in the log is pseudonymous, and stays out of logs all the same. */
function onLogFault({ controller, fault, error, count }: LogFault): void {
  const code = error instanceof LedgerError ? error.code : error instanceof Error ? error.name : undefined
  const message = error instanceof LedgerError && code === 'log-forked' ? error.message : undefined
  console.error(JSON.stringify({ level: 'error', controller, fault, code, message, count }))
}

function onRetentionFault(error: unknown): void {
  const code = error instanceof LedgerError ? error.code : error instanceof Error ? error.name : undefined
  console.error(JSON.stringify({ level: 'error', fault: 'retention', code }))
}

function onEngineEvent(event: EngineEvent, engine: string): void {
  console.error(engineSentences[event](engine))
}

/** For people; nothing that was acknowledged is lost in any of them. */
const engineSentences: Readonly<Record<EngineEvent, (engine: string) => string>> = {
  lost: (engine) => `The database (${engine}) has ended and is started again; until then requests are answered 503.`,
  restarted: (engine) => `The database (${engine}) answers again.`,
  'given-up': (engine) =>
    `The database (${engine}) has ended ${restartDelaysMs.length} times and is not started any more: every request is answered 503. ` +
    'Look at the disk, then stop this server and start it again.',
}

/** Holds no credential but the publishable key: what a service prints ends up in logs. */
function welcome(url: string, data: string, local: LocalLedger, sites: DemoSites): string {
  const key = sites.get('ljungsten/web')?.key
  const deviceSecret = randomBytes(24).toString('base64url')
  const event = {
    eventId: randomUUID(),
    occurredAt: new Date().toISOString(),
    subject: { deviceSecret, new: true },
    decisions: [
      { purposeId: 'statistics', verb: 'given' },
      { purposeId: 'marketing-cookies', verb: 'refused' },
    ],
    shown: [{ policyId: 'cookie-policy', version: '2', locale: 'sv-SE' }],
    channel: 'web',
    surface: 'banner',
    act: 'button',
    control: 'save-choices',
  }
  const question = { controller: 'ljungsten', subject: deviceIdentity(deviceSecret), purposeId: 'statistics' }
  const keys = local
    .logKeys('ljungsten')
    .map((key) => `--key '${key}'`)
    .join(' ')
  return `Consent ledger on ${url}  (data in ${data}, tables in ${local.engine})

Post an event: a visitor of the demo controller allows statistics and refuses marketing.

curl -s '${url}/v1/events?key=${key}' -H 'content-type: application/json' -d '${JSON.stringify(event)}'

Ask for the proof, as an auditor (npm run token makes the token; the answer waits until the log has the event):

curl -s '${url}/v1/audit/proofs' -H "authorization: Bearer $(npm run --silent token -- --scope consent.audit --subject auditor@ljungsten.example --data '${data}')" -H 'content-type: application/json' -d '${JSON.stringify(question)}' > proof.json

Verify it offline, with nothing but the keys of the log and of its witness:

npx consent-ledger verify proof.json ${keys}

Privacy choices, as a visitor sees them:  ${url}/console/preferences?key=${key}

The key for a page of your own, on any port of localhost (elsewhere: npm start -- --allow-origin URL), and a tag that asks and records:

${key}

<script defer src="${url}/console/banner.js" data-key="${key}" data-policy="cookie-policy"></script>

The demo story:  npm run demo${data === defaultDataFolder ? '' : ` -- --data '${data}'`}        Other tokens:  npm run token -- --help        The API:  ${url}/openapi.json
Ctrl-C stops it.`
}
