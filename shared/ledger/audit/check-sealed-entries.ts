/**
 * Opens events, reads and acts with the keys that the vault still has. An entry that no longer opens must have an explanation: an erasure
 * entry of its `sub`, or an evidence term that may have passed. The term that applied to the entry can no longer be read, so the audit
 * accepts the shortest term that the controller ever declared, counted from the hour of the entry. All entries of a year share one key, so
 * the youngest of them is the strictest check of that key.
 */

import { endOfDuration, readDuration } from '../../consent/duration.ts'
import { isBeforeDigestChecks } from '../recording/content-digest.ts'
import type { Item, Key } from '../store.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import type { SubjectKeys, VaultScope } from '../vault/subject-keys.ts'
import { subjectKeysInRows, subOf } from '../vault/vault-rows.ts'
import { type Audit, type Entry, keyOf, type OpenedRead, type Sealed } from './audit-run.ts'
import { actContent, type ContentCheck, eventContent, readContent } from './check-contents.ts'
import { checkNames } from './check-reads.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** The entry, if its owner's keys open entries of its kind; `undefined` otherwise, and when its controller cannot be read. */
export function sealedOf(
  controllers: Audit['controllers'],
  entry: Entry,
): (Sealed & { readonly kind: 'event' | 'read' | 'act' }) | undefined {
  const { item, controller, kind } = entry
  const known = controllers.get(controller)
  if (known === undefined || !(kind === 'event' || kind === 'read' || kind === 'act')) return undefined
  const { reader, actor } = item.values
  const sub = kind === 'event' ? item.pk.slice(controller.length + 1) : String(reader ?? actor)
  return { ...entry, kind, known, sub }
}

/**
 * Checks entries of one owner.
 *
 * @param rows the owner's rows in the vault; empty when they are gone
 */
export async function checkSealed(audit: Audit, sealed: readonly Sealed[], rows: readonly Item[]): Promise<void> {
  const [first] = sealed
  if (first === undefined) return
  const closed = await openAll(audit, sealed, open(scopeOf(first), rows))
  const [row] = rows
  if (closed.length === 0 || row === undefined) return explain(audit, closed, [])
  // The key of a new year may have been stored since the rows were read, and an erasure may have deleted them.
  const again = await rowsUnder(audit.ledger.vault, row.pk)
  await explain(audit, await openAll(audit, closed, open(scopeOf(first), again)), again)
}

/** Returns the entries whose keys are gone, and reports faults of the others. */
async function openAll(
  audit: Audit,
  sealed: readonly Sealed[],
  keys: SubjectKeys | 'unreadable' | undefined,
): Promise<Sealed[]> {
  const closed: Sealed[] = []
  const reads: OpenedRead[] = []
  for (const entry of sealed) {
    const own = typeof keys === 'object' && keys.sub === entry.sub ? keys : undefined
    const content = keys === 'unreadable' ? keys : own ? contentOf(entry, own) : 'closed'
    if (content === 'closed') closed.push(entry)
    else reportContent(audit, entry, content)
    if (own && content === 'agrees' && entry.kind === 'read')
      reads.push({ item: entry.item, keys: own, scope: scopeOf(entry) })
  }
  await checkNames(audit, reads)
  return closed
}

function contentOf({ kind, item }: Sealed, keys: SubjectKeys): ContentCheck {
  if (kind === 'act') return actContent(item, keys)
  return kind === 'event' ? eventContent(item, keys) : readContent(item, keys)
}

function reportContent(audit: Audit, entry: Sealed, content: Exclude<ContentCheck, 'closed'>): void {
  const { item, controller, kind } = entry
  const { found } = audit
  const { compared } = audit.pass
  const where = { key: keyOf(item) }
  if (kind === 'event' && isBeforeDigestChecks(item)) compared.withoutDigestCheck++
  if (content === 'unreadable') found('event-unreadable', controller, where)
  else if (content === 'withoutContext' && !mayLackContext(audit, entry))
    found('unexplained-loss', controller, where, {
      detail: 'the key of its context is gone, before retention may destroy it',
    })
  else if (content === 'withoutContext') compared.withoutContext++
  else if (content !== 'agrees') found('event-differs', controller, where, { detail: content.differs })
}

async function explain(audit: Audit, closed: readonly Sealed[], rows: readonly Item[]): Promise<void> {
  if (closed.length === 0) return
  const { ledger, found } = audit
  const { compared } = audit.pass
  const erasures = [...new Map(closed.map((entry) => [nameOf(entry), erasureKey(entry)])).values()]
  const stored = await ledger.entries.get(erasures)
  const erased = new Set(stored.flatMap((item) => (item ? [`${item.pk}\n${item.sk}`] : [])))
  for (const entry of closed) {
    const where = { key: keyOf(entry.item) }
    const { pk, sk } = erasureKey(entry)
    if (erased.has(`${pk}\n${sk}`)) compared.erased++
    else if (opensInAnotherYear(entry, rows))
      found('event-differs', entry.controller, where, { detail: 'it was sealed in another year than it states' })
    else if (mayHaveLapsed(audit, entry)) compared.lapsed++
    else found('unexplained-loss', entry.controller, where)
  }
}

const erasureKey = ({ controller, sub }: Sealed): Key => ({ pk: `${controller}#erased`, sk: sub })

/** The hour of an entry is in clear and not authenticated. Without this check, a changed hour would pass as a key that retention destroyed. */
function opensInAnotherYear(entry: Sealed, rows: readonly Item[]): boolean {
  const keys = open(scopeOf(entry), rows)
  if (keys === undefined || keys === 'unreadable') return false
  return [...keys.years.keys()].some((year) => {
    const item = { ...entry.item, values: { ...entry.item.values, hour: `${year}-01-01T00` } }
    const content = contentOf({ ...entry, item }, keys)
    return content !== 'unreadable' && content !== 'closed'
  })
}

const mayHaveLapsed = (audit: Audit, { item, known }: Sealed): boolean => hasPassed(audit, item, known.evidenceTerms)

/** The key of a context goes with the proof key at the latest. */
const mayLackContext = (audit: Audit, { item, known }: Sealed): boolean =>
  hasPassed(audit, item, known.contextTerms) || hasPassed(audit, item, known.evidenceTerms)

/** Whether any of the terms has passed since the entry was recorded. Keys go at the earliest then. */
function hasPassed({ nowMs }: Audit, { values: { hour } }: Item, terms: ReadonlySet<string>): boolean {
  const hourEndMs = Date.parse(`${hour}:00:00.000Z`) + hourMs
  if (Number.isNaN(hourEndMs)) return false
  const recordedBy = new Date(hourEndMs).toISOString()
  const now = new Date(nowMs).toISOString()
  return [...terms].some((text) => {
    const term = readDuration(text)
    const end = term && endOfDuration(recordedBy, term)
    return end !== undefined && end < now
  })
}

/** The subject's keys; `undefined` when the row `subject` or its key is gone. */
function open(scope: VaultScope, rows: readonly Item[]): SubjectKeys | 'unreadable' | undefined {
  const subject = rows.find(({ sk }) => sk === 'subject')
  return subject && subOf(scope, subject) === 'unreadable' ? 'unreadable' : subjectKeysInRows(scope, rows)
}

const scopeOf = ({ controller, known }: Sealed): VaultScope => ({ controller, ...known })
const nameOf = ({ controller, sub }: Sealed): string => `${controller}#${sub}`
