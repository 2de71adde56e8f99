/** What `npm start -- --empty` prints: the commands from nothing to a first proof. */
import { defaultDataFolder } from './data/data-folder.ts'

export interface ServedLedger {
  readonly url: string
  /** Path of the data folder. */
  readonly data: string
  /** Name of the database engine. */
  readonly engine: string
}

export function emptyWelcome({ url, data, engine }: ServedLedger, controllers: readonly string[]): string {
  const here = data === defaultDataFolder ? '' : ` --data '${data}'`
  const state =
    controllers.length === 0 ? 'It is empty: no controller exists yet.' : `Its controllers: ${controllers.join(', ')}.`
  return `Consent ledger on ${url}  (data in ${data}, tables in ${engine})
${state}

1. Make a controller, the company that answers for the processing. Replace the example by a file of your own:

npm run controller -- infra/administration/example/controller.json${here}

2. Make a site of it; this prints the key that pages send with each event:

npm run site -- --origin http://localhost:3000${here}

3. Publish a policy. This prints the commands that record a first event, prove it, and verify the proof:

npm run publish -- infra/administration/example/cookie-policy.json${here}

Each of them answers to --help.        In a browser:  ${url}/        The API:  ${url}/reference
The console, for auditors and the controller:  ${url}/console/  (--development-sign-in lets you sign in there without a password)
Ctrl-C stops it.`
}
