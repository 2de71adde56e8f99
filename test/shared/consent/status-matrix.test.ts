/**
 * Every state and every verb, with the next state written out by hand. A cell is the next state; `-reason` when the decision
 * leaves the state as it is and says why; `State-reason` when it has no effect of its own but shows that the person was informed.
 */
import { describe, expect, it } from 'vitest'
import { operatorVerbs, subjectVerbs, type Verb } from '../../../shared/consent/event.ts'
import type { LegalBasis, PolicyHistory } from '../../../shared/consent/policy.ts'
import type { FoldEvent, Question } from '../../../shared/consent/status-answer.ts'
import { ask, byOperator, event, historyOf, policyId, purpose, purposeId, version } from './scenario.ts'

type Row = readonly [start: string, ...cells: string[]]

const isOperators = (verb: Verb) => operatorVerbs.some((v) => v === verb)

function check(
  header: readonly Verb[],
  rows: readonly Row[],
  prefixes: Readonly<Record<string, readonly FoldEvent[]>>,
  history: (start: string) => PolicyHistory,
  question: Partial<Question>,
  about: string,
): void {
  it('covers every state and every verb', () => {
    expect([...header].sort()).toEqual([...subjectVerbs, ...operatorVerbs].sort())
    expect(rows.map(([start]) => start)).toEqual(Object.keys(prefixes))
    for (const [, ...cells] of rows) expect(cells).toHaveLength(header.length)
  })
  const cases = rows.flatMap(([start, ...cells]) => cells.map((cell, i) => ({ start, verb: header[i], cell })))
  it.each(cases)('$start, $verb: $cell', ({ start, verb, cell }) => {
    if (verb === undefined) throw new Error('a cell without a verb')
    const before = prefixes[start] ?? []
    const said = { about, ...(isOperators(verb) ? byOperator : {}) }
    const state = start.replace(/,.*/, '')
    expect(ask(history(start), before, 20, question).status).toBe(state)
    const answer = ask(history(start), [...before, event('next', verb, 20, said)], 20, question)
    const [next, ...reason] = cell.split('-')
    expect(answer.status).toBe(next === '' ? state : next)
    const expected = reason.length === 0 ? [] : [{ eventId: 'next', verb, reason: reason.join('-') }]
    expect(answer.withoutEffect.filter((w) => w.eventId === 'next')).toEqual(expected)
  })
}

const header: readonly Verb[] = [
  'requested',
  'deferred',
  'given',
  'refused',
  'withdrawn',
  'objected',
  'declined',
  'objection-withdrawn',
  'accepted',
  'acknowledged',
  'confirmed',
  'revoked',
  'invalidated',
  'objection-overruled',
]
const misfit = '-verb-does-not-fit'
const decided = '-already-decided'
const already = '-no-already-stands'
const noConfirm = '-nothing-to-confirm'
const noRevoke = '-nothing-to-revoke'

describe('a purpose on consent', () => {
  const given = event('e1', 'given', 1)
  const prefixes = {
    Unknown: [],
    Requested: [event('e1', 'requested', 1)],
    RequestDeferred: [event('e1', 'deferred', 1)],
    Refused: [event('e1', 'refused', 1)],
    Given: [given],
    RenewedGiven: [given, event('e2', 'given', 2)],
    Withdrawn: [given, event('e2', 'withdrawn', 2)],
    Expired: [given],
    Revoked: [given, event('e2', 'revoked', 2, byOperator)],
    Invalidated: [given, event('e2', 'invalidated', 2, byOperator)],
  }
  const W = 'Withdrawn'
  const R = 'Refused'
  check(
    header,
    [
      [
        'Unknown',
        'Requested',
        'RequestDeferred',
        'Given',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'Requested',
        'Requested',
        'RequestDeferred',
        'Given',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'RequestDeferred',
        'Requested',
        'RequestDeferred',
        'Given',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'Refused',
        decided,
        decided,
        'Given',
        already,
        already,
        already,
        already,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'Given',
        decided,
        decided,
        'RenewedGiven',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        noConfirm,
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'RenewedGiven',
        decided,
        decided,
        'RenewedGiven',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        noConfirm,
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'Withdrawn',
        decided,
        decided,
        'Given',
        already,
        already,
        already,
        already,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'Expired',
        decided,
        decided,
        'RenewedGiven',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        noConfirm,
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'Revoked',
        decided,
        decided,
        'Given',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        'Invalidated',
        misfit,
      ],
      [
        'Invalidated',
        decided,
        decided,
        'Given',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        noConfirm,
        'Revoked',
        noRevoke,
        misfit,
      ],
    ],
    prefixes,
    (start) =>
      historyOf([version('v1', 0, { purposes: [purpose({ validity: start === 'Expired' ? 'P10D' : 'P1Y' })] })]),
    { purposeId },
    purposeId,
  )
})

describe('a purpose on consent with double opt-in', () => {
  const given = event('e1', 'given', 1)
  const sure = event('e1', 'given', 1, { who: { assurance: 'confirmed' } })
  const again = event('e2', 'given', 2)
  const prefixes = {
    Unknown: [],
    'Requested, pending': [given],
    Given: [sure],
    'Given, pending': [sure, again],
    'Expired, pending': [sure, again],
    Withdrawn: [sure, event('e2', 'withdrawn', 2)],
    'Requested, pending after Withdrawn': [sure, event('e2', 'withdrawn', 2), event('e3', 'given', 3)],
    RenewedGiven: [sure, again, event('e3', 'confirmed', 3, byOperator)],
  }
  const W = 'Withdrawn'
  const R = 'Refused'
  check(
    header,
    [
      [
        'Unknown',
        'Requested',
        'RequestDeferred',
        'Requested',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'Requested, pending',
        decided,
        decided,
        'Requested',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        'Given',
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'Given',
        decided,
        decided,
        'Given',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        noConfirm,
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'Given, pending',
        decided,
        decided,
        'Given',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        'RenewedGiven',
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'Expired, pending',
        decided,
        decided,
        'Requested',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        'RenewedGiven',
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'Withdrawn',
        decided,
        decided,
        'Requested',
        already,
        already,
        already,
        already,
        misfit,
        misfit,
        misfit,
        noConfirm,
        noRevoke,
        noRevoke,
        misfit,
      ],
      [
        'Requested, pending after Withdrawn',
        decided,
        decided,
        'Requested',
        R,
        R,
        R,
        R,
        misfit,
        misfit,
        misfit,
        'Given',
        'Revoked',
        'Invalidated',
        misfit,
      ],
      [
        'RenewedGiven',
        decided,
        decided,
        'RenewedGiven',
        W,
        W,
        W,
        W,
        misfit,
        misfit,
        misfit,
        noConfirm,
        'Revoked',
        'Invalidated',
        misfit,
      ],
    ].map(([start = '', ...cells]): Row => [start, ...cells]),
    prefixes,
    (start) => {
      const validity = start.startsWith('Expired') ? 'P10D' : 'P1Y'
      return historyOf([version('v1', 0, { purposes: [purpose({ doubleOptIn: true, validity })] })])
    },
    { purposeId },
    purposeId,
  )
})

const informs = 'Informed-verb-does-not-fit'
const nothingBack = '-nothing-to-take-back'
const noOverrule = '-nothing-to-overrule'

describe.each(['legitimate-interest', 'public-task'] as const)('a purpose on %s', (legalBasis: LegalBasis) => {
  const objected = event('e1', 'objected', 1)
  const O = 'Objected'
  check(
    header,
    [
      [
        'Uninformed',
        'Informed',
        'Informed',
        informs,
        O,
        O,
        O,
        O,
        nothingBack,
        informs,
        informs,
        misfit,
        misfit,
        misfit,
        noOverrule,
      ],
      [
        'Informed',
        decided,
        decided,
        misfit,
        O,
        O,
        O,
        O,
        'NotObjected',
        misfit,
        misfit,
        misfit,
        misfit,
        misfit,
        noOverrule,
      ],
      [
        'NotObjected',
        decided,
        decided,
        misfit,
        O,
        O,
        O,
        O,
        nothingBack,
        misfit,
        misfit,
        misfit,
        misfit,
        misfit,
        noOverrule,
      ],
      [
        'Objected',
        decided,
        decided,
        misfit,
        already,
        already,
        already,
        already,
        'NotObjected',
        misfit,
        misfit,
        misfit,
        misfit,
        misfit,
        'NotObjected',
      ],
    ],
    {
      Uninformed: [],
      Informed: [event('e1', 'requested', 1)],
      NotObjected: [objected, event('e2', 'objection-withdrawn', 2)],
      Objected: [objected],
    },
    () => historyOf([version('v1', 0, { purposes: [purpose({ legalBasis })] })]),
    { purposeId },
    purposeId,
  )
})

describe.each(['contract', 'legal-obligation', 'vital-interest'] as const)(
  'a purpose on %s',
  (legalBasis: LegalBasis) => {
    const N = '-basis-gives-no-choice'
    check(
      header,
      [
        [
          'Uninformed',
          'Informed',
          'Informed',
          informs,
          N,
          N,
          N,
          N,
          informs,
          informs,
          informs,
          misfit,
          misfit,
          misfit,
          misfit,
        ],
        ['Informed', decided, decided, misfit, N, N, N, N, misfit, misfit, misfit, misfit, misfit, misfit, misfit],
      ],
      { Uninformed: [], Informed: [event('e1', 'deferred', 1)] },
      () => historyOf([version('v1', 0, { purposes: [purpose({ legalBasis })] })]),
      { purposeId },
      purposeId,
    )
  },
)

describe.each(['terms', 'privacy', 'cookie', 'other'] as const)('a policy of kind %s', (kind) => {
  const D = 'Declined'
  const A = kind === 'terms' ? 'Accepted' : misfit
  const on = { about: 'policy' }
  const accepted: readonly Row[] = [
    ['Accepted', decided, decided, misfit, D, D, D, D, misfit, 'Accepted', decided, misfit, misfit, misfit, misfit],
  ]
  check(
    header,
    [
      ['Unknown', 'Shown', 'Shown', misfit, D, D, D, D, misfit, A, 'Acknowledged', misfit, misfit, misfit, misfit],
      ['Shown', decided, decided, misfit, D, D, D, D, misfit, A, 'Acknowledged', misfit, misfit, misfit, misfit],
      ['Acknowledged', decided, decided, misfit, D, D, D, D, misfit, A, 'Acknowledged', misfit, misfit, misfit, misfit],
      [
        'Declined',
        decided,
        decided,
        misfit,
        already,
        already,
        already,
        already,
        misfit,
        A,
        'Acknowledged',
        misfit,
        misfit,
        misfit,
        misfit,
      ],
      ...(kind === 'terms' ? accepted : []),
    ],
    {
      Unknown: [],
      Shown: [event('e1', 'requested', 1, on)],
      Acknowledged: [event('e1', 'acknowledged', 1, on)],
      Declined: [event('e1', 'declined', 1, on)],
      ...(kind === 'terms' && { Accepted: [event('e1', 'accepted', 1, on)] }),
    },
    () => historyOf([version('v1', 0, { kind })]),
    { policyId },
    'policy',
  )
})
