/** A ledger over HTTP in this process, with the demo world and without its log: every call to the database is then a request's own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DynamoTableOptions } from '../../functions/aws/dynamodb.ts'
import { openDemoWorld } from '../../infra/demo/world.ts'
import { openLocalLedger } from '../../infra/local/local-ledger.ts'
import { serve } from '../../infra/local/serve.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'

export interface UnloggedLedger {
  readonly ledger: Ledger
  /** Key of a site, by `<controller>/<site>`. */
  key(site: string): string
  /** Throws for any other status. */
  send(path: string, expectedStatus: number, init: RequestInit): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export async function startUnlogged(onCall: DynamoTableOptions['onCall']): Promise<UnloggedLedger> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'consent-ledger-'))
  const local = await openLocalLedger({ dataFolder, log: 'off', onCall })
  const sites = await openDemoWorld(local)
  const gateway = await serve(local, { host: '127.0.0.1', port: 0 })
  return {
    ledger: local.ledger,
    key: (site) => sites.get(site)?.key ?? '',
    async send(path, expectedStatus, init) {
      const response = await fetch(gateway.url + path, init)
      const text = await response.text()
      if (response.status !== expectedStatus) {
        throw new Error(`expected ${expectedStatus} of ${path}: ${response.status} ${text.slice(0, 500)}`)
      }
      return JSON.parse(text)
    },
    async close() {
      await gateway.close()
      await local.close()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
