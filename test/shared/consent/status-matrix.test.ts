/**
 * Every state and every verb, with the next state written out by hand, as tables: a row for each state, a column for each verb.
 *
 *   Given      the next state
 *   -reason    the decision leaves the state as it is, and the answer gives this reason
 *   X-reason   the decision has no effect of its own, but shows that the person was informed: the next state is X
 *
 * Words of the legend stand for cells that occur often.
 */

import { describe, expect, it } from 'vitest'
import { operatorVerbs, subjectVerbs, type Verb } from '../../../shared/consent/event.ts'
import type { PolicyHistory } from '../../../shared/consent/policy.ts'
import type { LegalBasis } from '../../../shared/consent/purpose.ts'
import type { FoldEvent, Question } from '../../../shared/consent/status-answer.ts'
import { ask, byOperator, event, historyOf, policyId, purpose, purposeId, version } from './scenario.ts'

/** The columns of every table. The four refusing verbs share one, because their cells are always equal. */
const columns: readonly (readonly Verb[])[] = [
  ...[['requested'], ['deferred'], ['given'], ['refused', 'withdrawn', 'objected', 'declined']],
  ...[['objection-withdrawn'], ['accepted'], ['acknowledged']],
  ...[['confirmed'], ['revoked'], ['invalidated'], ['objection-overruled']],
] as const

const legend: Readonly<Record<string, string>> = {
  misfit: '-verb-does-not-fit',
  decided: '-already-decided',
  stands: '-no-already-stands',
  noConfirm: '-nothing-to-confirm',
  noRevoke: '-nothing-to-revoke',
  noBack: '-nothing-to-take-back',
  noOverrule: '-nothing-to-overrule',
  noChoice: '-basis-gives-no-choice',
  informs: 'Informed-verb-does-not-fit',
}

const isOperators = (verb: Verb) => operatorVerbs.some((v) => v === verb)

function check(
  table: string,
  prefixes: Readonly<Record<string, readonly FoldEvent[]>>,
  history: (start: string) => PolicyHistory,
  question: Partial<Question>,
  about: string,
): void {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([start = '', cells = '']) => ({ start, cells: cells.split(/\s+/) }))
  it('covers every state and every verb', () => {
    expect(columns.flat().sort()).toEqual([...subjectVerbs, ...operatorVerbs].sort())
    expect(rows.map(({ start }) => start)).toEqual(Object.keys(prefixes))
    for (const { cells } of rows) expect(cells).toHaveLength(columns.length)
  })
  const cases = rows.flatMap(({ start, cells }) =>
    columns.flatMap((verbs, i) =>
      verbs.map((verb) => ({ start, verb, cell: legend[cells[i] ?? ''] ?? cells[i] ?? '' })),
    ),
  )
  it.each(cases)('$start, $verb: $cell', ({ start, verb, cell }) => {
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

describe('a purpose on consent', () => {
  const given = event('e1', 'given', 1)
  check(
    `
    Unknown         | Requested RequestDeferred Given        Refused   misfit misfit misfit noConfirm noRevoke noRevoke    misfit
    Requested       | Requested RequestDeferred Given        Refused   misfit misfit misfit noConfirm noRevoke noRevoke    misfit
    RequestDeferred | Requested RequestDeferred Given        Refused   misfit misfit misfit noConfirm noRevoke noRevoke    misfit
    Refused         | decided   decided         Given        stands    misfit misfit misfit noConfirm noRevoke noRevoke    misfit
    Given           | decided   decided         RenewedGiven Withdrawn misfit misfit misfit noConfirm Revoked  Invalidated misfit
    RenewedGiven    | decided   decided         RenewedGiven Withdrawn misfit misfit misfit noConfirm Revoked  Invalidated misfit
    Withdrawn       | decided   decided         Given        stands    misfit misfit misfit noConfirm noRevoke noRevoke    misfit
    Expired         | decided   decided         RenewedGiven Withdrawn misfit misfit misfit noConfirm Revoked  Invalidated misfit
    Revoked         | decided   decided         Given        Refused   misfit misfit misfit noConfirm noRevoke Invalidated misfit
    Invalidated     | decided   decided         Given        Withdrawn misfit misfit misfit noConfirm Revoked  noRevoke    misfit
    `,
    {
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
    },
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
  const withdrawn = event('e2', 'withdrawn', 2)
  check(
    `
    Unknown                            | Requested RequestDeferred Requested    Refused   misfit misfit misfit noConfirm    noRevoke noRevoke    misfit
    Requested, pending                 | decided   decided         Requested    Refused   misfit misfit misfit Given        Revoked  Invalidated misfit
    Given                              | decided   decided         Given        Withdrawn misfit misfit misfit noConfirm    Revoked  Invalidated misfit
    Given, pending                     | decided   decided         Given        Withdrawn misfit misfit misfit RenewedGiven Revoked  Invalidated misfit
    Expired, pending                   | decided   decided         Requested    Withdrawn misfit misfit misfit RenewedGiven Revoked  Invalidated misfit
    Withdrawn                          | decided   decided         Requested    stands    misfit misfit misfit noConfirm    noRevoke noRevoke    misfit
    Requested, pending after Withdrawn | decided   decided         Requested    Refused   misfit misfit misfit Given        Revoked  Invalidated misfit
    RenewedGiven                       | decided   decided         RenewedGiven Withdrawn misfit misfit misfit noConfirm    Revoked  Invalidated misfit
    `,
    {
      Unknown: [],
      'Requested, pending': [given],
      Given: [sure],
      'Given, pending': [sure, again],
      'Expired, pending': [sure, again],
      Withdrawn: [sure, withdrawn],
      'Requested, pending after Withdrawn': [sure, withdrawn, event('e3', 'given', 3)],
      RenewedGiven: [sure, again, event('e3', 'confirmed', 3, byOperator)],
    },
    (start) => {
      const validity = start.startsWith('Expired') ? 'P10D' : 'P1Y'
      return historyOf([version('v1', 0, { purposes: [purpose({ doubleOptIn: true, validity })] })])
    },
    { purposeId },
    purposeId,
  )
})

describe.each(['legitimate-interest', 'public-task'] as const)('a purpose on %s', (legalBasis: LegalBasis) => {
  const objected = event('e1', 'objected', 1)
  check(
    `
    Uninformed  | Informed Informed informs Objected noBack      informs informs misfit misfit misfit noOverrule
    Informed    | decided  decided  misfit  Objected NotObjected misfit  misfit  misfit misfit misfit noOverrule
    NotObjected | decided  decided  misfit  Objected noBack      misfit  misfit  misfit misfit misfit noOverrule
    Objected    | decided  decided  misfit  stands   NotObjected misfit  misfit  misfit misfit misfit NotObjected
    `,
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
    check(
      `
      Uninformed | Informed Informed informs noChoice informs informs informs misfit misfit misfit misfit
      Informed   | decided  decided  misfit  noChoice misfit  misfit  misfit  misfit misfit misfit misfit
      `,
      { Uninformed: [], Informed: [event('e1', 'deferred', 1)] },
      () => historyOf([version('v1', 0, { purposes: [purpose({ legalBasis })] })]),
      { purposeId },
      purposeId,
    )
  },
)

describe.each(['terms', 'privacy', 'cookie', 'other'] as const)('a policy of kind %s', (kind) => {
  const accepting = kind === 'terms' ? 'Accepted' : 'misfit'
  const on = { about: 'policy' }
  const accepted = 'Accepted | decided decided misfit Declined misfit Accepted decided misfit misfit misfit misfit'
  check(
    `
    Unknown      | Shown   Shown   misfit Declined misfit ${accepting} Acknowledged misfit misfit misfit misfit
    Shown        | decided decided misfit Declined misfit ${accepting} Acknowledged misfit misfit misfit misfit
    Acknowledged | decided decided misfit Declined misfit ${accepting} Acknowledged misfit misfit misfit misfit
    Declined     | decided decided misfit stands   misfit ${accepting} Acknowledged misfit misfit misfit misfit
    ${kind === 'terms' ? accepted : ''}`,
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
