/** What a drill is, and what finds and changes the items that it has stored, past the ledger. */
import type { Identity } from '../../../../shared/consent/event.ts'
import { digestLeaf } from '../../../../shared/consent/leaf.ts'
import type { AuditedLedger } from '../../../../shared/ledger/audit/audit-run.ts'
import { recordAct } from '../../../../shared/ledger/controllers/administrative-acts.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { holderDigests, holderIdentity } from '../../../../shared/ledger/holder-entry.ts'
import {
  batchItem,
  batchPk,
  checkpointPk,
  type LoggedEntry,
  readBatch,
} from '../../../../shared/ledger/log/log-items.ts'
import { sealPayload } from '../../../../shared/ledger/sealed-payload.ts'
import { type Item, type Key, queryAll } from '../../../../shared/ledger/store.ts'
import { type SubjectKeys, vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading, vaultKey } from '../../../../shared/ledger/vault/vault.ts'
import type { MemoryLedger } from '../../../support/memory-ledger.ts'
import type { MemoryTable } from '../../../support/memory-table.ts'
import { scanPages } from '../../../support/scanned-items.ts'

export const tableNames = ['entries', 'log', 'vault'] as const
export type Tables = Record<(typeof tableNames)[number], MemoryTable>
export type Stored = Map<string, Uint8Array>

export interface Drill extends Tables {
  readonly ledger: MemoryLedger
  readonly snapshot: ControllerSnapshot
  /** What object storage holds, by name. */
  readonly objects: Stored
  readonly audited: AuditedLedger
  /** Sequences and publishes what the entries have. */
  settle(): Promise<void>
  /** `check severity` of each finding, each once, in order. */
  checks(): Promise<string[]>
}

export const auditor = { type: 'reader', id: 'auditor' }

export async function allOf(table: MemoryTable): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of scanPages(table)) items.push(...page)
  return items
}

/** In an order that changes with each run: their keys are random. */
export async function eventsIn({ entries }: Drill): Promise<Item[]> {
  return (await allOf(entries)).filter(({ sk }) => sk.startsWith('event#'))
}

export async function oneEvent(drill: Drill): Promise<Item> {
  return found((await eventsIn(drill))[0])
}

export async function oneRead({ entries }: Drill): Promise<Item> {
  return found((await allOf(entries)).find(({ values }) => values.reader !== undefined))
}

/** A new one, of this hour: the base has none. */
export async function oneAct({ ledger, snapshot, entries }: Drill): Promise<Item> {
  const act = { route: 'createSite', target: { site: 'web' }, content: '' }
  await recordAct(ledger, snapshot, holderIdentity('act', { issuer: 'urn:test', subject: 'editor' }), act)
  return found((await allOf(entries)).find(({ pk }) => pk.includes('#act#')))
}

/** As reads were recorded at first: the question names its subject, and the reader's key opens it. */
export async function earlierRead({ ledger, snapshot }: Drill, subject: Identity): Promise<Item> {
  const keys = found(await subjectKeysForReading(ledger, vaultScope(snapshot), auditor))
  const { proof } = found(keys.years.get(2026))
  const at = { pk: 'acme#read#2026-11-22', sk: '0123456789abcdef0123456789abcdef' }
  const content = { question: { subject }, reader: auditor, times: { readAt: '2026-11-22T13:59:59.000Z' } }
  const leaf = digestLeaf('read', holderDigests('read', content, at.sk, proof.salt))
  const payload = sealPayload(content, proof.seal, at, ledger.random, 0)
  return { ...at, values: { leaf, reader: keys.sub, hour: '2026-11-22T13', payload } }
}

/** A row of a read, under the subject that it is about: person 3. */
export async function oneReadRow({ entries }: Drill): Promise<Item> {
  return found((await allOf(entries)).find(({ pk }) => /#read#[\w-]{43}$/.test(pk)))
}

export async function versionOf({ entries }: Drill): Promise<Item> {
  return found((await entries.get([{ pk: 'acme#policy#privacy', sk: 'version#1' }]))[0])
}

/** Name of the object that has the text of that version. */
export async function textOf(drill: Drill): Promise<string> {
  return `texts/${JSON.parse(String((await versionOf(drill)).values.record)).texts[0].sha256}`
}

export async function batchesIn({ log }: Drill): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of queryAll(log, batchPk('acme'))) items.push(item)
  return items
}

/** The index row of a leaf. */
export async function rowOf({ log }: Drill, index: number): Promise<Item> {
  return found((await allOf(log)).find(({ values }) => values.index === index))
}

export async function newestSize({ log }: Pick<Drill, 'log'>): Promise<number> {
  return Number((await log.query(checkpointPk('acme'), { descending: true, limit: 1 })).items[0]?.sk)
}

/** A person's row in the vault, and the keys in it. */
export function vaultRow({ snapshot }: Pick<Drill, 'snapshot'>, person: number): Key {
  return { pk: vaultKey(vaultScope(snapshot), identityOf(person), snapshot.secrets.peppers[0]), sk: 'subject' }
}

export async function keysOf({ ledger, snapshot }: Drill, person: number): Promise<SubjectKeys> {
  return found(await subjectKeysForReading(ledger, vaultScope(snapshot), identityOf(person)))
}

export const identityOf = (person: number) => ({ type: 'device', id: `device-${person}` }) as const

/** The stored item with other values in it; those that are undefined are taken out. */
export async function change(
  table: MemoryTable,
  key: Key,
  values: (stored: Item['values']) => Readonly<Record<string, Item['values'][string] | undefined>>,
): Promise<void> {
  const item = found((await table.get([key]))[0])
  const all = Object.entries({ ...item.values, ...values(item.values) })
  const kept = all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  table.replace({ pk: item.pk, sk: item.sk, values: Object.fromEntries(kept) })
}

/** The second batch, with other entries in it; its root and its range stay as they were. */
export async function rebatch(drill: Drill, reorder: (entries: LoggedEntry[]) => LoggedEntry[]): Promise<void> {
  const batch = readBatch('acme', found((await batchesIn(drill))[1]))
  drill.log.replace(batchItem('acme', { ...batch, entries: reorder([...batch.entries]) }))
}

export function flipped(bytes: unknown, at: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new Error('no bytes to flip one of')
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte))
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the drill lacks what it was to damage')
  return value
}
