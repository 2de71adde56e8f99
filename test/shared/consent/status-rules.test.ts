/** What a decision must not be to have an effect: each rule by itself, at the door (`decisionEffect`) and in the fold. */
import { describe, expect, it } from 'vitest'
import { decisionEffect } from '../../../shared/consent/decision-effect.ts'
import type { RecordedDecision, Verb } from '../../../shared/consent/event.ts'
import type { PolicyHistory } from '../../../shared/consent/policy.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import {
  ask,
  byOperator,
  day,
  event,
  historyOf,
  major,
  policyId,
  presentation,
  purpose,
  purposeId,
  version,
} from './scenario.ts'

const plain = historyOf([version('v1', 0)])
const gpcMarked = historyOf([version('v1', 0, { purposes: [purpose({ globalPrivacyControl: true })] })])
const gpc = { signals: { gpc: true } }

function effectOf({ event: e }: FoldEvent, history: PolicyHistory) {
  const decision = e.decisions[0]
  if (decision === undefined) throw new Error('an event without a decision')
  return decisionEffect(decision, e, history)
}

describe('a yes has no effect', () => {
  const explicit = historyOf([version('v1', 0, { purposes: [purpose({ explicit: true })] })])
  const withPresentations = historyOf([version('v1', 0)], {
    presentations: [presentation('p-on', 'on'), presentation('p-off', 'off'), presentation('p-other', 'on', 'other')],
  })
  const scheduled = historyOf([version('v1', 9, { publishedAt: day(0) })])
  const elsewhere = historyOf([version('v1', 0, { purposes: [] }), version('v0', -5)])
  const unshown = historyOf([version('v0', -5, { purposes: [] }), version('v1', 0)])
  const coming = historyOf([version('v1', 0), major('v2', 9, 'v1', { publishedAt: day(0) })])
  const past = historyOf([version('v1', 0), major('v2', 4, 'v1')])

  it.each<[string, FoldEvent, PolicyHistory, string | undefined]>([
    ['by a button', event('e', 'given', 5), plain, undefined],
    ['by continued use', event('e', 'given', 5, { how: { act: 'continued-use' } }), plain, 'continued-use'],
    ['by a browser signal', event('e', 'given', 5, { how: { act: 'browser-signal' } }), plain, 'browser-signal'],
    ...(['checkbox', 'toggle', 'button', 'signature'] as const).map(
      (act): [string, FoldEvent, PolicyHistory, string] => [
        `by a ${act} that was on`,
        event('e', 'given', 5, { how: { act, control: 'save-choices', initialState: { [purposeId]: 'on' } } }),
        plain,
        'initially-on',
      ],
    ),
    [
      'by a control that was off',
      event('e', 'given', 5, { how: { initialState: { [purposeId]: 'off' } } }),
      plain,
      undefined,
    ],
    [
      'beside another control that was on',
      event('e', 'given', 5, { how: { initialState: { other: 'on' } } }),
      plain,
      undefined,
    ],
    ['published as on', event('e', 'given', 5, { how: { presentationId: 'p-on' } }), withPresentations, 'initially-on'],
    [
      'published as on, said to be off',
      event('e', 'given', 5, { how: { presentationId: 'p-on', initialState: { [purposeId]: 'off' } } }),
      withPresentations,
      'initially-on',
    ],
    ['published as off', event('e', 'given', 5, { how: { presentationId: 'p-off' } }), withPresentations, undefined],
    [
      'published as on for another purpose',
      event('e', 'given', 5, { how: { presentationId: 'p-other' } }),
      withPresentations,
      undefined,
    ],
    ['unmatched', event('e', 'given', 5, { grade: 'unmatched', shown: null }), plain, 'unmatched'],
    ['assumed', event('e', 'given', 5, { grade: 'assumed' }), plain, undefined],
    ['asserted', event('e', 'given', 5, { grade: 'asserted' }), plain, undefined],
    ['served, expired', event('e', 'given', 5, { grade: 'served-expired' }), plain, undefined],
    ['no link', event('e', 'given', 5, { link: [] }), plain, 'no-version'],
    [
      'a link of another policy',
      event('e', 'given', 5, { link: [{ policyId: 'other', shown: 'v1', inForce: 'v1', grade: 'served' }] }),
      plain,
      'no-version',
    ],
    [
      'neither shown nor in force',
      event('e', 'given', 5, { shown: null, inForce: null, grade: 'assumed' }),
      plain,
      'no-version',
    ],
    ['a version that is not known', event('e', 'given', 5, { shown: 'v7' }), plain, 'no-version'],
    ['none in force yet', event('e', 'given', 5, { inForce: null }), scheduled, 'no-version'],
    [
      'not declared by the version in force',
      event('e', 'given', 5, { shown: 'v0' }),
      elsewhere,
      'purpose-not-declared',
    ],
    ['not declared by the text shown', event('e', 'given', 5, { shown: 'v0' }), unshown, 'purpose-not-declared'],
    ['accept-all', event('e', 'given', 5, { how: { control: 'accept-all' } }), plain, undefined],
    [
      'accept-all, where explicit',
      event('e', 'given', 5, { how: { control: 'accept-all' } }),
      explicit,
      'not-explicit',
    ],
    ['by its own control, where explicit', event('e', 'given', 5), explicit, undefined],
    ['a text not yet in force', event('e', 'given', 5, { shown: 'v2' }), coming, 'text-not-yet-in-force'],
    ['an outdated text', event('e', 'given', 5, { inForce: 'v2' }), past, 'outdated-text'],
  ])('%s', (_, said, history, reason) => {
    expect(effectOf(said, history)).toEqual(reason === undefined ? { effect: 'yes' } : { effect: 'none', reason })
    const answer = ask(history, [said], 5)
    expect(answer.permittedByConsent ?? false).toBe(reason === undefined)
    if (reason === undefined) expect(answer.withoutEffect).toEqual([])
    else expect(answer.reason).toBe(reason)
  })

  it('and never before its notice token was issued', () => {
    const said = event('e', 'given', 5, { times: { noticeIssuedAt: day(6) } })
    expect(ask(plain, [said], day(6, -1), { purposeId, knownAt: day(9) }).status).toBe('Unknown')
    expect(ask(plain, [said], day(6)).status).toBe('Given')
    const no = event('e', 'refused', 5, { times: { noticeIssuedAt: day(6) } })
    expect(ask(plain, [no], day(5)).status).toBe('Refused')
  })

  it.each([
    ['the text shown', true, false],
    ['the version in force', false, true],
  ])('by accept-all when %s alone asks for an explicit one', (_, shown, declared) => {
    const history = historyOf([
      version('v1', 0, { purposes: [purpose({ explicit: shown })] }),
      version('v2', 3, { comparedWith: 'v1', purposes: [purpose({ explicit: declared })] }),
    ])
    expect(ask(history, [event('e', 'given', 5, { how: { control: 'accept-all' } })], 5).reason).toBe('not-explicit')
    expect(ask(history, [event('e', 'given', 5)], 5).status).toBe('Given')
  })

  it('assumed is given, and not demonstrable', () => {
    const answer = ask(plain, [event('e', 'given', 5, { grade: 'assumed' })], 5)
    expect(answer).toMatchObject({ status: 'Given', permittedByConsent: true, demonstrable: false, grade: 'assumed' })
    expect(answer.shown).toBeUndefined()
  })
})

describe('a no has effect', () => {
  const tainted = {
    how: { act: 'continued-use', control: 'accept-all', initialState: { [purposeId]: 'on' } },
    link: [],
  } as const
  it.each(['refused', 'withdrawn', 'objected', 'declined'] as const)('%s, at any grade, from any act', (verb) => {
    const countsAs = verb === 'refused' || verb === 'withdrawn' ? {} : { countsAs: 'refused' }
    for (const said of [tainted, { grade: 'unmatched', shown: null } as const]) {
      const no = event('no', verb, 5, said)
      expect(effectOf(no, plain)).toEqual({ effect: 'no', ...countsAs })
      expect(ask(plain, [event('yes', 'given', 1), no], 5)).toMatchObject({ status: 'Withdrawn', decidedBy: 'no' })
      expect(ask(historyOf([]), [no], 5).status).toBe('Refused')
    }
  })

  it('after a yes of the same instant, whatever their ids and places', () => {
    const times = { recordedAt: day(5) }
    for (const [yes, no] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const both = [event(yes, 'given', 5, { times }), event(no, 'refused', 5, { times })]
      expect(ask(plain, both, 5).status).toBe('Withdrawn')
      expect(ask(plain, both.toReversed(), 5).status).toBe('Withdrawn')
    }
    const one = event('e', 'given', 5, { alsoDecided: [{ purposeId, verb: 'refused' }] })
    expect(ask(plain, [one], 5).status).toBe('Withdrawn')
  })

  it('but what was recorded later counts later at the same effective instant', () => {
    const no = event('no', 'refused', 5)
    expect(ask(plain, [event('yes', 'given', 5, { times: { recordedAt: day(6) } }), no], 7).status).toBe('Given')
  })

  it('and the first one says since when', () => {
    const answer = ask(plain, [event('a', 'refused', 1), event('b', 'withdrawn', 2)], 5)
    expect(answer).toMatchObject({ decidedBy: 'a', withoutEffect: [{ eventId: 'b', reason: 'no-already-stands' }] })
  })
})

describe('Global Privacy Control', () => {
  it.each<[string, FoldEvent, PolicyHistory, string, string, boolean]>([
    ['an explicit yes', event('e', 'given', 5, { how: gpc }), gpcMarked, 'Given', 'decided', true],
    ['an explicit yes, purpose not marked', event('e', 'given', 5, { how: gpc }), plain, 'Given', 'decided', false],
    [
      'saved choices',
      event('e', 'given', 5, { how: { ...gpc, control: 'save-choices' } }),
      gpcMarked,
      'Given',
      'decided',
      true,
    ],
    [
      'accept-all',
      event('e', 'given', 5, { how: { ...gpc, control: 'accept-all' } }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    [
      'accept-all, purpose not marked',
      event('e', 'given', 5, { how: { ...gpc, control: 'accept-all' } }),
      plain,
      'Given',
      'decided',
      false,
    ],
    [
      'an act that is not named',
      event('e', 'given', 5, { how: { ...gpc, act: undefined } }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    [
      'an act of the operator',
      event('e', 'given', 5, { how: gpc, who: { actor: { role: 'operator' } } }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    [
      'continued use',
      event('e', 'given', 5, { how: { ...gpc, act: 'continued-use' } }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    [
      'a control that was on',
      event('e', 'given', 5, { how: { ...gpc, initialState: { [purposeId]: 'on' } } }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    [
      'unmatched',
      event('e', 'given', 5, { how: gpc, grade: 'unmatched', shown: null }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    ['a verb that does not fit', event('e', 'accepted', 5, { how: gpc }), gpcMarked, 'Refused', 'gpc', false],
    ['shown', event('e', 'requested', 5, { how: gpc }), gpcMarked, 'Requested', 'decided', false],
    [
      'no signal',
      event('e', 'given', 5, { how: { signals: { gpc: false }, control: 'accept-all' } }),
      gpcMarked,
      'Given',
      'decided',
      false,
    ],
    [
      'what the ledger derived',
      event('e', 'refused', 5, { derivedFrom: 'gpc', how: gpc }),
      gpcMarked,
      'Refused',
      'gpc',
      false,
    ],
    ['a yes that claims to be derived', event('e', 'given', 5, { derivedFrom: 'gpc' }), plain, 'Refused', 'gpc', false],
  ])('%s', (_, said, history, status, reason, conflict) => {
    expect(ask(history, [said], 5)).toMatchObject({ status, reason, conflicts: conflict ? ['gpc'] : [] })
    if (reason === 'gpc') expect(effectOf(said, history)).toMatchObject({ effect: 'no', reason: 'gpc' })
  })

  const derived = event('signal', 'refused', 8, { derivedFrom: 'gpc', how: gpc })
  it('takes away a consent given without it', () => {
    expect(ask(gpcMarked, [event('e', 'given', 5), derived], 9)).toMatchObject({
      status: 'Withdrawn',
      reason: 'gpc',
      conflicts: [],
    })
  })

  it('leaves a consent that was given in spite of it, and says so', () => {
    const chosen = event('e', 'given', 5, { how: gpc })
    expect(ask(gpcMarked, [chosen, derived], 9)).toMatchObject({
      status: 'Given',
      conflicts: ['gpc'],
      withoutEffect: [{ eventId: 'signal', reason: 'chosen-despite-gpc' }],
    })
    expect(ask(gpcMarked, [chosen, event('no', 'refused', 8, { how: gpc })], 9).status).toBe('Withdrawn')
    expect(ask(gpcMarked, [chosen, event('no', 'withdrawn', 6), event('yes', 'given', 7), derived], 9).status).toBe(
      'Withdrawn',
    )
  })

  it('leaves it also when the person has renewed it without the signal, as long as the choice itself stands', () => {
    const purposes = [purpose({ globalPrivacyControl: true, validity: 'P5D' })]
    const history = historyOf([version('v1', 0, { purposes })])
    const events = [event('e', 'given', 5, { how: gpc }), event('renewed', 'given', 7)]
    const at = (on: number) => [...events, event('signal', 'refused', on, { derivedFrom: 'gpc', how: gpc })]
    expect(ask(history, at(9), 9)).toMatchObject({ status: 'RenewedGiven', decidedBy: 'renewed', conflicts: ['gpc'] })
    expect(ask(history, at(11), 11)).toMatchObject({ status: 'Withdrawn', reason: 'gpc' })
  })

  it('counts by what is declared last or next when neither text nor version in force says anything', () => {
    const purposes = [purpose({ globalPrivacyControl: true })]
    const said = event('e', 'given', 5, { link: [], how: { ...gpc, control: 'accept-all' } })
    expect(ask(historyOf([version('v1', 9, { purposes, publishedAt: day(0) })]), [said], 5).reason).toBe('gpc')
    expect(ask(historyOf([version('v1', 0, { purposes }), version('v2', 3, { purposes: [] })]), [said], 5).reason).toBe(
      'gpc',
    )
  })

  it('takes away that consent, too, once it has ended', () => {
    const marked = purpose({ globalPrivacyControl: true, validity: 'P2D' })
    const history = historyOf([version('v1', 0, { purposes: [marked] })])
    expect(ask(history, [event('e', 'given', 5, { how: gpc }), derived], 9)).toMatchObject({
      status: 'Withdrawn',
      conflicts: [],
    })
  })

  it('is overcome by a later explicit yes', () => {
    expect(ask(gpcMarked, [derived, event('e', 'given', 9, { how: gpc })], 9)).toMatchObject({
      status: 'Given',
      conflicts: ['gpc'],
    })
  })

  it('with an outdated text is a no even beside a consent', () => {
    const purposes = [purpose({ globalPrivacyControl: true })]
    const history = historyOf([version('v1', 0, { purposes }), major('v2', 3, 'v1', { purposes })])
    const events = [event('a', 'given', 4, { shown: 'v2' }), event('b', 'given', 5, { how: gpc })]
    expect(ask(history, events, 5)).toMatchObject({ status: 'Withdrawn', reason: 'gpc' })
  })

  it('keeps its conflict while a double opt-in awaits confirmation', () => {
    const purposes = [purpose({ globalPrivacyControl: true, doubleOptIn: true })]
    const history = historyOf([version('v1', 0, { purposes })])
    const chosen = event('e', 'given', 5, { how: gpc })
    expect(ask(history, [chosen], 6)).toMatchObject({ status: 'Requested', conflicts: ['gpc'] })
    expect(ask(history, [chosen, event('c', 'confirmed', 6, byOperator)], 6)).toMatchObject({
      status: 'Given',
      conflicts: ['gpc'],
    })
    expect(ask(history, [chosen, derived], 9)).toMatchObject({ status: 'Refused', reason: 'gpc' })
  })

  it('of a policy is none', () => {
    const said = event('e', 'acknowledged', 5, { about: 'policy', how: { ...gpc, control: 'accept-all' } })
    expect(ask(gpcMarked, [said], 5, { policyId }).status).toBe('Acknowledged')
  })
})

describe('what only the operator can say', () => {
  const given = event('yes', 'given', 1)
  const verbs: readonly Verb[] = ['confirmed', 'revoked', 'invalidated', 'objection-overruled']
  it.each(verbs)('%s has no effect from anybody else', (verb) => {
    for (const role of ['self', 'guardian', 'delegate'] as const) {
      const said = event('op', verb, 5, { who: { actor: { role } }, from: day(0) })
      expect(effectOf(said, plain)).toEqual({ effect: 'none', reason: 'operator-only' })
      expect(ask(plain, [given, said], 5)).toMatchObject({
        status: 'Given',
        withoutEffect: [{ eventId: 'op', verb, reason: 'operator-only' }],
      })
    }
  })

  it.each(['operator', 'imported', 'confirmed'] as const)('counts with the assurance %s', (assurance) => {
    const said = event('op', 'revoked', 5, { who: { assurance }, ground: 'closed account' })
    expect(effectOf(said, plain)).toEqual({ effect: 'operator' })
    expect(ask(plain, [given, said], 5)).toMatchObject({
      status: 'Revoked',
      reason: 'revoked',
      ground: 'closed account',
      decidedBy: 'op',
    })
  })

  it('does not count by what the client calls its actor', () => {
    const said = event('op', 'revoked', 5, { who: { actor: { role: 'operator' }, assurance: 'authenticated' } })
    expect(ask(plain, [given, said], 5)).toMatchObject({
      status: 'Given',
      withoutEffect: [{ reason: 'operator-only' }],
    })
  })
})

describe('an invalidation', () => {
  const strike = (from: string | undefined, on = 10) =>
    event('strike', 'invalidated', on, { ...byOperator, ...(from && { from }) })
  const known = { purposeId, knownAt: day(30) }
  const yes = (id: string, on: number | string) => event(id, 'given', on)

  it.each<[string, FoldEvent[], number | string, string, string[]]>([
    ['reaches back to its from', [yes('a', 1), strike(day(4))], day(4), 'Invalidated', []],
    ['and not further', [yes('a', 1), strike(day(4))], day(4, -1), 'Given', []],
    ['without from, counts when it was said', [yes('a', 1), strike(undefined)], day(10, -1), 'Given', []],
    ['with a from that is no instant, the same', [yes('a', 1), strike('whenever')], day(10), 'Invalidated', []],
    ['with a from after itself, the same', [yes('a', 1), strike(day(20))], day(10), 'Invalidated', []],
    ['reads from in any spelling', [yes('a', 1), strike('2026-01-05T01:00:00+01:00')], day(4), 'Invalidated', []],
    ['strikes a yes inside its reach', [yes('a', 1), yes('b', 6), strike(day(4))], 12, 'Invalidated', ['b']],
    ['up to its own instant', [yes('a', 1), yes('b', 10), strike(day(4))], 12, 'Invalidated', ['b']],
    ['not after it', [yes('a', 1), yes('b', day(10, 1)), strike(day(4))], 12, 'Given', []],
    ['strikes where there was nothing before', [yes('b', 6), strike(day(4))], 12, 'Unknown', ['b']],
    ['overwrites no refusal', [event('a', 'refused', 1), strike(day(4))], 12, 'Refused', ['strike']],
    [
      'overwrites no withdrawal',
      [yes('a', 1), event('b', 'withdrawn', 2), strike(day(4))],
      12,
      'Withdrawn',
      ['strike'],
    ],
    ['leaves a later no', [yes('a', 1), strike(day(4)), event('no', 'refused', 6)], 12, 'Withdrawn', []],
    ['finds nothing', [strike(day(4))], 12, 'Unknown', ['strike']],
    [
      'after a shorter one keeps the longer reach',
      [yes('a', 1), strike(day(2), 12), event('s2', 'invalidated', 5, { ...byOperator, from: day(3) }), yes('b', 11)],
      13,
      'Invalidated',
      ['s2', 'b'],
    ],
  ])('%s', (_, events, at, status, without) => {
    const answer = ask(plain, events, at, known)
    expect(answer.status).toBe(status)
    expect(answer.withoutEffect.map((w) => w.eventId)).toEqual(without)
  })

  it('makes an explicit yes that it strikes one that the signal overrules', () => {
    const answer = ask(gpcMarked, [yes('a', 1), event('b', 'given', 6, { how: gpc }), strike(day(4))], 12, known)
    expect(answer).toMatchObject({ status: 'Withdrawn', reason: 'gpc' })
  })
})

describe('other bases', () => {
  const on = (over: Parameters<typeof purpose>[0]) => historyOf([version('v1', 0, { purposes: [purpose(over)] })])
  const li = on({ legalBasis: 'legitimate-interest' })
  const marketing = on({ legalBasis: 'legitimate-interest', directMarketing: true })
  const marked = on({ legalBasis: 'legitimate-interest', globalPrivacyControl: true })
  const objected = event('no', 'objected', 1, { link: [] })

  it('never say that consent permits', () => {
    for (const basis of [
      'legitimate-interest',
      'public-task',
      'contract',
      'legal-obligation',
      'vital-interest',
    ] as const) {
      const answer = ask(on({ legalBasis: basis }), [event('e', 'given', 1)], 5)
      expect(answer).toMatchObject({ basis, status: 'Informed' })
      expect('permittedByConsent' in answer).toBe(false)
    }
  })

  it.each(['assumed', 'unmatched'] as const)('a yes of grade %s informs nobody', (grade) => {
    expect(ask(li, [event('e', 'given', 1, { grade })], 5)).toMatchObject({
      status: 'Uninformed',
      reason: 'verb-does-not-fit',
    })
  })

  it('an objection is overruled on a ground, but never one to direct marketing', () => {
    const overrule = event('op', 'objection-overruled', 5, { ...byOperator, ground: 'legal claims' })
    expect(ask(li, [objected, overrule], 5)).toMatchObject({
      status: 'NotObjected',
      reason: 'objection-overruled',
      ground: 'legal claims',
    })
    expect(ask(marketing, [objected, overrule], 5)).toMatchObject({
      status: 'Objected',
      withoutEffect: [{ eventId: 'op', reason: 'objection-is-absolute' }],
    })
    expect(ask(li, [objected, overrule, event('again', 'objected', 6)], 6)).toMatchObject({
      status: 'Objected',
      decidedBy: 'again',
    })
  })

  it.each<[string, Parameters<typeof event>[3], string]>([
    ['continued use', { how: { act: 'continued-use' } }, 'continued-use'],
    ['a control that was on', { how: { initialState: { [purposeId]: 'on' } } }, 'initially-on'],
    ['an unmatched text', { grade: 'unmatched' }, 'unmatched'],
    ['no link', { link: [] }, 'no-version'],
  ])('an objection is not taken back by %s', (_, said, reason) => {
    const answer = ask(li, [objected, event('e', 'objection-withdrawn', 5, said)], 5)
    expect(answer).toMatchObject({ status: 'Objected', withoutEffect: [{ eventId: 'e', reason }] })
  })

  it('the signal objects, until the objection is taken back in spite of it', () => {
    const signal = event('signal', 'refused', 8, { derivedFrom: 'gpc', how: gpc })
    expect(ask(marked, [event('e', 'given', 1, { how: gpc })], 5)).toMatchObject({ status: 'Objected', reason: 'gpc' })
    expect(ask(marked, [objected, event('e', 'objection-withdrawn', 5), signal], 9)).toMatchObject({
      status: 'Objected',
      decidedBy: 'signal',
    })
    expect(ask(marked, [objected, event('e', 'objection-withdrawn', 5, { how: gpc }), signal], 9)).toMatchObject({
      status: 'NotObjected',
      conflicts: ['gpc'],
      withoutEffect: [{ eventId: 'signal', reason: 'chosen-despite-gpc' }],
    })
    const renewed = [objected, event('d', 'objection-withdrawn', 4), event('e', 'objection-withdrawn', 5, { how: gpc })]
    expect(ask(marked, [...renewed, signal], 9)).toMatchObject({ status: 'NotObjected', decidedBy: 'e' })
  })
})

describe('policies', () => {
  const terms = (name: string, from: number, over = {}) =>
    version(name, from, { kind: 'terms', publishedAt: day(-9), ...over })
  const accept = (id: string, on: number, shown: string) => event(id, 'accepted', on, { about: 'policy', shown })
  const about = { policyId }
  const ahead = historyOf([terms('v1', 0), terms('v2', 10, { level: 'major', comparedWith: 'v1' })])

  it.each<[string, PolicyHistory, FoldEvent[], number, boolean, string]>([
    ['the same version', historyOf([terms('v1', 0)]), [accept('a', 1, 'v1')], 15, true, 'a'],
    [
      'a minor version since',
      historyOf([terms('v1', 0), terms('v2', 10, { comparedWith: 'v1' })]),
      [accept('a', 1, 'v1')],
      15,
      true,
      'a',
    ],
    ['a major version since', ahead, [accept('a', 1, 'v1')], 15, false, 'a'],
    ['a major version to come', ahead, [accept('a', 1, 'v1')], 9, true, 'a'],
    [
      'a version compared with another, other text',
      historyOf([terms('v1', 0), terms('v2', 10)]),
      [accept('a', 1, 'v1')],
      15,
      false,
      'a',
    ],
    [
      'a version compared with another, same text',
      historyOf([terms('v1', 0), terms('v2', 10, { texts: terms('v1', 0).texts })]),
      [accept('a', 1, 'v1')],
      15,
      true,
      'a',
    ],
    ['accepted in advance, before its date', ahead, [accept('a', 1, 'v1'), accept('b', 5, 'v2')], 9, true, 'a'],
    ['accepted in advance, on its date', ahead, [accept('a', 1, 'v1'), accept('b', 5, 'v2')], 10, true, 'b'],
    ['only what is to come', ahead, [accept('b', 5, 'v2')], 9, false, 'b'],
    ['the old one after the new', ahead, [accept('b', 11, 'v2'), accept('a', 12, 'v1')], 15, true, 'b'],
    ['the old one alone, too late', ahead, [accept('a', 12, 'v1')], 15, false, 'a'],
    [
      'acknowledged after it was accepted',
      ahead,
      [accept('a', 1, 'v1'), event('k', 'acknowledged', 12, { about: 'policy', shown: 'v2' })],
      15,
      false,
      'a',
    ],
    [
      'declined in between',
      ahead,
      [accept('a', 1, 'v1'), event('n', 'declined', 2, { about: 'policy' }), accept('b', 3, 'v1')],
      9,
      true,
      'b',
    ],
  ])('current: %s', (_, history, events, at, current, decidedBy) => {
    expect(ask(history, events, at, about)).toMatchObject({ status: 'Accepted', current, decidedBy })
  })

  it.each<[string, Parameters<typeof event>[3], string]>([
    ['continued use', { how: { act: 'continued-use' } }, 'continued-use'],
    ['a browser signal', { how: { act: 'browser-signal' } }, 'browser-signal'],
    ['a box that was ticked', { how: { initialState: { [`policy/${policyId}`]: 'on' } } }, 'initially-on'],
    ['a presentation with a box that was ticked', { how: { presentationId: 'p' } }, 'initially-on'],
    ['an unmatched text', { grade: 'unmatched' }, 'unmatched'],
    ['no version', { link: [] }, 'no-version'],
  ])('are not accepted by %s', (_, said, reason) => {
    const history = historyOf([terms('v1', 0)], { presentations: [presentation('p', 'on', `policy/${policyId}`)] })
    for (const verb of ['accepted', 'acknowledged'] as const) {
      const said2 = event('e', verb, 5, { ...said, about: 'policy' })
      expect(effectOf(said2, history)).toEqual({ effect: 'none', reason })
      expect(ask(history, [said2], 5, about)).toMatchObject({ status: 'Unknown', reason })
    }
    expect(ask(history, [event('e', 'declined', 5, { ...said, about: 'policy' })], 5, about).status).toBe('Declined')
  })

  it.each<[string, FoldEvent[]]>([
    ['declined', [accept('a', 2, 'v2'), event('n', 'declined', 3, { about: 'policy' })]],
    ['only acknowledged', [event('k', 'acknowledged', 2, { about: 'policy', shown: 'v2' })]],
  ])('are not accepted by what was %s before', (_, before) => {
    const events = [...before, accept('b', 4, 'v1')]
    expect(ask(ahead, events, 9, about)).toMatchObject({ status: 'Accepted', current: true, decidedBy: 'b' })
    expect(ask(ahead, events, 10, about)).toMatchObject({ status: 'Accepted', current: false, decidedBy: 'b' })
  })

  it('and purposes do not touch each other', () => {
    const both: RecordedDecision[] = [{ purposeId, verb: 'given' }]
    const said = event('e', 'declined', 5, { about: 'policy', alsoDecided: both })
    expect(ask(plain, [said], 5).status).toBe('Given')
    expect(ask(plain, [said], 5, about).status).toBe('Declined')
    const named = event('e', 'acknowledged', 5, { about: `policy/${policyId}` })
    expect(ask(plain, [named], 5, about).status).toBe('Unknown')
  })
})
