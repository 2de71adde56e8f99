/** By what names a site's client finds what is declared, and since when each question has been the same. */
import { beforeEach, describe, expect, it } from 'vitest'
import { askedCategories, categoryNames } from '../../../functions/c15t/names.ts'
import type { ClientNames } from '../../../shared/consent/site.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { purpose } from '../../shared/consent/scenario.ts'
import { memoryLedger, seeded, versionDraft } from '../../support/memory-ledger.ts'

const now = '2026-11-22T12:00:00.000Z'
const later = '2026-12-22T12:00:00.000Z'

let snapshot: ControllerSnapshot
beforeEach(async () => {
  const ledger = memoryLedger(now)
  await seeded(ledger)
  const cookies = versionDraft({
    policyId: 'cookies',
    kind: 'cookie',
    purposes: [purpose({ purposeId: 'statistics' }), purpose({ purposeId: 'settings' })],
  })
  await publishVersion(ledger, 'acme', cookies)
  const changed = { purposeId: 'statistics', level: 'major', reason: 'kept longer' } as const
  const [first, second] = [purpose({ purposeId: 'statistics', retention: 'P5Y' }), purpose({ purposeId: 'settings' })]
  await publishVersion(ledger, 'acme', {
    ...cookies,
    version: '2',
    effectiveFrom: '2026-12-01T00:00:00.000Z',
    purposes: [first, second, purpose({ purposeId: 'adverts' })],
    changes: [changed],
  })
  const found = await ledger.controllers.current('acme')
  if (found) snapshot = found
})

function named(given?: ClientNames, at = now) {
  const names = categoryNames(snapshot, given, at)
  if (names === undefined) throw new Error('no names')
  return names
}

const asked = (given?: ClientNames, at = now) =>
  askedCategories(snapshot, named(given, at), at).map((q) => `${q.category}: ${q.policyId}@${q.since}`)

describe('the questions', () => {
  it('of a site without names are the purposes of the cookie policy in force, by theirs', () => {
    expect(asked()).toEqual(['statistics: cookies@1', 'settings: cookies@1'])
    expect(asked(undefined, later)).toEqual(['statistics: cookies@2', 'settings: cookies@1', 'adverts: cookies@2'])
  })

  it.each<[string, ClientNames, string[]]>([
    ['by its own names', { purposes: { measurement: 'statistics' } }, ['measurement: cookies@1']],
    ['of another policy too', { purposes: { mail: 'newsletter' } }, ['mail: privacy@1']],
    ['none for what is always on', { purposes: { necessary: 'statistics' } }, []],
    ['none for what nobody declared', { purposes: { measurement: 'nothing' } }, []],
    ['none for what is not in force', { purposes: { marketing: 'adverts' } }, []],
    ['of the policy that it names', { policyId: 'privacy' }, ['newsletter: privacy@1']],
  ])('%s', (_, given, questions) => {
    expect(asked(given)).toEqual(questions)
  })
})

describe('documents', () => {
  it.each([
    ['terms_and_conditions', undefined, 'terms'],
    ['terms_and_conditions_b2b', undefined, 'terms'],
    ['privacy_policy', undefined, 'privacy'],
    ['dpa', undefined, undefined],
    ['dpa_eu', { documents: { dpa: 'terms' } }, 'terms'],
    ['dpa_eu', { documents: { dpa: 'terms', dpa_eu: 'privacy' } }, 'privacy'],
    ['terms_and_conditions', { documents: { terms_and_conditions: 'gone' } }, undefined],
    ['cookie_banner', undefined, undefined],
  ])('%s by %o is %s', (type, given, policyId) => {
    expect(named(given).documentOf(type)?.policyId).toBe(policyId)
  })

  it('are found back by their policy', () => {
    expect(named().typeOf('terms')).toBe('terms_and_conditions')
    expect(named({ documents: { dpa: 'terms' } }).typeOf('terms')).toBe('dpa')
    expect(named().typeOf('cookies')).toBeUndefined()
  })
})

it('a controller that published nothing has no names', () => {
  expect(categoryNames({ ...snapshot, policies: new Map() }, undefined, now)).toBeUndefined()
})
