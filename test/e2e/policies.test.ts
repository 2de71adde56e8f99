/** Policies over HTTP: publication and what it refuses, retraction, what is in force when, texts, differences, presentations. */

import { hash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import type { VersionDraft } from '../../shared/consent/publication.ts'
import type { Purpose } from '../../shared/consent/purpose.ts'
import {
  administer,
  type EventBody,
  minuteMs,
  moved,
  noon,
  notice,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeEach(() => ledger.setClock(noon))
type Draft = Omit<VersionDraft, 'policyId'>
const policy = (path = '') => ledger.get(`/v1/controllers/ljungsten/policies/cookie-policy${path}`)
const publish = (draft: Draft) => administer(ledger, '/policies/cookie-policy/versions', draft)
const retract = (version: string) =>
  administer(ledger, '/policies/cookie-policy/retractions', { version, reason: 'a mistake' })
const refusal = ({ status, json }: Reply) => [status, json.code, json.field]

/** The world's latest version of the cookie policy under another name: it changes nothing. */
function successor(version: string, more: Partial<Draft> = {}): Draft {
  const latest = world.ljungsten.publications.findLast(({ draft }) => draft.policyId === 'cookie-policy')?.draft
  if (latest === undefined) throw new Error('the world has no cookie policy')
  const { policyId: _, ...draft } = latest
  return { ...draft, version, level: 'minor', changes: [], effectiveFrom: '2027-03-15T00:00:00.000Z', ...more }
}

/** The successor with fields of one purpose replaced. */
function changed(
  version: string,
  purposeId: string,
  fields: (p: Purpose) => Partial<Purpose>,
  more: Partial<Draft> = {},
) {
  const draft = successor(version, more)
  return { ...draft, purposes: draft.purposes.map((p) => (p.purposeId === purposeId ? { ...p, ...fields(p) } : p)) }
}

describe('a scheduled version', () => {
  const draft = () => successor('4', { effectiveFrom: '2027-04-01T00:00:00.000Z' })

  test('is published, can be read at once, and comes into force on its day', async () => {
    const { status, json } = await publish(draft())
    expect([status, json.notBefore, json.retroactive, json.comparedWith]).toEqual([
      201,
      draft().effectiveFrom,
      false,
      '3',
    ])
    expect((await policy('/versions/4')).json).toEqual(json)
    expect((await policy('/diff?from=3&to=4')).status).toBe(200)
    expect((await publish(draft())).json).toEqual(json)
    expect((await publish(draft())).status).toBe(200)
    expect(refusal(await publish({ ...draft(), ground: 'law' }))).toEqual([409, 'already-exists', undefined])
    expect(refusal(await publish({ ...draft(), version: '4b' }))).toEqual([409, 'version-conflict', '/effectiveFrom'])
  })

  test('is retracted until a minute before its day, and never in force then', async () => {
    ledger.setClock('2027-03-31T23:58:57.000Z')
    expect((await policy('?at=2027-04-02T00:00:00Z')).json.version).toBe('4')
    const { status, json } = await retract('4')
    expect([status, json.version]).toEqual([201, '4'])
    ledger.setClock('2027-04-02T00:00:00.000Z')
    expect((await policy()).json.version).toBe('3')
    expect((await policy('/versions/4')).json.retraction).toEqual(json)
    expect((await retract('4')).status).toBe(200)
  })

  test('can no longer be retracted in its last minute', async () => {
    ledger.setClock('2027-04-10T00:00:00.000Z')
    await publish(successor('5', { effectiveFrom: '2027-05-01T00:00:00.000Z' }))
    ledger.setClock('2027-04-30T23:59:01.000Z')
    expect(refusal(await retract('5'))).toEqual([409, 'too-late-to-retract', '/version'])
    expect(refusal(await retract('99'))).toEqual([404, 'not-found', '/version'])
    ledger.setClock('2027-05-01T00:00:01.000Z')
    expect((await policy()).json.version).toBe('5')
  })
})

test('a version dated in the past is marked retroactive, and comes into force a minute after its publication', async () => {
  ledger.setClock('2027-05-10T12:00:00.000Z')
  const { status, json } = await publish(successor('6', { effectiveFrom: '2025-01-01T00:00:00.000Z' }))
  expect([status, json.retroactive, json.effectiveFrom]).toEqual([201, true, '2025-01-01T00:00:00.000Z'])
  expect(json.notBefore).toBe(moved(json.publishedAt, minuteMs))
  ledger.setClock(moved(json.publishedAt, 2 * minuteMs))
  expect((await policy(`?at=${moved(json.notBefore, -1)}`)).json.version).toBe('5')
  expect((await policy()).json.version).toBe('6')
})

describe('a draft is refused', () => {
  const minor = (purposeId: string): Partial<Draft> => ({
    changes: [{ purposeId, level: 'minor', reason: 'a detail' }],
  })
  const bureau = { party: 'Ny AB', type: 'partner', role: 'controller', reliesOnConsent: true, country: 'SE' } as const
  const health = { category: 'health', form: 'personal', special: true, sources: ['the person'] } as const
  const pixel = { name: 'px', kind: 'pixel', party: 'Annan AB', lifetime: 'session' } as const
  test.each<[string, () => Draft, [number, string, string]]>([
    [
      'with an undeclared change',
      () => changed('x', 'statistics', () => ({ retention: 'P9Y' })),
      [400, 'undeclared-change', '/changes'],
    ],
    [
      'with a new controller called minor',
      () => changed('x', 'statistics', (p) => ({ recipients: [...p.recipients, bureau] }), minor('statistics')),
      [400, 'undeclared-change', '/changes'],
    ],
    [
      'with new health data called minor',
      () => changed('x', 'statistics', (p) => ({ dataCategories: [...p.dataCategories, health] }), minor('statistics')),
      [400, 'undeclared-change', '/changes'],
    ],
    [
      'with a new third-party pixel called minor',
      () => changed('x', 'statistics', (p) => ({ technologies: [...p.technologies, pixel] }), minor('statistics')),
      [400, 'undeclared-change', '/changes'],
    ],
    [
      'with a major change in a minor version',
      () => successor('x', { changes: [{ purposeId: 'statistics', level: 'major', reason: 'much' }] }),
      [400, 'invalid-policy', '/level'],
    ],
    [
      'with a change of what is not there',
      () => successor('x', { changes: [{ purposeId: 'newsletter', level: 'minor', reason: 'some' }] }),
      [400, 'invalid-policy', '/changes'],
    ],
    [
      'with another basis for a purpose',
      () => changed('x', 'preferences', () => basis('legal-obligation')),
      [400, 'invalid-policy', expect.stringMatching(/^\/purposes\/\d\/legalBasis$/)],
    ],
    [
      'with the purpose of another policy',
      () => changed('x', 'preferences', () => ({ purposeId: 'newsletter' })),
      [400, 'invalid-policy', expect.stringMatching(/^\/purposes\/\d\/purposeId$/)],
    ],
    [
      'with a consent for ever',
      () => changed('x', 'preferences', () => ({ validity: undefined })),
      [400, 'invalid-policy', expect.stringMatching(/^\/purposes\/\d\/validity$/)],
    ],
    ['of another kind', () => successor('x', { kind: 'terms' }), [400, 'invalid-policy', '/kind']],
    ['without a text', () => successor('x', { texts: [] }), [400, 'invalid-request', '/texts']],
    ['with two texts in one language', () => twice(successor('x')), [400, 'invalid-policy', '/texts']],
  ])('%s', async (_, draft, expected) => {
    const reply = await publish(draft())
    expect([reply.status, reply.json.code, reply.json.field]).toEqual(expected)
    expect((await policy('/versions/x')).status).toBe(404)
  })
})

describe('what is in force', () => {
  test.each([
    ['2024-02-29T23:59:59.999Z', undefined],
    ['2024-03-01T00:00:00Z', '1'],
    ['2025-06-01T01:59:59.999+02:00', '1'],
    ['2025-06-01T02:00:00+02:00', '2'],
    ['2027-02-28T23:59:59.999Z', '2'],
    ['2027-03-01T00:00:00Z', '3'],
  ])('at %s is %s', async (at, version) => {
    const { status, json } = await policy(`?at=${encodeURIComponent(at)}`)
    expect([status, json.version]).toEqual([version === undefined ? 404 : 200, version])
  })

  test.each([
    ['2027-02-28T23:59:58.000Z', '2'],
    ['2027-03-01T00:00:00.000Z', '3'],
  ])('when the clock shows %s is %s, in answers, notices and links', async (now, version) => {
    ledger.setClock(now)
    const served = await notice(ledger, 'cookie-policy')
    const event = visitorEvent(ledger, aDeviceSecret(), { shown: [{ noticeToken: served.json.noticeToken }] })
    const { json } = await record(ledger, event)
    expect([(await policy()).json.version, served.json.version, json.link[0].inForce, json.link[0].shown]).toEqual(
      Array(4).fill(version),
    )
    expect(json.decisions[0].effect).toBe('yes')
  })
})

describe('what was published', () => {
  test('is listed in the order in which it comes into force', async () => {
    const { json } = await ledger.get('/v1/controllers/ljungsten/policies/general-terms/versions')
    expect(json.versions.map((v: EventBody) => v.version)).toEqual(['1', '2', '3'])
    const all = await ledger.get('/v1/controllers/ljungsten/policies')
    expect(all.json.policies.map((p: EventBody) => [p.policyId, p.inForce])).toContainEqual(['general-terms', '2'])
    expect(all.text).not.toContain('identityProvider')
  })

  test('has its texts under their hash, byte for byte', async () => {
    for (const { sha256, locale } of (await policy('/versions/2')).json.texts) {
      const response = await fetch(`${ledger.url}/v1/texts/${sha256}`)
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(hash('sha256', bytes)).toBe(sha256)
      expect(bytes.toString()).toBe(textOf('2', locale))
      expect(response.headers.get('cache-control')).toContain('immutable')
    }
  })

  test.each(['lines', 'words'])('differs by %s', async (by) => {
    const query = `/diff?from=1&to=2&locale=en&by=${by}`
    const { json } = await policy(query)
    const side = (skip: string) =>
      json.text
        .filter((d: EventBody) => d.kind !== skip)
        .map((d: EventBody) => d.text)
        .join('')
    expect([side('added'), side('removed')]).toEqual([textOf('1', 'en'), textOf('2', 'en')])
    expect(json.purposes).toEqual([
      {
        purposeId: 'statistics',
        kind: 'changed',
        fields: ['recipients', 'storageLocations', 'technologies'],
      },
      { purposeId: 'marketing-cookies', kind: 'added', fields: [] },
    ])
    const html = await policy(`${query}&format=html`)
    expect(html.headers.get('content-type')).toContain('text/html')
    const plain = (removed: RegExp) => html.text.replace(removed, '').replace(/<\/?(ins|del)>/g, '')
    expect(unescaped(plain(/<del>[^<]*<\/del>/g))).toBe(textOf('2', 'en'))
    expect(unescaped(plain(/<ins>[^<]*<\/ins>/g))).toBe(textOf('1', 'en'))
  })
})

const basis = (legalBasis: Purpose['legalBasis']) => ({ legalBasis, validity: undefined, technologies: [] })
const twice = (draft: Draft): Draft => ({ ...draft, texts: [...draft.texts, ...draft.texts.slice(0, 1)] })

function textOf(version: string, locale: string): string | undefined {
  const found = world.ljungsten.publications.find(
    (p) => p.draft.policyId === 'cookie-policy' && p.draft.version === version,
  )
  return found?.draft.texts.find((t) => t.locale === locale)?.text
}

function unescaped(html: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity)
}
