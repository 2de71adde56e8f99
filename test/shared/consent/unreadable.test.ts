/** The rule for what cannot be read, for every status that there is; what the fold makes of it is in `status-properties.test.ts`. */
import { expect, test } from 'vitest'
import type { Status } from '../../../shared/consent/status-answer.ts'
import { whatStays } from '../../../shared/consent/status-unopened.ts'
import { reasonIn, type Unreadable } from '../../../shared/consent/unreadable.ts'

const stays: Readonly<Record<Status, boolean>> = {
  Unknown: false,
  Requested: false,
  RequestDeferred: false,
  Refused: true,
  Given: false,
  RenewedGiven: false,
  Withdrawn: true,
  Expired: true,
  Revoked: true,
  Invalidated: true,
  Uninformed: false,
  Informed: false,
  NotObjected: false,
  Objected: true,
  Shown: false,
  Acknowledged: false,
  Accepted: false,
  Declined: true,
  Undetermined: false,
}

test.each(Object.entries(stays) as [Status, boolean][])('%s stays: %s', (status, isNo) => {
  const found = { status, reason: 'decided' as const }
  expect(whatStays(found, undefined)).toBe(found)
  const undetermined = { status: 'Undetermined', reason: 'event-unreadable' }
  expect(whatStays(found, 'event-unreadable')).toEqual(isNo ? found : undetermined)
})

const event: Unreadable = { code: 'event-unreadable', receiptId: 'x' }
const publication: Unreadable = { code: 'publication-unreadable', policyId: 'terms', name: 'version#2' }

test.each<[string | undefined, Unreadable[]]>([
  [undefined, []],
  ['event-unreadable', [event]],
  ['event-unreadable', [{ code: 'keys-unreadable' }]],
  ['event-unreadable', [publication, event]],
  ['publication-unreadable', [publication]],
])('the reason is %s', (reason, unreadable) => {
  expect(reasonIn(unreadable)).toBe(reason)
})
