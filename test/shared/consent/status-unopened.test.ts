/** What events that nobody can open do to an answer: a decision that can be read stands, and nothing else is taken for "never recorded". */

import { describe, expect, it } from 'vitest'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import { timelineOf } from '../../../shared/consent/timeline.ts'
import { byOperator, day, event, historyOf, policyId, purpose, purposeId, version } from './scenario.ts'

const interest: Partial<Purpose> = { legalBasis: 'legitimate-interest', validity: undefined }
const question = { purposeId, at: day(40), knownAt: day(40) }
const declaring = (over: Partial<Purpose> = {}) => historyOf([version('v1', 0, { purposes: [purpose(over)] })])

describe('beside events whose evidence has expired', () => {
  it.each<[string, Partial<Purpose>, FoldEvent[], string]>([
    ['nothing that can be read', {}, [], 'Unknown evidence-expired'],
    ['a showing', {}, [event('a', 'requested', 1)], 'Unknown evidence-expired'],
    ['an answer that was put off', {}, [event('a', 'deferred', 1)], 'Unknown evidence-expired'],
    [
      'a yes without effect',
      {},
      [event('a', 'given', 1, { how: { act: 'continued-use' } })],
      'Unknown evidence-expired',
    ],
    ['a yes', {}, [event('a', 'given', 1)], 'Given decided'],
    [
      'a yes that awaits its confirmation',
      { doubleOptIn: true },
      [event('a', 'given', 1)],
      'Requested awaiting-confirmation',
    ],
    ['a no', {}, [event('a', 'refused', 1)], 'Refused decided'],
    ['a yes that has ended', { validity: 'P3D' }, [event('a', 'given', 1)], 'Expired validity-ended'],
    ['a yes that was revoked', {}, [event('a', 'given', 1), event('b', 'revoked', 2, byOperator)], 'Revoked revoked'],
    ['nothing on a legitimate interest', interest, [], 'Unknown evidence-expired'],
    ['information', interest, [event('a', 'requested', 1)], 'Informed decided'],
    ['an objection', interest, [event('a', 'objected', 1)], 'Objected decided'],
  ])('%s', (_, over, events, expected) => {
    const { status, reason, knownThen, sentence } = statusOf(question, events, declaring(over), { expired: 2 })
    expect(`${status} ${reason}`).toBe(expected)
    expect(`${knownThen.status} ${knownThen.reason}`).toBe(expected)
    expect(sentence.includes('nothing that can still be opened decides it')).toBe(reason === 'evidence-expired')
  })

  it.each<[string, FoldEvent[], string]>([
    ['one that counts from before the newest of them may have been withdrawn', [event('a', 'given', 5)], 'Unknown'],
    ['one at the very end of that hour', [event('a', 'given', 10)], 'Unknown'],
    ['one after it stands', [event('a', 'given', 10.001)], 'Given'],
    ['a newer one stands', [event('a', 'given', 5), event('b', 'given', 11)], 'RenewedGiven'],
    ['a no stays a no', [event('a', 'given', 5), event('b', 'withdrawn', 6)], 'Withdrawn'],
    [
      'one that was confirmed after it may have been refused in between',
      [event('a', 'given', 5), event('b', 'confirmed', 12, byOperator)],
      'Unknown',
    ],
  ])('of consents, %s', (_, events, expected) => {
    const history = declaring({ doubleOptIn: events.some(({ event: { who } }) => who.assurance === 'operator') })
    const { status } = statusOf(question, events, history, { expired: 1, expiredUntil: day(10) })
    expect(status).toBe(expected)
    const changes = timelineOf({ purposeId, knownAt: day(40) }, events, history, day(40), {
      expired: 1,
      expiredUntil: day(10),
    })
    expect(changes.at(-1)?.status ?? 'Unknown').toBe(expected)
  })

  it('a policy as a whole', () => {
    const about = { policyId, at: day(40), knownAt: day(40) }
    const reasonOf = (...events: FoldEvent[]) => statusOf(about, events, declaring(), { expired: 1 }).reason
    expect(reasonOf()).toBe('evidence-expired')
    expect(reasonOf(event('a', 'requested', 1, { about: 'policy' }))).toBe('evidence-expired')
    expect(reasonOf(event('a', 'acknowledged', 1, { about: 'policy' }))).toBe('decided')
  })

  it('no consent is permitted', () => {
    expect(statusOf(question, [], declaring(), { expired: 1 }).permittedByConsent).toBe(false)
  })

  it('the timeline says the same', () => {
    const events = [event('a', 'requested', 1), event('b', 'given', 3)]
    const changes = timelineOf({ purposeId, knownAt: day(40) }, events, declaring(), day(40), { expired: 1 })
    expect(changes.map(({ at, status }) => [at, status])).toEqual([[day(3), 'Given']])
  })
})

it('when every event was read, nothing is said to have expired', () => {
  expect(statusOf(question, [], declaring(), { expired: 0 })).toMatchObject({
    status: 'Unknown',
    reason: 'nothing-recorded',
  })
})
