/** Proofs about a linked subject: the verifier computes the joint answer again, and refuses whatever was changed, left out or put in another's place. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Identity, Verb } from '../../../shared/consent/event.ts'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { eraseSubject } from '../../../shared/ledger/erasure/erase-subject.ts'
import { endLink, makeLink } from '../../../shared/ledger/links/make-link.ts'
import { logVerifierKey, witnessVerifierKey } from '../../../shared/ledger/log/log-policy-text.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { recordMandate } from '../../../shared/ledger/mandates/record-mandate.ts'
import { coversProofRows, gatherProofRows } from '../../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../../shared/ledger/proofs/prove-consent.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { vaultScope } from '../../../shared/ledger/vault/subject-keys.ts'
import { policyOfKeys, verifyProof } from '../../../shared/verify/verify.ts'
import { memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../support/memory-log-writer.ts'
import { memoryEraser } from '../../support/memory-vault.ts'

const account = { type: 'account', id: 'kim' }
const device = { type: 'device', id: 'a-device' }
const laptop = { type: 'device', id: 'a-laptop' }
const topic = { purposeId: 'newsletter' }

async function story() {
  const memory = memoryLedger('2026-12-30T12:00:00.000Z')
  const unsequenced: Item[] = []
  const insert: typeof memory.entries.insert = (items) => {
    unsequenced.push(...items.filter(({ values }) => values.leaf !== undefined))
    return memory.entries.insert(items)
  }
  const ledger = { ...memory, entries: { ...memory.entries, insert } }
  const logWriter = memoryLogWriter(ledger)
  const snapshot: ControllerSnapshot = await seeded(ledger)
  let minutes = 0
  const later = () => {
    minutes += 1
    const at = new Date(Date.parse('2026-12-30T12:00:00.000Z') + minutes * 60_000).toISOString()
    ledger.setNow(at)
    return at
  }
  const { checkpointSigner, witnessSigner } = logWriter
  const keys = { host: ledger.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
  const policy = policyOfKeys([logVerifierKey(keys, 'acme'), witnessVerifierKey(keys)])
  return {
    later,
    async settle() {
      const due = unsequenced.splice(0).map(({ pk, sk }) => ({ key: { pk, sk } }))
      await sequenceEntries(logWriter, 'acme', due, newSequencerMemory())
      await publishCheckpoint(logWriter, 'acme')
    },
    async says(identity: Identity, verb: Verb, mandateId?: string) {
      const actor = { role: 'guardian', mandateId } as const
      const event = {
        ...{ eventId: randomUUID(), occurredAt: later(), decisions: [{ ...topic, verb }] },
        ...(mandateId !== undefined && { actor }),
      }
      await recordEvents(ledger, snapshot, [submission(event, { identity, assurance: 'authenticated' })])
    },
    link(one: Identity, other: Identity) {
      later()
      const side = (identity: Identity) => ({ identity, proof: 'operator' as const })
      const draft = { requestId: randomUUID(), ground: 'one person', shown: [] }
      return makeLink(ledger, snapshot, [side(one), side(other)], draft)
    },
    /** The right of a guardian to decide for this subject. */
    async mandate(identity: Identity): Promise<string> {
      const mandateId = randomUUID()
      const from = later()
      const drawn = { mandateId, kind: 'guardian', ground: 'law', covers: { kind: 'all' } } as const
      const until = '2090-01-01T00:00:00.000Z'
      const draft = { ...drawn, from, until }
      await recordMandate(ledger, vaultScope(snapshot), identity, draft, { issuer: 'urn:test', subject: 'registrar' })
      return mandateId
    },
    erase(identity: Identity) {
      later()
      const reason = { ground: 'data-subject-request', scope: 'subject' } as const
      return eraseSubject(memoryEraser(ledger), vaultScope(snapshot), identity, reason)
    },
    unlink(identity: Identity, linkId: string) {
      later()
      return endLink(ledger, snapshot, { identity, proof: 'token' }, linkId, { requestId: randomUUID() })
    },
    async prove(identity: Identity, at = later()) {
      const rows = await gatherProofRows(ledger, snapshot, identity, topic, { at, knownAt: at })
      return { proof: await assembleProof(ledger, rows, { at }), isCovered: await coversProofRows(ledger, rows) }
    },
    verify: (file: object) => verifyProof(JSON.stringify(file), policy, later()),
  }
}

let s: Awaited<ReturnType<typeof story>>
let proof: ConsentProof
let ofStranger: ConsentProof
let beforeLink: string
let linkId: string

beforeAll(async () => {
  s = await story()
  await s.says(account, 'given')
  await s.says(device, 'refused')
  await s.says(laptop, 'given')
  beforeLink = s.later()
  linkId = (await s.link(device, account)).linkId
  await s.settle()
  const made = await s.prove(account)
  proof = made.proof
  expect(made.isCovered).toBe(true)
  // Another pair of the same ledger.
  await s.link(laptop, { type: 'account', id: 'stranger' })
  await s.settle()
  ofStranger = (await s.prove(laptop)).proof
})

describe('a proof about a linked subject', () => {
  it('has the joint answer, which the verifier reaches as well, and names the contradiction', async () => {
    expect(proof.answer).toMatchObject({ status: 'Given' })
    expect(proof.joint?.answer).toMatchObject({ status: 'Withdrawn', contradiction: expect.anything() })
    const { verdict, answer, steps } = await s.verify(proof)
    expect(verdict).toBe('valid')
    expect(answer?.joint).toEqual(proof.joint?.answer)
    expect(steps.filter(({ step }) => step === 'joint').map(({ outcome }) => outcome)).toEqual(['ok', 'note', 'note'])
    expect(JSON.stringify(proof)).not.toContain(device.id)
  })

  it('for an instant before the link, or after its end, has no joint answer', async () => {
    expect((await s.prove(account, beforeLink)).proof.joint).toBeUndefined()
    const t = await story()
    await t.says(account, 'given')
    const made = await t.link(device, account)
    const between = t.later()
    await t.unlink(device, made.linkId)
    await t.settle()
    expect((await t.prove(account)).proof.joint).toBeUndefined()
    const then = (await t.prove(account, between)).proof
    expect(then.joint?.subjects).toHaveLength(1)
    expect((await t.verify(then)).verdict).toBe('valid')
  })

  it('names a link that the log does not have yet, and does not count it', async () => {
    const t = await story()
    await t.says(account, 'given')
    await t.says(device, 'refused')
    await t.settle()
    const made = await t.link(device, account)
    const { proof: early, isCovered } = await t.prove(account)
    expect([early.joint, isCovered]).toEqual([undefined, false])
    expect(early.pending).toMatchObject([
      { kind: 'link', linkId: made.linkId },
      { kind: 'link', linkId: made.linkId },
    ])
    expect((await t.verify(early)).verdict).toBe('pending')
  })

  // biome-ignore lint/suspicious/noExplicitAny: a forger writes what they like
  const cases: readonly (readonly [string, (file: any, other: any) => unknown, string])[] = [
    [
      'the joint status',
      (file) => Object.assign(file.joint.answer, { status: 'Given', permittedByConsent: true }),
      'joint',
    ],
    ['the contradiction left out', (file) => delete file.joint.answer.contradiction, 'joint'],
    ['a state alone', (file) => Object.assign(file.joint.answer.subjects[1], { status: 'Given' }), 'joint'],
    ['an event of the linked subject left out', (file) => file.joint.subjects[0].proof.events.pop(), 'joint'],
    [
      'the other side left out for this one',
      (file) => Object.assign(file.joint.subjects[0], { there: file.joint.subjects[0].here }),
      'joint',
    ],
    [
      'the sides exchanged',
      ({ joint: { subjects } }) => Object.assign(subjects[0], { here: subjects[0].there, there: subjects[0].here }),
      'joint',
    ],
    ['a claim of a side withheld', (file) => file.joint.subjects[0].there.disclosures.shift(), 'joint'],
    ['another link id', (file) => Object.assign(file.joint.subjects[0], { linkId: 'another' }), 'joint'],
    [
      'a side that is not in the log',
      (file) => Object.assign(file.joint.subjects[0].here, { tlogProof: file.joint.subjects[0].there.tlogProof }),
      'inclusion',
    ],
    [
      'the link of a stranger',
      (file, other) => Object.assign(file.joint, { subjects: other.joint.subjects }),
      'inclusion',
    ],
    [
      'the proof of a stranger',
      (file, other) => Object.assign(file.joint.subjects[0], { proof: other.joint.subjects[0].proof }),
      'joint',
    ],
    [
      'an answer to another question',
      (file) => Object.assign(file.joint.subjects[0].proof.question, { at: '2026-12-30T12:00:30.000Z' }),
      'joint',
    ],
    ['the same link twice', (file) => file.joint.subjects.push(file.joint.subjects[0]), 'joint'],
    ['no linked subject', (file) => Object.assign(file.joint, { subjects: [] }), 'form'],
    [
      'a question that names nobody',
      (file) => Object.assign(file.question, { subject: { type: 'linked', id: linkId } }),
      'form',
    ],
    ['a member that is not known', (file) => Object.assign(file.joint, { more: true }), 'form'],
  ]

  it.each(cases)('with %s is not valid', async (_, change, step) => {
    const file = structuredClone(proof)
    change(file, structuredClone(ofStranger))
    const { verdict, failed } = await s.verify(file)
    expect(verdict).not.toBe('valid')
    expect(failed?.step).toBe(step)
  })

  it('of a subject that decided nothing is named by the link, and is of nobody else', async () => {
    const t = await story()
    const silent: Identity = { type: 'account', id: 'silent' }
    await t.says(device, 'given')
    await t.link(device, silent)
    await t.settle()
    const file = (await t.prove(silent)).proof
    expect([file.events, file.joint?.answer.status]).toEqual([[], 'Given'])
    expect((await t.verify(file)).verdict).toBe('valid')
    expect(JSON.stringify(file)).not.toContain(device.id)
    const stranger = { type: 'account', id: 'stranger' }
    const renamed = { ...file, question: { ...file.question, subject: stranger } }
    expect(await t.verify(renamed)).toMatchObject({ verdict: 'invalid', failed: { step: 'joint' } })
    // Without the identifier of the link nothing says whose it is.
    const subjects = file.joint?.subjects.map((each) => ({
      ...each,
      here: { ...each.here, disclosures: each.here.disclosures.slice(0, -1) },
    }))
    for (const from of [renamed, file]) {
      const unnamed = { ...from, joint: { ...from.joint, subjects } }
      expect(await t.verify(unnamed)).toMatchObject({ verdict: 'undetermined', failed: { step: 'joint' } })
    }
  })

  it('has the mandates of each, and a yes counts under one of its own subject only', async () => {
    const t = await story()
    const ofDevice = await t.mandate(device)
    await t.settle()
    await t.says(device, 'given', ofDevice)
    await t.says(account, 'given', ofDevice)
    await t.link(device, account)
    await t.settle()
    const file = (await t.prove(account)).proof
    expect([file.answer.status, file.answer.reason]).toEqual(['Unknown', 'no-mandate'])
    expect(file.joint?.answer).toMatchObject({
      status: 'Given',
      mandate: ofDevice,
      subjects: [{}, { status: 'Given' }],
    })
    expect((await t.verify(file)).verdict).toBe('valid')
    const [linked] = file.joint?.subjects ?? []
    const { mandates, ...without } = linked?.proof ?? file
    expect(mandates).toHaveLength(1)
    const lacking = { ...file, joint: { ...file.joint, subjects: [{ ...linked, proof: without }] } }
    expect((await t.verify(lacking)).verdict).toBe('invalid')
    // The mandate of the linked subject, put where it would make the yes of this one count.
    expect((await t.verify({ ...file, mandates })).verdict).toBe('invalid')
  })

  it('stays valid when the other side is erased, and has no joint answer any more', async () => {
    const t = await story()
    await t.says(account, 'given')
    await t.says(device, 'refused')
    await t.link(device, account)
    await t.settle()
    const both = [(await t.prove(account)).proof, (await t.prove(device)).proof]
    await t.erase(device)
    await t.settle()
    for (const file of both) expect((await t.verify(file)).verdict).toBe('valid')
    const after = (await t.prove(account)).proof
    expect([after.joint, after.answer.status, (await t.verify(after)).verdict]).toEqual([undefined, 'Given', 'valid'])
    expect((await t.prove(device)).proof).toMatchObject({ events: [], answer: { status: 'Unknown' } })
  })

  it('without its joint part is the proof about that subject alone', async () => {
    const { joint: _, ...alone } = proof
    const { verdict, answer } = await s.verify(alone)
    expect([verdict, answer?.joint, answer?.status.status]).toEqual(['valid', undefined, 'Given'])
  })
})
