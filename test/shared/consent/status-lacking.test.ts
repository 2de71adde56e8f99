/** What an event may lack, or be barred by, case by case: a yes is worth less or nothing, and a no is what it was. */
import { describe, expect, it, test } from 'vitest'
import type { RecordedEvent, Verb } from '../../../shared/consent/event.ts'
import { ask, event, historyOf, policyId, presentation, purpose, purposeId, version } from './scenario.ts'

type Lacking = { readonly how?: Partial<RecordedEvent['how']>; readonly who?: Partial<RecordedEvent['who']> }

const interest = purpose({ legalBasis: 'legitimate-interest', validity: undefined })
const consent = historyOf([version('v1', -10)], { presentations: [presentation('on', 'on')] })
const objection = historyOf([version('v1', -10, { purposes: [interest] })])
const terms = historyOf([version('v1', -10, { kind: 'terms' })])

const failed: Lacking = { who: { ageGate: 'failed', barred: 'age-gate' } }
const noAct: Lacking = { how: { act: 'not-stated' } }
const unknown: Lacking = { how: { presentationId: 'nonexistent', presentation: 'unmatched' } }
const neither: Lacking = { how: { ...noAct.how, ...unknown.how } }

describe('a yes', () => {
  test.each<[string, Lacking, object]>([
    ['with everything', {}, { status: 'Given', demonstrable: true }],
    ['by an act that is not stated', noAct, { status: 'Given', demonstrable: false, lacks: ['act'] }],
    ['under an unknown presentation', unknown, { status: 'Given', demonstrable: false, lacks: ['presentation'] }],
    ['with neither', neither, { status: 'Given', demonstrable: false, lacks: ['act', 'presentation'] }],
    ['of who failed the age gate', failed, { status: 'Unknown', reason: 'age-gate-failed', permittedByConsent: false }],
    ['of before the grades: no act', { how: { act: undefined } }, { status: 'Given', demonstrable: true }],
    ['of before the grades: no such presentation', { how: { presentationId: 'nonexistent' } }, { demonstrable: true }],
    ['of before the grades: a failed gate', { who: { ageGate: 'failed' } }, { status: 'Given', demonstrable: true }],
  ])('%s', (_, lacking, expected) => {
    const { lacks, ...answer } = ask(consent, [event('e1', 'given', 1, lacking)], 20)
    expect({ ...answer, ...(lacks && { lacks }) }).toMatchObject(expected)
    if (!('lacks' in expected)) expect(lacks).toBeUndefined()
  })

  it('to a policy, and one that takes an objection back, are barred and lacking alike', () => {
    const accepted = (more: Lacking) =>
      ask(terms, [event('e1', 'accepted', 1, { ...more, about: 'policy' })], 20, { policyId })
    expect(accepted(noAct)).toMatchObject({ status: 'Accepted', demonstrable: false, lacks: ['act'] })
    expect(accepted(failed)).toMatchObject({ status: 'Unknown', reason: 'age-gate-failed' })
    const objected = event('e1', 'objected', 1)
    const back = (more: Lacking) => ask(objection, [objected, event('e2', 'objection-withdrawn', 2, more)], 20)
    expect(back(unknown)).toMatchObject({ status: 'NotObjected', demonstrable: false, lacks: ['presentation'] })
    expect(back(failed)).toMatchObject({ status: 'Objected', demonstrable: true })
  })

  it('is not bound to a presentation that was published under that name later', () => {
    const named = (grade?: 'matched' | 'unmatched') =>
      ask(
        consent,
        [event('e1', 'given', 1, { how: { presentationId: 'on', ...(grade && { presentation: grade }) } })],
        20,
      )
    expect(named('unmatched')).toMatchObject({ status: 'Given', demonstrable: false })
    expect(named('matched')).toMatchObject({ status: 'Unknown', reason: 'initially-on' })
  })

  it('says in its sentence what it lacks', () => {
    const { sentence } = ask(consent, [event('e1', 'given', 1, neither)], 20)
    expect(sentence).toContain(', by an act that nobody stated, under a presentation that is not known.')
  })
})

describe('a no is what it was', () => {
  const cases: [Verb, typeof consent, object][] = [
    ['refused', consent, { purposeId }],
    ['withdrawn', consent, { purposeId }],
    ['objected', objection, { purposeId }],
    ['declined', terms, { policyId }],
  ]
  test.each(cases)('%s', (verb, history, question) => {
    const about = 'policyId' in question ? 'policy' : purposeId
    const whole = ask(history, [event('e1', verb, 1, { about })], 20, question)
    for (const lacking of [noAct, unknown, failed])
      expect(ask(history, [event('e1', verb, 1, { ...lacking, about })], 20, question)).toEqual(whole)
  })
})
