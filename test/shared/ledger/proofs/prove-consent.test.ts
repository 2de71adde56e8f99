/** What a proof has in it when something is late, gone or said in another way; each held against the verifier. */
import { describe, expect, it } from 'vitest'
import { statusOf } from '../../../../shared/consent/status.ts'
import {
  publishPresentation,
  publishVersion,
  retractVersion,
} from '../../../../shared/ledger/controllers/publish-policies.ts'
import type { Ledger } from '../../../../shared/ledger/ledger.ts'
import { logVerifierKey, witnessVerifierKey } from '../../../../shared/ledger/log/log-policy-text.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { coversProofRows, gatherProofRows } from '../../../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../../../shared/ledger/proofs/prove-consent.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Item, Table } from '../../../../shared/ledger/store.ts'
import { policyOfKeys, verifyProof } from '../../../../shared/verify/verify.ts'
import { type MemoryLedger, memoryLedger, seeded, submission, versionDraft } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'

const identity = { type: 'device', id: 'a-device' } as const
const topic = { purposeId: 'newsletter' }

/** A ledger whose entries are sequenced and published when asked. */
async function start(): Promise<{ ledger: MemoryLedger; settle: () => Promise<void> }> {
  const memory = memoryLedger('2026-12-30T12:00:00.000Z')
  const announced: Item[] = []
  const entries: Table = {
    ...memory.entries,
    insert(items) {
      announced.push(...items.filter(({ values }) => values.leaf !== undefined))
      return memory.entries.insert(items)
    },
  }
  const ledger = { ...memory, entries }
  const logWriter = memoryLogWriter(ledger)
  const settle = async () => {
    await sequenceEntries(
      logWriter,
      'acme',
      announced.splice(0).map(({ pk, sk }) => ({ key: { pk, sk } })),
      newSequencerMemory(),
    )
    await publishCheckpoint(logWriter, 'acme')
  }
  await seeded(ledger)
  await settle()
  return { ledger, settle }
}

type Given = Parameters<typeof submission>
async function record(ledger: Ledger, eventId: string, event: Partial<Given[0]> = {}, more: Given[1] = {}) {
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no snapshot')
  const occurredAt = new Date(ledger.clock()).toISOString()
  const { outcomes } = await recordEvents(ledger, snapshot, [submission({ eventId, occurredAt, ...event }, more)])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['recorded'])
}

async function proven(ledger: Ledger, at: string, knownAt?: string) {
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no snapshot')
  const rows = await gatherProofRows(ledger, snapshot, identity, topic, { at, knownAt: knownAt ?? at })
  const proof = await assembleProof(ledger, rows, { at, ...(knownAt && { knownAt }) })
  // What a caller waits for is what the proof would otherwise name as pending.
  expect(await coversProofRows(ledger, rows, knownAt)).toBe(proof.pending === undefined)
  const { checkpointSigner, witnessSigner } = memoryLogWriter(ledger)
  const keys = { host: ledger.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
  const policy = policyOfKeys([logVerifierKey(keys, 'acme'), witnessVerifierKey(keys)])
  const reverified = (file: object) => verifyProof(JSON.stringify(file), policy)
  return { proof, verified: await reverified(proof), reverified }
}

/** Reads the vault as retention leaves it when it has taken the subject's first year. */
function withoutFirstYear({ vault }: Pick<Ledger, 'vault'>): Table['get'] {
  return async (keys) =>
    (await vault.get(keys)).map((row) => {
      if (row?.sk !== 'subject') return row
      const { proof: _, context: __, ...values } = row.values
      return { ...row, values }
    })
}

it('an event whose key is lost, while that of an earlier year is there, is none that retention took: never Given', async () => {
  const { ledger, settle } = await start()
  await record(ledger, 'yes')
  ledger.setNow('2027-01-05T12:00:00.000Z')
  await record(ledger, 'no', { decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }] })
  await settle()
  const at = '2027-01-05T13:00:00.000Z'
  ledger.setNow(at)
  const whole = await proven(ledger, at)
  expect(whole.verified.failed).toBeUndefined()
  expect(whole.proof.answer.status).toBe('Withdrawn')
  const get: Table['get'] = async (keys) =>
    (await ledger.vault.get(keys)).map((row) => (row?.sk === 'year#2027' ? undefined : row))
  const { proof, verified } = await proven({ ...ledger, vault: { ...ledger.vault, get } }, at)
  expect(proof.answer).toMatchObject({ status: 'Undetermined', reason: 'event-unreadable' })
  expect([proof.events.length, proof.unreadable?.length]).toEqual([1, 1])
  expect(verified.verdict).toBe('undetermined')
})

it('what retention took is answered as expired, which the verifier finds again; a file of before that is no less', async () => {
  const { ledger, settle } = await start()
  await record(ledger, 'yes')
  await settle()
  const at = '2034-01-05T13:00:00.000Z'
  ledger.setNow(at)
  const vault = { ...ledger.vault, get: withoutFirstYear(ledger) }
  const { proof, verified, reverified } = await proven({ ...ledger, vault }, at)
  expect(proof.answer).toMatchObject({ status: 'Unknown', reason: 'evidence-expired' })
  expect(verified.failed).toMatchObject({ step: 'disclosures', says: expect.stringContaining('1 event is in the log') })
  expect(verified.verdict).toBe('undetermined')
  const published = (await ledger.controllers.current('acme'))?.policies.get('privacy')
  const ofBefore = published && statusOf(proof.question, [], published)
  expect((await reverified({ ...proof, answer: ofBefore })).failed).toMatchObject({
    step: 'disclosures',
    says: expect.stringContaining('no decision with effect is recorded'),
  })
  expect((await reverified({ ...proof, answer: { ...ofBefore, status: 'Given' } })).failed?.step).toBe('answer')
})

it('a consent sent after the refusal that ended it has expired is not said to have stood in that past', async () => {
  const { ledger, settle } = await start()
  const occurredAt = '2026-12-30T13:00:00.000Z'
  ledger.setNow('2026-12-30T14:00:00.000Z')
  await record(ledger, 'no', { decisions: [{ purposeId: 'newsletter', verb: 'refused' }] })
  ledger.setNow('2034-01-05T12:00:00.000Z')
  await record(ledger, 'late', { occurredAt }, { assurance: 'imported' })
  await settle()
  const past = '2027-02-01T00:00:00.000Z'
  ledger.setNow('2034-01-05T13:00:00.000Z')
  expect((await proven(ledger, past)).proof.answer.status).toBe('Withdrawn')
  const vault = { ...ledger.vault, get: withoutFirstYear(ledger) }
  const { proof, verified, reverified } = await proven({ ...ledger, vault }, past)
  expect(proof).toMatchObject({ answer: { reason: 'evidence-expired' }, expiredUntil: '2026-12-30T14:59:59.999Z' })
  expect(verified).toMatchObject({ verdict: 'undetermined', failed: { step: 'disclosures' } })
  expect((await reverified({ ...proof, expiredUntil: '2026-12-30T12:59:59.999Z' })).failed?.step).toBe('answer')
})

it('an event sealed without a context key commits to all that a leaf has to have', async () => {
  const { ledger, settle } = await start()
  await record(ledger, 'first')
  const get: Table['get'] = async (keys) =>
    (await ledger.vault.get(keys)).map((row) => {
      if (row === undefined) return row
      const { context: _, ...values } = row.values
      return { ...row, values }
    })
  const forgetful = { ...ledger, vault: { ...ledger.vault, get } }
  await record(forgetful, 'second')
  await settle()
  const { verified } = await proven(forgetful, '2026-12-30T12:00:00.000Z')
  expect(verified.failed).toBeUndefined()
})

it('the text of a hash is in the language of the text, whatever the client said', async () => {
  const { ledger, settle } = await start()
  const texts = [
    { locale: 'en', mediaType: 'text/plain' as const, text: 'We write to you' },
    { locale: 'sv', mediaType: 'text/plain' as const, text: 'Vi skriver till dig' },
  ]
  const { record: version } = await publishVersion(
    ledger,
    'acme',
    versionDraft({ version: '2', level: 'minor', texts }),
  )
  ledger.setNow('2026-12-30T12:10:00.000Z')
  const textSha256 = version.texts[1]?.sha256
  await record(ledger, 'yes', { shown: [{ policyId: 'privacy', textSha256, locale: 'en' }], act: 'button' })
  await settle()
  const { proof, verified } = await proven(ledger, '2026-12-30T12:20:00.000Z')
  expect(verified.failed).toBeUndefined()
  expect(proof.texts).toMatchObject([{ locale: 'sv', sha256: textSha256, localeShown: true }])
  expect(verified.answer?.shown).toMatchObject({ locale: 'sv', sha256: textSha256 })
})

it('one text in two languages is two texts', async () => {
  const { ledger, settle } = await start()
  const texts = ['en', 'en-GB'].map((locale) => ({ locale, mediaType: 'text/plain' as const, text: 'The same' }))
  await publishVersion(ledger, 'acme', versionDraft({ version: '2', level: 'minor', texts }))
  ledger.setNow('2026-12-30T12:10:00.000Z')
  await record(ledger, 'yes')
  await settle()
  const { proof, verified } = await proven(ledger, '2026-12-30T12:20:00.000Z')
  expect(verified.failed).toBeUndefined()
  expect(proof.texts.map(({ locale }) => locale)).toEqual(['en', 'en-GB'])
})

it('a leaf that states a time hours before the one it stands behind is late, marked or not', async () => {
  const { ledger, settle } = await start()
  ledger.setNow('2026-12-30T14:40:00.000Z')
  await record(ledger, 'no', { decisions: [{ purposeId: 'newsletter', verb: 'refused' }] })
  ledger.setNow('2026-12-30T12:01:00.000Z')
  await record(ledger, 'yes')
  ledger.setNow('2026-12-30T14:41:00.000Z')
  await settle()
  const { proof, verified } = await proven(ledger, '2026-12-30T14:50:00.000Z')
  expect(verified.failed).toBeUndefined()
  expect(proof.events.filter(({ backdated }) => backdated)).toHaveLength(1)
  const { checkpointSigner, witnessSigner } = memoryLogWriter(ledger)
  const keys = { host: ledger.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
  const stripped = { ...proof, events: proof.events.map(({ backdated: _, ...event }) => event) }
  const policy = policyOfKeys([logVerifierKey(keys, 'acme'), witnessVerifierKey(keys)])
  const { verdict, failed } = await verifyProof(JSON.stringify(stripped), policy)
  expect([verdict, failed?.step]).toEqual(['invalid', 'backdating'])
})

/** A consent in the log at noon, and a withdrawal a minute later that it does not have. */
async function withdrawnUnseen() {
  const { ledger, settle } = await start()
  await record(ledger, 'yes')
  await settle()
  ledger.setNow('2026-12-30T12:01:00.000Z')
  await record(ledger, 'no', { decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }] })
  return { ledger, settle }
}

describe('what the log does not have yet', () => {
  const noon = '2026-12-30T12:00:00.999Z'

  it('is named with its promise, and the answer says that it is not counted', async () => {
    const { ledger, settle } = await withdrawnUnseen()
    ledger.setNow('2026-12-30T12:01:15.000Z')
    const { proof, verified } = await proven(ledger, '2026-12-30T12:01:15.000Z')
    expect(proof.question).toMatchObject({ knownAt: noon, askedKnownAt: '2026-12-30T12:01:15.000Z' })
    expect(proof.pending).toMatchObject([{ kind: 'event', promisedBy: '2026-12-30T12:03:00.000Z' }])
    expect(proof.answer.sentence).toContain('1 recorded entry is not in the log yet, and not counted')
    expect(verified).toMatchObject({ verdict: 'pending', pending: [{ kind: 'event' }] })
    await settle()
    expect((await proven(ledger, '2026-12-30T12:01:15.000Z')).proof).toMatchObject({ answer: { status: 'Withdrawn' } })
  })

  it('after two minutes its promise is broken, and stays so in the file', async () => {
    const { ledger } = await withdrawnUnseen()
    ledger.setNow('2026-12-30T12:03:00.001Z')
    const { verified } = await proven(ledger, '2026-12-30T12:03:00.001Z')
    expect(verified.pending).toMatchObject([{ promise: 'broken' }])
  })

  it.each([
    ['before it was recorded', '2026-12-30T12:00:59.999Z', 0],
    ['when it was recorded', '2026-12-30T12:01:00.000Z', 1],
  ])('asked as known %s, that is lowered to what the checkpoint covers', async (_, knownAt, count) => {
    const { ledger } = await withdrawnUnseen()
    const { proof, verified } = await proven(ledger, knownAt, knownAt)
    expect(proof.question).toMatchObject({ knownAt: noon, askedKnownAt: knownAt })
    expect([proof.pending?.length ?? 0, verified.verdict]).toEqual([count, count === 0 ? 'valid' : 'pending'])
  })

  it('is pending also when only its index row is missing, and then for ever', async () => {
    const { ledger, settle } = await withdrawnUnseen()
    await settle()
    const get: Table['get'] = async (keys) =>
      (await ledger.log.get(keys)).map((row) => (String(row?.values.at) < '2026-12-30T12:01' ? row : undefined))
    ledger.setNow('2026-12-30T12:30:00.000Z')
    const { proof, verified } = await proven({ ...ledger, log: { ...ledger.log, get } }, '2026-12-30T12:30:00.000Z')
    expect(proof.answer.status).toBe('Given')
    expect(verified).toMatchObject({ verdict: 'pending', pending: [{ promise: 'broken' }] })
  })

  it('may be a version, a retraction, a presentation that an event names, and an event that nobody can open', async () => {
    const { ledger } = await start()
    ledger.setNow('2026-12-30T12:01:00.000Z')
    const wording = { wording: { en: 'Yes?' }, refusal: { label: { en: 'No' }, layer: 1 } }
    const controls = [{ purposeId: 'newsletter', label: { en: 'News' }, initially: 'off' as const }]
    for (const presentationId of ['named', 'unnamed'])
      await publishPresentation(ledger, 'acme', { presentationId, policyId: 'privacy', controls, ...wording })
    const texts = [{ locale: 'en', mediaType: 'text/plain' as const, text: 'Another' }]
    const effectiveFrom = '2027-01-30T12:00:00.000Z'
    await publishVersion(ledger, 'acme', versionDraft({ version: '2', level: 'minor', texts, effectiveFrom }))
    await retractVersion(ledger, 'acme', 'privacy', { version: '2', reason: 'not needed' })
    await record(ledger, 'no', { decisions: [{ purposeId: 'newsletter', verb: 'refused' }] })
    ledger.setNow('2027-01-05T12:00:00.000Z')
    await record(ledger, 'yes', { presentationId: 'named' })
    const vault = { ...ledger.vault, get: withoutFirstYear(ledger) }
    const { proof, verified } = await proven({ ...ledger, vault }, '2027-01-05T12:01:00.000Z')
    const named = proof.pending?.map((entry) => [entry.kind, 'name' in entry ? entry.name : entry.recordedAt])
    expect(named?.sort()).toEqual([
      ['event', '2026-12-30T12:59:59.999Z'],
      ['event', '2027-01-05T12:00:00.000Z'],
      ['presentation', 'named'],
      ['retraction', '2'],
      ['version', '2'],
    ])
    expect([verified.verdict, verified.failed]).toEqual(['pending', undefined])
  })
})

it('an event that cannot be read, with a leaf that the log does not have, is named without one, and takes nothing else away', async () => {
  const { ledger, settle } = await start()
  await record(ledger, 'yes')
  await record(ledger, 'no', { decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }] })
  await settle()
  const spoilt = ({ values, ...item }: Item): Item => {
    const { payload, leaf } = values
    const bytes = Uint8Array.from(payload instanceof Uint8Array ? payload : [], (byte) => byte ^ 1)
    return { ...item, values: { ...values, payload: bytes, leaf: String(leaf).replace(/"_sd":\[".{43}",/, '"_sd":[') } }
  }
  let isFirst = true
  const query: Table['query'] = async (pk, options) => {
    const page = await ledger.entries.query(pk, options)
    const items = page.items.map((item) => {
      if (!isFirst || !item.sk.startsWith('event#')) return item
      isFirst = false
      return spoilt(item)
    })
    return { ...page, items }
  }
  const { proof, verified } = await proven(
    { ...ledger, entries: { ...ledger.entries, query } },
    '2026-12-30T12:00:00.000Z',
  )
  expect([proof.events.length, proof.unreadable]).toEqual([
    1,
    [{ code: 'event-unreadable', receiptId: expect.any(String) }],
  ])
  expect(verified.verdict).not.toBe('invalid')
})
