/**
 * Privacy policy, second half: what Ljungsten does in order to look after relations, learn and sell. Nothing here uses what
 * is known of a debtor from a case without that debtor's consent.
 */

import type { Purpose } from '../../../../shared/consent/purpose.ts'
import { aggregated, deIdentified, personal } from '../declare.ts'
import {
  budgetPartner,
  creditorsAndPartners,
  groupFinland,
  hosting,
  invoicePartner,
  messaging,
  printing,
  readersOfFigures,
} from './parties.ts'
import { securityMeasures } from './protection.ts'
import { byLinkOrSettings, byObjection, byObjectionToMarketing, inSettings, noConsequence } from './withdrawal.ts'

const here = {
  storageLocations: ['SE', 'FI'],
  jurisdiction: 'SE',
  technologies: [],
  refusal: noConsequence,
  securityMeasures,
} as const

export const relationPurposes: readonly Purpose[] = [
  {
    purposeId: 'customer-analysis',
    title: { 'sv-SE': 'Kundanalys', en: 'Customer analysis' },
    description: {
      'sv-SE': 'Vi analyserar hur borgenärer använder tjänsterna för att vårda kundförhållandet.',
      en: 'We analyse how creditors use the services, to look after the relation with them.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att erbjuda våra kunder det som de har nytta av.',
      en: 'Offering our customers what is of use to them.',
    },
    subjectCategories: ['creditor'],
    dataCategories: [
      personal('assignments and use of the services', 'own case records', 'use of the service'),
      deIdentified('industry and size', 'company register'),
    ],
    recipients: [hosting, groupFinland],
    retention: 'P2Y',
    atEnd: 'de-identify',
    withdrawalMethod: byObjection,
    ...here,
  },
  {
    purposeId: 'service-development',
    title: { 'sv-SE': 'Utveckling av tjänsterna', en: 'Development of the services' },
    description: {
      'sv-SE': 'Vi förbättrar tjänsterna med avidentifierade uppgifter om hur de används.',
      en: 'We improve the services with de-identified data on how they are used.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att ha tjänster som är säkra, begripliga och fungerar för alla.',
      en: 'Having services that are secure, intelligible and work for everyone.',
    },
    subjectCategories: ['debtor', 'creditor', 'third party', 'visitor'],
    dataCategories: [
      deIdentified('steps taken in the service', 'use of the service'),
      deIdentified('error reports', 'the device'),
    ],
    recipients: [hosting, groupFinland],
    retention: 'P2Y',
    atEnd: 'de-identify',
    withdrawalMethod: byObjection,
    ...here,
  },
  {
    purposeId: 'internal-statistics',
    title: { 'sv-SE': 'Intern statistik', en: 'Internal statistics' },
    description: {
      'sv-SE': 'Vi räknar ärenden, betalningar och svarstider per grupp och månad. Ingen enskild går att känna igen.',
      en: 'We count cases, payments and response times by group and month. No individual can be recognised.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att kunna planera och följa upp verksamheten.',
      en: 'Being able to plan and evaluate the business.',
    },
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [
      deIdentified('case data without names and numbers', 'own case records'),
      aggregated('cases and payments per group and month', 'own case records'),
    ],
    recipients: [hosting, groupFinland, creditorsAndPartners, readersOfFigures],
    retention: 'P5Y',
    atEnd: 'de-identify',
    withdrawalMethod: byObjection,
    ...here,
  },
  {
    purposeId: 'newsletter',
    title: { 'sv-SE': 'Nyhetsbrev', en: 'Newsletter' },
    description: {
      'sv-SE': 'Ett brev i månaden med e-post, om fakturering, ränta och rättsläget. Du bekräftar adressen först.',
      en: 'One letter a month by e-mail, on invoicing, interest and the law. You confirm the address first.',
    },
    legalBasis: 'consent',
    doubleOptIn: true,
    directMarketing: true,
    validity: 'P24M',
    subjectCategories: ['creditor', 'visitor'],
    dataCategories: [personal('e-mail address', 'the person'), personal('letters opened', 'the device')],
    recipients: [hosting, messaging],
    retention: 'P24M',
    atEnd: 'erase',
    withdrawalMethod: byLinkOrSettings,
    ...here,
    storageLocations: ['SE', 'DK'],
  },
  {
    purposeId: 'direct-marketing',
    title: { 'sv-SE': 'Marknadsföring till kunder', en: 'Marketing to customers' },
    description: {
      'sv-SE': 'Vi berättar för borgenärer om våra egna tjänster, per brev eller telefon. Aldrig för gäldenärer.',
      en: 'We tell creditors of our own services, by letter or telephone. Never debtors.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att marknadsföra egna tjänster till dem som redan är kunder.',
      en: 'Marketing our own services to those who are customers already.',
    },
    directMarketing: true,
    subjectCategories: ['creditor'],
    dataCategories: [personal('name and contact details', 'the person')],
    recipients: [hosting, printing],
    retention: 'P1Y',
    atEnd: 'erase',
    withdrawalMethod: byObjectionToMarketing,
    ...here,
  },
  {
    purposeId: 'partner-offers',
    title: { 'sv-SE': 'Erbjudanden från samarbetspartner', en: 'Offers from partners' },
    description: {
      'sv-SE': 'Vi lämnar dina kontaktuppgifter till de partner som anges, så att de kan höra av sig med erbjudanden.',
      en: 'We give your contact details to the partners named, so that they can approach you with offers.',
    },
    legalBasis: 'consent',
    explicit: true,
    directMarketing: true,
    globalPrivacyControl: true,
    validity: 'P12M',
    subjectCategories: ['creditor', 'debtor'],
    dataCategories: [personal('name and contact details', 'the person'), deIdentified('age group', 'own case records')],
    recipients: [hosting, invoicePartner, budgetPartner],
    retention: 'P12M',
    atEnd: 'erase',
    withdrawalMethod: inSettings,
    ...here,
  },
]
