/**
 * Replaces the notice key or the pepper of a controller, or both (`numbered-changes.ts`). The item has the new keys, wrapped by the keyring,
 * in the order of `madeKeys`; the item of the controller keeps those of its creation.
 *
 *   PK `<controller>#controller`     SK `keys#<change>`     secrets?: 32 or 64 bytes, wrapped     leaf: `keyChangeLeaf`
 *
 * A change of the checkpoint key or the receipt key makes none: a deployment does (`infra/runbook.md`). It records the change in the controller's
 * log. While the earlier checkpoint key still signs, its signature vouches for the verifier key in the leaf.
 *
 * The data key is never replaced. Every row of the vault is wrapped by it, and no component may rewrite a row: the writer inserts, the
 * eraser deletes. Whoever has stolen it and the vault has the people's keys, whatever the rows are wrapped by afterwards.
 *
 * From when on new keys are used: `replaced-keys.ts`. A change is one insert, so a crash leaves all of it or nothing.
 */
import { hash } from 'node:crypto'
import { type KeyChange, type KeyChangeDraft, madeKeysOf } from '../../consent/key-change.ts'
import { keyChangeLeaf } from '../../consent/published-leaf.ts'
import { LedgerError } from '../../errors.ts'
import { parseVerifierKey, signatureTypes } from '../../tlog/verifier-key.ts'
import { keyBytes } from '../derived-keys.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { originOf } from '../log/log-items.ts'
import type { Item } from '../store.ts'
import { keysPrefix } from './controller-keys.ts'
import { controllerPk } from './controller-snapshots.ts'
import { publishChange, refuseGap } from './numbered-changes.ts'
import type { PublishResult } from './publish-once.ts'

/**
 * Most peppers of a controller, because a look-up asks for two rows under each form of an identifier, of which there are seven at most, by each
 * pepper: 98 keys, and DynamoDB takes 100 in a call.
 */
const maxPeppers = 7
/** Most changes: an instance unwraps each when it first reads the controller. */
const maxChanges = 64

/**
 * Inserts the change, or returns the stored one when it came from an equal draft.
 *
 * @throws `not-found` when there is no such controller; `invalid-request` when the change is not the next; `limit-reached`; `already-exists` when
 * the change of this number has other content
 */
export async function changeKeys(
  ledger: Ledger,
  controller: string,
  draft: KeyChangeDraft,
): Promise<PublishResult<KeyChange>> {
  const snapshot = await ledger.controllers.current(controller)
  if (snapshot === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  const { keyChange: last, secrets } = snapshot
  refuseGap(draft, last)
  if (draft.change > last) {
    if (draft.change > maxChanges) {
      const facts = { field: '/change', given: draft.change, allowed: maxChanges }
      throw new LedgerError('limit-reached', 'a controller has its keys changed this often at most', facts)
    }
    if (draft.keys.includes('pepper') && secrets.peppers.length >= maxPeppers) {
      const facts = { field: '/keys', given: draft.keys, allowed: maxPeppers }
      throw new LedgerError(
        'limit-reached',
        'a controller has this many peppers at most, because rows are looked for under each',
        facts,
      )
    }
  }
  if (draft.vkey !== undefined) requireLogKey(ledger.host, controller, draft.vkey)
  const keys = ledger.random(madeKeysOf(draft).length * keyBytes)
  const values: Item['values'] = keys.length > 0 ? { secrets: await ledger.keyring.wrap(controller, keys) } : {}
  const record: KeyChange = {
    ...draft,
    changedAt: timestamp(ledger.clock),
    ...(keys.length > 0 && { sha256: hash('sha256', keys, 'hex') }),
  }
  const key = { pk: controllerPk(controller), sk: keysPrefix + draft.change }
  const leaf = keyChangeLeaf(record)
  const changed = await publishChange(ledger, key, draft, { record, leaf, last, values })
  // This instance goes by it at once, the others within 30 s.
  await ledger.controllers.current(controller)
  return changed
}

/** A key of another log, or of a witness, would be vouched for as this one's. */
function requireLogKey(host: string, controller: string, vkey: string): void {
  const origin = originOf(host, controller)
  try {
    const { name, type } = parseVerifierKey(vkey)
    if (name === origin && type === signatureTypes.ed25519) return
  } catch {}
  throw new LedgerError('invalid-request', 'this is no verifier key of the controller’s log', {
    field: '/vkey',
    given: vkey,
    allowed: `${origin}+<key id>+<key>, a log line of /log/${controller}/policy`,
  })
}
