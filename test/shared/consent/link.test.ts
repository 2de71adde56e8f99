import { describe, expect, it } from 'vitest'
import type { PolicyLink } from '../../../shared/consent/event.ts'
import { type Evidence, linkPolicy, type NoticeClaims } from '../../../shared/consent/link.ts'
import { statedInForce } from '../../../shared/consent/policy.ts'
import { day, historyOf, policyId, version } from './scenario.ts'

const text = (sha256: string) => [{ locale: 'en', mediaType: 'text/plain' as const, sha256 }]
/** 1 from day 0, 2 from day 10 with the text of 1 again as `shared`, 3 from day 20, 4 scheduled for day 30 and retracted. */
const history = historyOf(
  [
    version('1', 0, { texts: text('shared') }),
    version('2', 10, { texts: text('two') }),
    version('3', 20, { texts: text('shared') }),
    version('4', 30, { texts: text('four') }),
  ],
  { retractions: [{ version: '4', retractedAt: day(25), reason: '' }] },
)

const token = (over: Partial<NoticeClaims> = {}): Evidence => ({
  kind: 'token',
  claims: {
    policyId,
    version: '2',
    locale: 'en',
    textSha256: 'two',
    issuedAt: day(11),
    expiresAt: day(12),
    servedTo: 'this-subject',
    ...over,
  },
})
const reference = (over: { version?: string; textSha256?: string; locale?: string }): Evidence => ({
  kind: 'reference',
  reference: { policyId, ...over },
})

const cases: readonly [name: string, at: string, evidence: Evidence | undefined, link: Partial<PolicyLink>][] = [
  ['a token served to this subject', day(11, 1), token(), { inForce: '2', shown: '2', grade: 'served', locale: 'en' }],
  [
    'a token served without a credential',
    day(11, 1),
    token({ servedTo: 'unbound' }),
    { shown: '2', grade: 'served-unbound' },
  ],
  ['a token at its last instant', day(12), token(), { grade: 'served' }],
  ['a token judged after its time', day(12, 1), token(), { shown: '2', grade: 'served-expired' }],
  [
    'a token served to somebody else only names a version',
    day(11, 1),
    token({ servedTo: 'another-subject' }),
    { shown: '2', grade: 'asserted' },
  ],
  [
    'a token of an older version than the one in force',
    day(21),
    token({ expiresAt: day(22) }),
    { inForce: '3', shown: '2', grade: 'served' },
  ],
  [
    'a hash: the match in force',
    day(21),
    reference({ textSha256: 'shared' }),
    { inForce: '3', shown: '3', grade: 'hashed' },
  ],
  [
    'a hash: else the latest before',
    day(15),
    reference({ textSha256: 'shared' }),
    { inForce: '2', shown: '1', grade: 'hashed' },
  ],
  ['a hash: else the next', day(5), reference({ textSha256: 'two' }), { inForce: '1', shown: '2', grade: 'hashed' }],
  [
    'a hash of a retracted text, which was seen all the same',
    day(21),
    reference({ textSha256: 'four' }),
    { inForce: '3', shown: '4', grade: 'hashed' },
  ],
  [
    'a hash that nobody knows',
    day(21),
    reference({ textSha256: 'x' }),
    { inForce: '3', shown: undefined, grade: 'unmatched' },
  ],
  [
    'a hash goes before the version named with it',
    day(21),
    reference({ textSha256: 'two', version: '3' }),
    { shown: '2', grade: 'hashed' },
  ],
  ['a version named', day(21), reference({ version: '1' }), { inForce: '3', shown: '1', grade: 'asserted' }],
  ['a version that there is not', day(21), reference({ version: '9' }), { shown: undefined, grade: 'unmatched' }],
  [
    'a version named, and a locale in which it has a text',
    day(21),
    reference({ version: '1', locale: 'EN' }),
    { inForce: '3', shown: '1', grade: 'asserted', locale: 'en' },
  ],
  [
    'a version named, and a locale in which it has none',
    day(21),
    reference({ version: '1', locale: 'fr' }),
    { inForce: '3', shown: '1', grade: 'assumed', locale: 'fr' },
  ],
  [
    'a hash goes before a locale in which there is no text',
    day(21),
    reference({ textSha256: 'two', locale: 'fr' }),
    { shown: '2', grade: 'hashed', locale: 'en' },
  ],
  [
    'a policy named without version',
    day(21),
    reference({ locale: 'sv-SE' }),
    { shown: '3', grade: 'assumed', locale: 'sv-SE' },
  ],
  ['nothing said', day(21), undefined, { inForce: '3', shown: '3', grade: 'assumed' }],
  ['nothing said and nothing in force', day(-1), undefined, { inForce: undefined, shown: undefined, grade: 'assumed' }],
  ['the very instant a version comes into force', day(10), undefined, { inForce: '2' }],
  ['a millisecond before it', day(10, -1), undefined, { inForce: '1' }],
  ['the date of a retracted version', day(31), undefined, { inForce: '3' }],
]

describe('the link', () => {
  it.each(cases)('%s', (_name, at, evidence, link) => {
    const made: Partial<PolicyLink> = linkPolicy(history, at, evidence)
    const compared = Object.keys(link) as (keyof PolicyLink)[]
    expect(Object.fromEntries(compared.map((name) => [name, made[name]]))).toEqual(link)
  })
})

describe('the link of an imported event', () => {
  const retroactive = historyOf([
    version('old', 100, { effectiveFrom: day(-400), publishedAt: day(100), retroactive: true }),
    version('less old', 101, { effectiveFrom: day(-200), publishedAt: day(101), retroactive: true }),
  ])
  it.each([
    [day(-401), undefined],
    [day(-400), 'old'],
    [day(-200, -1), 'old'],
    [day(-200), 'less old'],
    [day(500), 'less old'],
  ])('goes by the dates that versions state: %s', (at, name) => {
    expect(linkPolicy(retroactive, at, undefined, statedInForce).inForce).toBe(name)
    if (at < day(100)) expect(linkPolicy(retroactive, at, undefined).inForce).toBeUndefined()
  })
})
