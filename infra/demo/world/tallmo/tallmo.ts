/**
 * Tallmo Kredit AB: a second, small controller in the same ledger. Its policy and its purpose bear the same ids as
 * Ljungsten's on purpose: what is said to one controller must never show at the other.
 */

import { personal } from '../declare.ts'
import { textsOf, type WorldController } from '../draft.ts'

export const tallmo: WorldController = {
  controller: {
    controller: 'tallmo',
    name: 'Tallmo Kredit AB',
    address: 'Tallstigen 3, 999 02 Tallmo',
    country: 'SE',
    contact: 'integritet@tallmo.example',
    dataProtectionOfficer: 'dataskyddsombud@tallmo.example',
    supervisoryAuthority: 'Integritetsskyddsmyndigheten (IMY)',
    licences: [],
    glossary: [],
    ipAddress: 'drop',
    entryBundles: 'auditors',
  },
  sites: [
    {
      site: 'web',
      kind: 'web',
      name: 'www.tallmo.example',
      origins: ['http://localhost:8788', 'https://www.tallmo.example'],
    },
  ],
  publications: [
    {
      publishedAt: '2024-04-08T08:00:00.000Z',
      draft: {
        policyId: 'privacy-policy',
        version: '1',
        kind: 'privacy',
        scope: ['web'],
        title: { 'sv-SE': 'Integritetspolicy', en: 'Privacy policy' },
        texts: textsOf('tallmo', 'privacy-policy', '1'),
        purposes: [
          {
            purposeId: 'newsletter',
            title: { 'sv-SE': 'Nyhetsbrev', en: 'Newsletter' },
            description: {
              'sv-SE': 'Vi skickar ett brev i kvartalet med e-post om räntor och sparande.',
              en: 'We send a letter each quarter by e-mail, on interest rates and saving.',
            },
            legalBasis: 'consent',
            directMarketing: true,
            validity: 'P12M',
            subjectCategories: ['visitor'],
            dataCategories: [personal('e-mail address', 'the person')],
            recipients: [],
            storageLocations: ['SE'],
            retention: 'P12M',
            atEnd: 'erase',
            jurisdiction: 'SE',
            withdrawalMethod: {
              'sv-SE': 'Klicka på avregistreringslänken i brevet.',
              en: 'Use the unsubscribe link in the letter.',
            },
            refusal: { consequence: 'none' },
            technologies: [],
          },
        ],
        level: 'major',
        changes: [],
        ground: 'business',
        summary: { 'sv-SE': 'Den första integritetspolicyn.', en: 'The first privacy policy.' },
      },
    },
  ],
  presentations: [
    {
      publishedAt: '2024-04-08T08:05:00.000Z',
      draft: {
        presentationId: 'newsletter-form',
        policyId: 'privacy-policy',
        wording: {
          'sv-SE': 'Vill du ha vårt nyhetsbrev en gång i kvartalet?',
          en: 'Would you like our newsletter once a quarter?',
        },
        controls: [
          {
            purposeId: 'newsletter',
            label: { 'sv-SE': 'Ja, skicka brevet', en: 'Yes, send me the letter' },
            initially: 'off',
          },
        ],
        refusal: { label: { 'sv-SE': 'Nej tack', en: 'No, thank you' }, layer: 1 },
      },
    },
  ],
}
