/**
 * Several instances over one store, each with a clock of its own: any number that record and ask, one that sequences, one that
 * publishes. `trueMs` is the real time; each clock is off from it by what the test says.
 */
import { randomUUID } from 'node:crypto'
import type { ClientEvent } from '../../shared/consent/client-event.ts'
import type { StatusAnswer } from '../../shared/consent/status-answer.ts'
import { askStatuses } from '../../shared/ledger/answers/statuses-for-subject.ts'
import type { Finding } from '../../shared/ledger/audit/findings.ts'
import { selfAudit } from '../../shared/ledger/audit/self-audit.ts'
import { type ControllerSnapshot, controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { logVerifierKey, witnessVerifierKey } from '../../shared/ledger/log/log-policy-text.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../shared/ledger/log/sequencer.ts'
import { gatherProofRows } from '../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../shared/ledger/proofs/prove-consent.ts'
import { type RecordingOutcome, recordEvents } from '../../shared/ledger/recording/record-events.ts'
import type { Item, Table } from '../../shared/ledger/store.ts'
import { policyOfKeys, verifyProof } from '../../shared/verify/verify.ts'
import { memoryLedger, seeded, submission } from './memory-ledger.ts'
import { memoryLogWriter } from './memory-log-writer.ts'
import type { MemoryTable } from './memory-table.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export const person = { type: 'device', id: 'a-device' } as const
export const topic = { purposeId: 'newsletter' } as const
export type Verb = 'given' | 'refused' | 'withdrawn'

export interface Act {
  /** How far the recording instance's clock is off. */
  readonly instance?: number
  /** How far the client's clock is off; `lone`: an event without `sentAt`. */
  readonly client?: number
  readonly isLone?: boolean
  readonly event?: Partial<ClientEvent>
}

export async function wrongClocks(start = '2026-11-22T10:00:00.000Z') {
  const memory = memoryLedger(start)
  let trueMs = Date.parse(start)
  const off = { sequencer: 0, publisher: 0 }
  const rung: Item[] = []
  const entries: Table = {
    ...memory.entries,
    async insert(items) {
      const outcomes = await memory.entries.insert(items)
      rung.push(...items.filter(({ values }, i) => values.leaf !== undefined && outcomes[i]?.outcome === 'inserted'))
      return outcomes
    },
  }
  const worker = newSequencerMemory()

  /** An instance whose clock is off by so much. It knows what is stored now: nothing of its is cached. */
  const instance = (offMs = 0): Ledger => {
    const clock = () => trueMs + offMs
    return { ...memory, entries, clock, controllers: controllerSnapshots(entries, memory.log, memory.keyring, clock) }
  }
  const logWriter = (offMs: number) => ({ ...memoryLogWriter({ ...memory, entries }), clock: () => trueMs + offMs })
  const snapshotOf = async (ledger: Ledger): Promise<ControllerSnapshot> => {
    const snapshot = await ledger.controllers.current('acme')
    if (snapshot === undefined) throw new Error('no snapshot')
    return snapshot
  }

  async function settle(): Promise<void> {
    const announced = rung.splice(0).map(({ pk, sk }) => ({ key: { pk, sk } }))
    await sequenceEntries(logWriter(off.sequencer), 'acme', announced, worker)
    await publishCheckpoint(logWriter(off.publisher), 'acme')
  }

  /** The person decides now. */
  async function act(
    verb: Verb,
    { instance: offMs = 0, client = 0, isLone = false, event }: Act = {},
  ): Promise<RecordingOutcome> {
    const ledger = instance(offMs)
    const said = new Date(trueMs + client).toISOString()
    const one = submission({
      eventId: randomUUID(),
      occurredAt: said,
      ...(!isLone && { sentAt: said }),
      decisions: [{ ...topic, verb }],
      ...event,
    })
    const { outcomes } = await recordEvents(ledger, await snapshotOf(ledger), [{ ...one, identity: person }])
    return outcomes[0] ?? { outcome: 'refused', error: new Error('no outcome') as never }
  }

  const now = (offMs = 0) => new Date(trueMs + offMs).toISOString()

  /** What an instance with the right clock answers. Time passes from when it is asked: each reading of the clock is a millisecond later. */
  async function live(at = now()): Promise<StatusAnswer> {
    const askedAt = now()
    let passedMs = 0
    const ledger: Ledger = { ...instance(), clock: () => trueMs + ++passedMs }
    const instants = { at, knownAt: askedAt, askedAt }
    const {
      consents: [answer],
    } = await askStatuses(ledger, await snapshotOf(ledger), person, [topic], instants)
    if (answer === undefined) throw new Error('no answer')
    return answer
  }

  async function verify(proof: unknown) {
    const { checkpointSigner, witnessSigner } = memoryLogWriter(memory)
    const keys = { host: memory.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
    const policy = policyOfKeys([logVerifierKey(keys, 'acme'), witnessVerifierKey(keys)])
    return verifyProof(JSON.stringify(proof), policy, now())
  }

  async function proven(at = now(), knownAt?: string, snapshot?: ControllerSnapshot) {
    const ledger = instance()
    const known = snapshot ?? (await snapshotOf(ledger))
    const rows = await gatherProofRows(ledger, known, person, topic, { at, knownAt: knownAt ?? now() })
    const proof = await assembleProof(ledger, rows, {
      at,
      ...(knownAt && { knownAt }),
    })
    return { proof, verified: await verify(proof) }
  }

  /** By a self-audit with the right clock. */
  async function audited(): Promise<Finding[]> {
    const findings: Finding[] = []
    const { checkpointSigner, witnessSigner } = memoryLogWriter(memory)
    const keys = { checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
    const tables = { entries: memory.entries as MemoryTable, log: memory.log as MemoryTable, vault: memory.vault }
    await selfAudit(
      { ...memory, ...tables, ...keys, clock: () => trueMs },
      { report: (finding) => findings.push(finding) },
    )
    return findings
  }

  await seeded(instance())
  await settle()
  return {
    memory,
    off,
    instance,
    snapshotOf,
    act,
    settle,
    live,
    proven,
    verify,
    audited,
    now,
    pass(ms: number) {
      trueMs += ms
    },
    set(at: string) {
      trueMs = Date.parse(at)
    },
  }
}

export type WrongClocks = Awaited<ReturnType<typeof wrongClocks>>
