/** Grants the holder of a token of the development issuer everything, as the ledger's own code does it. Repeating it changes nothing. */
import { developmentIssuer } from '../../infra/local/development-issuer.ts'
import { localGrant } from '../../infra/local/local-auditors.ts'
import { makeGrant } from '../../shared/ledger/auditors/audit-grants.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'

/** Does nothing for a controller that does not exist. */
export async function letAudit(ledger: Ledger, controller: string, subject: string): Promise<void> {
  const snapshot = await ledger.controllers.recent(controller)
  if (snapshot === undefined) return
  const by = { issuer: developmentIssuer, subject: 'administrator' }
  await makeGrant(ledger, vaultScope(snapshot), localGrant(controller, subject), by)
}
