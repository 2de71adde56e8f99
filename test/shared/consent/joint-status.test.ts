/** The joint state of linked subjects: the rules of README.md as cases, and what holds of every pair of histories. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { yesVerbs } from '../../../shared/consent/event.ts'
import { jointStatusOf, type Member } from '../../../shared/consent/joint-status.ts'
import { jointTimelineOf } from '../../../shared/consent/joint-timeline.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent, Question } from '../../../shared/consent/status-answer.ts'
import { type LinkSides, linkStands } from '../../../shared/consent/subject-links.ts'
import { aboutPurpose, aHistory, aQuestion, someEvents } from './arbitraries.ts'
import { byOperator, day, event, historyOf, policyId, purpose, purposeId, version } from './scenario.ts'

const members = (account: readonly FoldEvent[], ...devices: (readonly FoldEvent[])[]): Member[] => [
  { events: account, unopened: {} },
  ...devices.map((events, i) => ({ linkId: `link-${i}`, events, unopened: {} })),
]
const history = historyOf([version('v1', 0)])
const objectable = historyOf([version('v1', 0, { purposes: [purpose({ legalBasis: 'legitimate-interest' })] })])
const markedLater = historyOf([
  version('v1', 0),
  version('v2', 20, { purposes: [purpose({ globalPrivacyControl: true })] }),
])
const optIn = historyOf([version('v1', 0, { purposes: [purpose({ doubleOptIn: true })] })])
const q: Question = { purposeId, at: day(10), knownAt: day(30) }
const joint = (account: readonly FoldEvent[], device: readonly FoldEvent[], of = history, question = q) =>
  jointStatusOf(question, members(account, device), of)

describe('the joint state', () => {
  it.each([
    ['a later no on the device', [event('a', 'given', 1)], [event('d', 'refused', 2)], 'Withdrawn', 'd'],
    ['a later yes on the device', [event('a', 'refused', 1)], [event('d', 'given', 2)], 'Given', 'd'],
    ['an earlier no on the device', [event('a', 'given', 2)], [event('d', 'refused', 1)], 'Given', 'a'],
    ['a no at the same instant', [event('a', 'given', 2)], [event('d', 'refused', 2)], 'Withdrawn', 'd'],
    [
      'a no at the same instant, recorded first',
      [event('a', 'given', 2, { times: { recordedAt: day(3) } })],
      [event('d', 'refused', 2)],
      'Withdrawn',
      'd',
    ],
    [
      'a no at the same instant, into which an opt-out signal turned a pre-ticked yes',
      [event('a', 'given', 2, { who: { actor: { role: 'operator' } }, how: { signals: { gpc: true } } })],
      [
        event('d', 'given', 2, {
          shown: null,
          inForce: 'v2',
          how: { initialState: { [purposeId]: 'on' }, signals: { gpc: true } },
          times: { recordedAt: day(3) },
        }),
      ],
      'Withdrawn',
      'd',
      markedLater,
    ],
    [
      'a second no after the yes',
      [event('a', 'refused', 1), event('b', 'refused', 3)],
      [event('d', 'given', 2)],
      'Withdrawn',
      'b',
    ],
    ['an operator who revokes', [event('a', 'revoked', 2, byOperator)], [event('d', 'given', 1)], 'Revoked', 'a'],
    ['nothing on one side', [], [event('d', 'given', 1)], 'Given', 'd'],
  ] as const)('%s', (_, account, device, status, decidedBy, of = history) => {
    expect(joint(account, device, of)).toMatchObject({ status, decidedBy })
    expect(joint(device, account, of)).toMatchObject({ status, decidedBy })
  })

  it('names a contradiction with both deciding events', () => {
    const answer = joint([event('a', 'given', 1)], [event('d', 'refused', 2)])
    expect(answer.contradiction).toEqual({
      yes: [{ status: 'Given', decidedBy: 'a' }],
      no: [{ linkId: 'link-0', status: 'Refused', decidedBy: 'd' }],
    })
    expect(joint([event('a', 'given', 1)], [event('d', 'given', 2)]).contradiction).toBeUndefined()
    expect(joint([event('a', 'given', 1)], []).subjects).toEqual([
      { status: 'Given', decidedBy: 'a' },
      { linkId: 'link-0', status: 'Unknown' },
    ])
  })

  it('has a confirmation count for what its own subject said only', () => {
    const waiting = [event('d', 'given', 1)]
    const confirmed = event('c', 'confirmed', 2, byOperator)
    expect(joint([confirmed], waiting, optIn).permittedByConsent).toBe(false)
    expect(joint([], [...waiting, confirmed], optIn).permittedByConsent).toBe(true)
    expect(joint([event('a', 'given', 1), confirmed], waiting, optIn)).toMatchObject({
      status: 'Given',
      decidedBy: 'c',
    })
  })

  it('has an overruling end the objection of its own subject only', () => {
    const objected = [event('a', 'objected', 1)]
    const overruled = event('o', 'objection-overruled', 3, byOperator)
    expect(joint([...objected, overruled], [event('d', 'objected', 2)], objectable)).toMatchObject({
      status: 'Objected',
      decidedBy: 'd',
    })
    expect(joint([...objected, overruled], [], objectable).status).toBe('NotObjected')
    expect(joint(objected, [overruled], objectable).status).toBe('Objected')
    expect(joint(objected, [event('d', 'objection-withdrawn', 2)], objectable).status).toBe('NotObjected')
  })

  it('has a signal of one browser count against a choice made in spite of it in another', () => {
    const marked = historyOf([version('v1', 0, { purposes: [purpose({ globalPrivacyControl: true })] })])
    const chosen = [event('a', 'given', 1, { how: { act: 'button', control: 'single', signals: { gpc: true } } })]
    const signal = event('d', 'refused', 2, { derivedFrom: 'gpc' })
    expect(statusOf(q, [...chosen, signal], marked).status).toBe('Given')
    expect(joint(chosen, [signal], marked).status).toBe('Withdrawn')
    // Each has chosen in spite of its own signal, and the later choice of one takes nothing from that of the other.
    const also = event('b', 'given', 1.5, { how: { act: 'button', control: 'single', signals: { gpc: true } } })
    expect(joint([...chosen, event('c', 'refused', 2, { derivedFrom: 'gpc' })], [also], marked).status).toBe(
      'RenewedGiven',
    )
  })

  it('is Undetermined or a no while an event of either cannot be read', () => {
    const unopened = { unreadable: [{ code: 'event-unreadable', receiptId: 'planted' } as const] }
    const both = [
      { events: [event('a', 'given', 1)], unopened: {} },
      { linkId: 'l', events: [], unopened },
    ]
    expect(jointStatusOf(q, both, history)).toMatchObject({ status: 'Undetermined', permittedByConsent: false })
  })
})

describe('for any histories', () => {
  const pair = fc.tuple(someEvents, someEvents)
  const renamed = (prefix: string, side: readonly FoldEvent[]): FoldEvent[] =>
    side.map((e) => ({ event: { ...e.event, eventId: `${prefix}${e.event.eventId}` } }))
  const distinct = (a: readonly FoldEvent[], b: readonly FoldEvent[]) => [renamed('0', a), renamed('1', b)] as const

  it('the joint state depends on no order of the subjects', () => {
    fc.assert(
      fc.property(aQuestion, pair, aHistory, (question, [a, b], of) => {
        const [one, other] = distinct(a, b)
        const { subjects: _, contradiction: __, ...forth } = joint(one, other, of, question)
        const { subjects: ___, contradiction: ____, ...back } = joint(other, one, of, question)
        expect(back).toEqual(forth)
      }),
      { numRuns: 500 },
    )
  })

  it('a link changes no answer about either alone, and the joint answer states both as they are', () => {
    fc.assert(
      fc.property(aQuestion, pair, aHistory, (question, [a, b], of) => {
        const before = [a, b].map((side) => statusOf(question, side, of))
        const { subjects } = joint(a, b, of, question)
        expect([a, b].map((side) => statusOf(question, side, of))).toEqual(before)
        expect(subjects.map(({ status, decidedBy }) => ({ status, decidedBy }))).toEqual(
          before.map(({ status, decidedBy }) => ({ status, decidedBy })),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('the timeline has the joint state of each instant from the link on, and nothing from before it', () => {
    const linkedOn = fc.integer({ min: 0, max: 24 })
    fc.assert(
      fc.property(aboutPurpose, pair, aHistory, linkedOn, ({ knownAt }, [a, b], of, on) => {
        const asked = { purposeId, knownAt }
        const both = members(...distinct(a, b))
        const changes = jointTimelineOf(asked, both, of, day(on), day(24))
        expect(changes.every(({ at }) => at >= day(on))).toBe(true)
        for (let each = on; each <= 24; each++) {
          const { status, decidedBy } = jointStatusOf({ ...asked, at: day(each) }, both, of)
          const entry = changes.findLast(({ at }) => at <= day(each)) ?? { status }
          expect({ status: entry.status, decidedBy: 'decidedBy' in entry ? entry.decidedBy : undefined }).toEqual({
            status,
            decidedBy,
          })
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the joint state permits only what one of them permits alone, by a yes after every no of each', () => {
    let met = 0
    fc.assert(
      fc.property(aboutPurpose, pair, aHistory, (question, [a, b], of) => {
        const [one, other] = distinct(a, b)
        const answer = joint(one, other, of, question)
        if (answer.permittedByConsent !== true) return
        met += 1
        expect([one, other].some((side) => statusOf(question, side, of).permittedByConsent)).toBe(true)
        const counting = [...one, ...other].filter(
          ({ event: e }) => e.times.effectiveAt <= question.at && e.decisions[0]?.purposeId === purposeId,
        )
        const instants = (test: (e: FoldEvent) => boolean) =>
          counting.filter(test).map(({ event: e }) => e.times.effectiveAt)
        const isPlainNo = ({ event: { decisions } }: FoldEvent) =>
          decisions.some(({ verb, derivedFrom }) => ['refused', 'withdrawn', 'objected'].includes(verb) && !derivedFrom)
        const lastNo = instants(isPlainNo).sort().at(-1) ?? ''
        const lastYes = instants(({ event: { decisions } }) => decisions.some(({ verb }) => yesVerbs.has(verb)))
          .sort()
          .at(-1)
        // A yes may be given ahead of its text, so it is compared with the instant at which it was given.
        expect(lastYes !== undefined && lastYes > lastNo).toBe(true)
      }),
      { numRuns: 1_200 },
    )
    expect(met).toBeGreaterThan(50)
  })

  it('the joint state permits no more than the fold of one subject that had said it all', () => {
    fc.assert(
      fc.property(aboutPurpose, pair, aHistory, (question, [a, b], of) => {
        const [one, other] = distinct(a, b)
        if (joint(one, other, of, question).permittedByConsent !== true) return
        expect(statusOf(question, [...one, ...other], of).permittedByConsent).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a link', () => {
  const act = (name: 'link' | 'unlink', on: number, linkId = 'l') => ({ act: name, linkId, recordedAt: day(on) })
  const whole: LinkSides = { here: [act('link', 1)], there: [act('link', 1)] }

  it.each([
    ['whole', whole, true],
    ['half: only here', { ...whole, there: [] }, false],
    ['half: only there', { ...whole, here: [] }, false],
    ['of another link there', { ...whole, there: [act('link', 1, 'm')] }, false],
    ['ended here', { ...whole, here: [act('link', 1), act('unlink', 2)] }, false],
    ['ended there', { ...whole, there: [act('link', 1), act('unlink', 2)] }, false],
    ['another one ended', { ...whole, here: [act('link', 1), act('unlink', 2, 'm')] }, true],
  ] as const)('%s', (_, sides, stands) => {
    expect(linkStands('l', sides, day(5), day(5))).toBe(stands)
  })

  it('counts from its instant to its end, as far as each was known', () => {
    const ended = { ...whole, here: [act('link', 1), act('unlink', 4)] }
    const at = (on: number, known = 9) => linkStands('l', ended, day(on), day(known))
    expect([0, 1, 3, 4, 5].map((on) => at(on))).toEqual([false, true, true, false, false])
    expect([0, 1, 3, 4].map((known) => at(5, known))).toEqual([false, true, true, false])
    const late = { ...whole, here: [{ ...act('link', 1), knownFrom: day(6) }] }
    expect([5, 6].map((known) => linkStands('l', late, day(2), day(known)))).toEqual([false, true])
  })
})

it('a policy declined by one is declined by both, until a later yes', () => {
  const terms = historyOf([version('v1', 0, { kind: 'terms' })])
  const about = { policyId, at: day(10), knownAt: day(30) } satisfies Question
  const accepted = event('a', 'accepted', 1, { about: 'policy' })
  const declined = event('d', 'declined', 2, { about: 'policy' })
  expect(joint([accepted], [declined], terms, about)).toMatchObject({ status: 'Declined', decidedBy: 'd' })
  expect(joint([accepted, event('b', 'accepted', 3, { about: 'policy' })], [declined], terms, about)).toMatchObject({
    status: 'Accepted',
    decidedBy: 'b',
  })
})
