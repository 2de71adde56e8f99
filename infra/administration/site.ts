/** `npm run site`: creates a site of a controller and prints its key, which pages and apps send with each event. */
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { controllerFrom, ledgerOptions, openAdministeredLedger } from './ledger-access.ts'

const options = {
  origin: {
    help: 'origin of the pages that may use the key, like https://www.example.org; may be repeated',
    placeholder: 'URL',
    repeatable: true,
  },
  controller: { help: 'id of the controller (default: the only one of a ledger on this machine)', placeholder: 'ID' },
  site: { help: 'id of the site', placeholder: 'ID', default: 'web' },
  kind: { help: 'web, app or service; apps and services need no origin', placeholder: 'KIND', default: 'web' },
  name: { help: 'name for people (default: the first origin, or the id)', placeholder: 'NAME' },
  ...ledgerOptions,
}
const usage = `npm run site -- --origin URL [options]

Creates a site and prints its key. The key is public: it identifies the site and its controller, allows events to be recorded, and reads nothing.
Repeating the command prints the same key.`

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const origins = (given.origin ?? '').split(',').filter(Boolean)
  if (given.kind === 'web' && origins.length === 0)
    throw new Misuse('a website needs --origin, the address of its pages without a path, like http://localhost:3000')
  const ledger = await openAdministeredLedger(given)
  const controller = await controllerFrom(given.controller, ledger)
  const { site = 'web', kind, name = origins[0] ?? site } = given
  const draft = { site, kind, name, origins }
  const { json } = await ledger.call('POST', `/v1/controllers/${controller}/sites`, { controller }, draft)
  console.log(
    `The site ${site} of ${controller} has the key\n\n${json.key}\n\nNext, publish a policy: npm run publish -- --help`,
  )
})
