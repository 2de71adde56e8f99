/** What a c15t client says, as an event: nothing that was said is lost, nothing that was not is invented. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientEventOf, sha256In } from '../../../functions/c15t/decision.ts'
import { type Submission, submission } from '../../../functions/c15t/schemas.ts'
import { event as eventSchema } from '../../../shared/api/schemas/events.ts'
import { banner, circumstances, names } from './names.ts'

const eventOf = (given: Submission) => clientEventOf(given, names, circumstances)
const hash = 'ab'.repeat(32)
const document = (type: string, more: object = {}) =>
  submission.parse({ type, subjectId: 'sub_111D6fDmTET4TfwFxNqjm63UMG', givenAt: 1, ...more })

describe('decisions', () => {
  it.each([
    ['accept', { measurement: true, marketing: true }, { statistics: 'given', 'marketing-cookies': 'given' }],
    ['refuse', { measurement: false, marketing: false }, { statistics: 'refused', 'marketing-cookies': 'refused' }],
    ['choose', { measurement: true, marketing: false }, { statistics: 'given', 'marketing-cookies': 'refused' }],
    ['two categories of one purpose', { marketing: true, advertising: false }, { 'marketing-cookies': 'refused' }],
    ['the same in the other order', { advertising: false, marketing: true }, { 'marketing-cookies': 'refused' }],
    ['what was not asked is not decided', { measurement: true }, { statistics: 'given' }],
    ['only what is always on', {}, { 'policy/cookie-policy': 'requested' }],
    ['only what no purpose is', { experience: true }, { 'policy/cookie-policy': 'requested' }],
  ])('%s', (_, preferences, decided) => {
    const { decisions } = eventOf(banner(preferences))
    expect(Object.fromEntries(decisions.map((d) => [d.purposeId ?? `policy/${d.policyId}`, d.verb]))).toEqual(decided)
  })

  it('what no purpose is stays as it was said', () => {
    const { signals } = eventOf(banner({ measurement: true, experience: true, functionality: false }))
    expect(signals).toEqual({ categories: { experience: true, functionality: false } })
    expect(eventOf(banner({ measurement: true })).signals).toBeUndefined()
  })

  it.each([
    [
      'terms_and_conditions',
      { policyHash: hash },
      { policyId: 'general-terms', verb: 'accepted' },
      { textSha256: hash },
    ],
    ['privacy_policy', {}, { policyId: 'privacy-policy', verb: 'acknowledged' }, undefined],
    [
      'privacy_policy_app',
      { policyHash: `sha256:${hash.toUpperCase()}` },
      { policyId: 'privacy-policy', verb: 'acknowledged' },
      { textSha256: hash },
    ],
    [
      'terms_and_conditions',
      { policyHash: 'v2' },
      { policyId: 'general-terms', verb: 'accepted' },
      { version: 'hash v2' },
    ],
    [
      'terms_and_conditions',
      { policyId: 'general-terms@2' },
      { policyId: 'general-terms', verb: 'accepted' },
      { version: '2' },
    ],
    ['marketing_communications', {}, { purposeId: 'newsletter', verb: 'given' }, undefined],
  ])('%s with %o', (type, more, decision, shown) => {
    const event = eventOf(document(type, more))
    expect(event.decisions).toEqual([decision])
    expect(event.shown).toEqual(shown && [{ policyId: decision.policyId, ...shown }])
    expect(event.signals).toBeUndefined()
  })

  it.each(['age_verification', 'dpa', 'other'])('%s, which is nothing here, is shown and kept by its name', (type) => {
    const event = eventOf(document(type))
    expect(event.decisions).toEqual([{ policyId: 'cookie-policy', verb: 'requested' }])
    expect(event.signals).toEqual({ categories: { [type]: true } })
  })
})

describe('how it was done', () => {
  it.each([
    [undefined, { measurement: false, marketing: false }, 'refuse-all'],
    [undefined, { measurement: true, marketing: true }, 'accept-all'],
    [undefined, { measurement: true, marketing: false }, 'save-choices'],
    [undefined, {}, 'refuse-all'],
    ['all', { measurement: true, functionality: false }, 'accept-all'],
    ['necessary', { measurement: false }, 'refuse-all'],
    ['custom', { measurement: true }, 'save-choices'],
  ] as const)('action %s with %o is %s', (consentAction, preferences, control) => {
    expect(eventOf(banner(preferences, { consentAction })).control).toBe(control)
  })

  it.each([
    ['banner', { surface: 'banner', act: 'button', layer: 1 }],
    ['iab_banner', { surface: 'banner', act: 'button', layer: 1 }],
    ['dialog', { surface: 'preference-centre', act: 'button', layer: 2 }],
    ['widget', { surface: 'preference-centre', act: 'button', layer: undefined }],
    ['api', { surface: undefined, act: undefined, layer: undefined }],
  ])('from %s', (uiSource, place) => {
    const { surface, act, layer } = eventOf(banner({}, { uiSource }))
    expect({ surface, act, layer }).toEqual(place)
  })

  it('carries signals and tokens', () => {
    const given = banner({ measurement: true }, { tcString: 'CP', policySnapshotToken: 't' })
    const event = clientEventOf(given, names, { ...circumstances, globalPrivacyControl: true })
    expect(event).toMatchObject({ signals: { gpc: true, tcString: 'CP' }, shown: [{ noticeToken: 't' }] })
  })

  it.each([
    [1_795_331_046_620, '2026-11-22T07:04:06.620Z'],
    [1.9, '1970-01-01T00:00:00.001Z'],
    [-8.64e15, '1970-01-01T00:00:00.000Z'],
    [8.64e15, '9999-12-31T23:59:59.999Z'],
    [Number.MAX_VALUE, '9999-12-31T23:59:59.999Z'],
  ])('at %d is %s', (givenAt, occurredAt) => {
    expect(eventOf(banner({}, { givenAt })).occurredAt).toBe(occurredAt)
  })
})

describe('the eventId', () => {
  it('is of all that was said', () => {
    const given = banner({ measurement: true })
    const others: Submission[] = [
      banner({ measurement: false }),
      { ...given, givenAt: given.givenAt + 1 },
      { ...given, subjectId: 'sub_111D6fDmTET4TfwFxNqjm63UMH' },
      { ...given, uiSource: 'dialog' },
      { ...given, type: 'other' },
    ]
    const ids = [given, ...others].map((each) => eventOf(each).eventId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(clientEventOf(given, names, { ...circumstances, site: 'app' }).eventId).not.toBe(ids[0])
    expect(eventOf(structuredClone(given)).eventId).toBe(ids[0])
  })

  it('is a UUID of version 8', () => {
    expect(eventOf(banner({})).eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

/** Whatever a client could send that is a decision at all. */
const anything = fc.record(
  {
    type: fc.constantFrom(
      'cookie_banner',
      'privacy_policy',
      'terms_and_conditions_b2b',
      'marketing_communications',
      'other',
    ),
    subjectId: fc.constant('sub_111D6fDmTET4TfwFxNqjm63UMG'),
    givenAt: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    preferences: fc.dictionary(
      fc.oneof(fc.constantFrom('necessary', ...names.purposes.keys()), fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,20}$/)),
      fc.boolean(),
      { maxKeys: 30 },
    ),
    consentAction: fc.constantFrom('all', 'necessary', 'custom', 'else'),
    uiSource: fc.string(),
    tcString: fc.string(),
    policySnapshotToken: fc.string(),
    documentSnapshotToken: fc.string(),
    policyHash: fc.string(),
    policyId: fc.string(),
    metadata: fc.anything(),
  },
  { requiredKeys: ['type', 'subjectId', 'givenAt', 'preferences'] },
)

describe('whatever is said', () => {
  it('becomes an event that the ledger would take from its own clients, and keeps each choice', () => {
    fc.assert(
      fc.property(anything, (said) => {
        const given = submission.parse(said)
        const event = eventOf(given)
        const { shown: _, ...rest } = event
        expect(eventSchema.safeParse({ ...rest, subject: { deviceSecret: 'a'.repeat(22) } }).error).toBeUndefined()
        const verbs = new Map(event.decisions.map((d) => [d.purposeId ?? d.policyId, d.verb]))
        for (const [category, chosen] of Object.entries(given.preferences ?? {})) {
          if (category === 'necessary') continue
          const purposeId = names.purposes.get(category)
          if (purposeId === undefined) expect(event.signals?.categories?.[category]).toBe(chosen)
          else if (!chosen) expect(verbs.get(purposeId)).toBe('refused')
          else expect(['given', 'refused']).toContain(verbs.get(purposeId))
        }
        expect(clientEventOf(given, names, circumstances)).toEqual(event)
      }),
    )
  })
})

it.each([
  [hash, hash],
  [`sha256:${hash}`, hash],
  [`SHA256-${hash.toUpperCase()}`, hash],
  ['ab', undefined],
  [`${hash}0`, undefined],
])('the hash in %s', (text, found) => {
  expect(sha256In(text)).toBe(found)
})
