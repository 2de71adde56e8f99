/**
 * A policy's version for programs, as JSON-LD (https://www.w3.org/TR/json-ld11/): the document in the terms of https://schema.org, what it
 * declares in those of the Data Privacy Vocabulary (https://w3id.org/dpv). Only what these vocabularies have a term for; the whole
 * declaration is at `/v1/controllers/{controller}/policies/{policyId}/versions/{version}`.
 */
import type { Controller } from '../../shared/consent/controller.ts'
import { dpvLegalBases, dpvNamespace, dpvRoles } from '../../shared/consent/dpv-terms.ts'
import { byLanguage } from '../../shared/consent/json-ld-text.ts'
import type { PolicyVersion } from '../../shared/consent/policy.ts'
import type { Purpose } from '../../shared/consent/purpose.ts'
import { policiesPath, versionPath } from './policy-addresses.ts'

const context = {
  '@vocab': 'https://schema.org/',
  dpv: dpvNamespace,
  contentUrl: { '@type': '@id' },
}

export function versionAsJsonLd(controller: Controller, version: PolicyVersion): object {
  const publisher = policiesPath(controller.controller)
  return {
    '@context': context,
    '@id': versionPath(controller.controller, version.policyId, version.version),
    '@type': version.kind === 'terms' ? 'DigitalDocument' : ['DigitalDocument', 'dpv:PrivacyNotice'],
    name: byLanguage(version.title),
    version: version.version,
    abstract: byLanguage(version.summary),
    datePublished: version.publishedAt,
    temporalCoverage: `${version.notBefore}/..`,
    inLanguage: version.texts.map(({ locale }) => locale),
    publisher: { '@id': publisher, '@type': 'Organization', name: controller.name, address: controller.address },
    encoding: version.texts.map(({ locale, mediaType, sha256 }) => ({
      '@type': 'MediaObject',
      contentUrl: `/v1/texts/${sha256}`,
      encodingFormat: mediaType,
      inLanguage: locale,
      sha256,
    })),
    'dpv:hasProcess': version.purposes.map((purpose) => processOf(purpose, publisher)),
  }
}

function processOf(purpose: Purpose, controller: string): object {
  return {
    '@type': 'dpv:Process',
    identifier: purpose.purposeId,
    'dpv:hasPurpose': {
      '@type': 'dpv:Purpose',
      name: byLanguage(purpose.title),
      description: byLanguage(purpose.description),
    },
    'dpv:hasLegalBasis': { '@id': dpvLegalBases[purpose.legalBasis] },
    'dpv:hasDataController': { '@id': controller },
    'dpv:hasPersonalData': purpose.dataCategories.map(({ category, special }) => ({
      '@type': special ? 'dpv:SpecialCategoryPersonalData' : 'dpv:PersonalData',
      name: category,
    })),
    'dpv:hasRecipient': purpose.recipients.map(({ party, role }) => ({ '@type': dpvRoles[role], name: party })),
  }
}
