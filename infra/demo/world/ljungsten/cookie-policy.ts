/**
 * The cookie policy: what is stored on or read from devices (LEK 2022:482, chapter 9, section 28). Version 2 is major: a
 * third party's analytics and an advertising network. Version 3, scheduled, stores less and drops `remember-me`.
 */

import type { VersionDraft } from '../../../../shared/consent/publication.ts'
import type { Purpose, Technology } from '../../../../shared/consent/purpose.ts'
import { aggregated, deIdentified, personal } from '../declare.ts'
import { amend, type Publication, textsOf } from '../draft.ts'
import { advertising, hosting, webAnalytics } from './parties.ts'
import { byObjection, inSettings, limited, noConsequence, noService } from './withdrawal.ts'

const everyone = ['debtor', 'creditor', 'third party', 'visitor'] as const
const here = { subjectCategories: everyone, storageLocations: ['SE'], jurisdiction: 'SE', atEnd: 'erase' } as const
const ownDomain = 'www.ljungsten.example'

function own(name: string, kind: Technology['kind'], lifetime: string): Technology {
  return { name, kind, party: 'first-party', domain: ownDomain, lifetime }
}

function needed(name: string, kind: Technology['kind'], lifetime: string, reason: string): Technology {
  return { ...own(name, kind, lifetime), exempt: { ground: 'strictly-necessary', reason } }
}

const ownStatistics = own('lj_stat', 'session-cookie', 'session')

const first: readonly Purpose[] = [
  {
    purposeId: 'necessary-cookies',
    title: { 'sv-SE': 'Nödvändiga cookies', en: 'Necessary cookies' },
    description: {
      'sv-SE': 'Håller dig inloggad under besöket, skyddar formulär och minns dina integritetsval.',
      en: 'Keep you logged in during the visit, protect forms and remember your privacy choices.',
    },
    legalBasis: 'legitimate-interest',
    interest: {
      'sv-SE': 'Att säkert kunna leverera den tjänst som du själv har begärt.',
      en: 'Being able to deliver, securely, the service that you have asked for.',
    },
    dataCategories: [personal('session id', 'the device'), personal('privacy choices', 'the person')],
    recipients: [hosting],
    retention: 'P12M',
    withdrawalMethod: byObjection,
    refusal: noService(
      'Utan dem kan du läsa webbplatsen men inte logga in.',
      'Without them you can read the website but not log in.',
    ),
    technologies: [
      needed('lj_session', 'session-cookie', 'session', 'Without it each page would ask the person to log in again.'),
      needed('lj_csrf', 'session-cookie', 'session', 'Protects the forms that the person sends from forgery.'),
      needed('lj_choices', 'permanent-cookie', 'P12M', 'Holds the choices themselves, so that we need not ask again.'),
      needed('lj_token', 'local-storage', 'P30D', 'Keeps the person logged in to the app, as they asked.'),
    ],
    ...here,
  },
  {
    purposeId: 'remember-me',
    title: { 'sv-SE': 'Kom ihåg mig', en: 'Remember me' },
    description: {
      'sv-SE': 'Om du kryssar i Kom ihåg mig när du loggar in sparas ditt användarnamn till nästa gång.',
      en: 'If you tick Remember me when you log in, your user name is kept for the next time.',
    },
    legalBasis: 'consent',
    validity: 'P12M',
    dataCategories: [personal('user name', 'the person')],
    recipients: [hosting],
    retention: 'P12M',
    withdrawalMethod: inSettings,
    refusal: limited('Du skriver ditt användarnamn varje gång.', 'You type your user name each time.'),
    technologies: [own('lj_username', 'permanent-cookie', 'P12M')],
    ...here,
    subjectCategories: ['debtor', 'creditor', 'third party'],
  },
  {
    purposeId: 'preferences',
    title: { 'sv-SE': 'Inställningar', en: 'Preferences' },
    description: {
      'sv-SE': 'Minns språk, textstorlek och de ämnen du har valt, så att innehållet passar dig vid nästa besök.',
      en: 'Remember language, text size and the topics you chose, so that the content suits you at the next visit.',
    },
    legalBasis: 'consent',
    validity: 'P12M',
    dataCategories: [personal('settings and chosen topics', 'the person')],
    recipients: [hosting],
    retention: 'P12M',
    withdrawalMethod: inSettings,
    refusal: limited('Du gör om dina val vid varje besök.', 'You make your choices again at each visit.'),
    technologies: [own('lj_prefs', 'permanent-cookie', 'P12M'), own('lj_prefs_app', 'local-storage', 'P12M')],
    ...here,
  },
  {
    purposeId: 'statistics',
    title: { 'sv-SE': 'Statistik', en: 'Statistics' },
    description: {
      'sv-SE': 'Räknar besök, visar hur man hittar hit och var sidor krånglar. Platsen anges bara på kommunnivå.',
      en: 'Counts visits, shows how people find us and where pages fail. The place is known by municipality only.',
    },
    legalBasis: 'consent',
    validity: 'P12M',
    globalPrivacyControl: true,
    dataCategories: [
      personal('pages visited and referring page', 'the device'),
      deIdentified('municipality', 'a truncated IP address'),
      aggregated('visits per page and day', 'the visits'),
    ],
    recipients: [hosting],
    retention: 'P12M',
    withdrawalMethod: inSettings,
    refusal: noConsequence,
    technologies: [ownStatistics, own('lj_stat_app', 'local-storage', 'session')],
    ...here,
    atEnd: 'de-identify',
  },
]

const marketing: Purpose = {
  purposeId: 'marketing-cookies',
  title: { 'sv-SE': 'Marknadsföring', en: 'Marketing' },
  description: {
    'sv-SE': 'Mäter våra annonser hos andra och anpassar dem efter vad du har sett hos oss. Aldrig efter dina ärenden.',
    en: 'Measures our advertisements elsewhere and fits them to what you saw here. Never to your cases.',
  },
  legalBasis: 'consent',
  validity: 'P6M',
  directMarketing: true,
  globalPrivacyControl: true,
  dataCategories: [
    personal('advertising id', 'the device'),
    personal('public pages visited', 'the device'),
    aggregated('advertisements shown and followed', 'the advertising network'),
  ],
  recipients: [hosting, advertising],
  retention: 'P6M',
  withdrawalMethod: inSettings,
  refusal: noConsequence,
  technologies: [
    {
      name: 'vf_pixel',
      kind: 'gif-file',
      party: advertising.party,
      domain: 'px.vindflojel.example',
      lifetime: 'session',
    },
    { name: 'vf_tag', kind: 'tag', party: advertising.party, domain: 'vindflojel.example', lifetime: 'session' },
    {
      name: 'vf_id',
      kind: 'permanent-cookie',
      party: advertising.party,
      domain: 'vindflojel.example',
      lifetime: 'P180D',
    },
  ],
  ...here,
  storageLocations: ['SE', 'US'],
  subjectCategories: ['creditor', 'visitor'],
}

const theirStatistics: Technology = {
  name: 'lup_visit',
  kind: 'session-cookie',
  party: webAnalytics.party,
  domain: 'stats.lupin.example',
  lifetime: 'session',
}

const second: readonly Purpose[] = [
  ...amend(first, 'statistics', {
    recipients: [hosting, webAnalytics],
    storageLocations: ['SE', 'DE'],
    technologies: [ownStatistics, theirStatistics, own('lj_stat_app', 'local-storage', 'session')],
  }),
  marketing,
]

const third: readonly Purpose[] = amend(
  amend(second, 'preferences', {
    validity: 'P6M',
    retention: 'P6M',
    technologies: [own('lj_prefs', 'permanent-cookie', 'P6M'), own('lj_prefs_app', 'local-storage', 'P6M')],
  }),
  'statistics',
  { technologies: [theirStatistics, own('lj_stat_app', 'local-storage', 'session')] },
).filter((purpose) => purpose.purposeId !== 'remember-me')

const document = {
  policyId: 'cookie-policy',
  kind: 'cookie',
  scope: ['web', 'ios-app', 'android-app'],
  title: { 'sv-SE': 'Cookiepolicy', en: 'Cookie policy' },
} as const satisfies Partial<VersionDraft>

export const cookiePolicy: readonly Publication[] = [
  {
    publishedAt: '2024-02-14T08:00:00.000Z',
    draft: {
      ...document,
      version: '1',
      effectiveFrom: '2024-03-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'cookie-policy', '1'),
      purposes: first,
      level: 'major',
      changes: [],
      ground: 'business',
      summary: { 'sv-SE': 'Den första cookiepolicyn.', en: 'The first cookie policy.' },
    },
  },
  {
    publishedAt: '2025-05-19T08:00:00.000Z',
    draft: {
      ...document,
      version: '2',
      effectiveFrom: '2025-06-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'cookie-policy', '2'),
      purposes: second,
      level: 'major',
      changes: [
        {
          purposeId: 'statistics',
          level: 'major',
          reason: 'A third party, Lupin Analytics GmbH, sets a session cookie of its own and receives the visits.',
        },
      ],
      ground: 'technology',
      summary: {
        'sv-SE':
          'Statistiken mäts även av ett annat företag, och marknadsföring har tillkommit. Vi frågar dig på nytt.',
        en: 'Another company measures statistics too, and marketing has been added. We ask you again.',
      },
    },
  },
  {
    publishedAt: '2026-10-19T08:00:00.000Z',
    draft: {
      ...document,
      version: '3',
      effectiveFrom: '2027-03-01T00:00:00.000Z',
      texts: textsOf('ljungsten', 'cookie-policy', '3'),
      purposes: third,
      level: 'minor',
      changes: [
        {
          purposeId: 'preferences',
          level: 'minor',
          reason: 'Settings are kept, and a consent stands, for six months instead of twelve: less than was agreed to.',
        },
        {
          purposeId: 'statistics',
          level: 'minor',
          reason: 'Our own session cookie is gone; the one that remains was agreed to before.',
        },
      ],
      ground: 'technology',
      summary: {
        'sv-SE': 'Kortare lagring, en cookie färre för statistik, och Kom ihåg mig ersätts av inloggning med nyckel.',
        en: 'Shorter storage, one cookie fewer for statistics, and Remember me gives way to log-in with a passkey.',
      },
    },
  },
]
