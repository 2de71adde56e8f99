/**
 * Checks the vault, and opens the events of each subject with its keys. A row is tried with the secrets of the controller that it names; one
 * that names none, because it is old, with those of every controller. Authenticated encryption opens under the right one only.
 *
 * An event names its subject by the pseudonym only, from which no row can be found. So events are found from the rows. Events that have lost their
 * row are found by comparing two sets: the subjects that have events, and those that are in the vault or have an erasure.
 *
 * A subject that is erased during the pass stays in the difference, because the pass may read the entries before the erasure and the vault after
 * it. Each such subject that can be read out is explained by its erasure. When there are too many for that, the marks of the days name them
 * (`erased-since.ts`).
 */
import { erasureKey } from '../erasure/erasure-entry.ts'
import { isLinkRow, otherRowIn } from '../links/link-rows.ts'
import { controllerOf } from '../log/log-items.ts'
import { type Item, queryAll } from '../store.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { claimedController, holderOf, isReadableRow, subOf } from '../vault/vault-rows.ts'
import { type Audit, keyOf, type Sealed } from './audit-run.ts'
import { mapInParallel } from './audited-controllers.ts'
import { checkTurnsOf } from './check-holds.ts'
import { checkLinksOf } from './check-links.ts'
import { checkMandatesOf } from './check-mandates.ts'
import { checkReadsOf } from './check-reads.ts'
import { checkSealed, sealedOf } from './check-sealed-entries.ts'
import { erasedSince } from './erased-since.ts'
import { firstHour } from './pass-state.ts'
import { walkTable } from './table-walk.ts'

interface Owned {
  readonly scope: VaultScope
  readonly sub: string
  readonly row: Item
}

export function auditVault(audit: Audit): Promise<boolean> {
  const { ledger, pass, found } = audit
  const scopes = scopesOf(audit)
  let done = 0
  return walkTable(
    audit,
    ledger.vault,
    async (page) => {
      const owned: Owned[] = []
      for (const row of page) {
        if (row.sk !== 'subject') continue
        const owner = ownerOf(scopes, row)
        if (owner === undefined) found('vault-unreadable', '', { key: keyOf(row) })
        else {
          if (isReadableRow(owner.scope, row)) pass.compared.subjects++
          else found('vault-unreadable', '', { key: keyOf(row) })
          if (owner.sub !== undefined) owned.push({ ...owner, sub: owner.sub, row })
        }
        if (!Number.isSafeInteger(row.values.year) || statesAnotherHolder(owner, row))
          found('vault-differs', '', { key: keyOf(row) })
      }
      await checkYears(
        audit,
        scopes,
        page.filter(({ sk }) => sk !== 'subject'),
      )
      const erased = await checkErased(audit, owned)
      await mapInParallel(owned, (subject) => auditSubject(audit, page, subject, erased.has(subject)))
      done += page.length
      audit.progress({ phase: 'vault', done })
    },
    { wholeSlices: true },
  )
}

/** Reports the subjects that have events, and neither a row in the vault nor an erasure. */
export async function auditLostSubjects(audit: Audit): Promise<void> {
  const { pass, found } = audit
  let left = pass.subjects.read()
  let areAllErasedKnown = true
  if (!left.isWhole) {
    const erased = await erasedSince(audit)
    areAllErasedKnown = erased.areAll
    left = pass.subjects.read(erased.owners)
  }
  await mapInParallel([...new Set([...left.added, ...pass.recent])], (owner) => checkEvents(audit, owner, []))
  pass.recent.clear()
  if (left.isWhole) return
  if (areAllErasedKnown && left.beyondCandidates > 0)
    found('unexplained-loss', '', {}, { detail: `at least ${left.beyondCandidates} subjects, too many to name` })
  else found('subjects-undecided', '', {}, { severity: 'pending' })
}

/** The controllers whose row it may be. */
type ScopesOf = (row: Item) => readonly VaultScope[]

export function scopesOf({ controllers }: Pick<Audit, 'controllers'>): ScopesOf {
  const all = [...controllers].flatMap(([controller, known]) => (known ? [{ controller, ...known }] : []))
  const byController = new Map(all.map((scope) => [scope.controller, [scope]]))
  return (row) => {
    const claimed = claimedController(row)
    return claimed === undefined ? all : (byController.get(claimed) ?? [])
  }
}

/** `undefined` when the secrets of no controller whose row it may be open it; without `sub`, when its key is gone. */
function ownerOf(
  scopes: ScopesOf,
  row: Item,
): { readonly scope: VaultScope; readonly sub: string | undefined } | undefined {
  for (const scope of scopes(row)) {
    const known = subOf(scope, row)
    if (known !== 'unreadable') return { scope, sub: known?.sub }
  }
  return undefined
}

/** A row from before 1 December 2026 states no holder. Of one whose key is gone nobody can tell. */
function statesAnotherHolder(owner: ReturnType<typeof ownerOf>, { values: { holder } }: Item): boolean {
  return holder !== undefined && owner?.sub !== undefined && holder !== holderOf(owner.scope, owner.sub)
}

/** Reports erased subjects whose row is still there. Returns all that have an erasure. */
async function checkErased({ ledger, found }: Audit, owned: readonly Owned[]): Promise<ReadonlySet<Owned>> {
  const keys = owned.map(({ scope, sub }) => erasureKey(scope.controller, sub))
  const entries = await ledger.entries.get(keys)
  const erased = new Set<Owned>()
  for (const [i, subject] of owned.entries()) {
    const entry = entries[i]
    if (entry === undefined) continue
    erased.add(subject)
    // The page may be older than the erasure.
    const [still] = await ledger.vault.get([keyOf(subject.row)])
    if (still !== undefined) found('erasure-unfinished', subject.scope.controller, { key: keyOf(entry) })
  }
  return erased
}

async function auditSubject(
  audit: Audit,
  page: readonly Item[],
  { scope, sub, row }: Owned,
  isErased: boolean,
): Promise<void> {
  const { pass } = audit
  const owner = `${scope.controller}#${sub}`
  if (pass.holders.has(owner)) pass.holders.set(owner, pass.walk.slice)
  // The rows of the last subject may go on in the next page.
  const isWhole = page.at(-1)?.pk !== row.pk
  const rows = isWhole ? page.filter(({ pk }) => pk === row.pk) : await rowsUnder(audit.ledger.vault, row.pk)
  const isOld = await checkEvents(audit, owner, rows)
  // An erased subject was taken out when its erasure was met, and must not be taken out twice.
  if (isOld && !isErased && pass.subjects.fits(owner)) pass.subjects.remove(owner)
  pass.recent.delete(owner)
  await checkReadsOf(audit, scope, row)
  await checkTurnsOf(audit, scope, row)
  await checkLinksOf(audit, scope, row)
  await checkMandatesOf(audit, scope, rows)
}

/** Returns whether the subject has an event from before the pass. */
async function checkEvents(audit: Audit, owner: string, rows: readonly Item[]): Promise<boolean> {
  const { ledger, pass, controllers } = audit
  const controller = controllerOf({ pk: owner, sk: '' })
  let isOld = false
  let waiting: Sealed[] = []
  for await (const item of queryAll(ledger.entries, owner, { prefix: 'event#' })) {
    isOld ||= String(item.values.hour) < firstHour(pass)
    const sealed = sealedOf(controllers, { item, controller, kind: 'event' })
    if (sealed) waiting.push(sealed)
    if (waiting.length < pageLength) continue
    await checkSealed(audit, waiting, rows)
    waiting = []
  }
  await checkSealed(audit, waiting, rows)
  return isOld
}

/** How many events of one subject are in memory at once. */
const pageLength = 500

async function checkYears(audit: Audit, scopes: ScopesOf, rows: readonly Item[]): Promise<void> {
  if (rows.length === 0) return
  const pks = [...new Set(rows.map(({ pk }) => pk))]
  const subjects = await audit.ledger.vault.get(pks.map((pk) => ({ pk, sk: 'subject' })))
  const orphaned = new Set(pks.filter((_, i) => subjects[i] === undefined))
  for (const row of rows) {
    if (orphaned.has(row.pk)) audit.found('vault-orphan', '', { key: keyOf(row) })
    else if (!scopes(row).some((scope) => (isLinkRow(row) ? otherRowIn(scope, row) : isReadableRow(scope, row))))
      audit.found('vault-unreadable', '', { key: keyOf(row) })
    const { year, holder } = row.values
    if (holder !== undefined || (!isLinkRow(row) && row.sk !== `year#${year}`))
      audit.found('vault-differs', '', { key: keyOf(row) })
  }
}
