/** `npm run site`: creates a site of a controller and prints its key, which pages and apps send with each event; lists, changes and revokes sites. */
import type { CurrentSite } from '../../shared/consent/site.ts'
import { Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { textTable } from '../text-layout.ts'
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
  list: { help: 'print the sites, and create none' },
  'replace-origins': { help: 'let each --origin, and no other, call for the site that exists' },
  revoke: { help: 'refuse the key of the site for ever' },
  ...ledgerOptions,
}
const usage = `npm run site -- --origin URL [options]
npm run site -- --list | --site ID --replace-origins --origin URL | --site ID --revoke

Creates a site and prints its key. The key is public: it identifies the site and its controller, allows events to be recorded, and reads nothing.
Repeating the command prints the same key.`

const actions = ['list', 'replace-origins', 'revoke'] as const

run(async () => {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const [action, ...others] = actions.filter((name) => given[name] !== undefined)
  if (others.length > 0) throw new Misuse(`give one of ${actions.map((name) => `--${name}`).join(', ')}`)
  const origins = (given.origin ?? '').split(',').filter(Boolean)
  const { site = 'web', kind, name = origins[0] ?? site } = given
  if (action === undefined && kind === 'web' && origins.length === 0)
    throw new Misuse('a website needs --origin, the address of its pages without a path, like http://localhost:3000')
  const ledger = await openAdministeredLedger(given)
  const controller = await controllerFrom(given.controller, ledger)
  const path = `/v1/controllers/${controller}/sites`
  const post = (below: string, body?: object) => ledger.call('POST', `${path}${below}`, { controller }, body)
  const sites = async () => (await ledger.call('GET', path, { controller })).json.sites as readonly CurrentSite[]

  if (action === 'list') {
    const rows = (await sites()).map((each) => [
      ...[each.site, each.kind, each.revokedAt === undefined ? 'in use' : `revoked ${each.revokedAt}`],
      ...[each.key, each.origins.join(' ')],
    ])
    console.log(textTable(['site', 'kind', 'state', 'key', 'origins'], rows))
  } else if (action === 'replace-origins') {
    const known = (await sites()).find((each) => each.site === site)
    if (known === undefined) throw new Misuse(`${controller} has no site ${site}`)
    await post(`/${site}/origins`, { change: known.change + 1, origins })
    console.log(
      `Pages of ${origins.join(', ') || 'no origin'} may call for the site ${site} of ${controller} from now on.`,
    )
  } else if (action === 'revoke') {
    const { json } = await post(`/${site}/revocation`)
    console.log(
      `The site ${site} of ${controller} was revoked at ${json.revokedAt}. Its key is refused at the latest after 30 s. What it recorded stays.`,
    )
  } else {
    const { json } = await post('', { site, kind, name, origins })
    console.log(
      `The site ${site} of ${controller} has the key\n\n${json.key}\n\nNext, publish a policy: npm run publish -- --help`,
    )
  }
})
