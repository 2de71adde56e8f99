/**
 * The general terms of Ljungsten's digital services, and the purposes that the contract itself needs. Version 2 is a major
 * change of the terms (digital letters, complaints, liability); version 3, scheduled, a minor one (another electronic identity).
 */

import type { VersionDraft } from '../../../../shared/consent/publication.ts'
import type { Purpose } from '../../../../shared/consent/purpose.ts'
import { personal } from '../declare.ts'
import { amend, type Publication, textsOf } from '../draft.ts'
import {
  auditors,
  creditor,
  digitalMailbox,
  electronicIdentity,
  groupFinland,
  hosting,
  messaging,
  nextElectronicIdentity,
  paymentService,
  printing,
  taxAgency,
} from './parties.ts'
import { byEndingTheContract, limited, noService, notPossible } from './withdrawal.ts'

const here = { storageLocations: ['SE', 'FI'], jurisdiction: 'SE', atEnd: 'erase', technologies: [] } as const

const first: readonly Purpose[] = [
  {
    purposeId: 'account-administration',
    title: { 'sv-SE': 'Ditt konto', en: 'Your account' },
    description: {
      'sv-SE': 'Vi öppnar och sköter det konto som du loggar in på i webbtjänsten eller appen.',
      en: 'We open and maintain the account with which you log in to the web service or the app.',
    },
    legalBasis: 'contract',
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [
      personal('name and contact details', 'the person'),
      personal('account id and log-in history', 'use of the service'),
    ],
    recipients: [hosting, electronicIdentity],
    retention: 'P1Y',
    until: {
      criterion: 'relation-ended',
      text: {
        'sv-SE': 'räknat från den dag då kontot avslutas',
        en: 'counted from the day on which the account is closed',
      },
    },
    withdrawalMethod: byEndingTheContract,
    refusal: noService(
      'Utan uppgifterna kan vi inte öppna något konto.',
      'Without the data we cannot open an account.',
    ),
    ...here,
  },
  {
    purposeId: 'creditor-services',
    title: { 'sv-SE': 'Uppdrag för borgenärer', en: 'Assignments for creditors' },
    description: {
      'sv-SE': 'Vi utför inkassouppdraget för dig som är borgenär, redovisar det och betalar ut det som har kommit in.',
      en: 'We carry out the collection assignment for you as a creditor, report on it and pay out what was collected.',
    },
    legalBasis: 'contract',
    subjectCategories: ['creditor'],
    dataCategories: [
      personal('name, contact and bank account details', 'the person'),
      personal('assignments, claims and settlements', 'the person', 'own case records'),
    ],
    recipients: [hosting, groupFinland],
    retention: 'P3Y',
    withdrawalMethod: byEndingTheContract,
    refusal: noService(
      'Utan uppgifterna kan vi inte ta emot uppdraget.',
      'Without the data we cannot accept the assignment.',
    ),
    ...here,
  },
  {
    purposeId: 'account-messages',
    title: { 'sv-SE': 'Meddelanden om ditt konto', en: 'Messages about your account' },
    description: {
      'sv-SE': 'Vi meddelar dig om underhåll av kontot, svarar på förfrågningar och lämnar besked i pågående ärenden.',
      en: 'We tell you about maintenance of the account, answer requests and give notice in ongoing cases.',
    },
    legalBasis: 'contract',
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [
      personal('contact details', 'the person'),
      personal('messages sent and their delivery', 'own case records'),
    ],
    recipients: [hosting, messaging, printing],
    retention: 'P2Y',
    withdrawalMethod: byEndingTheContract,
    refusal: limited(
      'Meddelandena hör till kontot. Du väljer kanal men kan inte stänga av dem så länge kontot finns.',
      'The messages belong to the account. You choose the channel but cannot stop them while the account exists.',
    ),
    ...here,
  },
  {
    purposeId: 'payment-processing',
    title: { 'sv-SE': 'Betalningar', en: 'Payments' },
    description: {
      'sv-SE': 'Vi genomför den betalning som du begär i tjänsten och för den till rätt ärende.',
      en: 'We carry out the payment that you ask for in the service and credit it to the right case.',
    },
    legalBasis: 'contract',
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [
      personal('payer, amount, date and reference', 'the person', 'the payment service'),
      personal('bank account number', 'the person'),
    ],
    recipients: [hosting, paymentService, creditor],
    retention: 'P3Y',
    withdrawalMethod: byEndingTheContract,
    refusal: limited(
      'Du kan i stället betala till vårt bankgiro med den referens som står i brevet.',
      'You can pay to our bank giro instead, with the reference given in the letter.',
    ),
    ...here,
  },
  {
    purposeId: 'bookkeeping',
    title: { 'sv-SE': 'Bokföring', en: 'Bookkeeping' },
    description: {
      'sv-SE': 'Vi bokför betalningar och avgifter och sparar underlagen så länge bokföringslagen kräver.',
      en: 'We keep accounts of payments and fees and store the vouchers for as long as the Bookkeeping Act demands.',
    },
    legalBasis: 'legal-obligation',
    subjectCategories: ['debtor', 'creditor', 'third party'],
    dataCategories: [personal('accounting vouchers', 'own case records', 'the payment service')],
    recipients: [hosting, auditors, taxAgency],
    until: {
      criterion: 'law',
      text: {
        'sv-SE': 'bokföringslagen (1999:1078) 7 kap. 2 §, sju år efter räkenskapsåret',
        en: 'the Bookkeeping Act (1999:1078), chapter 7, section 2: seven years after the financial year',
      },
    },
    withdrawalMethod: notPossible,
    refusal: noService(
      'Lagen låter oss inte ta emot eller betala ut pengar utan att bokföra det.',
      'The law does not let us receive or pay out money without keeping accounts.',
    ),
    ...here,
  },
]

const second = amend(
  amend(first, 'account-messages', { recipients: [hosting, messaging, printing, digitalMailbox] }),
  'creditor-services',
  { retention: 'P2Y' },
)

const third = amend(second, 'account-administration', { recipients: [hosting, nextElectronicIdentity] })

const document = {
  policyId: 'general-terms',
  kind: 'terms',
  scope: ['web', 'ios-app', 'android-app'],
  title: { 'sv-SE': 'Allmänna villkor', en: 'General terms' },
  // A claim under a contract is statute-barred after ten years: the Limitation Act (1981:130), section 2.
  evidenceRetention: 'P10Y',
} as const satisfies Partial<VersionDraft>

export const generalTerms: readonly Publication[] = [
  {
    publishedAt: '2024-02-12T08:00:00.000Z',
    draft: {
      ...document,
      version: '1',
      effectiveFrom: '2024-03-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'general-terms', '1'),
      purposes: first,
      level: 'major',
      changes: [],
      ground: 'business',
      summary: {
        'sv-SE': 'De första villkoren för webbtjänsten och apparna.',
        en: 'The first terms of the web service and the apps.',
      },
    },
  },
  {
    publishedAt: '2025-01-15T08:00:00.000Z',
    draft: {
      ...document,
      version: '2',
      effectiveFrom: '2025-03-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'general-terms', '2'),
      purposes: second,
      level: 'major',
      changes: [
        {
          purposeId: 'account-messages',
          level: 'minor',
          reason: 'Letters may also go to a digital mailbox that the person has joined; a new processor delivers them.',
        },
        {
          purposeId: 'creditor-services',
          level: 'minor',
          reason: 'Closed assignments are kept for two years instead of three; less is kept than before.',
        },
      ],
      ground: 'business',
      summary: {
        'sv-SE': 'Digitala brev, en ordning för klagomål och nya regler om ansvar. Kräver att du godkänner på nytt.',
        en: 'Digital letters, a procedure for complaints and new rules on liability. Needs a new acceptance.',
      },
    },
  },
  {
    publishedAt: '2026-10-05T08:00:00.000Z',
    draft: {
      ...document,
      version: '3',
      effectiveFrom: '2027-02-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'general-terms', '3'),
      purposes: third,
      level: 'minor',
      changes: [
        {
          purposeId: 'account-administration',
          level: 'minor',
          reason: 'Another processor checks electronic identities, with the same data, in the same country.',
        },
      ],
      ground: 'technology',
      summary: {
        'sv-SE': 'En ny leverantör av e-legitimation och längre svarstid vid klagomål under sommaren.',
        en: 'Another supplier of electronic identification, and a longer time to answer complaints in summer.',
      },
    },
  },
]
