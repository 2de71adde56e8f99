/** When a person who said no may be asked again: what the purpose in force says, counted from their latest no. */
import { expect, it } from 'vitest'
import { askableAgainAt } from '../../../shared/consent/ask-again.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import { day, event, historyOf, purpose, purposeId, version } from './scenario.ts'

const patient: Partial<Purpose> = { askAgainAfter: 'P30D' }
const declaring = (over: Partial<Purpose>) => version('v1', 0, { purposes: [purpose(over)] })

function askedOf(events: readonly FoldEvent[], at = 10, history = historyOf([declaring(patient)]), knownAt = at) {
  const question = { purposeId, at: day(at), knownAt: day(knownAt) }
  return askableAgainAt(question, statusOf(question, events, history), events, history)
}

it.each<[string, FoldEvent[], number | undefined]>([
  ['a refusal', [event('a', 'refused', 1)], 31],
  ['a question that was put off', [event('a', 'deferred', 1)], 31],
  ['a withdrawal', [event('a', 'given', 1), event('b', 'withdrawn', 2)], 32],
  ['a refusal that was repeated', [event('a', 'refused', 1), event('b', 'refused', 8)], 38],
  ['a refusal by a signal of the browser', [event('a', 'refused', 3, { derivedFrom: 'gpc' })], 33],
  ['a no to come', [event('a', 'refused', 1), event('b', 'refused', 20)], 31],
  ['nothing', [], undefined],
  ['a question without an answer', [event('a', 'requested', 1)], undefined],
  ['a yes', [event('a', 'refused', 1), event('b', 'given', 2)], undefined],
])('after %s', (_, events, expected) => {
  expect(askedOf(events)).toBe(expected && day(expected))
})

it('has no date where the purpose in force states no time', () => {
  const later = version('v2', 5, { comparedWith: 'v1', purposes: [purpose({})] })
  const history = historyOf([declaring(patient), later])
  const events = [event('a', 'refused', 1)]
  expect([askedOf(events, 4, history), askedOf(events, 6, history)]).toEqual([day(31), undefined])
})

it('is about purposes only', () => {
  const history = historyOf([declaring(patient)])
  const question = { policyId: 'cookies', at: day(9), knownAt: day(9) }
  expect(askableAgainAt(question, { status: 'Refused' }, [event('a', 'refused', 1)], history)).toBeUndefined()
})
