/** Which grants permit a question, and what a refusal names as missing. */
import { expect, it, test } from 'vitest'
import {
  type AuditGrant,
  type AuditQuestion,
  type GrantedSubjects,
  grantsFor,
  isAuditGrant,
  isSameAuditor,
  purposesShown,
} from '../../../shared/consent/audit-grants.ts'

const now = '2026-11-22T12:00:00.000Z'
const kim = { subject: ['vault name of kim, by a later pepper', 'name-of-kim'] }
const aSample = { size: 100, seed: 'ab'.repeat(16), count: 5 }

function grant(more: Partial<AuditGrant> = {}): AuditGrant {
  return {
    grantId: '0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11',
    auditor: { issuer: 'urn:a', subject: 'auditor' },
    name: 'An auditor',
    subjects: { kind: 'all' },
    madeAt: '2026-01-01T00:00:00.000Z',
    until: '2027-01-01T00:00:00.000Z',
    ...more,
  }
}

const named: GrantedSubjects = { kind: 'named', names: ['name-of-lu', 'earlier-name-of-kim name-of-kim'] }
const revokedAt = '2026-11-22T11:00:00.000Z'
const aboutKim = { purposeId: 'news', about: kim }

test.each<[string, Partial<AuditGrant>[], AuditQuestion, string]>([
  ['everything', [{}], { about: kim }, 'permitted'],
  ['nothing was given', [], aboutKim, 'grant'],
  ['it was revoked', [{ revokedAt }], aboutKim, 'grant'],
  ['one of two was revoked', [{ revokedAt }, {}], aboutKim, 'permitted'],
  ['it stands from now', [{ from: now }], aboutKim, 'permitted'],
  ['it will stand', [{ from: '2026-11-22T12:00:00.001Z' }], aboutKim, 'time'],
  ['it ends now', [{ until: now }], aboutKim, 'time'],
  ['it was made later', [{ madeAt: '2026-11-22T12:00:00.001Z' }], aboutKim, 'time'],
  ['the purpose is named', [{ purposes: ['ads', 'news'] }], aboutKim, 'permitted'],
  ['another purpose is named', [{ purposes: ['ads'] }], aboutKim, 'purpose'],
  [
    'a purpose is named, and the question is about a policy or all',
    [{ purposes: ['news'] }],
    { about: kim },
    'purpose',
  ],
  ['the subject is named', [{ subjects: named }], aboutKim, 'permitted'],
  [
    'one that has a part of a name',
    [{ subjects: named }],
    { ...aboutKim, about: { subject: ['kim', 'name'] } },
    'subject',
  ],
  ['another subject is named', [{ subjects: named }], { ...aboutKim, about: { subject: ['name-of-lo'] } }, 'subject'],
  [
    'two grants do not add up',
    [{ purposes: ['ads'] }, { purposes: ['news'], subjects: named }],
    { purposeId: 'ads', about: { subject: ['name-of-lo'] } },
    'permitted',
  ],
  [
    'two grants do not add up, the other way',
    [{ purposes: ['ads'], subjects: named }, { purposes: ['news'] }],
    { purposeId: 'ads', about: { subject: ['name-of-lo'] } },
    'subject',
  ],
  ['a sample under a grant for all', [{}], { about: { sample: aSample } }, 'permitted'],
  ['a sample under a grant for one purpose', [{ purposes: ['news'] }], { about: { sample: aSample } }, 'permitted'],
  ['a sample under a grant for a subject', [{ subjects: named }], { about: { sample: aSample } }, 'subject'],
  ['its own sample', [{ subjects: { kind: 'sample', sample: aSample } }], { about: { sample: aSample } }, 'permitted'],
  [
    'another count',
    [{ subjects: { kind: 'sample', sample: aSample } }],
    { about: { sample: { ...aSample, count: 6 } } },
    'subject',
  ],
  [
    'another size',
    [{ subjects: { kind: 'sample', sample: aSample } }],
    { about: { sample: { ...aSample, size: 101 } } },
    'subject',
  ],
  [
    'another seed',
    [{ subjects: { kind: 'sample', sample: aSample } }],
    { about: { sample: { ...aSample, seed: 'cd'.repeat(16) } } },
    'subject',
  ],
  ['a subject under a grant for a sample', [{ subjects: { kind: 'sample', sample: aSample } }], aboutKim, 'subject'],
  ['the log under a grant for one purpose of all', [{ purposes: ['news'] }], { about: 'log' }, 'permitted'],
  ['the log under a grant for a subject', [{ subjects: named }], { about: 'log' }, 'subject'],
])('%s', (_, grants, question, expected) => {
  const judged = grantsFor(grants.map(grant), question, now)
  expect('missing' in judged ? judged.missing : 'permitted').toBe(expected)
})

test.each([
  [{ issuer: 'urn:a', subject: 'x' }, { issuer: 'urn:a', subject: 'x' }, true],
  [{ issuer: 'urn:a', subject: 'x' }, { issuer: 'urn:b', subject: 'x' }, false],
  [{ issuer: 'urn:a', subject: 'x' }, { issuer: 'urn:a', subject: 'X' }, false],
  [{ issuer: 'urn:a', subject: 'x' }, { issuer: 'urn:a', client: 'x' }, false],
  [{ issuer: 'urn:a', client: 'x' }, { issuer: 'urn:a', client: 'x' }, true],
])('%j and %j are one auditor: %s', (a, b, expected) => {
  expect(isSameAuditor(a, b)).toBe(expected)
})

it('shows all decisions under a grant for all purposes, otherwise those on the purposes of the grants that permit', () => {
  expect(purposesShown([grant({ purposes: ['a'] }), grant()])).toBeUndefined()
  expect(purposesShown([grant({ purposes: ['a'] }), grant({ purposes: ['b'] })])).toEqual(new Set(['a', 'b']))
})

test.each([
  [grant(), true],
  [{ ...grant(), later: 1 }, false],
  [{ ...grant(), subjects: { kind: 'everybody' } }, false],
  [{ ...grant(), until: 'always' }, false],
  [{ ...grant(), auditor: { issuer: 'urn:a' } }, false],
  [undefined, false],
])('%j is a grant that these rules understand: %s', (value, expected) => {
  expect(isAuditGrant(value)).toBe(expected)
})
