/**
 * Two time axes over HTTP: when a decision took effect, and when the ledger knew of it. And the proof of an answer, recomputed
 * from nothing but what stands in it.
 */
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import type { PolicyHistory } from '../../shared/consent/policy.ts'
import { statusOf } from '../../shared/consent/status.ts'
import type { FoldEvent } from '../../shared/consent/status-answer.ts'
import {
  audit,
  claimsIn,
  dayMs,
  decodeDisclosure,
  type EventBody,
  hourMs,
  moved,
  noon,
  record,
  statusOfVisitor,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
beforeAll(async () => {
  ledger = await startLedger()
})
afterAll(() => ledger.close())
beforeEach(() => ledger.setClock(noon))

const decision = (verb: string, more: EventBody = {}) => ({ decisions: [{ purposeId: 'statistics', verb }], ...more })

/** Given at noon; withdrawn offline two hours later, delivered three days later. */
async function lateWithdrawal() {
  const secret = aDeviceSecret()
  const given = await record(ledger, visitorEvent(ledger, secret, decision('given', { occurredAt: noon })))
  await ledger.local.runner.settle()
  const occurredAt = moved(noon, 2 * hourMs)
  ledger.setClock(moved(noon, 3 * dayMs))
  const times = { occurredAt, sentAt: ledger.now() }
  const withdrawn = await record(ledger, visitorEvent(ledger, secret, decision('withdrawn', times)))
  await ledger.local.runner.settle()
  expect(withdrawn.json.times).toMatchObject({ verdict: 'trusted', effectiveAt: occurredAt })
  ledger.setClock(moved(noon, 4 * dayMs))
  return { secret, given: given.json, withdrawn: withdrawn.json, between: moved(noon, 5 * hourMs) }
}

describe('a withdrawal that was made offline and came late', () => {
  test.each<[string, { at?: number; knownAt?: number }, string, string]>([
    ['before it was made', { at: hourMs, knownAt: 4 * dayMs }, 'Given', 'Given'],
    ['after it was made, as known before it came', { at: 5 * hourMs, knownAt: 2 * dayMs }, 'Given', 'Given'],
    ['after it was made, as known since it came', { at: 5 * hourMs, knownAt: 4 * dayMs }, 'Withdrawn', 'Given'],
    ['after it was made, as known now', { at: 5 * hourMs }, 'Withdrawn', 'Given'],
    ['now', {}, 'Withdrawn', 'Withdrawn'],
    ['before anything', { at: -hourMs }, 'Unknown', 'Unknown'],
    ['ahead of time', { at: 500 * dayMs }, 'Withdrawn', 'Withdrawn'],
  ])('asked %s', async (_, { at, knownAt }, status, then) => {
    const { secret } = await lateWithdrawal()
    const answer = await statusOfVisitor(ledger, secret, {
      purposeId: 'statistics',
      ...(at !== undefined && { at: moved(noon, at) }),
      ...(knownAt !== undefined && { knownAt: moved(noon, knownAt) }),
    })
    expect([answer.status, answer.knownThen.status]).toEqual([status, then])
    expect(answer.permittedByConsent).toBe(status === 'Given')
    expect(answer.sentence.includes(`as known at that instant it was ${then}`)).toBe(status !== then)
  })

  test('is in the timeline at the instant at which it was made', async () => {
    const { secret, given, withdrawn } = await lateWithdrawal()
    const ask = async (knownAt: string) =>
      (await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics', knownAt })).json
    const now = await ask(ledger.now())
    expect(now.changes.map((c: EventBody) => [c.at, c.status, c.decidedBy])).toEqual([
      [given.times.effectiveAt, 'Given', given.eventId],
      [withdrawn.times.effectiveAt, 'Withdrawn', withdrawn.eventId],
    ])
    expect(now.events.map((e: EventBody) => e.eventId)).toEqual([given.eventId, withdrawn.eventId])
    const then = await ask(moved(noon, 2 * dayMs))
    expect(then.changes.map((c: EventBody) => c.status)).toEqual(['Given'])
    expect(then.events).toHaveLength(1)
  })
})

test('a version that was not published yet is not known, and ends a consent when its day comes', async () => {
  const secret = aDeviceSecret()
  ledger.setClock('2025-05-01T12:00:00.000Z')
  const shown = [{ policyId: 'cookie-policy', version: '1' }]
  await record(ledger, visitorEvent(ledger, secret, decision('given', { shown })))
  ledger.setClock(noon)
  const ask = (at: string, knownAt: string) => statusOfVisitor(ledger, secret, { purposeId: 'statistics', at, knownAt })
  const after = '2025-06-02T00:00:00.000Z'
  expect(await ask(after, noon)).toMatchObject({ status: 'Expired', reason: 'policy-changed', inForce: '2' })
  expect(await ask(after, '2025-05-10T00:00:00.000Z')).toMatchObject({ status: 'Given', inForce: '1' })
  expect((await ask('2025-05-31T23:59:59.999Z', noon)).status).toBe('Given')
})

interface Proof {
  readonly question: { readonly at: string; readonly knownAt: string; readonly purposeId?: string; policyId?: string }
  readonly answer: unknown
  readonly events: readonly { readonly leaf: string; readonly disclosures: readonly string[] }[]
  readonly versions: readonly { readonly leaf: string; readonly version: PolicyHistory['versions'][number] }[]
  readonly retractions: PolicyHistory['retractions']
  readonly presentations: PolicyHistory['presentations']
}

/** What a verifier rebuilds of an event; what stays closed plays no part in this question. */
function rebuilt({ leaf, disclosures }: Proof['events'][number], target: string): FoldEvent {
  const { _sd } = JSON.parse(leaf)
  for (const disclosure of disclosures) expect(_sd).toContain(hash('sha256', disclosure, 'base64url'))
  const names = disclosures.map((d) => decodeDisclosure(d).name)
  expect(new Set(names).size).toBe(names.length)
  const claims = claimsIn(disclosures)
  const covers: string[] = claims.get('field:covers')
  expect(_sd).toHaveLength(covers.length + 7)
  const { eventId, ...times } = claims.get('field:times')
  const decided = covers.includes(target)
  expect(claims.has(`decision:${target}`)).toBe(decided)
  return {
    event: {
      eventId,
      times,
      who: claims.get('field:who'),
      decisions: decided ? [claims.get(`decision:${target}`)] : [],
      link: claims.get('field:link') ?? [],
      how: claims.get('field:how') ?? {},
    },
  }
}

function recompute(proof: Proof, policyId: string) {
  const { purposeId, at, knownAt } = proof.question
  const target = purposeId ?? `policy/${policyId}`
  const versions = proof.versions.map(({ leaf, version }) => {
    const inLeaf = JSON.parse(leaf)
    expect(canonicalize(inLeaf)).toBe(leaf)
    expect(inLeaf.purposes).toBe(hash('sha256', String(canonicalize(version.purposes))))
    expect(inLeaf).toMatchObject({ version: version.version, notBefore: version.notBefore, texts: version.texts })
    return version
  })
  const { retractions, presentations } = proof
  const topic = purposeId === undefined ? { policyId } : { purposeId }
  const events = proof.events.map((event) => rebuilt(event, target))
  return statusOf({ ...topic, at, knownAt }, events, { policyId, versions, retractions, presentations })
}

describe('a proof', () => {
  // The log goes by the ledger's clock here, and that only goes on: a proof is judged by the log's times as well.
  let shared: RunningLedger
  let secret = ''
  beforeAll(async () => {
    shared = ledger
    ledger = await startLedger({ clockOnlyGoesOn: true })
    ledger.setClock(noon)
    secret = (await lateWithdrawal()).secret
  })
  afterAll(async () => {
    await ledger.close()
    ledger = shared
  })
  beforeEach(() => ledger.setClock(moved(noon, 4 * dayMs + hourMs)))

  const topics = [
    { purposeId: 'statistics' },
    { purposeId: 'marketing-cookies' },
    { purposeId: 'remember-me' },
    { policyId: 'cookie-policy' },
  ]
  const instants = [
    { at: -hourMs, knownAt: 4 * dayMs },
    { at: hourMs, knownAt: 2 * dayMs },
    { at: 5 * hourMs, knownAt: 2 * dayMs },
    { at: 5 * hourMs, knownAt: 4 * dayMs },
    { at: 5 * hourMs, knownAt: 5 * dayMs },
    { at: 120 * dayMs, knownAt: 5 * dayMs },
    { at: 500 * dayMs, knownAt: 4 * dayMs },
  ]

  test('holds all that its answer needs: recomputed from it, the answer is the same', async () => {
    const mixed = {
      decisions: [
        { purposeId: 'marketing-cookies', verb: 'given' },
        { policyId: 'cookie-policy', verb: 'acknowledged' },
        { purposeId: 'remember-me', verb: 'given' },
      ],
      signals: { gpc: true },
      presentationId: 'cookie-banner-2025',
      occurredAt: moved(noon, 90 * 60_000),
      sentAt: ledger.now(),
    }
    expect((await record(ledger, visitorEvent(ledger, secret, mixed))).status).toBe(201)
    await ledger.local.runner.settle()
    ledger.setClock(moved(noon, 5 * dayMs))
    for (const topic of topics) {
      for (const { at, knownAt } of instants) {
        const question = { ...topic, at: moved(noon, at), knownAt: moved(noon, knownAt) }
        const { json } = await audit(ledger, 'proofs', { subject: deviceIdentity(secret), ...question })
        expect(json.answer, JSON.stringify(question)).toEqual(recompute(json, 'cookie-policy'))
        const { consents } = (await audit(ledger, 'consents', { subject: deviceIdentity(secret), ...question })).json
        expect(consents).toEqual([{ ...topic, ...json.answer }])
      }
    }
  })

  test('carries the text that was shown, under its hash', async () => {
    const { json } = await audit(ledger, 'proofs', { subject: deviceIdentity(secret), purposeId: 'statistics' })
    expect(json.texts.map((t: EventBody) => [t.version, t.locale, t.localeShown])).toEqual([['2', 'en', true]])
    for (const { sha256, text } of json.texts) expect(hash('sha256', text)).toBe(sha256)
  })
})
