/**
 * Lists recorded reads (`audit-reads.ts`). The controller sees who read when and about which topic, without the subjects. A subject sees who
 * read about them.
 *
 * A read names its reader by a pseudonym. The name is found by the grants: each names an auditor, whose pseudonym is in the vault. So a reader
 * without a grant, which earlier releases allowed, has no name here, and neither has an erased one. What a reader asked is sealed twice, under
 * the reader's keys and under the subject's; either opens it.
 */
import type { AuditGrant } from '../../consent/audit-grants.ts'
import type { Identity } from '../../consent/event.ts'
import { compareText } from '../../consent/policy.ts'
import { holderIdentity } from '../holder-entry.ts'
import type { Ledger } from '../ledger.ts'
import { openPayload } from '../sealed-payload.ts'
import type { Item } from '../store.ts'
import { keysOfYear, type SubjectKeys, type VaultScope } from '../vault/subject-keys.ts'
import { readsKeyOf, storedSubject, subjectKeysForReading } from '../vault/vault.ts'
import { readGrants } from './audit-grants.ts'
import { openSubjectRead, readsPk, type SubjectRead } from './audit-reads.ts'

/** What was asked, as far as it may be shown. */
export interface AskedOf {
  /** Id of the route. */
  readonly route?: string
  readonly purposeId?: string
  readonly policyId?: string
}

/** A read as the controller is shown it. */
export interface ListedRead extends AskedOf {
  /** `2026-11-22T10`. No finer time, which could be joined with another list and name a subject. */
  readonly hour: string
  /** Absent when no grant names the reader, or its keys are gone. */
  readonly reader?: Pick<AuditGrant, 'auditor' | 'name'>
  /** Absent when the read cannot be opened, and for an export. */
  readonly subjects?: number
}

export interface ReadsPage<R> {
  readonly reads: readonly R[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

export interface PageOptions {
  readonly limit: number
  readonly after?: string | undefined
}

/** A page of the reads of a day (`2026-11-22`). Their order is random and stays the same. */
export async function readsOfDay(
  ledger: Ledger,
  scope: VaultScope,
  day: string,
  { limit, after }: PageOptions,
): Promise<ReadsPage<ListedRead>> {
  const [page, readers] = await Promise.all([
    ledger.entries.query(`${scope.controller}#read#${day}`, { limit, ...(after !== undefined && { after }) }),
    readersIn(ledger, scope),
  ])
  const reads = page.items.map((item) => listed(item, readers.get(String(item.values.reader))))
  return { reads, ...(page.next !== undefined && { next: page.next }) }
}

/** A read as its subject is shown it. */
export interface ReadAbout extends AskedOf {
  readonly readAt: string
  /** `2026-11`: the first of the checks in that month (`record-checks.ts`). Absent for any other read, which is one. */
  readonly month?: string
  /** Who audits, in the words of the grant; absent when no grant names the reader, or its keys are gone. */
  readonly reader?: string
}

/**
 * A page of the reads about a person, newest first within the page; the same empty one for a subject that the ledger does not know (any
 * more). Reads that cannot be opened are left out: they are not of this subject, or were damaged, which the self-audit reports.
 */
export async function readsAbout(
  ledger: Ledger,
  scope: VaultScope,
  subject: Identity,
  { limit, after }: PageOptions,
): Promise<ReadsPage<ReadAbout>> {
  const key = readsKeyOf(scope, await storedSubject(ledger, scope, subject))
  if (key === undefined) return { reads: [] }
  const page = await ledger.entries.query(readsPk(scope.controller, key.sub), {
    limit,
    ...(after !== undefined && { after }),
  })
  const rows = page.items.flatMap((item) => opened(() => openSubjectRead(item, key.key)) ?? [])
  // Looking up the readers of all grants costs a call for each, so not for the many about whom nobody has read.
  if (rows.length === 0) return { reads: [], ...(page.next !== undefined && { next: page.next }) }
  const [entries, readers] = await Promise.all([
    ledger.entries.get(rows.map(({ read }) => read)),
    readersIn(ledger, scope),
  ])
  const reads = rows.map((row, i) => about(row, readers.get(String(entries[i]?.values.reader))))
  reads.sort((a, b) => compareText(b.readAt, a.readAt))
  return { reads, ...(page.next !== undefined && { next: page.next }) }
}

/** The auditors of all grants, also of ended ones, by their pseudonyms. */
async function readersIn(ledger: Ledger, scope: VaultScope): Promise<ReadonlyMap<string, Reader>> {
  const named = new Map<string, AuditGrant>()
  for (const grant of await readGrants(ledger.entries, scope)) {
    const { id } = holderIdentity('read', grant.auditor)
    const other = named.get(id)
    if (other === undefined || other.madeAt < grant.madeAt) named.set(id, grant)
  }
  const readers = [...named.values()].map(async ({ auditor, name }): Promise<Reader | undefined> => {
    const identity = holderIdentity('read', auditor)
    const stored = await storedSubject(ledger, scope, identity)
    const keys = stored && (await subjectKeysForReading(ledger, scope, identity, [], stored).catch(() => undefined))
    return keys && { auditor, name, keys }
  })
  return new Map((await Promise.all(readers)).flatMap((each) => (each ? [[each.keys.sub, each]] : [])))
}

interface Reader extends Pick<AuditGrant, 'auditor' | 'name'> {
  readonly keys: SubjectKeys
}

function listed(item: Item, reader: Reader | undefined): ListedRead {
  const hour = String(item.values.hour)
  if (reader === undefined) return { hour }
  const { auditor, name, keys } = reader
  const content = opened(() => contentOf(item, keys))
  return {
    ...{ hour, reader: { auditor, name } },
    ...(content && { ...askedIn(content.question), ...subjectsIn(content.question) }),
  }
}

function about({ question, times: { readAt } }: SubjectRead, reader: Reader | undefined): ReadAbout {
  const { month } = question
  return {
    readAt,
    ...(typeof month === 'string' && { month }),
    ...askedIn(question),
    ...(reader && { reader: reader.name }),
  }
}

function contentOf(item: Item, keys: SubjectKeys): { readonly question: object } {
  const { payload, hour } = item.values
  const year = keysOfYear(keys, Number(String(hour).slice(0, 4)))
  if (year === undefined || !(payload instanceof Uint8Array)) throw new Error('a read that does not open')
  const content = openPayload(payload, year.proof.seal, item)
  if (!('question' in content) || typeof content.question !== 'object' || content.question === null)
    throw new Error('a read without a question')
  return { question: content.question }
}

/** Named members only: earlier releases had the subject in the question. */
function askedIn(question: object): AskedOf {
  const text = (name: 'route' | 'purposeId' | 'policyId') => {
    const value: unknown = Reflect.get(question, name)
    return typeof value === 'string' ? { [name]: value } : {}
  }
  return { ...text('route'), ...text('purposeId'), ...text('policyId') }
}

/** A read of a sample and a batch of checks state how many subjects they are about. How many an export has is in its manifest. Any other is about one. */
function subjectsIn(question: object): Pick<ListedRead, 'subjects'> {
  const subjects: unknown = Reflect.get(question, 'subjects')
  if (Reflect.get(question, 'exportId') !== undefined) return {}
  return { subjects: typeof subjects === 'number' ? subjects : 1 }
}

function opened<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
