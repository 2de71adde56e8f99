/** Receipts and single leaves: what they show, what they only promise, and what becomes of a promise that ran out. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Receipt } from '../../../shared/consent/receipt-file.ts'
import { policyOfKeys, verifyFile, verifyReceipt, verifyTlogProofFile } from '../../../shared/verify/verify.ts'
import { type PublishedStory, publishedStory } from './ledger-story.ts'
import { logVkey, origin, ownVkey, at as storyAt, TestKey, TestLog } from './maker.ts'
import type { Loose } from './tampered-proofs.ts'
import { altered, membersOf, tamperedReceipts } from './tampered-receipts.ts'

let story: PublishedStory
let logged: Receipt
let promised: Receipt
beforeAll(async () => {
  story = await publishedStory()
  const withProof = story.receipts.find((r) => r.tlogProof !== undefined && r.record.events[0]?.eventType !== undefined)
  const without = story.receipts.find((r) => r.tlogProof === undefined)
  if (!withProof || !without) throw new Error('the story has no such receipts')
  logged = withProof
  promised = without
})

const draft = (receipt: Receipt): Loose<Receipt> => JSON.parse(JSON.stringify(receipt))
const later = (receipt: Receipt, seconds: number) =>
  new Date(Date.parse(receipt.times.recordedAt) + seconds * 1000).toISOString()

function jws(key: TestKey, typ: string, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg: 'Ed25519', typ })}.${part(claims)}`
  return `${input}.${Buffer.from(key.sign(input)).toString('base64url')}`
}

function claimsIn(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

describe('a promise', () => {
  it('stands until it runs out, then nothing is known', async () => {
    const verify = (seconds: number) =>
      verifyReceipt(JSON.stringify(promised), story.policy, { now: later(promised, seconds) })
    expect(await verify(60)).toMatchObject({ verdict: 'valid' })
    const late = await verify(600)
    expect(late).toMatchObject({ verdict: 'undetermined', failed: { step: 'promise' } })
    expect(late.failed?.says).toContain('Fetch the receipt again')
  })

  it('is kept, broken or hidden by the time of a later checkpoint; a forged one is none', async () => {
    const instanceKey = new TestKey('instance')
    const receiptKey = new TestKey('receipt')
    const logKey = new TestKey('log')
    const host = 'ledger.example'
    const iat = Math.floor(Date.parse(storyAt(0)) / 1000)
    const jwk = (key: TestKey) => ({
      jwk: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') },
    })
    const typ = 'consent-receipt-key+jwt'
    const make = (more: { origin?: string; iat?: number; exp?: number; iss?: string; by?: TestKey } = {}) => ({
      ...draft(promised),
      inclusionPromise: {
        jws: jws(instanceKey, 'consent-promise+jwt', {
          origin: more.origin ?? origin,
          leafHash: claimsIn(promised.inclusionPromise.jws).leafHash,
          iat: more.iat ?? iat + 5,
          maxDelay: 120,
        }),
        certificates: [
          jws(more.by ?? logKey, typ, {
            iss: more.iss ?? host,
            iat: iat - 100,
            exp: iat + 86_400 * 3000,
            cnf: jwk(receiptKey),
          }),
          jws(receiptKey, typ, { iss: host, iat, exp: more.exp ?? iat + 3600, cnf: jwk(instanceKey) }),
        ],
      },
    })
    const policy = policyOfKeys([logVkey, ownVkey])
    const verify = async (receipt: object, checkpoint?: string, now = storyAt(10)) =>
      verifyReceipt(JSON.stringify(receipt), policy, { now, ...(checkpoint && { checkpoint }) })
    expect(await verify(make())).toMatchObject({ verdict: 'valid' })
    const log = new TestLog()
    log.append('x')
    expect(await verify(make(), log.publish(storyAt(120)).note)).toMatchObject({ verdict: 'valid' })
    expect(await verify(make(), log.publish(storyAt(3600)).note)).toMatchObject({
      verdict: 'undetermined',
      failed: { step: 'promise-kept' },
    })
    for (const forged of [
      make({ by: new TestKey('stranger') }),
      make({ iss: 'other.example' }),
      make({ origin: 'ledger.example/other' }),
      make({ iat: iat - 1 }),
      make({ iat: iat + 3601 }),
      make({ exp: iat + 86_401 }),
    ])
      expect(await verify(forged)).toMatchObject({ verdict: 'invalid', failed: { step: 'promise' } })
  })
})

describe('a tampered receipt', () => {
  it.each(tamperedReceipts)('%s', async (_, tamper, step) => {
    const receipt = draft(logged)
    tamper(receipt, promised)
    const found = await verifyReceipt(JSON.stringify(receipt), story.policy, { now: story.now })
    expect(found.failed?.step, found.failed?.says).toBe(step)
    expect(found.verdict).not.toBe('valid')
  })

  it('neither proof nor promise', async () => {
    const { inclusionPromise: _, ...bare } = promised
    expect(await verifyReceipt(JSON.stringify(bare), story.policy)).toMatchObject({
      verdict: 'undetermined',
      failed: { step: 'promise' },
    })
  })
})

describe('a single leaf', () => {
  it('with its disclosures, with the leaf beside it, or without', async () => {
    const log = new TestLog()
    const index = log.append('{"kind":"erased","sub":"x","v":1}')
    const bare = log.proof(index, log.publish(storyAt(1)))
    const policy = policyOfKeys([logVkey, ownVkey])
    expect(await verifyTlogProofFile(bare, policy)).toMatchObject({
      verdict: 'undetermined',
      failed: { step: 'leaves' },
    })
    expect(await verifyTlogProofFile(bare, policy, { leaf: log.leaves[0] ?? '' })).toMatchObject({ verdict: 'valid' })
    expect(await verifyTlogProofFile(bare, policy, { leaf: 'another' })).toMatchObject({
      verdict: 'invalid',
      failed: { step: 'inclusion' },
    })
    const found = await verifyTlogProofFile(logged.tlogProof ?? '', story.policy)
    expect(found.disclosed?.['field:times']).toMatchObject({ eventId: logged.eventId })
  })
})

describe('the record of a receipt', () => {
  const verify = (receipt: unknown) => verifyReceipt(JSON.stringify(receipt), story.policy, { now: story.now })

  it('is signed: no member of it, at any depth, can be changed or taken away', async () => {
    const paths = [...membersOf(JSON.parse(JSON.stringify(logged.record)))].map((path) => ['record', ...path])
    expect(paths.length).toBeGreaterThan(60)
    for (const path of [['record'], ...paths])
      for (const how of ['changed', 'gone'] as const) {
        const found = await verify(altered(logged, path, how))
        expect([path.join('.'), how, found.verdict, found.failed?.step]).toEqual([
          path.join('.'),
          how,
          'invalid',
          'record',
        ])
      }
  })

  it('and so is the effect of each decision', async () => {
    const found = await verify(altered(logged, ['decisions', '0', 'effect'], 'changed'))
    expect(found).toMatchObject({ verdict: 'invalid', failed: { step: 'record' } })
  })

  // A receipt of the first releases: its promise signs no record, so only the disclosures speak against what was changed.
  const unsigned = (receipt: Receipt) => {
    const { inclusionPromise: _, ...rest } = receipt
    return rest as Receipt
  }
  it.each([
    [['recordId'], 'record.recordId'],
    [['piiPrincipalId'], 'record.piiPrincipalId'],
    [['piiProcessing', '0', 'privacyNotice', 'policyId'], 'record.piiProcessing.0.privacyNotice.policyId'],
    [['piiProcessing', '0', 'privacyNotice', 'version'], 'record.piiProcessing.0.privacyNotice.version'],
    [['piiProcessing', '0', 'privacyNotice', 'grade'], 'record.piiProcessing.0.privacyNotice.grade'],
    [['piiProcessing', '0', 'privacyNotice', 'url'], 'record.piiProcessing.0.privacyNotice.url'],
    [['piiProcessing', '0', 'purposes', '0', 'purpose', 'purposeId'], 'record.piiProcessing.0.purposes'],
    [['piiProcessing', '0', 'purposes', '0', 'piiControllers', '0'], 'record.piiProcessing.0.purposes'],
    [['piiProcessing', '0', 'authorityParty'], 'record.piiProcessing.0.authorityParty'],
    [['partyIdentification', '0', 'partyId'], 'record.partyIdentification'],
    [['events', '0', 'eventTime'], 'record.events.0'],
    [['events', '0', 'entityId'], 'record.events.0'],
    [['events', '0', 'entityRole'], 'record.events.0'],
    [['events', '0', 'eventState'], 'record.events.0'],
    [['events', '0', 'eventType'], 'record.events.0'],
    [['events', '0', 'purposes', '0'], 'record.events'],
  ])('of an earlier release, with another %j, is refused by name', async (path, name) => {
    const receipt = unsigned(logged)
    expect(await verify(receipt)).toMatchObject({ verdict: 'valid' })
    const found = await verify(altered(receipt, ['record', ...path], 'changed'))
    expect(found).toMatchObject({ verdict: 'invalid', failed: { step: 'record' } })
    expect(found.failed?.says).toContain(`${name} `)
  })

  it.each(['unknown', 'toString'])(
    'of an earlier release, a decision with the added member %s is refused',
    async (name) => {
      const [decision, ...others] = logged.decisions
      const found = await verify({
        ...unsigned(logged),
        decisions: [{ ...decision, [name]: 'x' }, ...others],
      } as Receipt)
      expect(found).toMatchObject({ verdict: 'invalid', failed: { step: 'record' } })
    },
  )

  it('of an earlier release is noted as not signed', async () => {
    const { steps } = await verify(unsigned(logged))
    expect(steps.find(({ step, outcome }) => step === 'record' && outcome === 'note')?.says).toContain(
      'neither the log',
    )
  })
})

describe('answers with receipts, saved as they come', () => {
  const verify = (answer: object) => verifyFile(JSON.stringify(answer), story.policy, { now: story.now })
  const bad = () => altered(logged, ['eventId'], 'changed')
  const outcomes = (...receipts: unknown[]) => ({
    outcomes: [...receipts.map((receipt) => ({ status: 201, receipt })), { status: 400, problem: { code: 'x' } }],
  })

  it.each([
    ['one’s own receipts', () => ({ receipts: [logged, logged], next: 'x' }), 'valid', ['valid', 'valid']],
    ['a batch, one refused', () => outcomes(logged), 'valid', ['valid']],
    ['one that was changed', () => ({ receipts: [logged, bad(), logged] }), 'invalid', ['valid', 'invalid', 'valid']],
    ['one of a batch that was changed', () => outcomes(bad(), logged), 'invalid', ['invalid', 'valid']],
    ['a promise that ran out', () => ({ receipts: [logged, promised] }), 'undetermined', ['valid', 'undetermined']],
    [
      'a promise that ran out and one changed',
      () => ({ receipts: [promised, bad()] }),
      'invalid',
      ['undetermined', 'invalid'],
    ],
    ['what is no receipt', () => ({ receipts: [logged, 'x'] }), 'invalid', ['valid', 'invalid']],
    ['nobody’s receipts', () => ({ receipts: [] }), 'undetermined', []],
    ['a batch that was refused', () => outcomes(), 'undetermined', []],
    ['another list', () => ({ receipts: 'x' }), 'invalid', []],
  ] as const)('%s', async (_, answer, verdict, each) => {
    const found = await verify(answer())
    expect([found.kind, found.verdict, found.receipts?.map((one) => one.verdict)]).toEqual(['receipts', verdict, each])
    const at = each.findIndex((one) => one !== 'valid' && one === verdict)
    if (at >= 0) expect(found.failed?.says).toContain(`receipt ${at + 1}`)
  })
})
