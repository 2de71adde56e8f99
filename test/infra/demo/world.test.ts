/** The world's data keeps the rules that a ledger seeded with it will enforce; and the rules themselves can fail. */

import { describe, expect, it } from 'vitest'
import { amend, type WorldController } from '../../../infra/demo/world/draft.ts'
import { type Person, people } from '../../../infra/demo/world/people.ts'
import { world } from '../../../infra/demo/world/world.ts'
import { checkChanges } from '../../../shared/consent/declared-changes.ts'
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import { checkDraft, checkOwnership, notBeforeOf, type VersionDraft } from '../../../shared/consent/publication.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { violations } from './world-rules.ts'

const drafts = Object.values(world).flatMap(({ controller, publications }) =>
  publications.map(({ draft }) => ({ controller: controller.controller, ...draft })),
)
const everyone: readonly [string, Person][] = Object.entries(people)

describe('the rules hold', () => {
  it.each(Object.entries(world))('for %s', (_, controller) => {
    expect(violations(controller)).toEqual([])
  })

  it.each(Object.entries(world))('for %s, by the rules of the ledger too', (_, { publications }) => {
    const published: PolicyVersion[] = []
    for (const { publishedAt, draft } of publications) {
      const before = published.findLast(({ policyId }) => policyId === draft.policyId)
      checkDraft(draft)
      checkOwnership(draft, (purposeId) => {
        const owner = published.find(({ purposes }) => purposes.some((p) => p.purposeId === purposeId))
        const purpose = owner?.purposes.find((p) => p.purposeId === purposeId)
        return owner && purpose && { policyId: owner.policyId, legalBasis: purpose.legalBasis }
      })
      if (before !== undefined) checkChanges(draft, before)
      published.push(asPublished(draft, publishedAt, before === undefined))
    }
    expect(published.filter(({ retroactive }) => retroactive)).toEqual([])
  })
})

describe('a broken rule is found', () => {
  const cases: readonly [string, Partial<Purpose>, policyId: string, version: string, purposeId: string][] = [
    ['validity is for consent', { validity: undefined }, 'cookie-policy', '1', 'statistics'],
    ['twelve months at most', { validity: 'P13M' }, 'cookie-policy', '1', 'statistics'],
    ['needs a justification', { refusal: { consequence: 'no-service' } }, 'privacy-policy', '1', 'newsletter'],
    ['interest is for legitimate interest', { interest: undefined }, 'privacy-policy', '1', 'legal-claims'],
    ['another basis is another purpose', { legalBasis: 'consent' }, 'privacy-policy', '2', 'public-sources'],
    ['undeclared: retention', { retention: 'P9Y' }, 'privacy-policy', '2', 'public-sources'],
    ['undeclared: recipients', { recipients: [] }, 'general-terms', '2', 'payment-processing'],
    ['a text lacks a locale', { title: { en: 'Claims' } }, 'privacy-policy', '1', 'legal-claims'],
    ['is also a policy', { purposeId: 'privacy-policy' }, 'general-terms', '1', 'bookkeeping'],
    ['belongs to', { purposeId: 'statistics' }, 'privacy-policy', '3', 'newsletter'],
    ['not an id', { purposeId: 'Book_keeping' }, 'general-terms', '1', 'bookkeeping'],
  ]
  it.each(cases)('%s', (sentence, fields, policyId, version, purposeId) => {
    const broken = withDraft(world.ljungsten, policyId, version, (draft) => ({
      ...draft,
      purposes: draft.purposes.map((p) => (p.purposeId === purposeId ? { ...p, ...fields } : p)),
    }))
    expect(violations(broken).filter((found) => found.includes(sentence))).not.toEqual([])
  })

  it.each([
    ['cookie-policy', '2', 'statistics'],
    ['privacy-policy', '3', 'partner-offers'],
  ])('a major change of %s %s is not called minor', (policyId, version, purposeId) => {
    const broken = withDraft(world.ljungsten, policyId, version, (draft) => ({
      ...draft,
      changes: draft.changes.map((change) =>
        change.purposeId === purposeId ? { ...change, level: 'minor' as const } : change,
      ),
    }))
    expect(violations(broken)).toContainEqual(`${policyId} ${version}: ${purposeId}: must be major`)
  })

  it('a purpose that is new has not changed', () => {
    const change = { purposeId: 'marketing-cookies', level: 'major', reason: 'it is new' } as const
    const broken = withDraft(world.ljungsten, 'cookie-policy', '2', (draft) => ({
      ...draft,
      changes: [...draft.changes, change],
    }))
    expect(violations(broken)).toEqual(['cookie-policy 2: marketing-cookies: changed, but not in both versions'])
  })

  it('a cookie without exemption needs consent', () => {
    const broken = withDraft(world.ljungsten, 'cookie-policy', '1', (draft) => ({
      ...draft,
      purposes: draft.purposes.map((purpose) => ({
        ...purpose,
        technologies: purpose.technologies.map(({ exempt: _, ...technology }) => technology),
      })),
    }))
    expect(violations(broken)).toContainEqual(expect.stringMatching(/necessary-cookies: technologies need consent/))
  })

  it('a presentation shows no purpose before it is declared', () => {
    const { publications, presentations, ...rest } = world.ljungsten
    const early = presentations.map((published) => ({ ...published, publishedAt: '2024-02-01T00:00:00.000Z' }))
    expect(violations({ ...rest, publications, presentations: early.slice(0, 1) })).toContain(
      'cookie-banner-2024: preferences is not declared by then',
    )
  })

  it('an amendment names a purpose that exists', () => {
    expect(() => amend([], 'statistics', {})).toThrow('no purpose statistics')
  })
})

describe('the texts', () => {
  const texts = drafts.flatMap(({ controller, policyId, version, ...draft }) =>
    draft.texts.map(({ locale, text }) => ({
      name: `${controller} ${policyId} ${version} ${locale}`,
      version,
      text,
      draft,
    })),
  )

  it('exist for each version, and differ', () => {
    expect(texts).toHaveLength(20)
    expect(new Set(texts.map(({ text }) => text)).size).toBe(20)
  })

  it.each(texts)('$name is of a readable size and says which version it is', ({ version, text }) => {
    const lines = text.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(40)
    expect(lines.length).toBeLessThanOrEqual(120)
    expect(lines.every((line) => line === line.trimEnd())).toBe(true)
    expect(text).toMatch(new RegExp(`^# .+\n\nVersion ${version}\\. `))
    expect(text.normalize('NFC')).toBe(text)
  })

  it.each(texts)(
    '$name names every technology and cookie that its version declares, and no other',
    ({ text, draft }) => {
      const declared = draft.purposes.flatMap(({ technologies }) => technologies.map(({ name }) => name))
      const named = Array.from(text.matchAll(/`([a-z]+_[a-z_]+)`/g), ([, name]) => name)
      expect(named.toSorted()).toEqual(declared.toSorted())
    },
  )

  it.each(texts.filter(({ name }) => /privacy|cookie/.test(name)))(
    '$name names the companies that receive data',
    ({ text, draft }) => {
      const companies = draft.purposes.flatMap(({ recipients }) =>
        recipients.filter(({ type }) => type !== 'group company').map(({ party }) => party),
      )
      for (const party of companies.filter((name) => /(AB|ApS|GmbH|Oy|Inc\.)$/.test(name)))
        expect(text).toContain(party)
    },
  )

  it.each(texts)('$name never takes continued use for consent', ({ text }) => {
    expect(text).toMatch(/inte ett samtycke|aldrig ett samtycke|räknas inte som|not consent|never consent|not count as/)
  })
})

describe('the story', () => {
  const versionsAt = (at: string) =>
    Object.fromEntries(
      drafts
        .filter(({ controller, effectiveFrom }) => controller === 'ljungsten' && (effectiveFrom ?? '') <= at)
        .map(({ policyId, version }) => [policyId, version]),
    )
  it.each([
    ['2024-02-29T23:59:59.999Z', {}],
    ['2024-03-01T00:00:00.000Z', { 'general-terms': '1', 'privacy-policy': '1', 'cookie-policy': '1' }],
    ['2025-06-01T00:00:00.000Z', { 'general-terms': '2', 'privacy-policy': '1', 'cookie-policy': '2' }],
    ['2026-11-01T00:00:00.000Z', { 'general-terms': '2', 'privacy-policy': '2', 'cookie-policy': '2' }],
    ['2027-03-01T00:00:00.000Z', { 'general-terms': '3', 'privacy-policy': '3', 'cookie-policy': '3' }],
  ])('at %s these versions are in force', (at, versions) => {
    expect(versionsAt(at)).toEqual(versions)
  })

  it.each([
    ['general-terms', ['major', 'major', 'minor']],
    ['privacy-policy', ['major', 'minor', 'major']],
    ['cookie-policy', ['major', 'major', 'minor']],
  ])('%s changes %j', (policyId, levels) => {
    const versions = drafts.filter((draft) => draft.controller === 'ljungsten' && draft.policyId === policyId)
    expect(versions.map(({ level }) => level)).toEqual(levels)
  })

  it('both controllers use the same ids for a purpose of their own', () => {
    const ids = (w: WorldController) => w.publications.flatMap(({ draft }) => draft.purposes.map((p) => p.purposeId))
    expect(ids(world.ljungsten)).toEqual(expect.arrayContaining(ids(world.tallmo)))
  })
})

describe('the people', () => {
  it('cover every role, channel, device and locale', () => {
    const seen = (pick: (person: Person) => string) => new Set(everyone.map(([, person]) => pick(person)))
    expect(seen(({ role }) => role)).toEqual(new Set(['debtor', 'creditor', 'third party', 'visitor']))
    expect(seen(({ channel }) => channel)).toEqual(new Set(['web', 'ios', 'android']))
    expect(seen(({ device }) => device)).toEqual(new Set(['computer', 'phone', 'tablet']))
    expect(seen(({ locale }) => locale)).toEqual(new Set(['sv-SE', 'en']))
  })

  it('have secrets of 128 bits or more, canonical and distinct, and addresses under .example', () => {
    const secrets = everyone.flatMap(([, person]) => [person.deviceSecret, person.alsoAt?.deviceSecret ?? []].flat())
    for (const secret of secrets) {
      const bytes = Buffer.from(secret, 'base64url')
      expect(bytes.length).toBeGreaterThanOrEqual(16)
      expect(bytes.toString('base64url')).toBe(secret)
    }
    const emails = everyone.flatMap(([, { email }]) => email ?? [])
    const accounts = everyone.flatMap(([, { account }]) => account ?? [])
    for (const values of [secrets, emails, accounts]) expect(new Set(values).size).toBe(values.length)
    for (const email of emails) expect(email).toMatch(/^[a-z.]+@[a-z]+\.example$/)
  })

  it('use sites that exist, and act for people who exist', () => {
    const sites = world.ljungsten.sites.map(({ site }) => site)
    for (const [, { site, actsFor }] of everyone) {
      expect(sites).toContain(site)
      if (actsFor !== undefined) expect(Object.keys(people)).toContain(actsFor.person)
    }
  })
})

function asPublished(draft: VersionDraft, publishedAt: string, isFirst: boolean): PolicyVersion {
  const effectiveFrom = draft.effectiveFrom ?? publishedAt
  return {
    ...draft,
    texts: draft.texts.map(({ locale, mediaType }) => ({ locale, mediaType, sha256: '' })),
    effectiveFrom,
    publishedAt,
    notBefore: notBeforeOf(effectiveFrom, publishedAt, isFirst),
    retroactive: effectiveFrom < publishedAt,
  }
}

function withDraft(
  controller: WorldController,
  policyId: string,
  version: string,
  change: (draft: VersionDraft) => VersionDraft,
): WorldController {
  const publications = controller.publications.map(({ publishedAt, draft }) => ({
    publishedAt,
    draft: draft.policyId === policyId && draft.version === version ? change(draft) : draft,
  }))
  return { ...controller, publications }
}
