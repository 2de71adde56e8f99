/**
 * The secrets of controllers and the evidence terms that they ever declared, which the self-audit needs to open what is sealed. Read leniently: a
 * damaged version or batch is found by its own check and must not stop the audit of the whole vault.
 */
import type { PolicyVersion } from '../../consent/policy.ts'
import { claimsPk, controllerPk, policyPk, readRecord } from '../controller-snapshots.ts'
import { type ControllerSecrets, readControllerSecrets } from '../derived-keys.ts'
import { evidenceTermsIn } from '../lapse.ts'
import { type Item, queryAll } from '../store.ts'
import type { Audit } from './audit-run.ts'

/** Loads all controllers, found by their claims of identity providers. Claims of controllers that were never created are skipped. */
export async function loadControllers(audit: Audit): Promise<void> {
  const { entries } = audit.ledger
  for await (const item of queryAll(entries, claimsPk)) {
    const controller = claimant(item)
    if (!isControllerId(controller)) continue
    const [record] = await entries.get([{ pk: controllerPk(controller), sk: 'controller' }])
    if (record) await loadController(audit, controller)
  }
}

export function isControllerId(id: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(id)
}

/** Reads a controller when it is first heard of; one that cannot be read is reported once, and its log is compared all the same. */
export async function loadController(audit: Audit, controller: string): Promise<void> {
  if (audit.controllers.has(controller)) return
  audit.controllers.set(controller, undefined)
  const [item] = await audit.ledger.entries.get([{ pk: controllerPk(controller), sk: 'controller' }])
  const secrets = item && (await secretsIn(audit, controller, item))
  if (secrets === undefined) {
    const where = { key: { pk: controllerPk(controller), sk: 'controller' } }
    audit.found('controller-unreadable', controller, where, {
      detail: item ? 'its secrets do not unwrap' : 'no record',
    })
    return
  }
  audit.compared.controllers++
  audit.controllers.set(controller, { secrets, evidenceTerms: await evidenceTermsOf(audit, controller) })
}

async function secretsIn({ ledger }: Audit, controller: string, item: Item): Promise<ControllerSecrets | undefined> {
  const { secrets } = item.values
  if (!(secrets instanceof Uint8Array)) return undefined
  try {
    return readControllerSecrets(await ledger.keyring.unwrap(controller, secrets))
  } catch {
    return undefined
  }
}

async function evidenceTermsOf({ ledger }: Audit, controller: string): Promise<Set<string>> {
  const terms = new Set<string>()
  for await (const { sk } of queryAll(ledger.entries, controllerPk(controller), { prefix: 'policy#' })) {
    const pk = policyPk(controller, sk.slice('policy#'.length))
    for await (const item of queryAll(ledger.entries, pk, { prefix: 'version#' }))
      for (const term of declaredIn(item)) terms.add(term)
  }
  return terms
}

function declaredIn(version: Item): string[] {
  try {
    return evidenceTermsIn(readRecord<PolicyVersion>(version))
  } catch {
    return []
  }
}

function claimant(item: Item): string {
  try {
    return readRecord<{ controller: string }>(item).controller
  } catch {
    return ''
  }
}
