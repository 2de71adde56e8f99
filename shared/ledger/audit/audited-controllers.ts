/**
 * The secrets of controllers and the evidence terms that they ever declared, which the self-audit needs to open what is sealed. Read leniently: a
 * damaged version or batch is found by its own check and must not stop the audit of the whole vault.
 */
import type { Controller } from '../../consent/controller.ts'
import { contextTermsIn, defaultContextRetention, evidenceTermsIn } from '../../consent/evidence-term.ts'
import type { PolicyVersion } from '../../consent/policy.ts'
import { controllerSecrets, keysPrefix } from '../controllers/controller-keys.ts'
import { controllerPk, policyPk, readRecord } from '../controllers/controller-snapshots.ts'
import { claimedControllers } from '../controllers/provider-claims.ts'
import type { ControllerSecrets } from '../derived-keys.ts'
import { atOnce } from '../log/at-once.ts'
import { type Item, type Key, queryAll } from '../store.ts'
import type { Audit } from './audit-run.ts'
import { maxNamed } from './pass-state.ts'

/** Loads all controllers, found by their claims of identity providers. Claims of controllers that were never created are skipped. */
export async function loadControllers(audit: Audit): Promise<void> {
  const { entries } = audit.ledger
  await mapInParallel(await claimedControllers(entries), async (controller) => {
    const [record] = await entries.get([{ pk: controllerPk(controller), sk: 'controller' }])
    if (record) await read(audit, controller)
  })
  await mapInParallel([...audit.pass.named], (controller) => read(audit, controller))
}

/** With as many reads under way as the self-audit has at most. */
export function mapInParallel<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  return atOnce(16, items, map)
}

export function isControllerId(id: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(id)
}

/** Reads a controller that an entry or the log names, when it is first heard of. */
export async function loadController(audit: Audit, controller: string): Promise<void> {
  if (audit.controllers.has(controller)) return
  if (audit.pass.named.size < maxNamed) {
    audit.pass.named.add(controller)
    await read(audit, controller)
  } else {
    const key = { pk: controllerPk(controller), sk: 'controller' }
    audit.found('controller-unreadable', '', { key }, { detail: 'no claim names it, and too many are like it' })
  }
}

/** One that cannot be read is reported once in a pass, and its log is compared all the same. */
async function read(audit: Audit, controller: string): Promise<void> {
  if (audit.controllers.has(controller)) return
  audit.controllers.set(controller, undefined)
  const [item] = await audit.ledger.entries.get([{ pk: controllerPk(controller), sk: 'controller' }])
  const secrets = item && (await secretsIn(audit, controller, item))
  if (secrets === undefined || 'unreadable' in secrets) {
    if (audit.pass.reported.has(controller)) return
    audit.pass.reported.add(controller)
    const key = secrets?.unreadable ?? { pk: controllerPk(controller), sk: 'controller' }
    const detail = item ? 'its secrets do not unwrap' : 'no record'
    audit.found('controller-unreadable', controller, { key }, { detail })
    return
  }
  audit.controllers.set(controller, { country: countryIn(item), secrets, ...(await termsOf(audit, controller)) })
}

/** Empty for a damaged record: national phone numbers then name nobody. */
function countryIn(item: Item | undefined): string {
  try {
    return (item && readRecord<Controller>(item).country) ?? ''
  } catch {
    return ''
  }
}

/** The secrets, or the first item of them that cannot be read. */
async function secretsIn(
  { ledger }: Audit,
  controller: string,
  created: Item,
): Promise<ControllerSecrets | { readonly unreadable: Key }> {
  const unwrap = async ({ values: { secrets } }: Item) => {
    if (!(secrets instanceof Uint8Array)) throw new Error('an item without secrets')
    return ledger.keyring.unwrap(controller, secrets)
  }
  const changes: Item[] = []
  for await (const item of queryAll(ledger.entries, controllerPk(controller), { prefix: keysPrefix }))
    changes.push(item)
  const secretsAfter = (count: number) => controllerSecrets(created, changes.slice(0, count), unwrap, ledger.clock)
  try {
    return await secretsAfter(changes.length)
  } catch {
    // By number, which has no leading zeros in the sort key.
    changes.sort((a, b) => a.sk.length - b.sk.length || (a.sk < b.sk ? -1 : 1))
    for (const [i, { pk, sk }] of [created, ...changes].entries())
      if (!(await secretsAfter(i).then(Boolean, () => false))) return { unreadable: { pk, sk } }
    return { unreadable: { pk: created.pk, sk: created.sk } }
  }
}

async function termsOf({ ledger }: Audit, controller: string) {
  const evidenceTerms = new Set<string>()
  // Decisions on what no version declares have the default.
  const contextTerms = new Set<string>([defaultContextRetention])
  for await (const { sk } of queryAll(ledger.entries, controllerPk(controller), { prefix: 'policy#' })) {
    const pk = policyPk(controller, sk.slice('policy#'.length))
    for await (const item of queryAll(ledger.entries, pk, { prefix: 'version#' }))
      try {
        const version = readRecord<PolicyVersion>(item)
        for (const term of evidenceTermsIn(version)) evidenceTerms.add(term)
        for (const term of contextTermsIn(version)) contextTerms.add(term)
      } catch {
        // A damaged version is reported where it is compared, and states no term.
      }
  }
  return { evidenceTerms, contextTerms }
}
