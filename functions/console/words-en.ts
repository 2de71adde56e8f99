/** What the banner and the preference centre say of their own, in English. The operator's texts come from the ledger. */

export const english = {
  language: 'en',
  /** For dates, numbers and names of countries. */
  formats: 'en-GB',

  bannerTitle: 'Your privacy choices',
  bannerIntroduction: 'We ask for your consent to what is listed here. You can change your mind at any time.',
  refuseAll: 'Refuse all',
  acceptAll: 'Accept all',
  saveSelected: 'Save selected',
  details: 'Purposes, recipients and cookies',
  saved: 'Your choices are saved.',
  gpcCounted: (purposes: string) =>
    `Your browser sends a Global Privacy Control signal. It counts as a no to: ${purposes}.`,

  detailsTitle: 'Choose for each purpose',
  detailsIntroduction: 'All choices are off until you switch them on. Nothing is stored or read before that.',
  back: 'Back',
  allow: (purpose: string) => `Allow ${purpose}`,
  withoutChoice: 'Also in this policy',
  askedElsewhere: 'You are asked about this where it is used.',
  readText: 'Read the whole text',
  version: (version: string, since: string) => `Version ${version}, in force since ${since}`,

  legalBasis: 'Legal basis',
  bases: {
    consent: 'Your consent',
    contract: 'A contract with you',
    'legal-obligation': 'A legal obligation',
    'vital-interest': 'Vital interests',
    'public-task': 'A task in the public interest',
    'legitimate-interest': 'A legitimate interest',
  } as Readonly<Record<string, string>>,
  data: 'Data',
  forms: { personal: 'personal', 'de-identified': 'de-identified', aggregated: 'aggregated' },
  specialCategory: 'special category',
  keptFor: 'Kept for',
  atEnd: { erase: 'then erased', 'de-identify': 'then de-identified' },
  validFor: 'Your yes stands for',
  storedIn: 'Stored in',
  automatedDecision: 'Automated decisions',
  automatedDecisionText: 'Decisions are made without a human.',
  howToWithdraw: 'How to say no later',
  ifRefused: 'If you say no',
  consequences: {
    none: 'Nothing changes for you.',
    limited: 'Some things work less well.',
    'no-service': 'The service cannot be provided without it.',
  },
  whyRequired: 'Why it is required',

  recipients: 'Recipients',
  noRecipients: 'Nobody else receives the data.',
  party: 'Who',
  kindOfParty: 'What',
  role: 'Role',
  roles: {
    processor: 'on our behalf',
    'joint-controller': 'jointly with us',
    controller: 'for its own purposes',
  },
  onConsentOnly: 'only with your consent',
  country: 'Country',
  safeguard: 'Safeguard',

  technologies: 'Cookies and similar technologies',
  name: 'Name',
  kind: 'Kind',
  kinds: {
    'permanent-cookie': 'permanent cookie',
    'session-cookie': 'session cookie',
    pixel: 'pixel',
    'local-storage': 'local storage',
    sdk: 'app component (SDK)',
    'web-beacon': 'web beacon',
    other: 'other',
  },
  domain: 'Domain',
  lifetime: 'How long',
  firstParty: 'this site',
  session: 'the visit',
  neededBecause: 'Needs no consent',
}

export type Words = typeof english
