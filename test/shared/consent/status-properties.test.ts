/** What holds of every fold, over histories and events at random. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verb } from '../../../shared/consent/event.ts'
import type { PolicyHistory } from '../../../shared/consent/policy.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent, Question } from '../../../shared/consent/status-answer.ts'
import { timelineOf } from '../../../shared/consent/timeline.ts'
import { growth } from '../../support/growth.ts'
import { aboutPurpose, aHistory, anEvent, aQuestion, someEvents } from './arbitraries.ts'
import { day, event, historyOf, policyId, purposeId, version } from './scenario.ts'

const runs = { numRuns: 1000 }
const saysNo = new Set<string>(['Refused', 'Withdrawn', 'Objected', 'Declined'])
/** What an unreadable entry leaves as it is. */
const standingNos = new Set<string>([...saysNo, 'Revoked', 'Invalidated', 'Expired'])
/** Where only the permitted ones say something, which must be that many. */
const many = { numRuns: 4_000 }
const enough = 100
const permitted = (q: Question, events: readonly FoldEvent[], history: PolicyHistory) =>
  statusOf(q, events, history).permittedByConsent === true

describe('a status', () => {
  it('depends on no order in which events and versions are handed over', () => {
    fc.assert(
      fc.property(aQuestion, someEvents, aHistory, fc.infiniteStream(fc.nat()), (q, events, history, keys) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((value) => ({ value, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value)
        const shuffled = {
          ...history,
          versions: shuffle(history.versions),
          presentations: shuffle(history.presentations),
        }
        expect(statusOf(q, shuffle(events), shuffled)).toEqual(statusOf(q, events, history))
      }),
      runs,
    )
  })

  it('is permitted by no additional no', () => {
    let met = 0
    const aNo = anEvent.map(
      ({ event: e }): FoldEvent => ({ event: { ...e, eventId: 'no', decisions: [{ purposeId, verb: 'refused' }] } }),
    )
    const signalled = anEvent.map(
      ({ event: e }): FoldEvent => ({
        event: { ...e, eventId: 'no', decisions: [{ purposeId, verb: 'refused', derivedFrom: 'gpc' }] },
      }),
    )
    fc.assert(
      fc.property(aboutPurpose, someEvents, aHistory, fc.oneof(aNo, signalled), (q, events, history, no) => {
        if (!permitted(q, [...events, no], history)) return
        met += 1
        expect(permitted(q, events, history)).toBe(true)
      }),
      many,
    )
    expect(met).toBeGreaterThan(enough)
  })

  it.each(['unmatched', 'assumed'] as const)('is permitted by no evidence less: %s', (grade) => {
    let met = 0
    fc.assert(
      fc.property(aboutPurpose, someEvents, aHistory, fc.nat(), (q, events, history, pick) => {
        const weaker = events.map(
          (e, i): FoldEvent =>
            i === pick % events.length && e.event.link[0]?.grade !== 'unmatched'
              ? { event: { ...e.event, link: e.event.link.map((l) => ({ ...l, grade })) } }
              : e,
        )
        if (!permitted(q, weaker, history)) return
        met += 1
        expect(permitted(q, events, history)).toBe(true)
      }),
      many,
    )
    expect(met).toBeGreaterThan(enough)
  })

  it('known then is the one that was asked for then', () => {
    fc.assert(
      fc.property(aQuestion, someEvents, aHistory, (q, events, history) => {
        const { knownThen, ...now } = statusOf(q, events, history)
        if (q.at >= q.knownAt) expect(knownThen).toEqual(now)
        else {
          const { knownThen: same, ...then } = statusOf({ ...q, knownAt: q.at }, events, history)
          expect(knownThen).toEqual(then)
          expect(same).toEqual(then)
          expect(now.sentence.includes('as known at that instant')).toBe(
            JSON.stringify({ ...now, sentence: '', withoutEffect: [] }) !==
              JSON.stringify({ ...then, sentence: '', withoutEffect: [] }),
          )
        }
      }),
      runs,
    )
  })

  it('is touched by no decision on anything else', () => {
    fc.assert(
      fc.property(aQuestion, someEvents, aHistory, (q, events, history) => {
        const concerns = ({ event: e }: FoldEvent) =>
          e.decisions.some((d) => d.purposeId === q.purposeId && d.policyId === q.policyId)
        expect(statusOf(q, events.filter(concerns), history)).toEqual(statusOf(q, events, history))
      }),
      runs,
    )
  })

  it('is permitted only by a yes whose text the version in force has not outgrown', () => {
    fc.assert(
      fc.property(aboutPurpose, someEvents, aHistory, (q, events, history) => {
        const answer = statusOf(q, events, history)
        expect(answer.permittedByConsent ?? false).toBe(
          answer.basis === 'consent' && (answer.status === 'Given' || answer.status === 'RenewedGiven'),
        )
        if (!answer.permittedByConsent) return
        const inForce = history.versions.find((v) => v.version === answer.inForce)
        expect(inForce?.purposes).toHaveLength(1)
        expect(answer.endsAt === undefined || answer.endsAt > q.at).toBe(true)
        expect(events.some((e) => e.event.decisions[0]?.verb === 'given' && e.event.times.effectiveAt <= q.at)).toBe(
          true,
        )
      }),
      runs,
    )
  })

  it('explains each event that covers the question and did not decide', () => {
    fc.assert(
      fc.property(aQuestion, someEvents, aHistory, (q, events, history) => {
        const { withoutEffect } = statusOf(q, events, history)
        const ids = new Set(events.map((e) => e.event.eventId))
        expect(withoutEffect.every((w) => ids.has(w.eventId))).toBe(true)
        const left = events.filter((e) => !withoutEffect.some((w) => w.eventId === e.event.eventId))
        const { withoutEffect: none, knownThen: _, sentence: __, reason, ...rest } = statusOf(q, left, history)
        const {
          withoutEffect: ___,
          knownThen: ____,
          sentence: _____,
          reason: because,
          ...before
        } = statusOf(q, events, history)
        const hasInforming = withoutEffect.some((w) => w.reason === 'verb-does-not-fit')
        // A yes that is only early, and one that informs, leave a trace; nothing else without effect does.
        if (hasInforming || withoutEffect.some((w) => w.reason === 'text-not-yet-in-force')) return
        expect(rest).toEqual(before)
        expect(none.length === 0 ? reason : because).toBeDefined()
      }),
      runs,
    )
  })
})

it('a confirmation turns no standing no into a yes', () => {
  let met = 0
  const asksTwice = ({ versions, ...history }: PolicyHistory): PolicyHistory => ({
    ...history,
    versions: versions.map((v) => ({ ...v, purposes: v.purposes.map((p) => ({ ...p, doubleOptIn: true })) })),
  })
  fc.assert(
    fc.property(aboutPurpose, someEvents, aHistory, (q, events, history) => {
      const asked = { ...q, knownAt: q.at }
      const before = statusOf(asked, events, asksTwice(history))
      if (!saysNo.has(before.status)) return
      met += 1
      const confirmation = event('zz', 'confirmed', q.at, { who: { assurance: 'confirmed' } })
      const { status, permittedByConsent = false } = statusOf(asked, [...events, confirmation], asksTwice(history))
      // At one instant a no comes after the confirmation, so a refusal may become a withdrawal.
      expect([saysNo.has(status), permittedByConsent]).toEqual([true, false])
    }),
    many,
  )
  expect(met).toBeGreaterThan(enough)
})

it('an unknown presentation takes only what makes a yes demonstrable', () => {
  const unmatched = (e: FoldEvent): FoldEvent => {
    const { how } = e.event
    if (how.presentationId !== undefined) return e
    return { ...e, event: { ...e.event, how: { ...how, presentationId: 'new', presentation: 'unmatched' } } }
  }
  fc.assert(
    fc.property(aHistory, someEvents, aQuestion, (history, events, question) => {
      const { demonstrable, sentence: _, knownThen: __, ...whole } = statusOf(question, events, history)
      const lacking = statusOf(question, events.map(unmatched), history)
      expect(lacking).toMatchObject(whole)
      if (lacking.lacks === undefined) expect(lacking).toMatchObject({ demonstrable })
      else expect(lacking.demonstrable).toBe(false)
      if (saysNo.has(whole.status)) expect(lacking.lacks).toBeUndefined()
    }),
    runs,
  )
})

it('a failed age gate permits nothing, and takes no no away', () => {
  const barred = (e: FoldEvent): FoldEvent => ({
    ...e,
    event: { ...e.event, who: { ...e.event.who, barred: 'age-gate' } },
  })
  fc.assert(
    fc.property(aHistory, someEvents, aQuestion, (history, events, question) => {
      const whole = statusOf(question, events, history)
      const without = statusOf(question, events.map(barred), history)
      expect(without.permittedByConsent ?? false).toBe(false)
      if (saysNo.has(whole.status)) expect(saysNo.has(without.status)).toBe(true)
    }),
    runs,
  )
})

it('beside an entry that cannot be read, is never a yes, and no no is touched', () => {
  const unreadable = [{ code: 'event-unreadable', receiptId: 'planted' } as const]
  fc.assert(
    fc.property(aHistory, someEvents, aQuestion, (history, events, question) => {
      const without = statusOf(question, events, history)
      const beside = statusOf(question, events, history, { unreadable })
      for (const finding of [beside, beside.knownThen]) {
        expect(finding.permittedByConsent ?? false).toBe(false)
        expect(finding.current).toBeUndefined()
      }
      if (standingNos.has(without.status))
        expect(beside).toMatchObject({ ...without, sentence: expect.any(String), knownThen: expect.anything() })
      else expect(beside).toMatchObject({ status: 'Undetermined', reason: 'event-unreadable', demonstrable: false })
      const changes = timelineOf(question, events, history, question.at, { unreadable })
      const allowed = new Set<string>([...standingNos, 'Undetermined'])
      expect(changes.filter(({ status }) => !allowed.has(status))).toEqual([])
    }),
    runs,
  )
})

it('the timeline says at each instant what the status says', () => {
  fc.assert(
    fc.property(aQuestion, someEvents, aHistory, (q, events, history) => {
      const until = day(24)
      const entries = timelineOf(q, events, history, until)
      expect(entries.map((e) => e.at)).toEqual([...new Set(entries.map((e) => e.at))].sort())
      for (let hour = 0; hour <= 24 * 24; hour += 12) {
        const at = day(hour / 24)
        const entry = entries.findLast((e) => e.at <= at)
        const { status, decidedBy, current } = statusOf({ ...q, at }, events, history)
        expect({ status, decidedBy, current }).toEqual({
          status: entry?.status ?? 'Unknown',
          decidedBy: entry?.decidedBy,
          current: entry?.current,
        })
      }
    }),
    { numRuns: 300 },
  )
})

it('never throws on odd data', () => {
  const odd = fc.oneof(fc.string(), fc.constantFrom('', 'constructor', '__proto__', '2026', day(3)))
  const oddEvent = fc.tuple(anEvent, odd, odd, odd, odd).map(
    ([{ event: e }, verb, at, known, text]): FoldEvent => ({
      event: {
        ...e,
        decisions: e.decisions.map((d) => ({ ...d, verb: verb as Verb, from: text })),
        times: { ...e.times, effectiveAt: at, recordedAt: known },
        link: [...e.link, ...e.link].map((l) => ({ ...l, shown: text })),
      },
    }),
  )
  fc.assert(
    fc.property(aHistory, fc.array(fc.oneof(oddEvent, anEvent)), odd, odd, odd, (history, events, at, knownAt, id) => {
      for (const target of [{ purposeId }, { policyId }, { purposeId: id }, { policyId: id }, {}]) {
        expect(statusOf({ at, knownAt, ...target }, events, history).status).toBeDefined()
        expect(timelineOf({ knownAt, ...target }, events, history, at)).toBeDefined()
      }
    }),
    { numRuns: 500 },
  )
})

it('ten times the events take about ten times the work', () => {
  const history = historyOf(
    Array.from({ length: 60 }, (_, i) => version(`v${i}`, i * 5, { comparedWith: `v${i - 1}` })),
  )
  const verbOf = ['given', 'requested', 'withdrawn', 'given', 'given', 'invalidated'] as const
  const events = Array.from({ length: 10_000 }, (_, i) =>
    event(`e${(i * 7919) % 10_000}`, verbOf[i % 6] ?? 'given', ((i * 7919) % 10_000) * 0.03, {
      shown: `v${i % 60}`,
      who: { actor: { role: 'self' }, assurance: 'confirmed' },
      times: { recordedAt: day(((i * 7919) % 10_000) * 0.03 + 1) },
    }),
  )
  const q = { purposeId, at: day(400), knownAt: day(400) }
  const ratio = growth(1_000, 10_000, (count) => statusOf(q, events.slice(0, count), history))
  expect(ratio).toBeLessThan(30)
})
