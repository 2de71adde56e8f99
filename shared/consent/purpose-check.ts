/** Rules that the declaration of a purpose has to satisfy without regard to earlier versions. */

import { LedgerError } from '../errors.ts'
import { isDuration } from './duration.ts'
import { britishGrounds, exemptGrounds, type LegalBasis, objectableGrounds, type Purpose } from './purpose.ts'

const objectableBases: ReadonlySet<LegalBasis> = new Set(['legitimate-interest', 'public-task'])

/**
 * @param field JSON pointer of the purpose
 * @throws LedgerError `invalid-policy` for the first rule that is broken
 */
export function checkPurpose(purpose: Purpose, field: string): void {
  const refuse = (at: string, message: string, allowed?: unknown): never => {
    throw new LedgerError('invalid-policy', `purpose "${purpose.purposeId}": ${message}`, {
      field: field + at,
      allowed,
    })
  }
  const onConsent = purpose.legalBasis === 'consent'
  if (purpose.retention === undefined && purpose.until === undefined)
    refuse('/retention', 'state how long the data is kept, or until when', ['retention', 'until'])
  if (purpose.retention !== undefined && !isDuration(purpose.retention))
    refuse('/retention', 'not an ISO 8601 duration', 'e.g. P3Y')
  if (purpose.evidenceRetention !== undefined && !isDuration(purpose.evidenceRetention))
    refuse('/evidenceRetention', 'not an ISO 8601 duration', 'e.g. P5Y')
  if (purpose.contextRetention !== undefined && !isDuration(purpose.contextRetention))
    refuse('/contextRetention', 'not an ISO 8601 duration', 'e.g. P90D')
  if (onConsent && purpose.validity === undefined) refuse('/validity', 'a consent needs a validity', 'e.g. P12M')
  if (purpose.validity !== undefined && !isDuration(purpose.validity))
    refuse('/validity', 'not an ISO 8601 duration', 'e.g. P12M')
  if (purpose.askAgainAfter !== undefined && !isDuration(purpose.askAgainAfter))
    refuse('/askAgainAfter', 'not an ISO 8601 duration', 'e.g. P6M')
  if ((purpose.legalBasis === 'legitimate-interest') !== (purpose.interest !== undefined)) {
    refuse('/interest', 'state the interest with the legal basis legitimate-interest, and only with it')
  }
  if (onConsent && purpose.refusal.consequence === 'no-service' && purpose.refusal.justification === undefined) {
    refuse('/refusal/justification', 'a consent without which there is no service needs a published justification')
  }
  if (!onConsent && (purpose.explicit || purpose.doubleOptIn || purpose.askAgainAfter !== undefined)) {
    refuse('/legalBasis', 'explicit, doubleOptIn and askAgainAfter are for purposes that rest on consent', ['consent'])
  }
  if (purpose.logicInvolved !== undefined && !purpose.automatedDecision && !purpose.profiling)
    refuse('/logicInvolved', 'state the logic of automatedDecision or profiling, and only with one of them')
  const sources = new Set(purpose.dataCategories.flatMap((data) => data.sources))
  purpose.sourceTerms?.forEach(({ source }, i) => {
    if (!sources.has(source)) refuse(`/sourceTerms/${i}/source`, 'no data comes from this source', [...sources])
  })
  const forms = [...new Set(purpose.dataCategories.map((data) => data.form))]
  purpose.recipients.forEach((recipient, i) => {
    if (recipient.region === 'worldwide' && recipient.transfer === undefined)
      refuse(
        `/recipients/${i}/transfer`,
        'a transfer to any country names its safeguard',
        'e.g. binding corporate rules',
      )
    if (recipient.forms?.some((form) => !forms.includes(form)))
      refuse(`/recipients/${i}/forms`, 'a recipient gets only forms of data that the purpose declares', forms)
  })
  const isBritish = /^GB(-|$)/.test(purpose.jurisdiction)
  const grounds = isBritish ? exemptGrounds : exemptGrounds.filter((ground) => !britishGrounds.has(ground))
  purpose.technologies.forEach((technology, i) => {
    if (!onConsent && technology.exempt === undefined) {
      refuse(`/technologies/${i}/exempt`, 'a technology needs consent, or a ground on which it is exempt', grounds)
    }
    const ground = technology.exempt?.ground
    if (ground !== undefined && !grounds.includes(ground))
      refuse(`/technologies/${i}/exempt/ground`, 'only the law of the United Kingdom has this ground', grounds)
    if (ground !== undefined && objectableGrounds.has(ground) && !objectableBases.has(purpose.legalBasis))
      refuse(`/technologies/${i}/exempt/ground`, 'this ground needs a legal basis to which people can object', [
        ...objectableBases,
      ])
    if (technology.lifetime !== 'session' && !isDuration(technology.lifetime)) {
      refuse(`/technologies/${i}/lifetime`, 'not an ISO 8601 duration', ['session', 'e.g. P12M'])
    }
  })
}
