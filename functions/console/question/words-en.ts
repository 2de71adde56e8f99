/** The English words of the question. */
export const english = {
  identifierType: 'Known by',
  identifier: 'Identifier',
  'type-email': 'E-mail address',
  'type-phone': 'Phone number',
  'type-account': 'Account',
  'type-device': 'Browser or app',
  'hint-email': 'Upper and lower case make no difference.',
  'hint-phone': 'With country code, as in +46 70 123 45 67.',
  'hint-account': 'As the identity provider writes it (claim sub).',
  'hint-device': 'SHA-256 of the device secret in base64url, 43 characters.',
  topic: 'About',
  policyItself: '{title} – the text itself',
  noTopics: 'This controller has published no policy yet, so there is nothing to ask about.',
  at: 'At this time',
  now: 'Now',
  exactTime: '{label}: exact time',
  knownAt: 'As it was known at',
  knownAtMore: 'As it was known at an earlier time',
  knownAtHint:
    'Only what the ledger had recorded by then counts. Later records, such as a late withdrawal, are left out.',
  isRecorded: 'Each question is recorded, and the person can see that it was asked.',
} as const
