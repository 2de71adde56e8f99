/** Mandates in the ledger: whose yes counts in answers and in proofs that verify offline, and every way to come by one that does not count. */
import { beforeAll, describe, expect, it, test } from 'vitest'
import type { ClientEvent } from '../../../../shared/consent/client-event.ts'
import type { ConsentProof } from '../../../../shared/consent/proof-file.ts'
import { askTimeline } from '../../../../shared/ledger/answers/ask-timeline.ts'
import { askStatuses } from '../../../../shared/ledger/answers/statuses-for-subject.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { logVerifierKey, witnessVerifierKey } from '../../../../shared/ledger/log/log-policy-text.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { mandateKeys, mandatesOf, mandatesPk } from '../../../../shared/ledger/mandates/mandate-entries.ts'
import {
  type MandateDraft,
  maxMandates,
  recordMandate,
  revokeMandate,
} from '../../../../shared/ledger/mandates/record-mandate.ts'
import { gatherProofRows } from '../../../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../../../shared/ledger/proofs/prove-consent.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Item, Table } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading } from '../../../../shared/ledger/vault/vault.ts'
import { policyOfKeys, verifyProof } from '../../../../shared/verify/verify.ts'
import { type MemoryLedger, memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from '../../../support/memory-log-writer.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'

const mandateId = '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'
const otherId = '6f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'
const registrar = { issuer: 'urn:test', client: 'registrar' }
const topic = { purposeId: 'newsletter' }
const minute = (n: number) => new Date(Date.parse('2026-11-22T12:00:00.000Z') + n * 60_000).toISOString()
const person = (name: string) => ({ type: 'account', id: name }) as const

const draft: MandateDraft = {
  mandateId,
  kind: 'guardian',
  ground: 'parental-responsibility',
  covers: { kind: 'listed', purposeIds: ['newsletter'], policyIds: [] },
  from: minute(0),
  until: minute(1000),
}

let ledger: MemoryLedger
let snapshot: ControllerSnapshot
let settle: () => Promise<void>
const logKeys = {
  host: 'ledger.example',
  checkpointKey: checkpointSigner.publicKey,
  witnessKey: witnessSigner.publicKey,
}
const keys = policyOfKeys([logVerifierKey(logKeys, 'acme'), witnessVerifierKey(logKeys)])

async function mandate(name: string, at: number, more: Partial<MandateDraft> = {}) {
  ledger.setNow(minute(at))
  return recordMandate(ledger, vaultScope(snapshot), person(name), { ...draft, ...more }, registrar)
}

async function revoke(name: string, at: number) {
  ledger.setNow(minute(at))
  return revokeMandate(ledger, vaultScope(snapshot), person(name), mandateId, registrar)
}

let events = 0
async function say(name: string, at: number, event: Partial<ClientEvent> = {}) {
  ledger.setNow(minute(at))
  const actor = { role: 'guardian', mandateId } as const
  const eventId = `${String(++events).padStart(8, '0')}-0000-4000-8000-000000000000`
  const given = submission(
    {
      ...{ eventId, occurredAt: minute(at), act: 'button', actor },
      shown: [{ policyId: 'privacy', version: '1', locale: 'en' }],
      ...event,
    },
    { identity: person(name), assurance: 'authenticated' },
  )
  const { outcomes } = await recordEvents(ledger, snapshot, [given])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['recorded'])
}

const instants = (at: number) => ({ at: minute(at), knownAt: minute(at), askedAt: minute(at) })

async function statusOf(name: string, at = 100) {
  ledger.setNow(minute(at))
  const { consents, mandates } = await askStatuses(ledger, snapshot, person(name), [topic], instants(at))
  return { ...consents[0], mandates }
}

async function prove(name: string): Promise<ConsentProof> {
  ledger.setNow(minute(101))
  const asked = { at: minute(100), knownAt: minute(100) }
  const rows = await gatherProofRows(ledger, snapshot, person(name), topic, asked)
  return JSON.parse(JSON.stringify(await assembleProof(ledger, rows, asked)))
}

const verify = (proof: unknown) => verifyProof(JSON.stringify(proof), keys, minute(102))

beforeAll(async () => {
  const memory = memoryLedger(minute(-10))
  const announced: Item[] = []
  const entries: Table = {
    ...memory.entries,
    insert(items) {
      announced.push(...items.filter(({ values }) => values.leaf !== undefined))
      return memory.entries.insert(items)
    },
  }
  ledger = { ...memory, entries }
  const logWriter = memoryLogWriter(ledger)
  settle = async () => {
    const batch = announced.splice(0).map(({ pk, sk }) => ({ key: { pk, sk } }))
    await sequenceEntries(logWriter, 'acme', batch, newSequencerMemory())
    await publishCheckpoint(logWriter, 'acme')
  }
  snapshot = await seeded(ledger)
  await settle()
})

interface Case {
  readonly what: string
  readonly happens: (name: string) => Promise<unknown>
  readonly expected: object
}

const given = { status: 'Given', permittedByConsent: true, mandate: mandateId }
const without = (reason: string) => ({ status: 'Unknown', reason, permittedByConsent: false })

const cases: readonly Case[] = [
  {
    what: 'recorded before the yes',
    happens: async (name) => [await mandate(name, 1), await say(name, 2)],
    expected: given,
  },
  {
    what: 'recorded after the yes',
    happens: async (name) => [await say(name, 1), await mandate(name, 2)],
    expected: without('no-mandate'),
  },
  { what: 'forged: recorded by nobody', happens: (name) => say(name, 1), expected: without('no-mandate') },
  {
    what: 'not named',
    happens: async (name) => [await mandate(name, 1), await say(name, 2, { actor: { role: 'guardian' } })],
    expected: without('no-mandate'),
  },
  {
    what: 'of another person',
    happens: async (name) => [
      await mandate(`${name}'s sister`, 1, { mandateId: otherId }),
      await say(name, 2, { actor: { role: 'guardian', mandateId: otherId } }),
    ],
    expected: without('no-mandate'),
  },
  {
    what: 'of another kind',
    happens: async (name) => [await mandate(name, 1, { kind: 'delegate' }), await say(name, 2)],
    expected: without('no-mandate'),
  },
  {
    what: 'for something else',
    happens: async (name) => [
      await mandate(name, 1, { covers: { kind: 'listed', purposeIds: [], policyIds: ['privacy'] } }),
      await say(name, 2),
    ],
    expected: without('mandate-out-of-scope'),
  },
  {
    what: 'expired',
    happens: async (name) => [await mandate(name, 1, { until: minute(2) }), await say(name, 2)],
    expected: without('mandate-not-standing'),
  },
  {
    what: 'revoked before the yes',
    happens: async (name) => [await mandate(name, 1), await revoke(name, 2), await say(name, 3)],
    expected: without('mandate-not-standing'),
  },
  {
    what: 'revoked after the yes',
    happens: async (name) => [await mandate(name, 1), await say(name, 2), await revoke(name, 3)],
    expected: given,
  },
  {
    what: 'ended by the coming of age',
    happens: async (name) => [await mandate(name, 1, { comesOfAgeAt: minute(50) }), await say(name, 2)],
    expected: { status: 'Expired', reason: 'came-of-age', permittedByConsent: false },
  },
  {
    what: 'missing for a no, which counts',
    happens: (name) => say(name, 1, { decisions: [{ purposeId: 'newsletter', verb: 'refused' }] }),
    expected: { status: 'Refused', permittedByConsent: false },
  },
]

describe('a mandate', () => {
  const proofs = new Map<string, ConsentProof>()
  beforeAll(async () => {
    for (const { what, happens } of cases) await happens(what)
    ledger.setNow(minute(60))
    await settle()
    for (const { what } of cases) proofs.set(what, await prove(what))
  })
  const proofOf = (what: string) => structuredClone(proofs.get(what) as ConsentProof)

  test.each(cases)('$what: the answer, and a proof that verifies offline', async ({ what, expected }) => {
    expect(await statusOf(what)).toMatchObject(expected)
    expect(proofOf(what).answer).toMatchObject(expected)
    const { verdict, answer } = await verify(proofOf(what))
    expect({ verdict, answer }).toMatchObject({ verdict: 'valid', answer: { status: expected } })
  })

  it('is listed in the answers about who has it, with its revocation', async () => {
    const { mandates } = await statusOf('revoked after the yes')
    expect(mandates).toEqual([{ ...draft, recordedAt: minute(1), revokedAt: minute(3) }])
    const timeline = await askTimeline(ledger, snapshot, person('revoked after the yes'), topic, instants(100))
    expect(timeline).toMatchObject({ changes: [{ at: minute(2), status: 'Given' }] })
    expect((await statusOf('forged: recorded by nobody')).mandates).toBeUndefined()
  })

  it('stays closed in a proof as to who recorded it, and its leaf does not tell for whom it is', () => {
    const {
      mandates = [],
      events: [event],
    } = proofOf('recorded before the yes')
    const names = mandates[0]?.disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString())[1])
    expect(names).toEqual(['field:mandate', 'field:subject'])
    const { sub } = JSON.parse(event?.leaf ?? '')
    expect(mandates[0]?.leaf).not.toContain(sub)
  })

  const counts = 'recorded before the yes'
  test.each<[string, (proof: ConsentProof) => ConsentProof, string]>([
    ['left out', ({ mandates: _, ...proof }) => proof, 'answer'],
    ['of another person', (p) => ({ ...p, mandates: proofOf('revoked after the yes').mandates }), 'disclosures'],
    [
      'whose subject is withheld',
      (p) => ({ ...p, mandates: p.mandates?.map((m) => ({ ...m, disclosures: m.disclosures.slice(0, 1) })) }),
      'disclosures',
    ],
    [
      'changed',
      (p) => ({
        ...p,
        mandates: p.mandates?.map((m) => ({
          ...m,
          disclosures: m.disclosures.map((text) => {
            const json = Buffer.from(text, 'base64url').toString()
            return Buffer.from(json.replace('"guardian"', '"delegate"')).toString('base64url')
          }),
        })),
      }),
      'disclosures',
    ],
    ['twice', (p) => ({ ...p, mandates: [...(p.mandates ?? []), ...(p.mandates ?? [])] }), 'inclusion'],
  ])('%s in a proof: not valid', async (_, tamper, step) => {
    const { verdict, failed } = await verify(tamper(proofOf(counts)))
    expect([verdict === 'valid', failed?.step]).toEqual([false, step])
  })

  it('whose revocation is left out of a proof gives another answer', async () => {
    const proof = proofOf('revoked before the yes')
    const { verdict, failed } = await verify({ ...proof, mandates: proof.mandates?.slice(0, 1) })
    expect([verdict, failed?.step]).toEqual(['invalid', 'answer'])
  })
})

describe('recording', () => {
  it('is idempotent, and another content is refused', async () => {
    const first = await mandate('twice', 200)
    expect(first).toMatchObject({ created: true, record: { made: { stated: { ...draft, recordedAt: minute(200) } } } })
    expect(await mandate('twice', 201)).toMatchObject({ created: false, record: first.record })
    await expect(mandate('twice', 202, { ground: 'law' })).rejects.toMatchObject({ code: 'already-exists' })
    const ended = await revoke('twice', 203)
    expect(ended).toMatchObject({ ended: { stated: { mandateId, revokedAt: minute(203) }, actor: registrar } })
    expect(await revoke('twice', 204)).toEqual(ended)
    expect(await mandate('twice', 205)).toMatchObject({ created: false, record: ended })
    expect((await mandate('somebody else', 206, { ground: 'law' })).created).toBe(true)
  })

  it('refuses a mandate that has ended, and the revocation of none', async () => {
    await expect(mandate('late', 1001)).rejects.toMatchObject({ code: 'invalid-request' })
    await expect(revoke('nobody', 210)).rejects.toMatchObject({ code: 'not-found' })
    await mandate('one', 210)
    ledger.setNow(minute(211))
    const other = revokeMandate(ledger, vaultScope(snapshot), person('one'), otherId, registrar)
    await expect(other).rejects.toMatchObject({ code: 'not-found' })
  })

  it('refuses a mandate that would never stand, and more than a person may have', async () => {
    await expect(mandate('never', 212, { from: minute(900), until: minute(900) })).rejects.toMatchObject({
      code: 'invalid-request',
      facts: { field: '/from' },
    })
    const one = (n: number) =>
      mandate('many', 213, { mandateId: `5f0c6a1e-8b0d-4c57-9a3e-${String(n).padStart(12, '0')}` })
    for (let n = 0; n < maxMandates; n++) expect((await one(n)).created).toBe(true)
    await expect(one(maxMandates)).rejects.toMatchObject({ code: 'limit-reached', facts: { allowed: maxMandates } })
    expect((await one(0)).created).toBe(false)
  })

  it('keeps nothing readable of a mandate once the person is erased', async () => {
    await mandate('forgotten', 220)
    const scope = vaultScope(snapshot)
    const subject = await subjectKeysForReading(ledger, scope, person('forgotten'))
    if (subject === undefined) throw new Error('no keys')
    expect((await mandatesOf(ledger.entries, subject)).size).toBe(1)
    const [item] = await ledger.entries.get([mandateKeys(subject, mandateId)[0]])
    expect(Object.keys(item?.values ?? {}).sort()).toEqual(['hour', 'leaf', 'payload'])
    expect(JSON.stringify(item)).not.toContain(mandateId)
    await eraseSubject(memoryEraser(ledger), scope, person('forgotten'), { ground: 'order', scope: 'subject' })
    await mandate('forgotten', 221)
    const after = await subjectKeysForReading(ledger, scope, person('forgotten'))
    expect(after && mandatesPk(after)).not.toBe(mandatesPk(subject))
  })
})
