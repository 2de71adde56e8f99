/** The program behind `npm run demo:site`: the website of the invented company on this machine, with a ledger of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { couldNotBegin, Misuse, run } from '../../command-line.ts'
import { readArguments } from '../../local/arguments.ts'
import { lockDataFolder } from '../../local/data/data-folder.ts'
import { shutDownOnSignal } from '../../local/graceful-shutdown.ts'
import { requireFreePort } from '../../local/listening.ts'
import { type DemoSite, demoHost, startDemoSite } from './start-demo-site.ts'

const options = {
  port: { help: 'port of the site', placeholder: 'N', default: '5173' },
  'ledger-port': { help: 'port of its ledger', placeholder: 'N', default: '8787' },
  data: { help: 'data folder (default: a temporary one, deleted at the end)', placeholder: 'DIR' },
}
const usage = `npm run demo:site -- [options]

Serves the website of an invented debt collector: a consent banner, a newsletter with double opt-in, terms to accept, and an account.
It has a ledger of its own, whose clock can be moved forward to the day on which a new version of the terms comes into force.`

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const [port, ledgerPort] = [portOf('port', given.port), portOf('ledger-port', given['ledger-port'])]
  await requireFreePort(demoHost, port)
  await requireFreePort(demoHost, ledgerPort, '--ledger-port')
  if (port === ledgerPort && port !== 0) throw new Misuse('--port and --ledger-port are the same port')
  const folder = await lockDataFolder(given.data ?? (await mkdtemp(join(tmpdir(), 'consent-ledger-site-'))))
  const isTemporary = given.data === undefined
  const closing = [
    async () => {
      await folder.release()
      if (isTemporary) await rm(folder.path, { recursive: true, force: true })
    },
  ]
  const end = async () => {
    for (const close of closing.toReversed()) await close()
  }
  shutDownOnSignal('demo:site', end)
  const demo = await startDemoSite({ port, ledgerPort, dataFolder: folder, onFault }).catch(async (error: unknown) => {
    await end()
    throw error
  })
  closing.push(demo.close)
  console.log(welcome(demo, isTemporary ? 'temporary' : folder.path))
}, couldNotBegin)

function portOf(name: string, given: string | undefined): number {
  const port = Number(given)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Misuse(`--${name} is 0 to 65535, not ${given}`)
}

/** Logs only the name of an error, because its message may hold what people typed. */
function onFault({ routeKey, error }: { readonly routeKey: string; readonly error?: unknown }): void {
  const fault = typeof error === 'string' ? error : error instanceof Error ? error.name : undefined
  console.error(JSON.stringify({ level: 'error', routeKey, fault }))
}

function welcome({ url, ledgerUrl }: DemoSite, data: string): string {
  return `Ljungsten Inkasso on ${url}  (in English: ${url}/?lang=en)
Its ledger on ${ledgerUrl}, data: ${data}

 1  Open the site and answer the banner. The foot of each page lists the optional code that runs; change it under Privacy choices.
 2  Sign up for the newsletter and confirm it in ${url}/mailbox. Send the newsletter there, and unsubscribe with its link.
 3  Open an account: it is created after your acceptance of the terms is recorded. Check the receipt.
 4  Log in as Elin, who accepted the terms of 2024, and see what changed since.
 5  Move the ledger's clock at the foot of a page to the day of a major version, then open the account again.
 6  See what was recorded as an auditor does: ${ledgerUrl}/console/ asks who you are, and for no password.

Ctrl-C stops both.`
}
