/** `npm run controller`: creates a controller, the company or authority that is responsible for the processing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { localGrants } from '../local/local-auditors.ts'
import { ledgerOptions, openAdministeredLedger, readJsonFile } from './ledger-access.ts'

const options = {
  file: {
    help: 'the controller as JSON, like infra/administration/example/controller.json',
    placeholder: 'FILE',
    isOperand: true,
  },
  change: {
    help: 'do not create it: its identityProvider from now on is that of FILE, null for none; 1, then one more each time',
    placeholder: 'N',
  },
  ...ledgerOptions,
}
const usage = `npm run controller -- FILE [options]

Creates a controller. Its name, address and contacts are recorded in its log and cannot be changed.
identityProvider names who issues the tokens of its administrators, auditors and people with an account: issuer, audience, and jwksUri or
jwks. A ledger on this machine uses its development issuer if the file names none. Repeating the command changes nothing.`

const logPollMs = 100
const logPatienceMs = 20_000

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const draft = { licences: [], glossary: [], ...(await readJsonFile(given.file ?? '')) } as Record<string, unknown>
  const { controller } = draft
  if (typeof controller !== 'string') throw new Misuse(`${given.file} has no "controller", the id of the controller`)
  const ledger = await openAdministeredLedger(given)
  if (given.change !== undefined) {
    const { identityProvider } = draft
    if (identityProvider === undefined) throw new Misuse(`${given.file} has no "identityProvider": a provider, or null`)
    const body = { change: Number(given.change), identityProvider }
    await ledger.call('POST', `/v1/controllers/${controller}/identity-provider`, {}, body)
    const now = identityProvider === null ? 'No token speaks' : 'Tokens of the identity provider of the file speak'
    console.log(`${now} for ${controller} from now on; those of the one before are refused at the latest after 30 s.`)
    return
  }
  const ownProvider = draft.identityProvider === undefined ? ledger.provider?.(controller) : undefined
  draft.identityProvider ??= ownProvider
  if (draft.identityProvider === undefined)
    throw new Misuse(`${given.file} has no "identityProvider": its issuer, audience, and jwksUri or jwks`)
  const { status } = await ledger.call('POST', '/v1/controllers', {}, draft)
  // The development issuer's tokens are for whoever runs this ledger, who may then read it, as in the demo.
  if (ownProvider !== undefined)
    for (const grant of localGrants(controller))
      await ledger.call('POST', `/v1/controllers/${controller}/grants`, { controller }, { ...grant, subjects: 'all' })
  await waitForLog(`/log/${controller}/checkpoint`, (path) => ledger.call('GET', path, 'none'))
  console.log(
    status === 201
      ? `The controller ${controller} exists from now on. Next, create a site: npm run site -- --help`
      : `The controller ${controller} existed already; nothing changed.`,
  )
})

/** Waits until the log of the new controller is published, so that the next command finds it. */
async function waitForLog(path: string, get: (path: string) => Promise<{ status: number }>): Promise<void> {
  for (let waitedMs = 0; waitedMs < logPatienceMs; waitedMs += logPollMs) {
    if ((await get(path)).status === 200) return
    await sleep(logPollMs)
  }
}
