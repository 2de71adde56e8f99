/**
 * What a version declares of one purpose, in the words of ISO/IEC TS 27560's processing and party fields (`record-27560.ts` says
 * which). The same for every event, so it is made once for a version, a purpose and a language.
 */

import type { Party, ProcessedPurpose } from './fields-27560.ts'
import type { Localised, PolicyVersion } from './policy.ts'
import type { Purpose, Recipient } from './purpose.ts'

interface Declared {
  readonly purpose: ProcessedPurpose
  /** By name, role and type. */
  readonly recipients: ReadonlyMap<string, Party>
}

/** The controller is not part of the key, because a version belongs to one. */
const made = new WeakMap<PolicyVersion, Map<string, Declared>>()

/** In one language when it is known which the person was shown, else in all. */
export function declaredPurpose(
  controller: string,
  version: PolicyVersion,
  purpose: Purpose,
  language: string | undefined,
): Declared {
  const ofVersion = made.get(version) ?? new Map<string, Declared>()
  made.set(version, ofVersion)
  const key = `${purpose.purposeId} ${language ?? ''}`
  const declared = ofVersion.get(key) ?? {
    purpose: processedPurpose(controller, purpose, language),
    recipients: new Map(purpose.recipients.map((r) => [JSON.stringify([r.party, r.role, r.type]), partyOf(r)])),
  }
  ofVersion.set(key, declared)
  return declared
}

function processedPurpose(controller: string, purpose: Purpose, language: string | undefined): ProcessedPurpose {
  const { recipients, dataCategories, technologies, interest, until } = purpose
  const rights = rightsUnder(purpose)
  const jointly = recipients.filter((r) => r.role === 'joint-controller').map((r) => r.party)
  return {
    purpose: {
      purposeId: purpose.purposeId,
      title: inLanguage(purpose.title, language),
      description: inLanguage(purpose.description, language),
    },
    lawfulBasis: purpose.legalBasis,
    ...(interest && { interest: inLanguage(interest, language) }),
    piiInformation: dataCategories.map(({ category, form, special, sources }) => ({
      piiType: category,
      form,
      ...(special && { specialPiiCategory: special }),
      sources,
    })),
    piiControllers: [...new Set([controller, ...jointly])],
    ...(technologies.length > 0 && { collectionMethod: [...new Set(technologies.map((t) => t.kind))] }),
    ...processingMethod(purpose),
    storageLocations: purpose.storageLocations,
    ...(purpose.retention !== undefined && { retentionPeriod: purpose.retention }),
    ...(until && { retentionCriterion: { criterion: until.criterion, text: inLanguage(until.text, language) } }),
    atEnd: purpose.atEnd,
    jurisdiction: purpose.jurisdiction,
    recipientThirdParties: recipients.map(({ party, role, country, region, transfer, forms, reliesOnConsent }) => ({
      partyId: party,
      partyRole: role,
      ...(country !== undefined && { country }),
      ...(region !== undefined && { region }),
      ...(transfer !== undefined && { transfer }),
      ...(forms && { forms }),
      reliesOnConsent,
    })),
    withdrawalMethod: inLanguage(purpose.withdrawalMethod, language),
    ...(rights && { privacyRights: rights }),
  }
}

function processingMethod({ automatedDecision, profiling }: Purpose): Pick<ProcessedPurpose, 'processingMethod'> {
  if (automatedDecision === undefined && profiling === undefined) return {}
  return {
    processingMethod: {
      ...(automatedDecision !== undefined && { automatedDecision }),
      ...(profiling !== undefined && { profiling }),
    },
  }
}

/** What the basis itself gives: GDPR art. 7(3), 21(1) and 21(2). The others do not depend on it. */
function rightsUnder({ legalBasis, directMarketing }: Purpose): ProcessedPurpose['privacyRights'] {
  if (legalBasis === 'consent') return directMarketing ? ['withdraw-consent', 'object'] : ['withdraw-consent']
  if (legalBasis === 'legitimate-interest' || legalBasis === 'public-task' || directMarketing) return ['object']
  return undefined
}

function partyOf({ party, role, type }: Recipient): Party {
  return { partyId: party, partyName: party, partyRole: role, partyType: type }
}

function inLanguage(texts: Localised, language: string | undefined): Localised {
  const text = language === undefined ? undefined : texts[language]
  return language === undefined || text === undefined ? texts : { [language]: text }
}
