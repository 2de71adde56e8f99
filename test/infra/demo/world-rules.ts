/**
 * What must hold of the world's data, as sentences that name the offender; none means that all holds. Wider than the
 * ledger's own checks, and written apart from them, so that the test of the world compares the two.
 */

import { isDeepStrictEqual } from 'node:util'
import { locales, type WorldController } from '../../../infra/demo/world/draft.ts'
import type { VersionDraft } from '../../../shared/consent/publication.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'

const idPattern = /^[a-z0-9-]{1,40}$/
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const periodPattern = /^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/

/** A difference in one of these must be declared; one in title or description is wording. */
const comparedFields = [
  'dataCategories',
  'recipients',
  'storageLocations',
  'retention',
  'until',
  'evidenceRetention',
  'atEnd',
  'technologies',
  'validity',
  'explicit',
  'doubleOptIn',
  'subjectCategories',
  'automatedDecision',
  'profiling',
  'logicInvolved',
  'sourceTerms',
  'securityMeasures',
  'retentionExceptions',
  'jurisdiction',
  'directMarketing',
  'globalPrivacyControl',
  'interest',
  'refusal',
] as const satisfies readonly (keyof Purpose)[]

export function violations({ controller, sites, publications, presentations }: WorldController): string[] {
  const found: string[] = []
  const must = (holds: boolean, sentence: string) => {
    if (!holds) found.push(sentence)
  }
  const drafts = publications.map(({ draft }) => draft)
  const policyIds = new Set(drafts.map(({ policyId }) => policyId))
  const owner = new Map<string, string>()

  for (const [what, published] of [
    ['publications', publications],
    ['presentations', presentations],
  ] as const) {
    const times = published.map(({ publishedAt }) => publishedAt)
    must(isDeepStrictEqual(times, [...new Set(times)].sort()), `${what}: instants ascend and are distinct`)
    must(
      times.every((time) => timePattern.test(time)),
      `${what}: publishedAt is UTC with milliseconds`,
    )
  }
  for (const id of [controller.controller, ...policyIds, ...sites.map(({ site }) => site)])
    must(idPattern.test(id), `${id}: not an id`)
  for (const { site, kind, origins } of sites)
    must((kind === 'web') === origins.length > 0, `${site}: origins are for the web, and required there`)

  for (const draft of drafts) {
    const at = `${draft.policyId} ${draft.version}`
    for (const where of draft.scope)
      must(
        sites.some(({ site }) => site === where),
        `${at}: scope ${where} is no site`,
      )
    if (draft.effectiveFrom !== undefined)
      must(timePattern.test(draft.effectiveFrom), `${at}: effectiveFrom is UTC with milliseconds`)
    must(isDeepStrictEqual(draft.texts.map(({ locale }) => locale).sort(), [...locales].sort()), `${at}: lacks a text`)
    for (const { purposeId, ...purpose } of draft.purposes) {
      must(idPattern.test(purposeId), `${at}: ${purposeId} is not an id`)
      must(!policyIds.has(purposeId), `${at}: ${purposeId} is also a policy`)
      const first = owner.get(purposeId) ?? draft.policyId
      owner.set(purposeId, first)
      must(first === draft.policyId, `${at}: ${purposeId} belongs to ${first}`)
      found.push(...purposeViolations(purpose).map((sentence) => `${at}: ${purposeId}: ${sentence}`))
    }
    must(
      new Set(draft.purposes.map(({ purposeId }) => purposeId)).size === draft.purposes.length,
      `${at}: purpose twice`,
    )
  }
  for (const policyId of policyIds) {
    const versions = drafts.filter((draft) => draft.policyId === policyId)
    versions.forEach((draft, index) => {
      const sentences = changeViolations(versions[index - 1], draft)
      found.push(...sentences.map((sentence) => `${policyId} ${draft.version}: ${sentence}`))
    })
  }
  for (const { draft, publishedAt } of presentations) {
    must(idPattern.test(draft.presentationId), `${draft.presentationId}: not an id`)
    const declared = publications
      .filter((published) => published.publishedAt <= publishedAt && published.draft.policyId === draft.policyId)
      .flatMap((published) => published.draft.purposes.map(({ purposeId }) => purposeId))
    for (const { purposeId } of draft.controls)
      must(declared.includes(purposeId), `${draft.presentationId}: ${purposeId} is not declared by then`)
  }
  return found
}

function purposeViolations(purpose: Omit<Purpose, 'purposeId'>): string[] {
  const { legalBasis, validity, refusal, technologies } = purpose
  const isConsent = legalBasis === 'consent'
  const localised = [
    purpose.title,
    purpose.description,
    purpose.withdrawalMethod,
    purpose.interest,
    purpose.until?.text,
    refusal.text,
  ]
  const rules: readonly [boolean, string][] = [
    [(validity !== undefined) === isConsent, 'validity is for consent, and required there'],
    [
      (purpose.interest !== undefined) === (legalBasis === 'legitimate-interest'),
      'interest is for legitimate interest',
    ],
    [
      !isConsent || refusal.consequence !== 'no-service' || refusal.justification !== undefined,
      'consent without which there is no service needs a justification',
    ],
    [
      isConsent || technologies.every(({ exempt }) => exempt !== undefined && exempt.reason !== ''),
      'technologies need consent or an exemption with a reason',
    ],
    [technologies.length === 0 || (months(validity) ?? 0) <= 12, 'consent to cookies stands twelve months at most'],
    [purpose.retention !== undefined || purpose.until !== undefined, 'how long the data is kept, or until when'],
    [
      [purpose.retention, purpose.evidenceRetention].every((term) => term === undefined || periodPattern.test(term)),
      'retention is an ISO 8601 period',
    ],
    [technologies.every((t) => t.lifetime === 'session' || periodPattern.test(t.lifetime)), 'lifetime is a period'],
    [purpose.subjectCategories.length > 0 && purpose.dataCategories.length > 0, 'whose data, and which'],
    [purpose.dataCategories.every(({ sources }) => sources.length > 0), 'data has a source'],
    [
      !purpose.dataCategories.some((c) => c.special) || (isConsent && purpose.explicit === true),
      'special categories rest on explicit consent here',
    ],
    [
      purpose.recipients.every((r) => r.region === 'EEA' || inEea.has(r.country ?? '') || r.transfer !== undefined),
      'a transfer to a third country names its safeguard',
    ],
    [
      localised.every((text) => text === undefined || locales.every((locale) => (text[locale] ?? '') !== '')),
      'a text lacks a locale',
    ],
  ]
  return rules.filter(([holds]) => !holds).map(([, sentence]) => sentence)
}

function changeViolations(before: VersionDraft | undefined, draft: VersionDraft): string[] {
  if (before === undefined)
    return draft.level === 'major' && draft.changes.length === 0
      ? []
      : ['a first version is major, and changes nothing']
  const found: string[] = []
  const declared = new Map(draft.changes.map((change) => [change.purposeId, change]))
  for (const { purposeId, reason } of draft.changes) {
    if (reason === '') found.push(`${purposeId}: changed without a reason`)
    if (![before, draft].every((d) => d.purposes.some((purpose) => purpose.purposeId === purposeId)))
      found.push(`${purposeId}: changed, but not in both versions`)
  }
  if (draft.level === 'minor' && draft.changes.some(({ level }) => level === 'major'))
    found.push('a major change of a purpose makes a major version')
  for (const now of draft.purposes) {
    const then = before.purposes.find(({ purposeId }) => purposeId === now.purposeId)
    if (then === undefined) continue
    const change = declared.get(now.purposeId)
    const differs = comparedFields.filter((field) => !isDeepStrictEqual(then[field], now[field]))
    if (then.legalBasis !== now.legalBasis) found.push(`${now.purposeId}: another basis is another purpose`)
    if (differs.length > 0 && change === undefined) found.push(`${now.purposeId}: undeclared: ${differs.join(', ')}`)
    if (differs.length === 0 && change !== undefined) found.push(`${now.purposeId}: declared, but unchanged`)
    if (change?.level === 'minor' && isAlwaysMajor(then, now)) found.push(`${now.purposeId}: must be major`)
  }
  return found
}

/** A new controller, a new special category, a new technology of a third party. */
function isAlwaysMajor(then: Purpose, now: Purpose): boolean {
  return (
    now.recipients.some((r) => r.role === 'controller' && !then.recipients.some((old) => sameController(old, r))) ||
    now.dataCategories.some(
      (c) => c.special && !then.dataCategories.some((o) => o.special && o.category === c.category),
    ) ||
    now.technologies.some((t) => t.party !== 'first-party' && !then.technologies.some((o) => isDeepStrictEqual(o, t)))
  )
}

function sameController(a: Purpose['recipients'][number], b: Purpose['recipients'][number]): boolean {
  return a.party === b.party && a.role === b.role
}

const inEea: ReadonlySet<string> = new Set(['SE', 'FI', 'DK', 'DE'])

function months(period: string | undefined): number | undefined {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?$/.exec(period ?? '')
  return match === null ? undefined : Number(match[1] ?? 0) * 12 + Number(match[2] ?? 0)
}
