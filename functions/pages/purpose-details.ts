/** A policy's declaration of one purpose, the same on the banner and in the preference centre. */
import { evidenceRetentionOf } from '../../shared/consent/evidence-term.ts'
import type { PolicyVersion } from '../../shared/consent/policy.ts'
import type {
  Purpose,
  Recipient,
  RetentionException,
  SecurityMeasure,
  SourceTerms,
  Technology,
} from '../../shared/consent/purpose.ts'
import { choiceKind } from './choice-kind.ts'
import { type Child, element } from './element.ts'
import { knownCategory, knownTerm } from './known-terms.ts'
import { durationOf, listOf, localisedText, placeOf, type Reader } from './reader.ts'
import { table } from './table.ts'

export type DeclaringVersion = Pick<PolicyVersion, 'purposes' | 'evidenceRetention'>

/** The consequence of a refusal, if there is one. Shown without a click, because people need it before they decide. */
export function refusalConsequence(reader: Reader, { legalBasis, refusal }: Purpose): HTMLElement | undefined {
  const { words } = reader
  if (refusal.consequence === 'none') return undefined
  const said = localisedText(reader, refusal.text) ?? words.consequences[refusal.consequence]
  const why = refusal.justification && [` ${words.whyRequired}: `, localisedText(reader, refusal.justification)]
  return element(
    'p',
    { class: 'consequence' },
    element('strong', {}, words.ifRefused[choiceKind(legalBasis)]),
    ': ',
    said,
    why,
  )
}

/** `version` is the policy version that declares the purpose. */
export function purposeDetails(reader: Reader, purpose: Purpose, version: DeclaringVersion): HTMLElement {
  const { words } = reader
  const { refusal } = purpose
  const kind = choiceKind(purpose.legalBasis)
  return element(
    'div',
    { class: 'details' },
    element(
      'dl',
      {},
      detailRow(
        words.legalBasis,
        words.bases[purpose.legalBasis],
        purpose.interest && [': ', localisedText(reader, purpose.interest)],
      ),
      refusal.consequence === 'none' && kind !== 'none' && detailRow(words.ifRefused[kind], words.consequences.none),
      detailRow(
        words.data,
        element(
          'ul',
          {},
          purpose.dataCategories.map((data) => element('li', {}, dataText(reader, data))),
        ),
      ),
      detailRow(words.keptFor, retentionText(reader, purpose), `, ${words.atEnd[purpose.atEnd]}`),
      purpose.retentionExceptions && detailRow(words.keptLonger, exceptions(reader, purpose.retentionExceptions)),
      kind !== 'none' &&
        detailRow(
          words.proofKeptFor,
          words.afterItEnded(durationOf(reader, evidenceRetentionOf(version, purpose.purposeId))),
        ),
      purpose.validity !== undefined && detailRow(words.validFor, durationOf(reader, purpose.validity)),
      purpose.askAgainAfter !== undefined &&
        detailRow(words.notAskedAgain, words.forAtLeast(durationOf(reader, purpose.askAgainAfter))),
      detailRow(
        words.storedIn,
        listOf(
          reader,
          purpose.storageLocations.map((place) => placeOf(reader, place)),
        ),
      ),
      purpose.automatedDecision && detailRow(words.automatedDecision, words.automatedDecisionText),
      purpose.profiling && detailRow(words.profiling, words.profilingText),
      purpose.logicInvolved && [
        detailRow(words.logic, localisedText(reader, purpose.logicInvolved.logic)),
        detailRow(words.significance, localisedText(reader, purpose.logicInvolved.significance)),
        detailRow(words.possibleConsequences, localisedText(reader, purpose.logicInvolved.consequences)),
      ],
      purpose.sourceTerms && detailRow(words.sourceTerms, sourceTerms(reader, purpose.sourceTerms)),
      purpose.securityMeasures && detailRow(words.security, securityMeasures(reader, purpose.securityMeasures)),
      detailRow(words.howToRefuse[kind], localisedText(reader, purpose.withdrawalMethod)),
    ),
    purpose.recipients.length > 0 ? recipientsTable(reader, purpose.recipients) : element('p', {}, words.noRecipients),
    purpose.technologies.length > 0 && technologiesTable(reader, purpose.technologies),
  )
}

/** How long the data is kept: a duration, a criterion that ends it, or both. */
function retentionText(reader: Reader, { retention, until }: Purpose): Child[] {
  const { words } = reader
  const period = retention !== undefined && durationOf(reader, retention)
  if (until === undefined) return [period && words.keptOver(period)]
  return [
    words.keptUntil[until.criterion],
    ' (',
    localisedText(reader, until.text),
    ')',
    period && ` ${words.andThen(period)}`,
  ]
}

function exceptions(reader: Reader, all: readonly RetentionException[]): HTMLElement {
  const { exceptionGrounds } = reader.words
  return items(all.map(({ ground, text }) => [`${exceptionGrounds[ground]}: `, localisedText(reader, text)]))
}

function sourceTerms(reader: Reader, all: readonly SourceTerms[]): HTMLElement {
  return items(all.map(({ source, terms }) => [`${source}: `, localisedText(reader, terms)]))
}

function securityMeasures(reader: Reader, all: readonly SecurityMeasure[]): HTMLElement {
  const { securityKinds } = reader.words
  return items(all.map(({ kind, text }) => [localisedText(reader, text), ` (${securityKinds[kind]})`]))
}

function items(all: readonly (readonly Child[])[]): HTMLElement {
  return element(
    'ul',
    {},
    all.map((said) => element('li', {}, ...said)),
  )
}

function detailRow(term: string, ...said: readonly Child[]): HTMLElement {
  return element('div', {}, element('dt', {}, term), element('dd', {}, ...said))
}

function dataText(reader: Reader, { category, form, special }: Purpose['dataCategories'][number]): string {
  const { words } = reader
  const remarks = [words.forms[form], ...(special ? [words.specialCategory] : [])]
  return `${knownCategory(reader, category)} (${remarks.join(', ')})`
}

function recipientsTable(reader: Reader, recipients: readonly Recipient[]): HTMLElement {
  const { words } = reader
  return table(
    words.recipients,
    [words.party, words.kindOfParty, words.role, words.country, words.safeguard],
    recipients.map(({ party, type, role, reliesOnConsent, country, region, transfer, forms }) => [
      party,
      knownTerm(reader, type),
      [
        words.roles[role],
        reliesOnConsent ? words.onConsentOnly : [],
        forms
          ? words.onlyForms(
              listOf(
                reader,
                forms.map((form) => words.formsOfData[form]),
              ),
            )
          : [],
      ]
        .flat()
        .join(', '),
      placeOf(reader, country ?? region ?? ''),
      transfer && knownTerm(reader, transfer),
    ]),
  )
}

function technologiesTable(reader: Reader, technologies: readonly Technology[]): HTMLElement {
  const { words } = reader
  return table(
    words.technologies,
    [words.name, words.kind, words.party, words.domain, words.lifetime, words.neededBecause],
    technologies.map(({ name, kind, party, domain, lifetime, exempt }) => [
      name,
      words.kinds[kind],
      party === 'first-party' ? words.firstParty : party,
      domain,
      durationOf(reader, lifetime),
      exempt?.reason,
    ]),
  )
}
