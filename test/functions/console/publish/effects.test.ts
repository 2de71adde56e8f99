/** What the desk says a draft does to standing consents is what the ledger's rules do when it is published. */
import { describe, expect, it } from 'vitest'
import { type Draft, draftAfter } from '../../../../functions/console/publish/draft.ts'
import { effectsOf, endsAcceptances, type Outcome } from '../../../../functions/console/publish/effects.ts'
import { versionAfter, versionBefore } from '../../../../functions/console/publish/needed-changes.ts'
import type { PolicyVersion } from '../../../../shared/consent/policy.ts'
import { versionFrom } from '../../../../shared/consent/publication.ts'
import { statusOf } from '../../../../shared/consent/status.ts'
import { event } from '../../../shared/consent/scenario.ts'
import { historyOf, noPurposes, published, scheduled } from './published-versions.ts'

const [, current] = published
const now = '2026-11-22T12:00:00.000Z'
const before = '2026-11-22T12:00:30.000Z'
const after = '2026-11-22T12:02:00.000Z'
const history = historyOf(published)
const copy = draftAfter(current, ['text', 'text'], ['1', '2'])

/** The version that the draft becomes, and the status of somebody who said yes before. */
function statusAfter(draft: Draft, purposeId: string, at: string) {
  const next: PolicyVersion = versionFrom(draft, history, noPurposes, now)
  const yes = event('a', 'given', '2026-10-01T12:00:00.000Z', {
    about: purposeId,
    link: [{ policyId: 'cookie-policy', grade: 'served', shown: '2', inForce: '2' }],
  })
  return statusOf({ at, knownAt: after, purposeId }, [yes], historyOf([...published, next]))
}

function outcomeOf(draft: Draft, purposeId: string): Outcome | undefined {
  return effectsOf(draft, current).find((effect) => effect.purposeId === purposeId)?.outcome
}

const changed = (level: 'major' | 'minor'): Draft => ({
  ...copy,
  level,
  purposes: copy.purposes.map((each) => (each.purposeId === 'statistics' ? { ...each, retention: 'P6M' } : each)),
  changes: [{ purposeId: 'statistics', level, reason: 'shorter' }],
})

describe('a standing consent', () => {
  it('is asked again after a major change, from the instant at which the version comes into force', () => {
    const draft = changed('major')
    expect(outcomeOf(draft, 'statistics')).toBe('asked-again')
    expect(statusAfter(draft, 'statistics', before).status).toBe('Given')
    expect(statusAfter(draft, 'statistics', after)).toMatchObject({ status: 'Expired', reason: 'policy-changed' })
  })

  it('stands after a minor change, and one of a purpose that did not change after a major one of another', () => {
    expect(outcomeOf(changed('minor'), 'statistics')).toBe('stands')
    expect(statusAfter(changed('minor'), 'statistics', after).status).toBe('Given')
    expect(outcomeOf(changed('major'), 'preferences')).toBe('stands')
    expect(statusAfter(changed('major'), 'preferences', after).status).toBe('Given')
  })

  it('ends with its purpose', () => {
    const draft = { ...copy, purposes: copy.purposes.filter(({ purposeId }) => purposeId !== 'statistics') }
    expect(outcomeOf(draft, 'statistics')).toBe('ended')
    expect(statusAfter(draft, 'statistics', after)).toMatchObject({ status: 'Revoked', reason: 'purpose-dropped' })
  })

  it('does not exist for a new purpose, about which people are asked or informed', () => {
    const [basis] = copy.purposes.filter(({ purposeId }) => purposeId === 'preferences')
    if (basis === undefined) throw new Error('the demo has no purpose preferences')
    const added = { ...copy, purposes: [...copy.purposes, { ...basis, purposeId: 'new-one' }] }
    expect(outcomeOf(added, 'new-one')).toBe('asked-first')
    expect(statusAfter(added, 'new-one', after).permittedByConsent).toBe(false)
    const { validity: _, ...other } = { ...basis, purposeId: 'new-other', legalBasis: 'contract' as const }
    expect(outcomeOf({ ...copy, purposes: [other] }, 'new-other')).toBe('informed-first')
  })
})

describe('an acceptance of the text', () => {
  it.each([
    ['major', true],
    ['minor', false],
  ] as const)('after a %s version', (level, isOver) => {
    const draft = { ...copy, level }
    const next = versionFrom(draft, history, noPurposes, now)
    const accepted = event('a', 'accepted', '2026-10-01T12:00:00.000Z', {
      about: 'policy',
      link: [{ policyId: 'cookie-policy', grade: 'served', shown: '2', inForce: '2' }],
    })
    // The helper's event is about its own policy.
    const ours = {
      ...accepted,
      event: { ...accepted.event, decisions: [{ policyId: 'cookie-policy', verb: 'acknowledged' as const }] },
    }
    const answer = statusOf(
      { at: after, knownAt: after, policyId: 'cookie-policy' },
      [ours],
      historyOf([...published, next]),
    )
    expect(endsAcceptances(draft, current)).toBe(isOver)
    expect(answer).toMatchObject({ status: 'Acknowledged', current: !isOver })
  })
})

describe('the versions around a draft', () => {
  const withScheduled = historyOf([...published, scheduled])

  it('are the one in force and the one that is scheduled', () => {
    expect(versionBefore(copy, withScheduled, now)?.version).toBe('2')
    expect(versionAfter(copy, withScheduled, now)?.version).toBe('3')
  })

  it('are others for a draft that comes later', () => {
    const late = { ...copy, effectiveFrom: '2027-06-01T00:00:00.000Z' }
    expect(versionBefore(late, withScheduled, now)?.version).toBe('3')
    expect(versionAfter(late, withScheduled, now)).toBeUndefined()
  })
})
