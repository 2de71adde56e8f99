/**
 * Guardians of linked subjects. A yes counts under a mandate of the subject under which it was recorded, whatever the others have; the joint state
 * is compared with a definition by sets: a no of any of them counts until a later yes that stands, and a yes that ended when its person came of
 * age is as if it had not been.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verb } from '../../../shared/consent/event.ts'
import { jointStatusOf, type Member } from '../../../shared/consent/joint-status.ts'
import type { RecordedMandate } from '../../../shared/consent/mandate.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import { byOperator, day, event, historyOf, policyId, purpose, purposeId, version } from './scenario.ts'

const mandateIds = ['5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90', '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e91'] as const
const consent = historyOf([version('v1', -10, { purposes: [purpose({ validity: undefined })] })])
const objectable = historyOf([
  version('v1', -10, { purposes: [purpose({ legalBasis: 'legitimate-interest', validity: undefined })] }),
])
const terms = historyOf([version('v1', -10, { kind: 'terms' })])

interface Act {
  readonly verb: Verb
  readonly at: number
  readonly by: 'self' | 'guardian' | 'operator'
  /** Whose mandate the event names: that of the subject under which it is recorded, or that of the other one. */
  readonly names: 'own' | 'other'
}

interface Side {
  readonly acts: readonly Act[]
  readonly mandate: { readonly from: number; readonly age: number; readonly revoked: number | undefined }
}

const mandateOf = ({ mandate: { from, age, revoked } }: Side, mandateId: string): RecordedMandate => ({
  mandate: {
    ...{ mandateId, kind: 'guardian', ground: 'parental-responsibility', covers: { kind: 'all' } },
    ...{ from: day(from), comesOfAgeAt: day(age), recordedAt: day(-5) },
  },
  ...(revoked !== undefined && { end: { mandateId, revokedAt: day(revoked) } }),
})

/** The events of a side, each with the mandate of that side, which it names or not. */
function eventsOf(side: Side, number: 0 | 1): FoldEvent[] {
  const mandate = mandateOf(side, mandateIds[number])
  return side.acts.map(({ verb, at, by, names }, i) => {
    const about = ['accepted', 'declined'].includes(verb) ? 'policy' : purposeId
    const mandateId = mandateIds[names === 'own' ? number : number === 0 ? 1 : 0]
    const who = by === 'guardian' ? { who: { actor: { role: by, mandateId } } } : by === 'operator' ? byOperator : {}
    const made = event(`e${number}${String(i).padStart(2, '0')}`, verb, at, { about, ...who })
    return by === 'guardian' && names === 'own' ? { ...made, mandate } : made
  })
}

interface Meant extends Act {
  readonly member: number
  readonly id: string
}

/** Acts of both up to `at` that count then, in their order: a yes before a no at one instant. */
function countingActs(sides: readonly [Side, Side], at: number): Meant[] {
  const all = sides.flatMap(({ acts, mandate: { from, age, revoked } }, member) =>
    acts.flatMap((act, i): Meant[] => {
      const isNo = nos.has(act.verb)
      const stands =
        act.names === 'own' && from <= act.at && act.at < age && !(revoked !== undefined && act.at >= revoked)
      if (act.by === 'guardian' && !isNo && !(stands && at < age)) return []
      return act.at > at ? [] : [{ ...act, member, id: `e${member}${String(i).padStart(2, '0')}` }]
    }),
  )
  const rank = ({ verb }: Act) => (nos.has(verb) ? 1 : 0)
  return all.sort((a, b) => a.at - b.at || rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
}

const nos: ReadonlySet<Verb> = new Set(['refused', 'withdrawn', 'objected', 'declined'])

const kinds = {
  consent: { history: consent, question: { purposeId }, verbs: ['given', 'given', 'refused', 'withdrawn'] },
  objection: {
    history: objectable,
    question: { purposeId },
    verbs: ['objected', 'objected', 'objection-withdrawn', 'objection-overruled'],
  },
  policy: { history: terms, question: { policyId }, verbs: ['accepted', 'accepted', 'declined'] },
} as const

const side = (verbs: readonly Verb[]): fc.Arbitrary<Side> =>
  fc.record({
    acts: fc.array(
      fc
        .record({
          verb: fc.constantFrom(...verbs),
          at: fc.integer({ min: 0, max: 9 }),
          by: fc.constantFrom('self' as const, 'guardian' as const, 'guardian' as const),
          names: fc.constantFrom('own' as const, 'own' as const, 'other' as const),
        })
        .map((act): Act => (act.verb === 'objection-overruled' ? { ...act, by: 'operator' } : act)),
      { maxLength: 5 },
    ),
    mandate: fc.record({
      from: fc.integer({ min: -2, max: 3 }),
      age: fc.integer({ min: 2, max: 11 }),
      revoked: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    }),
  })

const joint = (kind: keyof typeof kinds, sides: readonly [Side, Side], at: number) => {
  const { history, question } = kinds[kind]
  const members: Member[] = [
    { events: eventsOf(sides[0], 0), unopened: {} },
    { linkId: 'l', events: eventsOf(sides[1], 1), unopened: {} },
  ]
  const asked = { ...question, at: day(at), knownAt: day(40) }
  return {
    answer: jointStatusOf(asked, members, history),
    alone: members.map((m) => statusOf(asked, m.events, history)),
  }
}

const pairOf = (kind: keyof typeof kinds) => fc.tuple(side(kinds[kind].verbs), side(kinds[kind].verbs))
const instant = fc.integer({ min: 1, max: 13 })
const runs = { numRuns: 400 }

describe('linked subjects with guardians', () => {
  it('permit by a yes that stands and comes after every no of both, and by nothing else', () => {
    fc.assert(
      fc.property(pairOf('consent'), instant, (sides, at) => {
        const acts = countingActs(sides, at)
        const lastNo = acts.findLastIndex(({ verb }) => nos.has(verb))
        const { answer, alone } = joint('consent', sides, at)
        expect(answer.permittedByConsent).toBe(acts.slice(lastNo + 1).length > 0)
        if (answer.permittedByConsent) expect(alone.some((each) => each.permittedByConsent)).toBe(true)
      }),
      runs,
    )
  })

  it('keep an objection until it is taken back for good, or overruled for the one who made it', () => {
    fc.assert(
      fc.property(pairOf('objection'), instant, (sides, at) => {
        const standing = new Set<number>()
        for (const { verb, member } of countingActs(sides, at)) {
          if (verb === 'objected') standing.add(member)
          else if (verb === 'objection-withdrawn') standing.clear()
          else standing.delete(member)
        }
        if (standing.size > 0) expect(joint('objection', sides, at).answer.status).toBe('Objected')
      }),
      runs,
    )
  })

  it('keep an objection that a guardian took back, although another one was overruled since', () => {
    const act = (verb: Verb, at: number, by: Act['by']): Act => ({ verb, at, by, names: 'own' })
    const mandate = { from: 0, age: 6, revoked: undefined }
    const back = act('objection-withdrawn', 2, 'guardian')
    const sides: readonly [Side, Side] = [
      { acts: [act('objected', 1, 'self'), back], mandate },
      { acts: [act('objected', 3, 'self'), act('objection-overruled', 4, 'operator')], mandate },
    ]
    const statuses = [1, 2, 3, 4, 5, 6].map((at) => joint('objection', sides, at).answer)
    expect(statuses.map(({ status }) => status)).toEqual([
      ...['Objected', 'NotObjected', 'Objected', 'NotObjected', 'NotObjected', 'Objected'],
    ])
    expect(statuses.at(-1)).toMatchObject({ reason: 'came-of-age', decidedBy: 'e000' })
    const own = [act('objection-withdrawn', 5, 'self')]
    const taken: readonly [Side, Side] = [sides[0], { acts: [...sides[1].acts, ...own], mandate }]
    expect(joint('objection', taken, 7).answer).toMatchObject({ status: 'NotObjected', reason: 'decided' })
  })

  it('have declined until a later acceptance, which is current while its person is not of age', () => {
    fc.assert(
      fc.property(pairOf('policy'), instant, (sides, at) => {
        const acts = countingActs(sides, at)
        const { answer } = joint('policy', sides, at)
        const last = acts.at(-1)
        expect(answer.status === 'Accepted' && answer.current === true).toBe(last?.verb === 'accepted')
      }),
      runs,
    )
  })
})
