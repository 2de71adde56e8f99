/** A ledger with people whose decisions lapse in different years, and what holds, erasures and retention do to it. */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { VersionDraft } from '../../shared/consent/publication.ts'
import { eventsOf } from '../../shared/ledger/answers/answers-for-subject.ts'
import type { ComparedCounts } from '../../shared/ledger/audit/findings.ts'
import { selfAudit } from '../../shared/ledger/audit/self-audit.ts'
import { type ControllerSnapshot, controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { createController, createSite } from '../../shared/ledger/controllers/create-controller.ts'
import { publishVersion } from '../../shared/ledger/controllers/publish-policies.ts'
import { eraseSubject } from '../../shared/ledger/erasure/erase-subject.ts'
import { type ErasureReason, openErasure } from '../../shared/ledger/erasure/erasure-entry.ts'
import { type HoldDraft, type HoldKeeper, makeHold, releaseHold } from '../../shared/ledger/holds/legal-holds.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import { applyRetentionToPage } from '../../shared/ledger/retention/apply-retention.ts'
import type { RetentionCounts } from '../../shared/ledger/retention/retention-counts.ts'
import type { Item, Key } from '../../shared/ledger/store.ts'
import { type VaultScope, vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { vaultKey } from '../../shared/ledger/vault/vault.ts'
import { purpose } from '../shared/consent/scenario.ts'
import { controllerDraft, type MemoryLedger, memoryLedger, submission, versionDraft } from './memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from './memory-log-writer.ts'
import { type MemoryTable, memoryTable, type ScriptedFault } from './memory-table.ts'
import { memoryEraser, memoryRetainer } from './memory-vault.ts'
import { scanPages } from './scanned-items.ts'

export const kim = { type: 'email', id: 'kim@example.org' }
export const lo = { type: 'email', id: 'lo@example.org' }
export const counsel = { issuer: 'urn:test', subject: 'counsel' }
export const officer = { issuer: 'urn:test', subject: 'officer' }
export const asked: ErasureReason = { ground: 'data-subject-request', scope: 'subject' }

export interface Bench {
  readonly ledger: MemoryLedger & { readonly entries: MemoryTable }
  readonly snapshot: ControllerSnapshot
  readonly scope: VaultScope
}

export type Fault = (operation: string, key: Key) => ScriptedFault | undefined

/** The proof of a refusal is kept for a year of the newsletter, for three of statistics; from 2024 on. */
export async function bench(fault?: Fault, version: Partial<VersionDraft> = {}): Promise<Bench> {
  const entries = memoryTable(fault && { fault })
  const made = memoryLedger('2024-01-01T00:00:00.000Z')
  const ledger = { ...made, entries, controllers: controllerSnapshots(entries, made.log, made.keyring, made.clock) }
  await createController(ledger, controllerDraft)
  await createSite(ledger, 'acme', { site: 'web', kind: 'web', name: 'Web', origins: [] })
  const terms = { retention: 'P1M', evidenceRetention: 'P1Y' }
  const purposes = [purpose(terms), purpose({ ...terms, purposeId: 'statistics', evidenceRetention: 'P3Y' })]
  await publishVersion(ledger, 'acme', versionDraft({ purposes, ...version }))
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('the controller was not stored')
  return { ledger, snapshot, scope: vaultScope(snapshot) }
}

/** Records a decision. Returns its eventId. */
export async function said(
  { ledger, snapshot }: Bench,
  identity: typeof kim,
  at: string,
  purposeId = 'newsletter',
  verb: 'given' | 'refused' | 'withdrawn' = 'refused',
): Promise<string> {
  ledger.setNow(at)
  const eventId = randomUUID()
  const event = { eventId, occurredAt: at, page: '/page', decisions: [{ purposeId, verb }] }
  const [outcome] = (await recordEvents(ledger, snapshot, [submission(event, { identity, userAgent: 'a browser' })]))
    .outcomes
  if (outcome?.outcome !== 'recorded') throw new Error('not recorded')
  return eventId
}

export const onKim = { kind: 'subject', identity: kim } as const
export const holdOn = (more: Partial<HoldDraft> = {}): HoldDraft => ({
  ...{ holdId: randomUUID(), ground: 'legal-claim', covers: onKim },
  ...more,
})
export const make = (b: Bench, draft: HoldDraft, keeper: HoldKeeper = memoryEraser(b.ledger)) =>
  makeHold(keeper, b.scope, draft, counsel)
export const release = (b: Bench, holdId: string) => releaseHold(memoryEraser(b.ledger), b.scope, holdId, counsel)
export const erase = (b: Bench, identity = kim, eraser: Eraser = memoryEraser(b.ledger)) =>
  eraseSubject(eraser, b.scope, identity, asked, officer)
export async function retain(
  b: Bench,
  at: string,
  fault?: (key: Key) => ScriptedFault | undefined,
): Promise<RetentionCounts> {
  b.ledger.setNow(at)
  const { next, disposals: _, ...done } = await applyRetentionToPage(memoryRetainer(b.ledger, { fault }))
  expect(next).toBeUndefined()
  return done
}
/** What a run did, without what it did nothing of. */
export const did = (done: RetentionCounts) => Object.fromEntries(Object.entries(done).filter(([, n]) => n !== 0))

export const rowsOf = async ({ ledger, scope }: Bench, identity = kim) =>
  (await ledger.vault.query(vaultKey(scope, identity))).items
export const valuesOf = async (b: Bench, identity = kim) =>
  (await rowsOf(b, identity)).map(({ sk, values }) => `${sk}: ${Object.keys(values).sort()}`)
export const openIds = async ({ ledger, snapshot }: Bench, identity = kim) =>
  (await eventsOf(ledger, snapshot, identity)).map(({ event }) => event.eventId)
export const openCount = async (b: Bench) => (await openIds(b)).length
export const entriesIn = async ({ ledger }: Bench, pk: string) => (await ledger.entries.query(pk)).items

/** `check severity` of each finding of a self-audit after all is logged, and what it compared. */
export async function audited({ ledger }: Bench): Promise<{ checks: string[]; compared: ComparedCounts }> {
  const logWriter = memoryLogWriter(ledger)
  const announced: { key: Key }[] = []
  for await (const page of scanPages(ledger.entries))
    announced.push(...page.filter(({ values }) => values.leaf !== undefined).map(({ pk, sk }) => ({ key: { pk, sk } })))
  await sequenceEntries(logWriter, 'acme', announced, newSequencerMemory())
  await publishCheckpoint(logWriter, 'acme')
  const checks: string[] = []
  const { vault, entries, log, objects, keyring, clock, random, host } = ledger
  const keys = { checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
  const compared = await selfAudit(
    { vault, entries, log: log as MemoryTable, objects, keyring, clock, random, host, ...keys },
    { report: ({ check, severity }) => checks.push(`${check} ${severity}`) },
  )
  return { checks, compared }
}
export const checks = async (b: Bench) => (await audited(b)).checks

/** Names and values of the claims that the controller can open in an erasure. */
export function erasureClaims(b: Bench, entry: Item | undefined): [name: string, value: unknown][] {
  if (entry === undefined) throw new Error('no erasure')
  return openErasure(b.scope, entry).disclosures.map((text) => {
    const [, name, value] = JSON.parse(Buffer.from(text, 'base64url').toString())
    return [name, value]
  })
}
