/** Receivers' reports in proofs: each is proven and named by the verifier, which refuses one that was put in, changed, or is about something else. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import type { Verb } from '../../../shared/consent/event.ts'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { controllerEntry } from '../../../shared/ledger/controller-entry.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { recordCompletion } from '../../../shared/ledger/fan-out/completions.ts'
import { outcomeItem } from '../../../shared/ledger/fan-out/delivery-state.ts'
import { logVerifierKey, witnessVerifierKey } from '../../../shared/ledger/log/log-policy-text.ts'
import { readPosition } from '../../../shared/ledger/log/log-view.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { gatherProofRows } from '../../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../../shared/ledger/proofs/prove-consent.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { vaultScope } from '../../../shared/ledger/vault/subject-keys.ts'
import { swedishFinding } from '../../../shared/verify/swedish-finding.ts'
import { policyOfKeys, verifyProof } from '../../../shared/verify/verify.ts'
import { memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../support/memory-log-writer.ts'

const identity = { type: 'account', id: 'kim' }
const topic = { purposeId: 'newsletter' }
const minute = (minutes: number) => new Date(Date.parse('2026-12-01T12:00:00.000Z') + minutes * 60_000).toISOString()

const memory = memoryLedger(minute(0))
const unsequenced: Item[] = []
const insert: typeof memory.entries.insert = (items) => {
  unsequenced.push(...items.filter(({ values }) => values.leaf !== undefined))
  return memory.entries.insert(items)
}
const ledger = { ...memory, entries: { ...memory.entries, insert } }
const logWriter = memoryLogWriter(ledger)
const { checkpointSigner, witnessSigner } = logWriter
const keys = { host: ledger.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
const policy = policyOfKeys([logVerifierKey(keys, 'acme'), witnessVerifierKey(keys)])
let snapshot: ControllerSnapshot
let proof: ConsentProof
let sub: string

/** Records on the newsletter and the terms in one event, and returns its leaf. */
async function decide(verb: Verb, at: number): Promise<number> {
  ledger.setNow(minute(at))
  const decisions = [
    { policyId: 'terms', verb: 'accepted' as const },
    { ...topic, verb },
  ]
  const event = submission({ eventId: randomUUID(), occurredAt: minute(at), decisions }, { identity })
  const { outcomes } = await recordEvents(ledger, snapshot, [event])
  const [outcome] = outcomes
  if (outcome?.outcome !== 'recorded') throw new Error('the event was not recorded')
  const { key } = outcome.opened
  sub = key.pk.slice('acme#'.length)
  return sequence(key)
}

/** Logs what was inserted, and returns the leaf of an entry. */
async function sequence({ pk, sk }: Pick<Item, 'pk' | 'sk'>): Promise<number> {
  const due = unsequenced.splice(0).map((item) => ({ key: { pk: item.pk, sk: item.sk } }))
  await sequenceEntries(logWriter, 'acme', due, newSequencerMemory())
  await publishCheckpoint(logWriter, 'acme')
  const [row] = await ledger.log.get([{ pk, sk }])
  if (row === undefined) throw new Error('the log does not have the entry')
  return readPosition(row).index
}

async function report(endpoint: string, leaf: number, part: number, at: number): Promise<void> {
  ledger.setNow(minute(at))
  const settled = { leaf, part, outcome: 'delivered', redelivery: 0, attempts: 1, at: minute(at) } as const
  await ledger.entries.insert([outcomeItem('acme', endpoint, settled)])
  const place = { controller: 'acme', endpoint, leaf, part }
  await recordCompletion(ledger, vaultScope(snapshot), place, { completedAt: minute(at - 1) })
  const [item] = unsequenced
  if (item) await sequence(item)
}

async function prove(at: number): Promise<ConsentProof> {
  ledger.setNow(minute(at))
  const rows = await gatherProofRows(ledger, snapshot, identity, topic, { at: minute(at), knownAt: minute(at) })
  return assembleProof(ledger, rows, { at: minute(at), knownAt: minute(at) })
}

const verify = (file: object) => verifyProof(JSON.stringify(file), policy, minute(100))
const changed = (completions: ConsentProof['completions']) => verify({ ...proof, completions })
let withdrawn: number

beforeAll(async () => {
  snapshot = await seeded(ledger)
  await decide('given', 1)
  withdrawn = await decide('withdrawn', 10)
  await report('crm', withdrawn, 1, 20)
  await report('mail', withdrawn, 1, 21)
  await report('crm', withdrawn, 0, 22)
  proof = await prove(30)
})

it('a proof has the reports on the decision in question, and says in both languages what they show', async () => {
  expect(proof.completions).toHaveLength(2)
  const { verdict, steps } = await verify(proof)
  expect(verdict).toBe('valid')
  const said = steps.filter(({ step }) => step === 'completions')
  expect(said.map(({ says }) => says)).toEqual([
    expect.stringMatching(
      /^The receiver "crm" reported at .*12:20.* that it acted on event 2 at .*12:19.*: the log has the report as leaf \d+\.$/,
    ),
    expect.stringContaining('"mail"'),
    'That a receiver acted, and when, is its own statement. That no other report was left out is not shown by this file.',
  ])
  expect(said.map(({ said: each }) => swedishFinding(each))).toEqual([
    expect.stringMatching(/^Mottagaren "crm" rapporterade .* att den agerade på händelse 2 /),
    expect.stringContaining('"mail"'),
    expect.stringContaining('dess eget besked'),
  ])
})

it('a proof as known before has none, and is as earlier verifiers know it', async () => {
  const earlier = await prove(15)
  expect(Object.keys(earlier)).not.toContain('completions')
  expect((await verify(earlier)).verdict).toBe('valid')
})

it.each<[string, (all: NonNullable<ConsentProof['completions']>, one: ConsentProof) => object[], string]>([
  ['there twice', ([one]) => [one ?? {}, one ?? {}], 'inclusion'],
  ['with another disclosure', ([a, b]) => [{ ...a, disclosures: b?.disclosures }], 'completions'],
  ['with another leaf', ([a, b]) => [{ ...a, leaf: b?.leaf }], 'inclusion'],
  [
    'of another kind',
    ([a], { events }) => [{ ...a, leaf: events[0]?.leaf, tlogProof: events[0]?.tlogProof }],
    'inclusion',
  ],
  ['without its disclosure', ([a]) => [{ ...a, disclosures: [] }], 'completions'],
])('a report %s is refused', async (_, tamper, step) => {
  const failed = await changed(tamper([...(proof.completions ?? [])], proof) as ConsentProof['completions'])
  expect(failed.failed?.step).toBe(step)
  expect(['invalid', 'undetermined']).toContain(failed.verdict)
})

it('a report that the log has, about what the file does not open, from the future or from before, is refused', async () => {
  const { question } = proof
  const known = await prove(20)
  expect(known.completions).toHaveLength(1)
  const late = { ...proof, question: { ...question, knownAt: minute(20) } }
  expect((await verify(late)).verdict).toBe('invalid')
  // A ledger that does not keep the rules: a report stands in the log before the event that it is about.
  const next = withdrawn + 5
  const record = { endpoint: 'crm', leaf: next, part: 1, reportedAt: minute(40), completedAt: minute(40) }
  const key = { pk: `acme#completion#${sub}`, sk: `${String(next).padStart(16, '0')}#0001#crm` }
  const claims = [{ name: 'field:completion', value: record }]
  const entry = { kind: 'completion', at: minute(40), claims } as const
  const item = controllerEntry(vaultScope(snapshot), key, entry, ledger.random)
  await ledger.entries.insert([item])
  ledger.setNow(minute(40))
  expect(await sequence(item)).toBe(next - 1)
  expect(await decide('given', 41)).toBe(next)
  const { failed } = await verify(await prove(50))
  expect([failed?.step, failed?.said.code]).toEqual(['completions', 'completion-before-event'])
})
