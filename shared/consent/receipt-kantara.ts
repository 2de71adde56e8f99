/**
 * A receipt as a consent receipt of the Kantara Initiative, version 1.1.0
 * (https://kantarainitiative.org/confluence/display/infosharing/Consent+Receipt+Specification). That form has room for consents given only, so a
 * purpose is in it when the event's yes counts by itself: a refusal, a withdrawal, a yes that needs a confirmation, and bases other than
 * consent are not, and an event without any such purpose has no receipt of this form.
 *
 *   consentReceiptID  the event's id, a UUID as the specification wants it
 *   consentTimestamp  seconds since 1970
 *   collectionMethod  the act, or `not-stated`
 *   policyUrl         path on the ledger, as in the 27560 record; of the first service, when the event is about several policies
 *   consentType       EXPLICIT: an act of the person's, whether or not it was about this purpose alone; otherwise IMPLICIT
 *   termination       how the person withdraws, and how long the consent stands
 *
 * Not known here: e-mail address and telephone of the controller apart from its contact, categories of purposes, which purpose is primary.
 */
import type { ConsentRecordEvent, PiiProcessing, ProcessedPurpose } from './fields-27560.ts'
import { localText } from './language.ts'
import type { Receipt } from './receipt-file.ts'
import {
  country,
  eventId,
  flag,
  integer,
  list,
  locale,
  oneOf,
  optional,
  record,
  type TypeOf,
  wording,
} from './schema.ts'

const kantaraPurpose = record({
  purpose: wording,
  consentType: oneOf(['EXPLICIT', 'IMPLICIT']),
  piiCategory: list(wording),
  termination: wording,
  thirdPartyDisclosure: flag,
  thirdPartyName: optional(wording),
})
interface KantaraPurpose extends TypeOf<typeof kantaraPurpose> {}

export const kantaraReceipt = record({
  version: oneOf(['KI-CR-v1.1.0']),
  jurisdiction: wording,
  consentTimestamp: integer,
  collectionMethod: wording,
  consentReceiptID: eventId,
  language: optional(locale),
  piiPrincipalId: wording,
  piiControllers: list(
    record({
      piiController: wording,
      contact: wording,
      address: record({ streetAddress: wording, addressCountry: optional(country) }),
    }),
  ),
  policyUrl: wording,
  services: list(record({ service: wording, purposes: list(kantaraPurpose) })),
  sensitive: flag,
  spiCat: list(wording),
})
export interface KantaraReceipt extends TypeOf<typeof kantaraReceipt> {}

/** @returns nothing when the event gave no consent that counts by itself */
export function receiptAsKantara(receipt: Pick<Receipt, 'eventId' | 'record'>): KantaraReceipt | undefined {
  const { piiPrincipalId, piiProcessing, partyIdentification, events } = receipt.record
  const given = events.filter(({ eventState, purposes }) => eventState === 'Given' && purposes !== undefined)
  const services = piiProcessing.flatMap((processing) => {
    const consents = processing.purposes.flatMap((declared) => {
      const event = given.find(({ purposes }) => purposes?.includes(declared.purpose.purposeId))
      return event ? [{ declared, event }] : []
    })
    return consents.length > 0 ? [{ processing, consents }] : []
  })
  const [first] = services
  const [consent] = first?.consents ?? []
  const [controller] = partyIdentification
  if (first === undefined || consent === undefined || controller === undefined) return undefined
  const { language, privacyNotice } = first.processing
  const declared = services.flatMap(({ consents }) => consents.map((each) => each.declared))
  const special = declared.flatMap(({ piiInformation }) => piiInformation.filter((pii) => pii.specialPiiCategory))
  return {
    version: 'KI-CR-v1.1.0',
    jurisdiction: unique(declared.map(({ jurisdiction }) => jurisdiction)).join(', '),
    consentTimestamp: Math.floor(Date.parse(consent.event.eventTime) / 1000),
    collectionMethod: consent.event.act ?? 'not-stated',
    consentReceiptID: receipt.eventId,
    ...(language !== undefined && { language }),
    piiPrincipalId,
    piiControllers: [
      {
        piiController: controller.partyName,
        contact: controller.partyContact ?? '',
        address: {
          streetAddress: controller.partyAddress ?? '',
          ...(controller.country !== undefined && { addressCountry: controller.country }),
        },
      },
    ],
    policyUrl: privacyNotice.url,
    services: services.map(({ processing, consents }) => ({
      service: processing.service?.join(', ') ?? processing.privacyNotice.policyId,
      purposes: consents.map(({ declared, event }) => purposeOf(declared, event, processing)),
    })),
    sensitive: special.length > 0,
    spiCat: unique(special.map(({ piiType }) => piiType)),
  }
}

function purposeOf(
  { purpose, piiInformation, recipientThirdParties, withdrawalMethod }: ProcessedPurpose,
  { eventType, validityDuration }: ConsentRecordEvent,
  { language = 'en' }: PiiProcessing,
): KantaraPurpose {
  const others = recipientThirdParties.filter(({ partyRole }) => partyRole !== 'processor')
  const ends = localText(withdrawalMethod, language)
  return {
    purpose: `${localText(purpose.title, language)}: ${localText(purpose.description, language)}`,
    consentType: eventType === 'explicit' || eventType === 'expressed' ? 'EXPLICIT' : 'IMPLICIT',
    piiCategory: piiInformation.map(({ piiType }) => piiType),
    termination: validityDuration === undefined ? ends : `${validityDuration}; ${ends}`,
    thirdPartyDisclosure: others.length > 0,
    ...(others.length > 0 && { thirdPartyName: unique(others.map(({ partyId }) => partyId)).join(', ') }),
  }
}

const unique = (words: readonly string[]) => [...new Set(words)]
