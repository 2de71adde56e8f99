/**
 * Checks holds, their releases, the requests to erase that wait, and those of people with their answers: each opens for its controller and is what
 * its leaf commits to. A hold on a purpose or a date has its mark. The turns of a subject in the vault open, none is missing between others,
 * and each hold among them is a hold on this subject. Turns of subjects that are gone are not judged: their key is destroyed.
 */

import { controllerEntryDifference } from '../controller-entry.ts'
import {
  answerKind,
  askedPk,
  askerOf,
  isAnswer,
  openAnswer,
  openAsk,
  requestOfAnswer,
} from '../erasure/asked-erasure-entries.ts'
import { openRequest, requestedPk } from '../erasure/waiting-erasures.ts'
import { heldPk, holdKey, isHoldOf, openHold, openRelease, releaseKey } from '../holds/hold-entries.ts'
import { openTurn, turnsPk } from '../holds/hold-turns.ts'
import { numberSk } from '../log/log-items.ts'
import { type Item, queryAll } from '../store.ts'
import type { HoldsKey, VaultScope } from '../vault/subject-keys.ts'
import { holdsKeyIn } from '../vault/vault-rows.ts'
import { type Audit, type Entry, keyOf } from './audit-run.ts'
import { mayHaveEntries } from './pass-state.ts'

export async function checkHolds(audit: Audit, entries: readonly Entry[]): Promise<void> {
  for (const { item, controller, kind } of entries) {
    const known = audit.controllers.get(controller)
    if (known === undefined) continue
    const scope = { controller, ...known }
    if (kind === 'hold') await checkEntry(audit, scope, item)
    else if (kind === 'hold-mark') await checkMark(audit, scope, item)
  }
}

async function checkEntry(audit: Audit, scope: VaultScope, item: Item): Promise<void> {
  const { ledger, found } = audit
  const { controller } = scope
  const where = { key: keyOf(item) }
  audit.pass.compared.holds++
  if (item.pk === requestedPk(controller)) {
    const differs = controllerEntryDifference(scope, 'erasure-requested', item, item.sk)
    const detail = differs ?? (opened(() => openRequest(scope, item)) ? undefined : unknownForm)
    if (detail !== undefined) found('event-differs', controller, where, { detail })
    return
  }
  if (item.pk === askedPk(controller)) return checkAsked(audit, scope, item)
  const holdId = item.sk.slice(item.sk.indexOf('#') + 1)
  const isRelease = item.sk === releaseKey(controller, holdId).sk
  const detail = controllerEntryDifference(scope, isRelease ? 'hold-released' : 'hold', item)
  if (detail !== undefined) return found('event-differs', controller, where, { detail })
  if (isRelease) {
    if (!opened(() => openRelease(scope, item)))
      return found('event-differs', controller, where, { detail: unknownForm })
    const [hold] = await ledger.entries.get([holdKey(controller, holdId)])
    if (hold === undefined) found('hold-missing', controller, where)
    return
  }
  const hold = opened(() => openHold(scope, item))
  if (hold === undefined) return found('event-differs', controller, where, { detail: unknownForm })
  if (hold.holdId !== holdId)
    return found('event-differs', controller, where, { detail: 'it has the key of another hold' })
  if (hold.covers.kind === 'subject') return
  const [mark] = await ledger.entries.get([{ pk: heldPk(controller), sk: holdId }])
  if (mark === undefined) found('hold-unmarked', controller, where, { severity: 'warning' })
}

/** A person's request to be erased, or its answer. */
async function checkAsked({ ledger, found }: Audit, scope: VaultScope, item: Item): Promise<void> {
  const where = { key: keyOf(item) }
  const answers = isAnswer(item)
  const kind = opened(() => (answers ? answerKind(openAnswer(scope, item)) : openAsk(scope, item) && 'erasure-asked'))
  const [request] = answers ? await ledger.entries.get([requestOfAnswer(item)]) : [item]
  const detail =
    (kind ? controllerEntryDifference(scope, kind, item, askerOf(item)) : unknownForm) ??
    (request ? undefined : 'it answers a request that is not there')
  if (detail !== undefined) found('event-differs', scope.controller, where, { detail })
}

async function checkMark({ ledger, found }: Audit, { controller }: VaultScope, item: Item): Promise<void> {
  const [hold] = await ledger.entries.get([holdKey(controller, item.sk)])
  if (hold === undefined) found('hold-missing', controller, { key: keyOf(item) })
}

/**
 * Turns that were taken since the entries were walked are left to the next pass.
 *
 * @param row the row `subject` of the vault
 */
export async function checkTurnsOf(audit: Audit, scope: VaultScope, row: Item): Promise<void> {
  const { ledger, pass, found } = audit
  const subject = holdsKeyIn(scope, row)
  if (subject === undefined) return
  const pk = turnsPk(scope.controller, subject.sub)
  if (!mayHaveEntries(pass, pk)) return
  let next = 0
  for await (const item of queryAll(ledger.entries, pk)) {
    pass.compared.turns++
    await checkTurn(audit, scope, item, subject)
    if (item.sk !== numberSk(next)) found('turn-missing', scope.controller, { key: keyOf(item) })
    next = Number(item.sk) + 1
  }
}

async function checkTurn(audit: Audit, { controller }: VaultScope, item: Item, subject: HoldsKey): Promise<void> {
  const { ledger, found } = audit
  const where = { key: keyOf(item) }
  const turn = openTurn(item, subject)
  if (turn === undefined) return found('event-unreadable', controller, where)
  if (turn.does !== 'hold') return
  const [hold] = await ledger.entries.get([holdKey(controller, turn.holdId)])
  if (hold === undefined || !isHoldOf(hold, turn.holdId, subject)) found('hold-missing', controller, where)
}

const unknownForm = 'its form is not known to this release'

function opened<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
