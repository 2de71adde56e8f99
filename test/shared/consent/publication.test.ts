import { describe, expect, it } from 'vitest'
import { checkChanges } from '../../../shared/consent/declared-changes.ts'
import { checkDraft, checkOwnership, notBeforeOf, type VersionDraft } from '../../../shared/consent/publication.ts'
import {
  type ExemptGround,
  exemptGrounds,
  type Purpose,
  type Recipient,
  type Technology,
} from '../../../shared/consent/purpose.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { versionDraft } from '../../support/memory-ledger.ts'
import { day, purpose, purposeId, version } from './scenario.ts'

const codeOf = (act: () => void): string => {
  try {
    act()
    return 'fine'
  } catch (error) {
    if (error instanceof LedgerError) return error.code
    throw error
  }
}
const recipient = (role: Recipient['role']): Recipient => ({
  party: 'P',
  type: 'partner',
  role,
  reliesOnConsent: true,
  country: 'SE',
})
const interested = { legalBasis: 'legitimate-interest', interest: { en: 'a better service' } } as const
/** A purpose on a contract, unless stated otherwise, with one technology that is exempt on the ground. */
const exemptOn = (ground: ExemptGround, over: Partial<Purpose>) => ({
  purposes: [
    purpose({ legalBasis: 'contract', technologies: [technology({ exempt: { ground, reason: 'r' } })], ...over }),
  ],
})
const technology = (over: Partial<Technology> = {}): Technology => ({
  name: 'c',
  kind: 'session-cookie',
  party: 'first-party',
  lifetime: 'session',
  ...over,
})
const until = (sv: string): Purpose['until'] => ({ criterion: 'law', text: { sv } })
const { country: _, ...inRegion } = recipient('processor')
const logicInvolved = { logic: { en: 'l' }, significance: { en: 's' }, consequences: { en: 'c' } }
const bothForms = (forms?: Recipient['forms']): Partial<Purpose> => ({
  dataCategories: (['personal', 'aggregated'] as const).map((form) => ({ category: 'c', form, sources: ['s'] })),
  recipients: [{ ...recipient('controller'), ...(forms && { forms }) }],
})
const change = (level: 'major' | 'minor') => ({ purposeId, level, reason: 'because' })

describe('a draft by itself', () => {
  const cases: readonly [name: string, over: Partial<VersionDraft>, code: string][] = [
    ['is fine', {}, 'fine'],
    ['has each purpose once', { purposes: [purpose(), purpose()] }, 'invalid-policy'],
    ['has a text for each locale', { texts: [...versionDraft().texts, ...versionDraft().texts] }, 'invalid-policy'],
    ['is major with a major change', { level: 'minor', changes: [change('major')] }, 'invalid-policy'],
    ['has consents that end', { purposes: [purpose({ validity: undefined })] }, 'invalid-policy'],
    ['says for consents only when to ask again', { purposes: [purpose({ askAgainAfter: 'P6M' })] }, 'fine'],
    ['in a real duration', { purposes: [purpose({ askAgainAfter: 'half a year' })] }, 'invalid-policy'],
    [
      'has none where there is nothing to ask',
      { purposes: [purpose({ legalBasis: 'contract', validity: undefined, technologies: [], askAgainAfter: 'P6M' })] },
      'invalid-policy',
    ],
    ['has real durations', { purposes: [purpose({ validity: 'a year' })] }, 'invalid-policy'],
    ['has real retention', { purposes: [purpose({ retention: 'P' })] }, 'invalid-policy'],
    ['says how long the data is kept', { purposes: [purpose({ retention: undefined })] }, 'invalid-policy'],
    [
      'or until when',
      { purposes: [purpose({ retention: undefined, until: { criterion: 'law', text: { en: 'Accounting Act' } } })] },
      'fine',
    ],
    ['has a real evidence term', { purposes: [purpose({ evidenceRetention: '5Y' })] }, 'invalid-policy'],
    ['has a real one of its own', { evidenceRetention: 'five years' }, 'invalid-policy'],
    ['states the interest', { purposes: [purpose({ legalBasis: 'legitimate-interest' })] }, 'invalid-policy'],
    ['states it only there', { purposes: [purpose({ interest: { en: 'x' } })] }, 'invalid-policy'],
    ['justifies no-service', { purposes: [purpose({ refusal: { consequence: 'no-service' } })] }, 'invalid-policy'],
    [
      'has no technology without consent',
      { purposes: [purpose({ legalBasis: 'contract', technologies: [technology()] })] },
      'invalid-policy',
    ],
    [
      'may exempt one with a reason',
      {
        purposes: [
          purpose({
            legalBasis: 'contract',
            technologies: [technology({ exempt: { ground: 'transmission', reason: 'r' } })],
          }),
        ],
      },
      'fine',
    ],
    ['has a ground of British law elsewhere', exemptOn('security', { jurisdiction: 'SE' }), 'invalid-policy'],
    ['has it in the United Kingdom', exemptOn('security', { jurisdiction: 'GB' }), 'fine'],
    ['has it in a part of it', exemptOn('emergency', { jurisdiction: 'GB-SCT' }), 'fine'],
    ['counts people who cannot object', exemptOn('statistics', { jurisdiction: 'GB' }), 'invalid-policy'],
    ['counts people who can', exemptOn('statistics', { jurisdiction: 'GB', ...interested }), 'fine'],
    ['counts them in the EU', exemptOn('statistics', interested), 'invalid-policy'],
    ['fits its looks to people who can', exemptOn('appearance', { jurisdiction: 'GB', ...interested }), 'fine'],
    ['explains a decision that nobody makes', { purposes: [purpose({ logicInvolved })] }, 'invalid-policy'],
    ['explains profiling', { purposes: [purpose({ profiling: true, logicInvolved })] }, 'fine'],
    [
      'has terms of a source it does not use',
      { purposes: [purpose({ sourceTerms: [{ source: 'a platform', terms: { en: 'theirs' } }] })] },
      'invalid-policy',
    ],
    [
      'has terms of a source',
      { purposes: [purpose({ sourceTerms: [{ source: 'the person', terms: { en: 'theirs' } }] })] },
      'fine',
    ],
    [
      'names the safeguard of a transfer to any country',
      { purposes: [purpose({ recipients: [{ ...inRegion, region: 'worldwide' }] })] },
      'invalid-policy',
    ],
    ['needs none within the EEA', { purposes: [purpose({ recipients: [{ ...inRegion, region: 'EEA' }] })] }, 'fine'],
    [
      'shares no form of data that it does not have',
      { purposes: [purpose({ recipients: [{ ...recipient('processor'), forms: ['aggregated'] }] })] },
      'invalid-policy',
    ],
    [
      'asks double opt-in for consent only',
      { purposes: [purpose({ legalBasis: 'contract', doubleOptIn: true })] },
      'invalid-policy',
    ],
  ]
  it.each(cases)('%s', (_name, over, code) => {
    expect(codeOf(() => checkDraft(versionDraft(over)))).toBe(code)
  })

  it.each([
    ['SE', ['transmission', 'strictly-necessary']],
    ['GB', exemptGrounds],
  ])('is told the grounds that the law of %s has', (jurisdiction, allowed) => {
    const without = purpose({ legalBasis: 'contract', technologies: [technology()], jurisdiction })
    const refused = expect.objectContaining({ facts: expect.objectContaining({ allowed }) })
    expect(() => checkDraft(versionDraft({ purposes: [without] }))).toThrow(refused)
  })
})

describe('a draft beside the version before it', () => {
  const cases: readonly [
    name: string,
    before: Partial<Purpose>,
    after: Partial<Purpose>,
    level: 'major' | 'minor' | undefined,
    code: string,
  ][] = [
    ['nothing changed', {}, {}, undefined, 'fine'],
    ['wording is free', {}, { title: { en: 'Other' }, description: { en: 'words' } }, undefined, 'fine'],
    ['an undeclared retention', {}, { retention: 'P2Y' }, undefined, 'undeclared-change'],
    ['a declared one', {}, { retention: 'P2Y' }, 'minor', 'fine'],
    [
      'a criterion that reads the same',
      { until: until('f\u00f6r\nevigt') },
      { until: until('fo\u0308r \r\nevigt') },
      undefined,
      'fine',
    ],
    ['an undeclared criterion', {}, { until: { criterion: 'law', text: { en: 'x' } } }, undefined, 'undeclared-change'],
    ['an undeclared evidence term', {}, { evidenceRetention: 'P1Y' }, undefined, 'undeclared-change'],
    ['the default evidence term, stated', {}, { evidenceRetention: 'P5Y' }, undefined, 'fine'],
    ['an undeclared recipient', {}, { recipients: [recipient('processor')] }, undefined, 'undeclared-change'],
    ['a new processor may be minor', {}, { recipients: [recipient('processor')] }, 'minor', 'fine'],
    ['a new controller may not', {}, { recipients: [recipient('controller')] }, 'minor', 'undeclared-change'],
    [
      'nor a processor that becomes one',
      { recipients: [recipient('processor')] },
      { recipients: [recipient('controller')] },
      'minor',
      'undeclared-change',
    ],
    [
      'nor a controller of figures that gets names',
      bothForms(['aggregated']),
      bothForms(),
      'minor',
      'undeclared-change',
    ],
    ['a controller that gets less may', bothForms(), bothForms(['aggregated']), 'minor', 'fine'],
    [
      'undeclared profiling, its logic, measures, terms and exceptions',
      {},
      {
        profiling: true,
        logicInvolved,
        securityMeasures: [{ kind: 'physical', text: { en: 'locks' } }],
        sourceTerms: [{ source: 'the person', terms: { en: 't' } }],
        retentionExceptions: [{ ground: 'dispute', text: { en: 'a dispute' } }],
      },
      undefined,
      'undeclared-change',
    ],
    [
      'undeclared security measures',
      {},
      { securityMeasures: [{ kind: 'physical', text: { en: 'locks' } }] },
      undefined,
      'undeclared-change',
    ],
    [
      'undeclared exceptions',
      {},
      { retentionExceptions: [{ ground: 'law', text: { en: 'x' } }] },
      undefined,
      'undeclared-change',
    ],
    ['major is enough', {}, { recipients: [recipient('controller')] }, 'major', 'fine'],
    [
      'special data may not',
      {},
      { dataCategories: [{ category: 'health', form: 'personal', special: true, sources: [] }] },
      'minor',
      'undeclared-change',
    ],
    [
      'a third-party technology may not',
      {},
      { technologies: [technology({ party: 'Other' })] },
      'minor',
      'undeclared-change',
    ],
    ['a first-party one may', {}, { technologies: [technology()] }, 'minor', 'fine'],
  ]
  it.each(cases)('%s', (_name, before, after, level, code) => {
    const draft = versionDraft({ purposes: [purpose(after)], changes: level ? [change(level)] : [] })
    expect(codeOf(() => checkChanges(draft, version('1', 0, { purposes: [purpose(before)] })))).toBe(code)
  })

  it('declares the version’s evidence term for each purpose that has none of its own', () => {
    const draft = (evidenceRetention: string) =>
      versionDraft({ purposes: [purpose(), purpose({ purposeId: 'b', evidenceRetention: 'P2Y' })], evidenceRetention })
    const before = version('1', 0, { purposes: draft('P5Y').purposes, evidenceRetention: 'P3Y' })
    expect(codeOf(() => checkChanges(draft('P3Y'), before))).toBe('fine')
    expect(codeOf(() => checkChanges(draft('P4Y'), before))).toBe('undeclared-change')
    expect(codeOf(() => checkChanges({ ...draft('P4Y'), changes: [change('minor')] }, before))).toBe('fine')
  })

  it('has no change for a purpose that is new', () => {
    const draft = versionDraft({ changes: [change('major')] })
    expect(codeOf(() => checkChanges(draft, version('1', 0, { purposes: [] })))).toBe('invalid-policy')
  })
})

describe('a purpose', () => {
  const declared = (policyId: string, legalBasis: Purpose['legalBasis']) => () => ({ policyId, legalBasis })
  it('belongs to one policy', () => {
    expect(codeOf(() => checkOwnership(versionDraft(), declared('other', 'consent')))).toBe('invalid-policy')
  })
  it('keeps its legal basis', () => {
    expect(codeOf(() => checkOwnership(versionDraft(), declared('privacy', 'contract')))).toBe('invalid-policy')
    expect(codeOf(() => checkOwnership(versionDraft(), declared('privacy', 'consent')))).toBe('fine')
  })
})

it.each([
  ['a first version at once', day(-5), day(0), true, day(0)],
  ['a later one after 60 s', day(-5), day(0), false, day(0, 60_000)],
  ['on its date', day(5), day(0), false, day(5)],
  ['never within 60 s', day(0, 59_999), day(0), false, day(0, 60_000)],
])('comes into force: %s', (_name, effectiveFrom, publishedAt, isFirst, notBefore) => {
  expect(notBeforeOf(effectiveFrom, publishedAt, isFirst)).toBe(notBefore)
})
