/** What is said about a draft while it is written: where, by which rule, and in words of both languages. */
import { describe, expect, it } from 'vitest'
import { checkDraft } from '../../../../functions/console/publish/check-draft.ts'
import { type Draft, draftAfter, emptyDraft } from '../../../../functions/console/publish/draft.ts'
import { english } from '../../../../functions/console/schema-form/fault-words-en.ts'
import { swedish } from '../../../../functions/console/schema-form/fault-words-sv.ts'
import { changedAt, pathOf } from '../../../../functions/console/schema-form/form-state.ts'
import { wordsIn } from '../../../../functions/console/shell/language.ts'
import { historyOf, published } from './published-versions.ts'

const now = '2026-11-22T12:00:00.000Z'
const [, current] = published
const history = historyOf(published)
const copy: Draft = {
  ...draftAfter(current, ['text', 'text'], ['1', '2']),
  level: 'major',
  summary: { en: 'Something is new.' },
}
/** necessary-cookies rests on a legitimate interest, the others on consent. */
const [necessary, , , statistics, marketing] = ['0', '1', '2', '3', '4'].map((i) => `/purposes/${i}`)

const faultsIn = (draft: Draft, others = [] as Parameters<typeof checkDraft>[2]) =>
  checkDraft(draft, history, others, now)
const edited = (...edits: readonly (readonly [string | undefined, unknown])[]) =>
  edits.reduce<Draft>((draft, [pointer, value]) => changedAt(draft, pathOf(pointer ?? ''), value) as Draft, copy)

describe('a copy of the version in force with a summary', () => {
  it('can be published', () => {
    expect(faultsIn(copy)).toEqual([])
  })
})

describe.each([
  ['a summary that is missing', [['/summary', {}]], '/summary', 'missing'],
  ['a name that is taken', [['/version', '2']], '/version', 'versionTaken'],
  ['a name with a space', [['/version', '2 b']], '/version', 'isVersionName'],
  ['no text', [['/texts', []]], '/texts', 'missing'],
  ['a text that is empty', [['/texts/0/text', '']], '/texts/0/text', 'missing'],
  ['a language that is none', [['/texts/0/locale', 'svenska språket']], '/texts/0/locale', 'isLocale'],
  ['a language twice', [['/texts/1/locale', 'sv-SE']], '/texts', 'repeated'],
  [
    'a title in no language',
    [[`${statistics}/title`, { 'not a tag': 'x' }]],
    `${statistics}/title/not a tag`,
    'isLocale',
  ],
  ['a title that is too long', [[`${statistics}/title/en`, 'x'.repeat(4001)]], `${statistics}/title/en`, 'tooLong'],
  ['an id with capitals', [[`${statistics}/purposeId`, 'Statistics']], `${statistics}/purposeId`, 'isId'],
  [
    'a place that is none',
    [[`${statistics}/storageLocations`, ['SE', 'UK']]],
    `${statistics}/storageLocations/1`,
    'isPlace',
  ],
  ['a jurisdiction that is none', [[`${statistics}/jurisdiction`, 'Sweden']], `${statistics}/jurisdiction`, 'isPlace'],
  ['no legal basis', [[`${statistics}/legalBasis`, '']], `${statistics}/legalBasis`, 'missing'],
  [
    'another legal basis',
    [
      [`${necessary}/legalBasis`, 'contract'],
      [`${necessary}/interest`, undefined],
    ],
    `${necessary}/legalBasis`,
    'basisFixed',
  ],
  ['a duration that is none', [[`${statistics}/retention`, 'a year']], `${statistics}/retention`, 'isDuration'],
  ['no retention', [[`${statistics}/retention`, undefined]], `${statistics}/retention`, 'needsRetention'],
  ['a consent without validity', [[`${statistics}/validity`, undefined]], `${statistics}/validity`, 'needsValidity'],
  [
    'an interest with consent',
    [[`${statistics}/interest`, { en: 'ours' }]],
    `${statistics}/interest`,
    'interestWithBasis',
  ],
  [
    'no service without a consent',
    [[`${statistics}/refusal`, { consequence: 'no-service' }]],
    `${statistics}/refusal/justification`,
    'needsJustification',
  ],
  ['an explicit legitimate interest', [[`${necessary}/explicit`, true]], `${necessary}/legalBasis`, 'onlyConsent'],
  [
    'a technology without consent',
    [[`${necessary}/technologies/0/exempt`, undefined]],
    `${necessary}/technologies/0/exempt`,
    'needsExemption',
  ],
  [
    'a ground of British law in Sweden',
    [[`${necessary}/technologies/0/exempt/ground`, 'statistics']],
    `${necessary}/technologies/0/exempt/ground`,
    'britishGround',
  ],
  [
    'a ground that leaves an objection, where there is none',
    [
      [`${statistics}/jurisdiction`, 'GB'],
      [`${statistics}/technologies/0/exempt`, { ground: 'statistics', reason: 'r' }],
    ],
    `${statistics}/technologies/0/exempt/ground`,
    'groundNeedsObjection',
  ],
  [
    'a lifetime that is none',
    [[`${statistics}/technologies/0/lifetime`, 'always']],
    `${statistics}/technologies/0/lifetime`,
    'isDuration',
  ],
  [
    'logic of nothing',
    [[`${statistics}/logicInvolved`, { logic: { en: 'a' }, significance: { en: 'b' }, consequences: { en: 'c' } }]],
    `${statistics}/logicInvolved`,
    'logicWithDecision',
  ],
  [
    'terms of an unknown source',
    [[`${statistics}/sourceTerms`, [{ source: 'x', terms: { en: 'y' } }]]],
    `${statistics}/sourceTerms/0/source`,
    'unknownSource',
  ],
  [
    'a recipient in a country and a region',
    [[`${marketing}/recipients/0/region`, 'EEA']],
    `${marketing}/recipients/0`,
    'countryOrRegion',
  ],
  [
    'a recipient anywhere',
    [
      [`${marketing}/recipients/0/country`, undefined],
      [`${marketing}/recipients/0/region`, 'worldwide'],
      [`${marketing}/recipients/0/transfer`, undefined],
    ],
    `${marketing}/recipients/0/transfer`,
    'needsTransfer',
  ],
  ['a change that is not declared', [[`${statistics}/retention`, 'P6M']], statistics, 'undeclaredChange'],
  [
    'a change without a reason',
    [
      [`${statistics}/retention`, 'P6M'],
      ['/changes', [{ purposeId: 'statistics', level: 'minor', reason: '' }]],
    ],
    '/changes/0/reason',
    'missing',
  ],
  ['a field of a later release', [['/unheardOf', 1]], '/unheardOf', 'unknownMember'],
  ['the instant of another version', [['/effectiveFrom', current.notBefore]], undefined, undefined],
] as const)('%s', (_, edits, pointer, rule) => {
  const found = faultsIn(edited(...edits))

  it('is found, or is no fault', () => {
    if (pointer === undefined) expect(found).toEqual([])
    else expect(found).toContainEqual(expect.objectContaining({ pointer, rule }))
  })

  it('has words in both languages', () => {
    for (const fault of found)
      for (const [language, messages] of [
        ['en', english],
        ['sv', swedish],
      ] as const) {
        expect(Object.keys(messages)).toContain(fault.rule)
        const say = wordsIn(messages, language)
        expect(say(fault.rule as keyof typeof english, { ...fault.values, detail: fault.detail })).not.toMatch(/[{}]/)
      }
  })
})

describe('rules between the parts', () => {
  const newParty = {
    party: 'Other',
    type: 'partner',
    role: 'controller',
    reliesOnConsent: true,
    country: 'SE',
  } as const
  const withParty = edited([`${marketing}/recipients`, [...(copy.purposes[4]?.recipients ?? []), newParty]])

  it('a new recipient with purposes of its own is always major', () => {
    const minor = { ...withParty, changes: [{ purposeId: 'marketing-cookies', level: 'minor' as const, reason: 'x' }] }
    expect(faultsIn(minor)).toContainEqual(
      expect.objectContaining({ pointer: '/changes/0/level', rule: 'alwaysMajor' }),
    )
    const major = { ...withParty, changes: [{ purposeId: 'marketing-cookies', level: 'major' as const, reason: 'x' }] }
    expect(faultsIn(major)).toEqual([])
  })

  it('a major change of a purpose makes the version major', () => {
    const changes = [{ purposeId: 'marketing-cookies', level: 'major' as const, reason: 'x' }]
    expect(faultsIn({ ...withParty, changes, level: 'minor' })).toContainEqual(
      expect.objectContaining({ pointer: '/level', rule: 'levelMajor' }),
    )
  })

  it('a purpose belongs to one policy', () => {
    const stranger = { ...history, policyId: 'other' }
    const draft = {
      ...emptyDraft('third', 'cookie', []),
      purposes: copy.purposes,
      title: { en: 'x' },
      summary: { en: 'x' },
    }
    const fresh = { policyId: 'third', versions: [], retractions: [], presentations: [] }
    expect(checkDraft(draft, fresh, [stranger], now)).toContainEqual(
      expect.objectContaining({ pointer: `${statistics}/purposeId`, rule: 'otherPolicy' }),
    )
  })

  it('two versions do not come into force at one instant', () => {
    const taken = {
      ...current,
      version: '9',
      notBefore: '2027-01-01T00:00:00.000Z',
      effectiveFrom: '2027-01-01T00:00:00.000Z',
    }
    const draft = { ...copy, effectiveFrom: taken.notBefore }
    expect(checkDraft(draft, historyOf([...published, taken]), [], now)).toContainEqual(
      expect.objectContaining({ pointer: '/effectiveFrom', rule: 'sameInstant' }),
    )
  })

  it('the kind of a policy stays', () => {
    expect(faultsIn({ ...copy, kind: 'terms' })).toContainEqual(
      expect.objectContaining({ pointer: '/kind', rule: 'kindFixed' }),
    )
  })
})

describe('a draft from a file', () => {
  it.each([[{}], [{ recipients: 'none' }], [{ refusal: null, technologies: [1] }]])(
    'with a purpose %j is only refused',
    (purpose) => {
      expect(faultsIn({ ...copy, purposes: [purpose] } as unknown as Draft).length).toBeGreaterThan(0)
    },
  )
})
