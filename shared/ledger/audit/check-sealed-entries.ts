/**
 * Opens events, reads and acts with the keys that the vault still has. An entry that no longer opens must have an explanation: an erasure
 * entry of its `sub`, or an evidence term that may have passed. The term that applied to the entry can no longer be read, so the audit
 * accepts the shortest term that the controller ever declared, counted from the hour of the entry. All entries of a year share one key, so
 * the youngest of them is the strictest check of that key.
 */

import { endOfDuration, readDuration } from '../../consent/duration.ts'
import { isBeforeDigestChecks } from '../content-digest.ts'
import { contextDays } from '../lapse.ts'
import { yearOf } from '../sealed-event.ts'
import { type Item, type Key, queryAll } from '../store.ts'
import type { SubjectKeys, VaultScope } from '../subject-keys.ts'
import { subjectKeysInRows, subOf } from '../vault-rows.ts'
import type { Audit, Entry, OpenedRead, Sealed } from './audit-run.ts'
import { actContent, type ContentCheck, eventContent, readContent } from './check-contents.ts'
import { checkNames } from './check-reads.ts'
import { readSubjects } from './check-vault.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** Bound on the entries that are checked a second time. Any further entry that does not open is reported at once. */
const maxDoubtful = 10_000
const pageLength = 500

export async function checkSealed(audit: Audit, entries: readonly Entry[]): Promise<void> {
  const sealed = entries.flatMap((entry): Sealed[] => {
    const known = audit.controllers.get(entry.controller)
    if (known === undefined || !isSealed(entry.kind)) return []
    audit.compared[`${entry.kind}s`]++
    const { pk, values } = entry.item
    return [
      {
        ...entry,
        known,
        sub: entry.kind === 'event' ? pk.slice(entry.controller.length + 1) : String(values.reader ?? values.actor),
      },
    ]
  })
  const closed = await openAll(audit, sealed)
  await explain(audit, closed, true)
}

/**
 * Checks the doubtful entries again, after reading the vault a second time. The second reading includes the subjects that were recorded
 * after the first, because keys are always stored before the event.
 */
export async function auditDoubtful(audit: Audit): Promise<void> {
  if (audit.doubtful.length === 0) return
  const doubtful = audit.doubtful.splice(0)
  await readSubjects(audit)
  for (let i = 0; i < doubtful.length; i += pageLength) {
    const closed = await openAll(audit, doubtful.slice(i, i + pageLength))
    await explain(audit, closed, false)
  }
}

function isSealed(kind: Entry['kind']): kind is 'event' | 'read' | 'act' {
  return kind === 'event' || kind === 'read' || kind === 'act'
}

/** Returns the entries whose keys are gone, and reports faults of the others. */
async function openAll(audit: Audit, sealed: readonly Sealed[]): Promise<Sealed[]> {
  const keys = await keysFor(audit, sealed)
  const closed: Sealed[] = []
  const reads: OpenedRead[] = []
  for (const entry of sealed) {
    const found = keys.get(nameOf(entry))
    const content = found === 'unreadable' ? found : found ? contentOf(entry, found) : 'closed'
    if (content === 'closed') closed.push(entry)
    else reportContent(audit, entry, content)
    if (content === 'agrees' && entry.kind === 'read')
      reads.push({ item: entry.item, keys: found as SubjectKeys, scope: scopeOf(entry) })
  }
  await checkNames(audit, reads)
  return closed
}

function contentOf({ kind, item }: Sealed, keys: SubjectKeys): ContentCheck {
  if (kind === 'act') return actContent(item, keys)
  return kind === 'event' ? eventContent(item, keys) : readContent(item, keys)
}

function reportContent(
  audit: Audit,
  { item, controller, kind }: Sealed,
  content: Exclude<ContentCheck, 'closed'>,
): void {
  const { compared, found } = audit
  const where = { key: keyOf(item) }
  if (kind === 'event' && isBeforeDigestChecks(item)) compared.withoutDigestCheck++
  if (content === 'unreadable') found('event-unreadable', controller, where)
  else if (content === 'withoutContext' && !mayLackContext(audit, item))
    found('unexplained-loss', controller, where, {
      detail: 'the key of its context is gone, before retention may destroy it',
    })
  else if (content === 'withoutContext') compared.withoutContext++
  else if (content !== 'agrees') found('event-differs', controller, where, { detail: content.differs })
}

/** The keys of each subject for the years that its entries state. One read fetches the keys of all subjects. */
async function keysFor({ ledger, subjects }: Audit, sealed: readonly Sealed[]) {
  const rows = new Map<string, { readonly scope: VaultScope; readonly keys: Map<string, Key> }>()
  for (const entry of sealed) {
    const pk = subjects.get(entry.sub)
    if (pk === undefined) continue
    const wanted = rows.get(nameOf(entry)) ?? { scope: scopeOf(entry), keys: new Map() }
    rows.set(nameOf(entry), wanted)
    for (const sk of ['subject', `year#${yearOf(String(entry.item.values.hour))}`]) wanted.keys.set(sk, { pk, sk })
  }
  const stored = (await ledger.vault.get([...rows.values()].flatMap(({ keys }) => [...keys.values()]))).values()
  const opened = new Map<string, SubjectKeys | 'unreadable' | undefined>()
  for (const [name, { scope, keys }] of rows) {
    const found = [...keys].map(() => stored.next().value).filter((row) => row !== undefined)
    opened.set(name, open(scope, found))
  }
  return opened
}

async function explain(audit: Audit, closed: readonly Sealed[], mayDoubt: boolean): Promise<void> {
  if (closed.length === 0) return
  const { ledger, compared, found } = audit
  const erasures = [...new Map(closed.map((entry) => [nameOf(entry), erasureKey(entry)])).values()]
  const stored = await ledger.entries.get(erasures)
  const erased = new Set(stored.flatMap((item) => (item ? [`${item.pk}\n${item.sk}`] : [])))
  for (const entry of closed) {
    const where = { key: keyOf(entry.item) }
    const { pk, sk } = erasureKey(entry)
    if (erased.has(`${pk}\n${sk}`)) compared.erased++
    else if (await opensInAnotherYear(audit, entry))
      found('event-differs', entry.controller, where, { detail: 'it was sealed in another year than it states' })
    else if (mayHaveLapsed(audit, entry)) compared.lapsed++
    else if (mayDoubt && isOfThisHour(audit, entry) && audit.doubtful.length < maxDoubtful) audit.doubtful.push(entry)
    else found('unexplained-loss', entry.controller, where)
  }
}

const erasureKey = ({ controller, sub }: Sealed): Key => ({ pk: `${controller}#erased`, sk: sub })

/** The hour of an entry is in clear and not authenticated. Without this check, a changed hour would pass as a key that retention destroyed. */
async function opensInAnotherYear({ ledger, subjects }: Audit, entry: Sealed): Promise<boolean> {
  const pk = subjects.get(entry.sub)
  if (pk === undefined) return false
  const rows: Item[] = []
  for await (const row of queryAll(ledger.vault, pk)) rows.push(row)
  const keys = open(scopeOf(entry), rows)
  if (keys === undefined || keys === 'unreadable') return false
  return [...keys.years.keys()].some((year) => {
    const item = { ...entry.item, values: { ...entry.item.values, hour: `${year}-01-01T00` } }
    const content = contentOf({ ...entry, item }, keys)
    return content !== 'unreadable' && content !== 'closed'
  })
}

function isOfThisHour({ nowMs }: Audit, { item }: Sealed): boolean {
  return String(item.values.hour) >= new Date(nowMs).toISOString().slice(0, 13)
}

function mayHaveLapsed({ nowMs }: Audit, { item, known }: Sealed): boolean {
  const hourEndMs = Date.parse(`${item.values.hour}:00:00.000Z`) + hourMs
  if (Number.isNaN(hourEndMs)) return false
  const recordedBy = new Date(hourEndMs).toISOString()
  const now = new Date(nowMs).toISOString()
  return [...known.evidenceTerms].some((text) => {
    const term = readDuration(text)
    const end = term && endOfDuration(recordedBy, term)
    return end !== undefined && end < now
  })
}

/** The key of a context is destroyed at the earliest `contextDays` after the last event of its year. */
function mayLackContext({ nowMs }: Audit, { values: { hour } }: Item): boolean {
  return Date.parse(`${hour}:00:00.000Z`) + contextDays * dayMs < nowMs
}

/** The subject's keys; `undefined` when the row `subject` or its key is gone. */
function open(scope: VaultScope, rows: readonly Item[]): SubjectKeys | 'unreadable' | undefined {
  const subject = rows.find(({ sk }) => sk === 'subject')
  return subject && subOf(scope, subject) === 'unreadable' ? 'unreadable' : subjectKeysInRows(scope, rows)
}

const scopeOf = ({ controller, known }: Sealed): VaultScope => ({ controller, secrets: known.secrets })
const nameOf = ({ controller, sub }: Sealed): string => `${controller}#${sub}`
const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })
