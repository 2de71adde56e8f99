/**
 * What retention never does, over policies, histories and clocks at random. Versions are published and events arrive while retention
 * runs; each run sees what earlier ones left. Every instant is asked about three times: with all events that were ever recorded, with
 * those that could be read before the run, and with those that are left after it.
 */

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { endOfDuration, readDuration } from '../../../../shared/consent/duration.ts'
import type { Verb } from '../../../../shared/consent/event.ts'
import type { PolicyHistory, PolicyVersion } from '../../../../shared/consent/policy.ts'
import type { Purpose } from '../../../../shared/consent/purpose.ts'
import { statusOf } from '../../../../shared/consent/status.ts'
import type { FoldEvent, UnopenedEvents } from '../../../../shared/consent/status-answer.ts'
import { timelineOf } from '../../../../shared/consent/timeline.ts'
import { earliestLapse, lapsesOf } from '../../../../shared/ledger/retention/lapse.ts'
import { day, event, historyOf, policyId, purpose, version } from '../../consent/scenario.ts'

const horizonDays = 1_500
const durations = ['P0D', 'P1D', 'P1M', 'P6M', 'P1Y', 'P3Y'] as const

const declaration = fc.record({
  validity: fc.constantFrom(...durations),
  evidenceRetention: fc.constantFrom(...durations),
  doubleOptIn: fc.constantFrom(true, false, false),
  globalPrivacyControl: fc.boolean(),
})
const interest = purpose({ purposeId: 'fraud', legalBasis: 'legitimate-interest', validity: undefined })
const purposesOf = (over: Partial<Purpose>): Purpose[] => [
  purpose(over),
  { ...interest, evidenceRetention: over.evidenceRetention, globalPrivacyControl: over.globalPrivacyControl },
]
const aVersion = fc.record({
  publishedDay: fc.nat({ max: horizonDays }),
  leadDays: fc.constantFrom(1, 30, 200),
  purposes: fc.oneof(
    { weight: 1, arbitrary: fc.constant([interest]) },
    { weight: 6, arbitrary: declaration.map(purposesOf) },
  ),
  level: fc.constantFrom('major' as const, 'minor' as const),
})
const aHistory: fc.Arbitrary<PolicyHistory> = fc
  .tuple(declaration, fc.array(aVersion, { maxLength: 3 }))
  .map(([first, laters]) => {
    const inOrder = laters.toSorted((a, b) => a.publishedDay + a.leadDays - b.publishedDay - b.leadDays)
    const versions: PolicyVersion[] = [version('v1', -10, { purposes: purposesOf(first) })]
    for (const [i, { publishedDay, leadDays, purposes, level }] of inOrder.entries())
      versions.push(
        version(`v${i + 2}`, publishedDay + leadDays + i * 0.001, {
          publishedAt: day(publishedDay),
          purposes,
          level,
          comparedWith: `v${i + 1}`,
          changes: [{ purposeId: 'newsletter', level, reason: '' }],
        }),
      )
    return historyOf(versions)
  })

const verbs: fc.Arbitrary<Verb> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Verb>('given') },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Verb[]>(
      'requested',
      'deferred',
      'refused',
      'withdrawn',
      'objected',
      'objection-withdrawn',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom<Verb[]>('confirmed', 'revoked', 'invalidated', 'objection-overruled') },
)
const anEvent = fc.record({
  recordedDay: fc.nat({ max: horizonDays }),
  lateDays: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 30 }), fc.nat({ max: 700 })),
  verb: verbs,
  about: fc.constantFrom('newsletter', 'newsletter', 'newsletter', 'fraud'),
  shown: fc.nat({ max: 3 }),
  gpc: fc.constantFrom(true, false, false),
  reachesBackDays: fc.nat({ max: 300 }),
})

type DrawnEvent = typeof anEvent extends fc.Arbitrary<infer T> ? T : never

function eventsOf(drawn: readonly DrawnEvent[], history: PolicyHistory): FoldEvent[] {
  return drawn.map(({ recordedDay, lateDays, verb, about, shown, gpc, reachesBackDays }, i): FoldEvent => {
    const recordedAt = day(recordedDay, i * 60_000)
    const effectiveAt = day(recordedDay - lateDays, i * 60_000)
    const published = history.versions.filter(({ publishedAt }) => publishedAt <= recordedAt)
    const isOperator = ['confirmed', 'revoked', 'invalidated', 'objection-overruled'].includes(verb)
    const inForce = history.versions.findLast(({ notBefore }) => notBefore <= effectiveAt)
    return event(`e${i}`, verb, recordedAt, {
      about,
      times: { occurredAt: effectiveAt, recordedAt, effectiveAt },
      who: isOperator ? { actor: { role: 'operator' }, assurance: 'operator' } : {},
      shown: published[shown % published.length]?.version ?? 'v1',
      inForce: inForce?.version ?? null,
      how: { signals: { gpc } },
      ...(verb === 'invalidated' && { from: day(recordedDay - lateDays - reachesBackDays) }),
      ...(verb === 'refused' && gpc && { derivedFrom: 'gpc' }),
    })
  })
}

/** The number of expired events and their last hour of recording, as the ledger derives them from stored items. */
function expiredAmong(whole: readonly FoldEvent[], left: readonly FoldEvent[]): UnopenedEvents {
  const gone = whole.filter((one) => !left.includes(one)).map(({ event: { times } }) => times.recordedAt.slice(0, 13))
  const newest = gone.sort().at(-1)
  return { expired: gone.length, ...(newest !== undefined && { expiredUntil: `${newest}:59:59.999Z` }) }
}

const yearOf = ({ event: { times } }: FoldEvent) => Number(times.recordedAt.slice(0, 4))

it('retention destroys no consent in effect, revives none, and keeps objections; everything that it destroyed had expired', () => {
  const met = { lapsed: 0, stands: 0, expired: 0, objected: 0 }
  fc.assert(
    fc.property(
      aHistory,
      fc.array(anEvent, { minLength: 1, maxLength: 9, size: 'max' }),
      fc.array(fc.nat({ max: 2_600 }), { minLength: 1, maxLength: 4 }),
      (history, drawn, runs) => {
        const all = eventsOf(drawn, history)
        const gone = new Set<number>()
        for (const run of runs.toSorted((a, b) => a - b)) {
          const now = day(run)
          const known = { ...history, versions: history.versions.filter(({ publishedAt }) => publishedAt <= now) }
          const whole = all.filter(({ event: { times } }) => times.recordedAt <= now)
          const readable = whole.filter((each) => !gone.has(yearOf(each)))
          const owner = { policyId, purpose: interest }
          const snapshot = {
            policies: new Map([[policyId, known]]),
            purposes: new Map([
              ['newsletter', owner],
              ['fraud', owner],
            ]),
          }
          const years = [...Map.groupBy(readable, yearOf)].map(([year, of]) => ({
            year,
            events: of.map((each) => each.event),
            isWhole: true,
          }))
          for (const year of lapsesOf(years, snapshot, now).proof) {
            const lapse = earliestLapse(year, snapshot)
            expect(lapse !== undefined && lapse < now).toBe(true)
            gone.add(year)
          }
          met.lapsed += gone.size
          check(known, { whole, readable, left: readable.filter((each) => !gone.has(yearOf(each))) }, now, met)
        }
      },
    ),
    { numRuns: 1_500 },
  )
  for (const many of Object.values(met)) expect(many).toBeGreaterThan(20)
})

interface Events {
  readonly whole: readonly FoldEvent[]
  readonly readable: readonly FoldEvent[]
  readonly left: readonly FoldEvent[]
}

function check(
  history: PolicyHistory,
  { whole, readable, left }: Events,
  now: string,
  met: { stands: number; expired: number; objected: number },
): void {
  for (const purposeId of ['newsletter', 'fraud']) {
    const declarations = history.versions.flatMap(({ purposes }) => purposes.filter((p) => p.purposeId === purposeId))
    const changes = timelineOf({ purposeId, knownAt: now }, whole, history, day(6_000))
    const effective = whole.map(({ event: { times } }) => times.effectiveAt)
    for (const at of [now, day(6_000), ...changes.map((change) => change.at), ...effective]) {
      const [ever, before, after] = [whole, readable, left].map((events) =>
        statusOf({ purposeId, at, knownAt: now }, events, history, expiredAmong(whole, events)),
      )
      if (!ever || !before || !after) throw new Error('three answers')
      const hasExpired = after.status === 'Unknown' && after.reason === 'evidence-expired'
      if (left.length < whole.length) expect(after.reason).not.toBe('nothing-recorded')
      if (after.permittedByConsent) expect(ever.permittedByConsent).toBe(true)
      if (before.permittedByConsent && at >= now) {
        const { decidedBy, endsAt, permittedByConsent } = after
        expect({ decidedBy, endsAt, permittedByConsent }).toEqual({
          decidedBy: before.decidedBy,
          endsAt: before.endsAt,
          permittedByConsent: true,
        })
        if (left.length < whole.length) met.stands++
      } else if (before.permittedByConsent && !after.permittedByConsent) {
        expect(hasExpired).toBe(true)
        for (const { evidenceRetention = 'P5Y' } of declarations) {
          const term = readDuration(evidenceRetention) ?? expect.fail(`${evidenceRetention} is no duration`)
          expect(String(endOfDuration(at, term)) < now).toBe(true)
        }
        met.expired++
      }
      if (ever.status === 'Objected' && at >= now) expect(after.status).toBe('Objected')
      if (before.status === 'Objected' || before.status === 'NotObjected') {
        if (at >= now || !hasExpired) expect(after.status).toBe(before.status)
        met.objected++
      }
    }
  }
}
