/**
 * The privacy policy of Ljungsten. Version 2 is minor: clearer words, and a transfer that rests on another safeguard.
 * Version 3, scheduled, is major: a new partner, a controller of its own, receives what people let partners have.
 */

import type { VersionDraft } from '../../../../shared/consent/publication.ts'
import type { Purpose } from '../../../../shared/consent/purpose.ts'
import { amend, type Publication, textsOf } from '../draft.ts'
import {
  budgetPartner,
  courts,
  creditor,
  enforcementAuthority,
  groupFinland,
  groupIndia,
  groupUnitedStatesCertified,
  hosting,
  invoicePartner,
  loanPartner,
  messaging,
  printing,
} from './parties.ts'
import { casePurposes } from './privacy-cases.ts'
import { relationPurposes } from './privacy-relations.ts'

const first: readonly Purpose[] = [...casePurposes, ...relationPurposes]

const reworded: readonly Purpose[] = amend(first, 'risk-assessment', {
  description: {
    'sv-SE': 'Vi bedömer vilka åtgärder som är rimliga. Bedömningen är ett stöd; en handläggare beslutar alltid.',
    en: 'We assess which measures are reasonable. The assessment is an aid; a case officer always decides.',
  },
})

const second: readonly Purpose[] = amend(reworded, 'case-administration', {
  recipients: [
    hosting,
    printing,
    messaging,
    groupFinland,
    groupIndia,
    groupUnitedStatesCertified,
    creditor,
    enforcementAuthority,
    courts,
  ],
})

const third: readonly Purpose[] = amend(
  amend(second, 'partner-offers', { recipients: [hosting, invoicePartner, budgetPartner, loanPartner] }),
  'risk-assessment',
  { retention: 'P1Y' },
)

const document = {
  policyId: 'privacy-policy',
  kind: 'privacy',
  scope: ['web', 'ios-app', 'android-app', 'back-office'],
  title: { 'sv-SE': 'Integritetspolicy', en: 'Privacy policy' },
} as const satisfies Partial<VersionDraft>

export const privacyPolicy: readonly Publication[] = [
  {
    publishedAt: '2024-02-13T08:00:00.000Z',
    draft: {
      ...document,
      version: '1',
      effectiveFrom: '2024-03-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'privacy-policy', '1'),
      purposes: first,
      level: 'major',
      changes: [],
      ground: 'law',
      summary: { 'sv-SE': 'Den första integritetspolicyn.', en: 'The first privacy policy.' },
    },
  },
  {
    publishedAt: '2025-09-01T08:00:00.000Z',
    draft: {
      ...document,
      version: '2',
      effectiveFrom: '2025-10-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'privacy-policy', '2'),
      purposes: second,
      level: 'minor',
      changes: [
        {
          purposeId: 'case-administration',
          level: 'minor',
          reason:
            'The same company in the United States receives the same data; the transfer now rests on an adequacy decision.',
        },
      ],
      ground: 'law',
      summary: {
        'sv-SE': 'Tydligare om intresseavvägning och automatiska beslut, och ny grund för överföring till USA.',
        en: 'Clearer on the balancing of interests and automated decisions; new ground for a transfer to the USA.',
      },
    },
  },
  {
    publishedAt: '2026-10-12T08:00:00.000Z',
    draft: {
      ...document,
      version: '3',
      effectiveFrom: '2027-01-15T00:00:00.000Z',
      texts: textsOf('ljungsten', 'privacy-policy', '3'),
      purposes: third,
      level: 'major',
      changes: [
        {
          purposeId: 'partner-offers',
          level: 'major',
          reason: 'A new partner, Sjömärket Finans Oy in Finland, receives the contact details as a controller.',
        },
        {
          purposeId: 'risk-assessment',
          level: 'minor',
          reason: 'Assessments are kept for one year instead of two; less is kept than before.',
        },
      ],
      ground: 'business',
      summary: {
        'sv-SE': 'En ny samarbetspartner. Den som har sagt ja till erbjudanden från partner tillfrågas på nytt.',
        en: 'A new partner. Those who said yes to offers from partners are asked again.',
      },
    },
  },
]
