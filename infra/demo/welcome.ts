/** What `npm start` prints of a ledger with the demo in it: commands to paste, and where to look. */
import { randomBytes, randomUUID } from 'node:crypto'
import { defaultDataFolder } from '../local/data/data-folder.ts'
import type { ServedLedger } from '../local/empty-welcome.ts'
import { firstProofCommands } from '../local/first-proof.ts'
import type { DemoSites } from './world.ts'

export function demoWelcome({ url, data, engine }: ServedLedger, sites: DemoSites, keys: readonly string[]): string {
  const key = sites.get('ljungsten/web')?.key ?? ''
  const first = firstProofCommands({
    url,
    dataFolder: data,
    controller: 'ljungsten',
    siteKey: key,
    purposeId: 'statistics',
    deviceSecret: randomBytes(24).toString('base64url'),
    keys,
    event: {
      eventId: randomUUID(),
      occurredAt: new Date().toISOString(),
      decisions: [
        { purposeId: 'statistics', verb: 'given' },
        { purposeId: 'marketing-cookies', verb: 'refused' },
      ],
      shown: [{ policyId: 'cookie-policy', version: '2', locale: 'sv-SE' }],
      channel: 'web',
      surface: 'banner',
      act: 'button',
      control: 'save-choices',
    },
  })
  return `Consent ledger on ${url}  (data in ${data}, tables in ${engine})

In a browser:  ${url}/  says what this is, and leads to the rest.
In a terminal: a visitor of the demo controller allows statistics and refuses marketing.

${first.join('\n\n')}

The console, for auditors and the controller:  ${url}/console/

Privacy choices, as a visitor sees them:  ${url}/console/preferences?key=${key}

The key for a page of your own, on any port of localhost (elsewhere: npm start -- --allow-origin URL), and a tag that asks and records:

${key}

<script defer src="${url}/console/banner.js" data-key="${key}" data-policy="cookie-policy"></script>

The demo story:  npm run demo${data === defaultDataFolder ? '' : ` -- --data '${data}'`}        Other tokens:  npm run token -- --help        The API:  ${url}/reference
A ledger without the demo:  npm start -- --empty --data DIR
Ctrl-C stops it.`
}
