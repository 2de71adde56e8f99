/** `npm run token`: a token of the development issuer, for trying the API by hand. */
import { basename } from 'node:path'
import { logsIn } from '../command/directory-log.ts'
import { Misuse, run } from '../command-line.ts'
import { readArguments } from './arguments.ts'
import { defaultDataFolder } from './data/data-folder.ts'
import { audienceOf, controllerScopes, existingDevelopmentIssuer, ledgerAudience } from './development-issuer.ts'
import { localDeveloper } from './local-auditors.ts'

const options = {
  scope: { help: 'scopes, separated by spaces; none for a person', placeholder: 'SCOPES', default: '' },
  controller: {
    help: 'for which controller (default: the only one, or ljungsten); ledger.admin is for the ledger itself',
    placeholder: 'ID',
  },
  subject: { help: 'subject that it names', placeholder: 'NAME', default: localDeveloper },
  hours: { help: 'hours until it expires', placeholder: 'N', default: '12' },
  data: { help: 'folder of the data', placeholder: 'DIR', env: 'LEDGER_DATA', default: defaultDataFolder },
}
const scopes = [...controllerScopes, 'ledger.admin']
const usage = `npm run --silent token -- --scope consent.audit

Prints a token that the ledger on this machine accepts. Scopes: ${scopes.join(', ')}.`

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const asked = (given.scope ?? '').split(' ').filter((scope) => scope !== '')
  const unknown = asked.find((scope) => !scopes.includes(scope))
  if (unknown) throw new Misuse(`there is no scope ${unknown}; there are ${scopes.join(', ')}`)
  const hours = Number(given.hours)
  if (!(hours > 0 && hours <= 24 * 31)) throw new Misuse(`--hours is more than 0 and at most 744, not ${given.hours}`)
  const folder = given.data ?? defaultDataFolder
  const issuer = await existingDevelopmentIssuer(folder)
  const isForLedger = asked.includes('ledger.admin')
  if (isForLedger && asked.length > 1)
    throw new Misuse('ledger.admin is for the ledger itself: ask for the scopes of a controller in another token')
  const audience = isForLedger ? ledgerAudience : audienceOf(await controllerIn(folder, given.controller))
  console.log(
    await issuer.token({
      audience,
      subject: given.subject ?? '',
      scope: asked.join(' '),
      lifetimeSeconds: Math.round(hours * 3600),
    }),
  )
})

/** Finds controllers by the objects of their logs, because only the server may open the tables. */
async function controllerIn(folder: string, given: string | undefined): Promise<string> {
  const known = (await logsIn(folder)).map((log) => basename(log)).sort()
  const controller = given ?? (known.length === 1 && known[0] ? known[0] : 'ljungsten')
  if (known.includes(controller)) return controller
  throw new Misuse(`there is no controller ${controller} in ${folder}; there are ${known.join(', ') || 'none'}`)
}
