/**
 * Privacy policy, first half: what Ljungsten does with personal data in order to collect debts. The debtor is no party to
 * the collection assignment, so that contract cannot be the basis towards debtors and third parties: it is a legitimate
 * interest.
 */

import type { Purpose } from '../../../../shared/consent/purpose.ts'
import { personal, special } from '../declare.ts'
import {
  courts,
  creditBureau,
  creditor,
  electronicIdentity,
  enforcementAuthority,
  financialSupervision,
  groupFinland,
  groupIndia,
  groupUnitedStates,
  hosting,
  lawFirm,
  messaging,
  police,
  printing,
  privacyAuthority,
  taxAgency,
} from './parties.ts'
import { retentionExceptions, securityMeasures } from './protection.ts'
import { byEndingTheContract, byObjection, inSettings, limited, noConsequence, notPossible } from './withdrawal.ts'

const fromClosing = {
  criterion: 'purpose-ended',
  text: { 'sv-SE': 'räknat från den dag då ärendet avslutas', en: 'counted from the day on which the case is closed' },
} as const

const here = {
  storageLocations: ['SE', 'FI'],
  jurisdiction: 'SE',
  atEnd: 'erase',
  technologies: [],
  securityMeasures,
  retentionExceptions,
} as const

export const casePurposes: readonly Purpose[] = [
  {
    purposeId: 'case-administration',
    title: { 'sv-SE': 'Handläggning av inkassoärenden', en: 'Administration of collection cases' },
    description: {
      'sv-SE': 'Vi skickar krav, tar emot svar och invändningar och sköter ärendet tills det är avslutat.',
      en: 'We send demands, receive answers and objections and run the case until it is closed.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Borgenärens intresse av att få betalt för en förfallen fordran, och vårt av att utföra uppdraget.',
      en: "The creditor's interest in being paid a claim that is due, and ours in carrying out the assignment.",
    },
    subjectCategories: ['debtor', 'third party'],
    dataCategories: [
      personal('name, personal identity number and contact details', 'the creditor', 'population register'),
      personal('claim, due date, interest and costs', 'the creditor'),
      personal('correspondence and objections', 'the person', 'own case records'),
    ],
    recipients: [
      hosting,
      printing,
      messaging,
      groupFinland,
      groupIndia,
      groupUnitedStates,
      creditor,
      enforcementAuthority,
      courts,
    ],
    retention: 'P3Y',
    until: fromClosing,
    withdrawalMethod: byObjection,
    refusal: limited(
      'Ärendet drivs vidare med de uppgifter vi har. Att svara kan spara tid och kostnader åt dig.',
      'The case goes on with the data that we have. An answer may save you time and costs.',
    ),
    ...here,
    storageLocations: ['SE', 'FI', 'IN', 'US'],
  },
  {
    purposeId: 'relevant-information',
    title: { 'sv-SE': 'Information som rör ditt ärende', en: 'Information relevant to your case' },
    description: {
      'sv-SE': 'Vi går igenom dina ärenden för att kunna visa rätt upplysningar, såsom räntestopp eller avbetalning.',
      en: 'We look through your cases so as to show what matters to you, such as a pause of interest or instalments.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att du tidigt får veta vilka möjligheter du har.',
      en: 'That you learn early which possibilities you have.',
    },
    subjectCategories: ['debtor', 'creditor'],
    dataCategories: [personal('cases and payments', 'own case records')],
    recipients: [hosting],
    retention: 'P1Y',
    until: fromClosing,
    withdrawalMethod: byObjection,
    refusal: noConsequence,
    ...here,
  },
  {
    purposeId: 'identification',
    title: { 'sv-SE': 'Identifiering', en: 'Identification' },
    description: {
      'sv-SE': 'Vi kontrollerar att vi talar med rätt person innan vi lämnar ut något om ett ärende.',
      en: 'We make sure that we are talking to the right person before we disclose anything about a case.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att ingen kräver fel person eller får del av någon annans ärende.',
      en: "That no one demands payment of the wrong person or learns of somebody else's case.",
    },
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [personal('personal identity number and electronic identity', 'the person', 'population register')],
    recipients: [hosting, electronicIdentity, taxAgency],
    retention: 'P1Y',
    until: fromClosing,
    withdrawalMethod: byObjection,
    refusal: limited('Vi kan bara svara per brev.', 'We can answer by letter only.'),
    ...here,
  },
  {
    purposeId: 'credit-assessment',
    title: { 'sv-SE': 'Kreditprövning', en: 'Credit assessment' },
    description: {
      'sv-SE':
        'När du ansöker om avbetalning prövas ansökan automatiskt. Du kan alltid begära att en handläggare prövar om den.',
      en: 'When you apply to pay by instalments, the application is decided automatically. You may always ask a case officer to decide it anew.',
    },
    legalBasis: 'contract',
    automatedDecision: true,
    profiling: true,
    logicInvolved: {
      logic: {
        'sv-SE': 'Inkomst, utgifter, skulder och betalningar vägs samman. Tyngst väger vad du har kvar att leva på.',
        en: 'Income, expenses, debts and payments are weighed. What you have left to live on weighs most.',
      },
      significance: { 'sv-SE': 'Det avgör om ansökan beviljas.', en: 'It decides whether the application is granted.' },
      consequences: {
        'sv-SE': 'Vid ett nej ska hela beloppet betalas på en gång, om ingen handläggare ändrar beslutet.',
        en: 'After a no the whole sum is due at once, unless a case officer decides otherwise.',
      },
    },
    subjectCategories: ['debtor'],
    dataCategories: [
      personal('income and debts', 'the credit bureau'),
      personal('income and expenses', 'the person'),
      personal('payment history', 'own case records'),
    ],
    recipients: [hosting, creditBureau, creditor],
    retention: 'P1Y',
    until: fromClosing,
    withdrawalMethod: byEndingTheContract,
    refusal: limited(
      'Utan uppgifterna kan vi inte pröva en ansökan om avbetalning.',
      'Without the data we cannot consider an application for instalments.',
    ),
    ...here,
  },
  {
    purposeId: 'risk-assessment',
    title: { 'sv-SE': 'Riskbedömning', en: 'Risk assessment' },
    description: {
      'sv-SE': 'Vi bedömer vilka åtgärder som är rimliga i ett ärende. En handläggare fattar beslutet.',
      en: 'We assess which measures are reasonable in a case. A case officer takes the decision.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att undvika åtgärder som kostar mer än de ger, för dig såväl som för borgenären.',
      en: 'Avoiding measures that cost more than they bring, to you as well as to the creditor.',
    },
    profiling: true,
    logicInvolved: {
      logic: {
        'sv-SE': 'Betalningar hos oss vägs samman med kreditupplysningen.',
        en: 'Payments to us are weighed together with the credit information.',
      },
      significance: { 'sv-SE': 'Det är ett stöd för handläggaren.', en: 'It is an aid to the case officer.' },
      consequences: {
        'sv-SE': 'Det kan påverka om vi ansöker om betalningsföreläggande.',
        en: 'It may influence whether we apply for an order to pay.',
      },
    },
    subjectCategories: ['debtor'],
    dataCategories: [
      personal('payment history', 'own case records'),
      personal('credit information', 'the credit bureau'),
    ],
    recipients: [hosting, groupFinland, creditBureau],
    retention: 'P2Y',
    until: fromClosing,
    withdrawalMethod: byObjection,
    refusal: noConsequence,
    ...here,
  },
  {
    purposeId: 'public-sources',
    title: { 'sv-SE': 'Allmänt tillgängliga källor', en: 'Publicly available sources' },
    description: {
      'sv-SE':
        'Vi söker aktuell adress i register, kataloger och öppna sidor. Vi kontaktar dig aldrig genom sociala medier.',
      en: 'We look for a current address in registers, directories and open pages. We never contact you through social media.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att krav når rätt person på rätt adress.',
      en: 'That demands reach the right person at the right address.',
    },
    subjectCategories: ['debtor', 'third party'],
    dataCategories: [
      personal('address and telephone number', 'population register', 'directories', 'open pages on social platforms'),
      personal('company roles', 'company register'),
    ],
    sourceTerms: [
      {
        source: 'open pages on social platforms',
        terms: {
          'sv-SE': 'Plattformens egna villkor gäller för det som du har lagt ut där.',
          en: "The platform's own terms apply to what you have posted there.",
        },
      },
    ],
    recipients: [hosting, groupFinland],
    retention: 'P1Y',
    until: fromClosing,
    withdrawalMethod: byObjection,
    refusal: noConsequence,
    ...here,
  },
  {
    purposeId: 'special-circumstances',
    title: { 'sv-SE': 'Hänsyn till sjukdom', en: 'Consideration for illness' },
    description: {
      'sv-SE':
        'Om du själv berättar om sjukdom antecknar vi det för att kunna ge anstånd. Bara om du uttryckligen vill.',
      en: 'If you tell us about an illness we note it, so as to grant a deferral. Only if you explicitly want us to.',
    },
    legalBasis: 'consent',
    explicit: true,
    validity: 'P12M',
    subjectCategories: ['debtor', 'third party'],
    dataCategories: [special('health, as far as the person tells it', 'the person')],
    recipients: [hosting],
    retention: 'P1Y',
    until: fromClosing,
    withdrawalMethod: inSettings,
    refusal: limited(
      'Du kan få anstånd av andra skäl, men inte på grund av det som vi inte får anteckna.',
      'You may be granted a deferral for other reasons, but not for what we may not note.',
    ),
    ...here,
    storageLocations: ['SE'],
  },
  {
    purposeId: 'legal-claims',
    title: { 'sv-SE': 'Rättsliga anspråk', en: 'Legal claims' },
    description: {
      'sv-SE': 'Vi sparar det som behövs för att fastställa, göra gällande eller försvara rättsliga anspråk.',
      en: 'We keep what is needed to establish, exercise or defend legal claims.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att kunna visa vad som har hänt i ett ärende om det blir tvist.',
      en: 'Being able to show what happened in a case if there is a dispute.',
    },
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [personal('case file', 'own case records'), personal('decisions', 'courts and authorities')],
    recipients: [hosting, lawFirm, courts, enforcementAuthority],
    retention: 'P10Y',
    until: fromClosing,
    withdrawalMethod: byObjection,
    refusal: noConsequence,
    ...here,
  },
  {
    purposeId: 'authority-requests',
    title: { 'sv-SE': 'Myndigheters begäran', en: 'Requests of authorities' },
    description: {
      'sv-SE': 'Vi lämnar uppgifter till myndigheter som har rätt till dem och dokumenterar vad vi har lämnat.',
      en: 'We give data to authorities that are entitled to them, and document what we gave.',
    },
    legalBasis: 'legal-obligation',
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [personal('what the request concerns', 'own case records')],
    recipients: [hosting, privacyAuthority, financialSupervision, taxAgency, enforcementAuthority, police],
    retention: 'P5Y',
    until: fromClosing,
    withdrawalMethod: notPossible,
    refusal: noConsequence,
    ...here,
  },
]
