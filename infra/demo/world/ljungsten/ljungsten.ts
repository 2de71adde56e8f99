/** Ljungsten Inkasso AB: the debt collector around which the world turns. Company, group and address are invented. */

import { inOrder, type WorldController } from '../draft.ts'
import { cookiePolicy } from './cookie-policy.ts'
import { generalTerms } from './general-terms.ts'
import { glossary } from './glossary.ts'
import { presentations } from './presentations.ts'
import { privacyPolicy } from './privacy-policy.ts'

export const ljungsten: WorldController = {
  controller: {
    controller: 'ljungsten',
    name: 'Ljungsten Inkasso AB',
    address: 'Ljungvägen 7, 999 01 Ljungsta',
    country: 'SE',
    contact: 'integritet@ljungsten.example',
    dataProtectionOfficer: 'dataskyddsombud@ljungsten.example',
    supervisoryAuthority: 'Integritetsskyddsmyndigheten (IMY)',
    licences: ['Inkassotillstånd enligt 2 § inkassolagen (1974:182), under Finansinspektionens tillsyn'],
    glossary,
    ipAddress: 'truncate',
    entryBundles: 'public',
  },
  sites: [
    {
      site: 'web',
      kind: 'web',
      name: 'www.ljungsten.example',
      origins: ['http://localhost:8787', 'http://localhost:5173', 'https://www.ljungsten.example'],
      c15t: {
        purposes: { functionality: 'preferences', measurement: 'statistics', marketing: 'marketing-cookies' },
        documents: { terms_and_conditions: 'general-terms', privacy_policy: 'privacy-policy' },
      },
    },
    { site: 'ios-app', kind: 'app', name: 'Ljungsten for iPhone and iPad', origins: [] },
    { site: 'android-app', kind: 'app', name: 'Ljungsten for Android phones and tablets', origins: [] },
    { site: 'back-office', kind: 'service', name: 'Case administration', origins: [] },
  ],
  publications: inOrder([...generalTerms, ...privacyPolicy, ...cookiePolicy]),
  presentations: inOrder(presentations),
}
