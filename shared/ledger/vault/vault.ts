/**
 * The vault: each subject's keys, under a name that only the controller's pepper can compute. Rows of this table alone can be deleted; what
 * their keys opened then stays closed for ever.
 *
 *   PK  base64url(HMAC(a pepper, JCS(["vault-v1", 1, controller, type, form of the id]))); that of an administrator has `actor#` before it,
 *       so that the role that publishes policies can be limited to these rows and read no other person's keys
 *   SK  `subject`: k_sub and the keys of the first year; `year#2027`: that year's keys
 *   values  year (number), controller (its id, for those that read the whole vault; absent in rows from before 30 November 2026),
 *       sub / proof / context: each key wrapped by itself, so that each can be destroyed by itself; in a row `subject` also holder, by
 *       which jobs that walk the log find it (`find-by-pseudonym.ts`)
 *
 * New rows are named by the current form of an identifier (`identity-names.ts`). So of two writers with different spellings one insert wins.
 * A row named by an earlier form keeps its name: one call looks under all, and later events of its subject have its form too. So all events
 * of a subject name it in the same way, as a proof requires.
 *
 * The same holds for peppers that were replaced (`change-keys.ts`): the call looks under each. At the one instant when a new pepper comes into use two
 * instances, whose clocks differ by a little, may both make rows of a new person whose first two events come just then. The row under
 * the older pepper is the person's from then on, so what was recorded under the other is found by no question; an erasure takes both.
 *
 * Keys live for one request. A crash between the two inserts of a write leaves a subject without events, which is harmless.
 *
 * Erasure (`erase-subject.ts`) deletes the row `subject` and then looks for years once more. So a writer that made a year's row reads the
 * subject's row again before it seals anything: the eraser has then seen every year's key that seals an event.
 */

import type { Identity } from '../../consent/event.ts'
import { LedgerError } from '../../errors.ts'
import { hmacText, keyBytes, sealBytes } from '../derived-keys.ts'
import type { Ledger } from '../ledger.ts'
import { type Item, insertOne, type Key } from '../store.ts'
import { actorType, formsOf, normaliseIdentity } from './identity-names.ts'
import { isYearUnreadable, type ReadsKey, type SubjectKeys, type VaultScope } from './subject-keys.ts'
import { holderOf, newSubjectKeys, readsKeyIn, subjectKeysInRows, wrappingContext } from './vault-rows.ts'

/** Partition key of a subject's rows, by one form of its identifier. */
export function vaultKey({ controller, secrets }: VaultScope, form: Identity, pepper = secrets.pepper): string {
  // JSON of strings and small integers is canonical (RFC 8785). The 1 is constant, because new rules change only the form.
  const name = JSON.stringify(['vault-v1', 1, controller, form.type, form.id])
  const mac = hmacText(pepper, name, 32)
  return form.type === actorType ? `${actorType}${mac}` : mac
}

export interface VaultName {
  readonly form: Identity
  /** Partition key of the rows. */
  readonly pk: string
}

/**
 * The names under which a subject's rows may be stored: by the oldest pepper first, and by each in the order of `Forms.stored`. Most spellings
 * have one form only, and most controllers one pepper.
 */
export async function vaultNames(scope: VaultScope, identity: Identity): Promise<readonly VaultName[]> {
  const { stored } = await formsOf(identity, scope.country)
  return scope.secrets.peppers.flatMap((pepper) => stored.map((form) => ({ form, pk: vaultKey(scope, form, pepper) })))
}

/** Partition keys by the current form, that of the oldest pepper first. */
export async function currentNames(scope: VaultScope, identity: Identity): Promise<readonly string[]> {
  const form = await normaliseIdentity(identity, scope.country)
  return scope.secrets.peppers.map((pepper) => vaultKey(scope, form, pepper))
}

/** The name of new rows. */
export async function currentName(scope: VaultScope, identity: Identity): Promise<VaultName> {
  const form = await normaliseIdentity(identity, scope.country)
  return { form, pk: vaultKey(scope, form) }
}

/** The name under which the row `subject` was found: the first, even if another subject has a later one. */
function nameOfStored(names: readonly VaultName[], rows: readonly (Item | undefined)[]): VaultName | undefined {
  return names.find(({ pk }) => rows.some((row) => row?.pk === pk && row.sk === 'subject'))
}

/** A subject's keys, with the form of its identifier under which it is stored. */
export interface NamedKeys extends SubjectKeys {
  readonly identity: Identity
  /** Partition key of its rows. */
  readonly rowsPk: string
}

/**
 * The keys of a subject who acts in `year`, made when there are none. One call when the subject is known and has acted that
 * year, or when `announcedNew` is true and it can have one name only; one more otherwise, and two when a known subject begins a year.
 */
export async function subjectKeysForWriting(
  ledger: Ledger,
  scope: VaultScope,
  identity: Identity,
  year: number,
  announcedNew: boolean,
): Promise<NamedKeys> {
  const names = await vaultNames(scope, identity)
  // The insert below shows that a subject is known under its current name only.
  if (!announcedNew || names.length > 1) {
    const rows = await ledger.vault.get(names.flatMap(({ pk }) => yearKeysIn(pk, year)))
    const stored = nameOfStored(names, rows)
    if (stored) return completeYear(ledger, scope, stored, rows, year)
  }
  const current = await currentName(scope, identity)
  const fresh = newSubject(ledger, scope, current.pk, year)
  if (await insertOne(ledger.vault, fresh.row)) return named(fresh.keys, current)
  return completeYear(ledger, scope, current, await ledger.vault.get(yearKeysIn(current.pk, year)), year)
}

/** The rows under a subject's names as one call read them: each row `subject`, and that of the year of the call. */
export interface StoredSubject {
  /** The name of its rows. */
  readonly name: VaultName
  readonly rows: readonly Item[]
  /** The calendar year of the call. */
  readonly year: number
}

/** `undefined` for a subject that the ledger does not know (any more). One call, which shares with others. */
export async function storedSubject(
  ledger: Pick<Ledger, 'vault' | 'clock'>,
  scope: VaultScope,
  identity: Identity,
): Promise<StoredSubject | undefined> {
  const names = await vaultNames(scope, identity)
  const year = new Date(ledger.clock()).getUTCFullYear()
  const found = await ledger.vault.get(names.flatMap(({ pk }) => yearKeysIn(pk, year)))
  const name = nameOfStored(names, found)
  return name && { name, rows: rowsNamed(name.pk, found), year }
}

/** The same for a subject whose rows' name is known, and not its identifier. */
export async function storedUnder(
  ledger: Pick<Ledger, 'vault' | 'clock'>,
  name: VaultName,
): Promise<StoredSubject | undefined> {
  const year = new Date(ledger.clock()).getUTCFullYear()
  const rows = rowsNamed(name.pk, await ledger.vault.get(yearKeysIn(name.pk, year)))
  return nameOfStored([name], rows) && { name, rows, year }
}

/**
 * All keys of a subject that are left, or `undefined` for a subject that the ledger does not know (any more). One call, or none when the
 * request has read the rows already; one more for a subject of more than two years. (A query would find the years by itself, but goes
 * alone.) `ahead` are years to come, in which a wrong clock has stamped events of the subject. Throws `keys-unreadable` when the subject's
 * own key does not unwrap.
 *
 * @param read rows that this request read before; events that other writers sealed since under a new year's key do not open with them
 */
export async function subjectKeysForReading(
  ledger: Pick<Ledger, 'vault' | 'clock'>,
  scope: VaultScope,
  identity: Identity,
  ahead: readonly number[] = [],
  read?: StoredSubject,
): Promise<NamedKeys | undefined> {
  const stored = read ?? (await storedSubject(ledger, scope, identity))
  if (stored === undefined) return undefined
  const { pk } = stored.name
  const { rows: near, year: thisYear } = stored
  const firstYear = Number(near.find(({ sk }) => sk === 'subject')?.values.year)
  const between: Key[] = []
  // A row that states an absurd year costs no more look-ups than the years since the epoch.
  for (let year = Math.max(firstYear, 1970) + 1; year < thisYear; year++) between.push({ pk, sk: yearSk(year) })
  for (const year of ahead) if (year > Math.max(firstYear, thisYear)) between.push({ pk, sk: yearSk(year) })
  const others = between.length === 0 ? [] : await ledger.vault.get(between)
  const keys = subjectKeysInRows(scope, [...near, ...rowsNamed(pk, others)])
  if (keys === undefined) throw keysUnreadable()
  return named(keys, stored.name)
}

/** Does the same as `subjectKeysForReading`, and returns `undefined` also for keys that cannot be read. */
export async function subjectKeysIfReadable(
  ledger: Pick<Ledger, 'vault' | 'clock'>,
  scope: VaultScope,
  identity: Identity,
  read?: StoredSubject,
): Promise<NamedKeys | undefined> {
  return subjectKeysForReading(ledger, scope, identity, [], read).catch((error: unknown) => {
    if (error instanceof LedgerError && error.code === 'keys-unreadable') return undefined
    throw error
  })
}

/** The key of the reads about the subject; `undefined` for an unknown subject, and when its row does not open for this controller. */
export function readsKeyOf(scope: VaultScope, stored: StoredSubject | undefined): ReadsKey | undefined {
  const row = stored?.rows.find(({ sk }) => sk === 'subject')
  return row && readsKeyIn(scope, row)
}

async function completeYear(
  ledger: Ledger,
  scope: VaultScope,
  name: VaultName,
  found: readonly (Item | undefined)[],
  year: number,
): Promise<NamedKeys> {
  const rows = rowsNamed(name.pk, found)
  const subject = rows.find((row) => row.sk === 'subject')
  if (subject === undefined) throw erasedMeanwhile()
  if (year <= Number(subject.values.year) || rows.some((row) => row.sk === yearSk(year)))
    return keysFor(scope, name, rows, year)
  const fresh = newYearRow(ledger, scope, subject.pk, year)
  const isOurs = await insertOne(ledger.vault, fresh)
  // Re-read after inserting. If another writer's row won, use it: events may already be sealed with its keys.
  const [still, stored] = await ledger.vault.get(isOurs ? [subject] : [subject, fresh])
  const theirs = isOurs ? fresh : stored
  if (still === undefined || !isSameSubject(still, subject) || theirs === undefined) throw erasedMeanwhile()
  return keysFor(scope, name, [still, theirs], year)
}

/** After an erasure another subject may have the name: with another key, or none. */
function isSameSubject(a: Item, b: Item): boolean {
  const [of, other] = [a.values.sub, b.values.sub]
  return of instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(of, other) === 0
}

function erasedMeanwhile(): LedgerError {
  return new LedgerError('unavailable', 'the subject was erased while it was being written; send the event again')
}

const yearSk = (year: number) => `year#${year}`

/** Keys of the row `subject` and of the year's row. */
const yearKeysIn = (pk: string, year: number): Key[] => [
  { pk, sk: 'subject' },
  { pk, sk: yearSk(year) },
]

function rowsNamed(pk: string, rows: readonly (Item | undefined)[]): Item[] {
  return rows.filter((row): row is Item => row?.pk === pk)
}

/** A subject's first row, and the keys in it: they need not be unwrapped again. */
function newSubject(
  ledger: Ledger,
  scope: VaultScope,
  pk: string,
  year: number,
): { readonly row: Item; readonly keys: SubjectKeys } {
  const key: Key = { pk, sk: 'subject' }
  const root = ledger.random(keyBytes)
  const ofYear = newYear(ledger)
  const keys = newSubjectKeys(scope, year, { root, ...ofYear })
  const values = {
    ...yearValues(ledger, scope, key, year, ofYear),
    sub: wrap(ledger, scope, key, 'sub', root),
    holder: holderOf(scope, keys.sub),
  }
  return { row: { ...key, values }, keys }
}

function newYearRow(ledger: Ledger, scope: VaultScope, pk: string, year: number): Item {
  const key: Key = { pk, sk: yearSk(year) }
  return { ...key, values: yearValues(ledger, scope, key, year, newYear(ledger)) }
}

/** Raw keys of a year. */
interface NewYear {
  readonly proof: Uint8Array
  readonly context: Uint8Array
}

const newYear = ({ random }: Ledger): NewYear => ({ proof: random(keyBytes), context: random(keyBytes) })

function yearValues(ledger: Ledger, scope: VaultScope, key: Key, year: number, { proof, context }: NewYear) {
  return {
    year,
    controller: scope.controller,
    proof: wrap(ledger, scope, key, 'proof', proof),
    context: wrap(ledger, scope, key, 'context', context),
  }
}

function wrap({ random }: Ledger, { secrets }: VaultScope, key: Key, name: string, bytes: Uint8Array): Uint8Array {
  return sealBytes(secrets.dataKey, bytes, wrappingContext(key, name), random)
}

/** The keys in these rows, with those of `year`. Throws `keys-unreadable` when they do not unwrap, because sealing needs them. */
function keysFor(scope: VaultScope, name: VaultName, rows: readonly Item[], year: number): NamedKeys {
  const keys = subjectKeysInRows(scope, rows)
  if (keys === undefined || isYearUnreadable(keys, year)) throw keysUnreadable()
  return named(keys, name)
}

/** Adds to the same object: a copy would derive the keys that are derived when they are used. */
function named(keys: SubjectKeys, { form, pk }: VaultName): NamedKeys {
  return Object.assign(keys, { identity: form, rowsPk: pk })
}

/** For a row that does not unwrap. The vault takes each name once, so a retry cannot help: an operator must look. */
export function keysUnreadable(): LedgerError {
  return new LedgerError('keys-unreadable', 'the subject’s keys cannot be read')
}
