/**
 * A ledger to damage: three hundred events of thirty people, two reads, a policy and terms, in a dozen batches and checkpoints with
 * full tiles, the last of it two hours ago. It is made once; every drill gets a copy of its own, whose tables and objects can be
 * changed past the ledger. The audit gets tables that throw when they are written to.
 */
import { decodePosition, encodePosition, type SharePosition } from '../../../../shared/ledger/audit/audit-position.ts'
import type { AuditedLedger } from '../../../../shared/ledger/audit/audit-run.ts'
import type { Finding } from '../../../../shared/ledger/audit/findings.ts'
import { shareOf } from '../../../../shared/ledger/audit/pass-state.ts'
import { beginPass, endPart, selfAudit, walkShare } from '../../../../shared/ledger/audit/self-audit.ts'
import { makeGrant, revokeGrant } from '../../../../shared/ledger/auditors/audit-grants.ts'
import { recordRead } from '../../../../shared/ledger/auditors/audit-reads.ts'
import { recordAct } from '../../../../shared/ledger/controllers/administrative-acts.ts'
import { changeIdentityProvider } from '../../../../shared/ledger/controllers/change-identity-provider.ts'
import { changeKeys } from '../../../../shared/ledger/controllers/change-keys.ts'
import { changeOrigins } from '../../../../shared/ledger/controllers/change-origins.ts'
import {
  type ControllerSnapshot,
  controllerSnapshots,
} from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { createSite } from '../../../../shared/ledger/controllers/create-controller.ts'
import {
  publishPresentation,
  publishVersion,
  retractVersion,
} from '../../../../shared/ledger/controllers/publish-policies.ts'
import { revokeSite } from '../../../../shared/ledger/controllers/revoke-site.ts'
import { askErasure, grantErasure, refuseErasure } from '../../../../shared/ledger/erasure/asked-erasures.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { askingSubject } from '../../../../shared/ledger/erasure/own-erasure-requests.ts'
import { holderIdentity } from '../../../../shared/ledger/holder-entry.ts'
import { makeHold, releaseHold } from '../../../../shared/ledger/holds/legal-holds.ts'
import { endLink, makeLink, type Side } from '../../../../shared/ledger/links/make-link.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { type MandateDraft, recordMandate, revokeMandate } from '../../../../shared/ledger/mandates/record-mandate.ts'
import { certifyReceiptKey } from '../../../../shared/ledger/recording/inclusion-promises.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import { planDisposition, recordDisposition } from '../../../../shared/ledger/retention/disposition-entries.ts'
import type { Item, Objects, Table } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
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
import { endpointWithDeliveries } from './drill-endpoints.ts'
import { exportAskedFor } from './drill-exports.ts'
import { startedImport } from './drill-imports.ts'
import { allOf, auditor, type Drill, found, identityOf, type Stored, type Tables, tableNames } from './drill-items.ts'
import { countedDay } from './drill-statistics.ts'

export const subjectCount = 30
export const eventsEach = 10

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
    checks: async () => checksOf(await findingsOf(audited)),
  }
}

function refuse(): never {
  throw new Error('the self-audit wrote something')
}

export function checksOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ check, severity }) => `${check} ${severity}`))].sort()
}

export async function findingsOf(audited: AuditedLedger): Promise<Finding[]> {
  const found: Finding[] = []
  await selfAudit(audited, { report: (finding) => found.push(finding) })
  return found
}

/**
 * The findings of a pass in slices that ends its run at every so many questions whether it may go on, and goes on from what was stored.
 *
 * @param stopEvery of each run in turn, over and over
 * @param between is called between two runs
 * @param of shares, which take turns
 */
export async function findingsOfRuns(
  audited: AuditedLedger,
  stopEvery: number | readonly [number, ...number[]],
  slices = 3,
  between: () => Promise<void> = async () => {},
  of = 1,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const report = (finding: Finding) => findings.push(finding)
  const schedule = [stopEvery].flat()
  let pass = await beginPass(audited, of)
  pass.slices = slices
  const begun = () => Array.from({ length: of }, (_, i) => ({ share: shareOf(pass, i), isWalked: false, findings: {} }))
  let shares: SharePosition[] = begun()
  for (let run = 0; pass.part !== 'done'; run++) {
    let left = schedule[run % schedule.length] ?? 1
    const own = found(shares[run % of])
    const isWalked = own.isWalked || (await walkShare(audited, own.share, { report, mayGoOn: () => left-- > 0 }))
    shares[run % of] = stored({ ...own, isWalked })
    if (shares.every((each) => each.isWalked)) {
      const states = shares.map(({ share }) => share)
      pass = stored({ pass: await endPart(audited, pass, states, { report }) }).pass
      shares = begun()
    }
    await between()
  }
  return findings
}

const stored = <T extends object>(position: T): T => decodePosition(encodePosition(position))

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
  const identityProvider = { issuer: 'https://id.acme.example', audience: 'ledger', jwks: { keys: [] } }
  await changeIdentityProvider(ledger, 'acme', { change: 1, identityProvider })
  await changeIdentityProvider(ledger, 'acme', { change: 2 })
  await changeKeys(ledger, 'acme', { change: 1, keys: ['notice', 'pepper'], stolen: true, ground: 'a copy was found' })
  await createSite(ledger, 'acme', { site: 'closed', kind: 'app', name: 'Closed', origins: [] })
  await revokeSite(ledger, 'acme', 'closed')
  const sideOf = (person: number): Side => ({ identity: identityOf(person), proof: 'operator' })
  const draft = { requestId: '7f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90', ground: 'one person', shown: [] }
  const { linkId } = await makeLink(ledger, snapshot, [sideOf(0), sideOf(1)], draft)
  await endLink(ledger, snapshot, sideOf(0), linkId, draft)
  await settled()
  ledger.setNow('2026-11-22T11:00:00.000Z')
  const reason = { ground: 'order', scope: 'subject' } as const
  await holdEachWay(ledger, snapshot)
  await askTwice(ledger, snapshot, 1)
  await grantAndRevoke(ledger, snapshot)
  await mandateFor(ledger, snapshot, 0)
  await endpointWithDeliveries(ledger, snapshot)
  await startedImport(ledger, snapshot)
  await exportAskedFor(ledger, snapshot)
  await countedDay(ledger, snapshot)
  const plan = await planDisposition(ledger, vaultScope(snapshot), [], '2026-11-22T11:00:00.000Z')
  await recordDisposition(ledger, vaultScope(snapshot), plan, [], '2026-11-22T11:00:00.000Z')
  await eraseSubject(memoryEraser(ledger), vaultScope(snapshot), identityOf(2), reason)
  await settled()
}

/** A hold on person 0, released, with the request that it held; one on person 1, and one on all before a day. */
async function holdEachWay(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<void> {
  const scope = vaultScope(snapshot)
  const keeper = memoryEraser(ledger)
  const counsel = { issuer: 'urn:test', subject: 'counsel' }
  const ids = [0, 1, 2].map((n) => `${n}f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90`) as [string, string, string]
  const on = (person: number) => ({ kind: 'subject', identity: identityOf(person) }) as const
  await makeHold(keeper, scope, { holdId: ids[0], ground: 'order', covers: on(0) }, counsel)
  await makeHold(keeper, scope, { holdId: ids[1], ground: 'order', covers: on(1) }, counsel)
  await eraseSubject(keeper, scope, identityOf(0), { ground: 'order', scope: 'subject' })
  await releaseHold(keeper, scope, ids[0], counsel)
  const covers = { kind: 'before', before: '2020-01-01T00:00:00.000Z' } as const
  await makeHold(keeper, scope, { holdId: ids[2], ground: 'legal-obligation', covers }, counsel)
}

/** A person asks to be erased and is refused, and asks again on the next day, which is granted. */
async function askTwice(ledger: MemoryLedger, snapshot: ControllerSnapshot, person: number): Promise<void> {
  const scope = vaultScope(snapshot)
  const { sub = '' } = (await askingSubject(ledger, scope, identityOf(person))) ?? {}
  const officer = { issuer: 'urn:test', subject: 'officer' }
  const ask = async () => (await askErasure(ledger, scope, sub)).asked.at(-1)?.requestId ?? ''
  await refuseErasure(ledger, scope, await ask(), 'legal-claims', officer)
  const now = ledger.clock()
  ledger.setNow(new Date(now + 86_400_000).toISOString())
  await grantErasure(ledger, scope, await ask(), officer)
  ledger.setNow(new Date(now).toISOString())
}

async function grantAndRevoke(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<void> {
  const scope = vaultScope(snapshot)
  const anna = { issuer: 'urn:test', subject: 'anna' }
  const draft = {
    grantId: '0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11',
    auditor: { issuer: 'urn:test', subject: 'auditor' },
    name: 'The auditor',
    subjects: { kind: 'all' },
    until: '2090-01-01T00:00:00.000Z',
  } as const
  await makeGrant(ledger, scope, draft, anna)
  await revokeGrant(ledger, scope, draft.grantId, anna)
}

/** A mandate that was revoked. */
async function mandateFor(ledger: MemoryLedger, snapshot: ControllerSnapshot, person: number): Promise<void> {
  const mandateId = '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'
  const registrar = { issuer: 'urn:test', subject: 'registrar' }
  const draft: MandateDraft = {
    mandateId,
    kind: 'guardian',
    ground: 'appointment',
    covers: { kind: 'all' },
    from: '2026-01-01T00:00:00.000Z',
    until: '2099-01-01T00:00:00.000Z',
  }
  await recordMandate(ledger, vaultScope(snapshot), identityOf(person), draft, registrar)
  await revokeMandate(ledger, vaultScope(snapshot), identityOf(person), mandateId, registrar)
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
