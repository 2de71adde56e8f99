/**
 * A ledger to damage: three hundred events of thirty people, two reads, a policy and terms, in a dozen batches and checkpoints with
 * full tiles, the last of it two hours ago. It is made once; every drill gets a copy of its own, whose tables and objects can be
 * changed past the ledger. The audit gets tables that throw when they are written to.
 */
import type { Identity } from '../../../../shared/consent/event.ts'
import { digestLeaf } from '../../../../shared/consent/leaf.ts'
import { recordAct } from '../../../../shared/ledger/administrative-acts.ts'
import type { AuditedLedger } from '../../../../shared/ledger/audit/audit-run.ts'
import type { Finding } from '../../../../shared/ledger/audit/findings.ts'
import { selfAudit } from '../../../../shared/ledger/audit/self-audit.ts'
import { recordRead } from '../../../../shared/ledger/audit-reads.ts'
import { changeOrigins } from '../../../../shared/ledger/change-origins.ts'
import { type ControllerSnapshot, controllerSnapshots } from '../../../../shared/ledger/controller-snapshots.ts'
import { eraseSubject } from '../../../../shared/ledger/erase-subject.ts'
import { holderDigests, holderIdentity } from '../../../../shared/ledger/holder-entry.ts'
import { certifyReceiptKey } from '../../../../shared/ledger/inclusion-promises.ts'
import {
  batchItem,
  batchPk,
  checkpointPk,
  type LoggedEntry,
  readBatch,
} from '../../../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { publishPresentation, publishVersion, retractVersion } from '../../../../shared/ledger/publish-policies.ts'
import { recordEvents } from '../../../../shared/ledger/record-events.ts'
import { sealPayload } from '../../../../shared/ledger/sealed-payload.ts'
import { type Item, type Key, type Objects, queryAll, scanPages, type Table } from '../../../../shared/ledger/store.ts'
import type { SubjectKeys } from '../../../../shared/ledger/subject-keys.ts'
import { subjectKeysForReading, vaultKey } from '../../../../shared/ledger/vault.ts'
import {
  type MemoryLedger,
  memoryLedger,
  receiptSigner,
  seeded,
  submission,
  versionDraft,
} from '../../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from '../../../support/memory-log-writer.ts'
import { type MemoryTable, memoryTable } from '../../../support/memory-table.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'

export const subjectCount = 30
export const eventsEach = 10
export const auditor = { type: 'reader', id: 'auditor' }

const tableNames = ['entries', 'log', 'vault'] as const
type Tables = Record<(typeof tableNames)[number], MemoryTable>
type Stored = Map<string, Uint8Array>

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

interface Base {
  readonly items: Record<keyof Tables, Item[]>
  readonly objects: Stored
}
let base: Promise<Base> | undefined
let smallBase: Promise<Base> | undefined

export async function openDrill(): Promise<Drill> {
  base ??= makeBase(fill)
  return copyOf(await base)
}

/** The same with a few items of each kind that there is. */
export async function openSmallDrill(): Promise<Drill> {
  smallBase ??= makeBase(fillWithEachKind)
  return copyOf(await smallBase)
}

async function copyOf({ items, objects }: Base): Promise<Drill> {
  return drillOn('2026-11-22T14:00:00.000Z', await tablesWith(items), new Map(objects))
}

export async function emptyDrill(): Promise<Drill> {
  const made = memoryLedger('2026-11-22T14:00:00.000Z')
  const snapshot = await seeded(made)
  const drill = await drillOn(
    '2026-11-22T14:00:00.000Z',
    await tablesWith({ entries: [], log: [], vault: [] }),
    new Map(),
    snapshot,
  )
  return drill
}

async function drillOn(now: string, tables: Tables, objects: Stored, known?: ControllerSnapshot): Promise<Drill> {
  const made = memoryLedger(now)
  const controllers = controllerSnapshots(tables.entries, tables.log, made.keyring, made.clock)
  const ledger: MemoryLedger = { ...made, ...tables, objects: mapObjects(objects), controllers }
  const snapshot = known ?? (await controllers.current('acme'))
  if (snapshot === undefined) throw new Error('the drill has no controller')
  const readOnly = <T extends Table>(table: T): T => ({ ...table, insert: refuse })
  const audited: AuditedLedger = {
    entries: readOnly(tables.entries),
    log: readOnly(tables.log),
    vault: readOnly(tables.vault),
    objects: ledger.objects,
    keyring: { unwrap: ledger.keyring.unwrap, wrap: refuse },
    clock: ledger.clock,
    random: ledger.random,
    host: ledger.host,
    checkpointKey: checkpointSigner.publicKey,
    witnessKey: witnessSigner.publicKey,
  }
  return {
    ...tables,
    ledger,
    snapshot,
    objects,
    audited,
    settle: () => settle(ledger, tables.entries),
    checks: async () => {
      const findings = await findingsOf(audited)
      return [...new Set(findings.map(({ check, severity }) => `${check} ${severity}`))].sort()
    },
  }
}

function refuse(): never {
  throw new Error('the self-audit wrote something')
}

export async function findingsOf(audited: AuditedLedger): Promise<Finding[]> {
  const found: Finding[] = []
  await selfAudit(audited, { report: (finding) => found.push(finding) })
  return found
}

type Fill = (ledger: MemoryLedger, snapshot: ControllerSnapshot, settle: () => Promise<void>) => Promise<void>

async function makeBase(fillLedger: Fill): Promise<Base> {
  const objects: Stored = new Map()
  const tables = await tablesWith({ entries: [], log: [], vault: [] })
  const made = memoryLedger('2026-11-22T10:00:00.000Z')
  const controllers = controllerSnapshots(tables.entries, tables.log, made.keyring, made.clock)
  const ledger: MemoryLedger = { ...made, ...tables, objects: mapObjects(objects), controllers }
  const snapshot = await seeded(ledger)
  await certifyReceiptKey(memoryLogWriter(ledger), receiptSigner.publicKey)
  await settle(ledger, tables.entries)
  await fillLedger(ledger, snapshot, () => settle(ledger, tables.entries))
  const items = { entries: await allOf(tables.entries), log: await allOf(tables.log), vault: await allOf(tables.vault) }
  return { items, objects }
}

const fill: Fill = async (ledger, snapshot, settled) => {
  for (let round = 0; round < eventsEach; round++) {
    ledger.setNow(`2026-11-22T11:0${round}:00.000Z`)
    await recordRound(ledger, snapshot, round, subjectCount)
    await settled()
  }
  ledger.setNow('2026-11-22T12:00:00.000Z')
  for (const question of ['a', 'b']) await recordRead(ledger, snapshot, auditor, identityOf(3), { question })
  await settled()
}

const fillWithEachKind: Fill = async (ledger, snapshot, settled) => {
  await publishVersion(ledger, 'acme', versionDraft({ version: '2', effectiveFrom: '2099-01-01T00:00:00.000Z' }))
  await retractVersion(ledger, 'acme', 'privacy', { version: '2', reason: 'not that day' })
  await publishPresentation(ledger, 'acme', {
    presentationId: 'banner',
    policyId: 'privacy',
    wording: { en: 'Yes or no?' },
    controls: [{ purposeId: 'newsletter', label: { en: 'News' }, initially: 'off' }],
    refusal: { label: { en: 'No' }, layer: 1 },
  })
  await recordRound(ledger, snapshot, 0, 3)
  await recordRead(ledger, snapshot, auditor, identityOf(0), { question: 'a' })
  await recordRead(ledger, snapshot, auditor, identityOf(1), { question: 'b' })
  const administrator = holderIdentity('act', { issuer: 'urn:test', subject: 'anna' })
  await recordAct(ledger, snapshot, administrator, {
    route: 'createSite',
    target: { site: 'web' },
    content: 'a digest',
  })
  await changeOrigins(ledger, 'acme', { site: 'web', change: 1, origins: ['https://www.acme.example'] })
  await settled()
  ledger.setNow('2026-11-22T11:00:00.000Z')
  const reason = { ground: 'order', scope: 'subject' } as const
  await eraseSubject(memoryEraser(ledger), { controller: 'acme', secrets: snapshot.secrets }, identityOf(2), reason)
  await settled()
}

function recordRound(ledger: MemoryLedger, snapshot: ControllerSnapshot, round: number, persons: number) {
  return recordEvents(
    ledger,
    snapshot,
    Array.from({ length: persons }, (_, person) =>
      submission(
        { eventId: `event-${person}-${round}`, page: 'https://acme.example/' },
        { identity: identityOf(person), userAgent: 'a browser' },
      ),
    ),
  )
}

async function settle(ledger: MemoryLedger, entries: MemoryTable): Promise<void> {
  const logWriter = memoryLogWriter(ledger)
  const announced = (await allOf(entries)).filter(({ values }) => typeof values.leaf === 'string')
  await sequenceEntries(
    logWriter,
    'acme',
    announced.map(({ pk, sk }) => ({ key: { pk, sk } })),
    newSequencerMemory(),
  )
  await publishCheckpoint(logWriter, 'acme')
}

async function tablesWith(items: Record<keyof Tables, readonly Item[]>): Promise<Tables> {
  const tables: Tables = { entries: memoryTable(), log: memoryTable(), vault: memoryTable() }
  for (const name of tableNames) await tables[name].insert(items[name])
  return tables
}

/** The contract is kept elsewhere; here what is stored can be changed. */
function mapObjects(stored: Stored): Objects {
  return {
    async put(name, bytes) {
      if (!stored.has(name)) stored.set(name, bytes)
    },
    get: async (name) => stored.get(name),
    first: async (prefix) => [...stored.keys()].filter((name) => name.startsWith(prefix)).sort()[0],
    async readServed(name) {
      const bytes = stored.get(name)
      return bytes && { bytes, tag: '' }
    },
    async replaceServed(name, bytes) {
      stored.set(name, bytes)
      return true
    },
  }
}

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
  const keys = found(await subjectKeysForReading(ledger, { controller: 'acme', secrets: snapshot.secrets }, auditor))
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

export async function batchesIn({ log }: Drill): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of queryAll(log, batchPk('acme'))) items.push(item)
  return items
}

/** The index row of a leaf. */
export async function rowOf({ log }: Drill, index: number): Promise<Item> {
  return found((await allOf(log)).find(({ values }) => values.index === index))
}

export async function newestSize({ log }: Drill): Promise<number> {
  return Number((await log.query(checkpointPk('acme'), { descending: true, limit: 1 })).items[0]?.sk)
}

/** A person's row in the vault, and the keys in it. */
export function vaultRow({ snapshot }: Drill, person: number): Key {
  return { pk: vaultKey({ controller: 'acme', secrets: snapshot.secrets }, identityOf(person)), sk: 'subject' }
}

export async function keysOf({ ledger, snapshot }: Drill, person: number): Promise<SubjectKeys> {
  return found(
    await subjectKeysForReading(ledger, { controller: 'acme', secrets: snapshot.secrets }, identityOf(person)),
  )
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
