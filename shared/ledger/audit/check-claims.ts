/**
 * Checks claims: items without a leaf that reserve a name or an instant for the first request. The log does not have them, so each is
 * made again from its record, which the log has.
 *
 *   `#identity-providers`  hash of issuer and audience: the controller whose tokens these are
 *   `policy#<id>`          that there is such a policy; without it the policy and its versions would not be found
 *   `instant#<at>#<n>`     the version that comes into force then; of each version one names it
 *
 * A crash between a claim and its record leaves the claim alone, which is harmless: such a claim is `pending`.
 */
import type { IdentityProviderChange } from '../../consent/identity-provider.ts'
import type { PolicyVersion } from '../../consent/policy.ts'
import { digestOf } from '../../consent/published-leaf.ts'
import { controllerPk, policyPk, readRecord } from '../controllers/controller-snapshots.ts'
import { claimKey } from '../controllers/provider-claims.ts'
import { type Item, type Key, queryAll } from '../store.ts'
import type { Audit } from './audit-run.ts'

/** A controller's claims on its identity providers, and the leaf that says which one was the first. */
export async function checkProviderClaims(audit: Audit, controller: string): Promise<void> {
  const { entries } = audit.ledger
  const pk = controllerPk(controller)
  const [item, provider] = await entries.get([
    { pk, sk: 'controller' },
    { pk, sk: 'identity-provider' },
  ])
  const key = item && claimIn(item)
  if (key === undefined) return
  const keys = [key]
  for await (const change of queryAll(entries, pk, { prefix: 'provider#' })) {
    const changed = claimIn(change)
    if (changed) keys.push(changed)
  }
  for (const each of keys) {
    const [claim] = await entries.get([each])
    expectClaim(audit, controller, each, claim, { controller })
  }
  if (provider === undefined)
    audit.found('leaf-none', controller, { key: { pk, sk: 'identity-provider' } }, { severity: 'note' })
}

/** The claim of the provider in a controller or a change; `undefined` when it names none or cannot be read, which is found by itself. */
function claimIn(item: Item): Key | undefined {
  try {
    const { identityProvider } = readRecord<Pick<IdentityProviderChange, 'identityProvider'>>(item)
    return identityProvider && claimKey(identityProvider)
  } catch {
    return undefined
  }
}

export async function checkVersionClaims(
  audit: Audit,
  controller: string,
  { pk, sk }: Key,
  { policyId, version, notBefore }: PolicyVersion,
): Promise<void> {
  const { entries } = audit.ledger
  if (pk !== policyPk(controller, policyId)) return
  const marker = { pk: controllerPk(controller), sk: `policy#${policyId}` }
  const [policy] = await entries.get([marker])
  expectClaim(audit, controller, marker, policy, {})
  for await (const item of queryAll(entries, pk, { prefix: `instant#${notBefore}#` }))
    if (isClaim(item, { version })) return
  audit.found('claim-missing', controller, { key: { pk, sk } }, { detail: `the instant ${notBefore} is not its own` })
}

/** A claim as it is met among the entries: that it has the form of one, and names a version that holds its instant. */
export async function checkClaim(audit: Audit, controller: string, item: Item): Promise<void> {
  const where = { key: { pk: item.pk, sk: item.sk } }
  if (item.sk.startsWith('policy#') && item.pk === controllerPk(controller)) {
    if (!isClaim(item, {})) audit.found('claim-differs', controller, where)
    return
  }
  const instant = /^instant#(.*)#\d+$/.exec(item.sk)?.[1]
  if (instant === undefined) {
    audit.found('kind-unknown', controller, where, { severity: 'pending' })
    return
  }
  const name = versionIn(item)
  const [stored] = name === undefined ? [] : await audit.ledger.entries.get([{ pk: item.pk, sk: `version#${name}` }])
  const isOther = stored !== undefined && (notBeforeIn(stored) ?? instant) !== instant
  if (name === undefined || !isClaim(item, { version: name }) || isOther)
    audit.found('claim-differs', controller, where)
  else if (stored === undefined) audit.found('claim-unused', controller, where, { severity: 'pending' })
}

function expectClaim(audit: Audit, controller: string, key: Key, stored: Item | undefined, content: object): void {
  if (stored === undefined) audit.found('claim-missing', controller, { key })
  else if (!isClaim(stored, content)) audit.found('claim-differs', controller, { key })
}

/** The record of a claim is its draft. */
function isClaim({ values: { record, draft } }: Item, content: object): boolean {
  return record === JSON.stringify(content) && draft === digestOf(content)
}

function versionIn(claim: Item): string | undefined {
  try {
    const { version } = readRecord<{ version: unknown }>(claim)
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

/** `undefined` when the version cannot be read, which is found by itself. */
function notBeforeIn(version: Item): string | undefined {
  try {
    return readRecord<PolicyVersion>(version).notBefore
  } catch {
    return undefined
  }
}
