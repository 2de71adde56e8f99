/** The English words for the leaves of a log: their kinds, and what an auditor can check of each. */
export const english = {
  kind: 'Kind',
  closed: 'Closed',
  closedEvent:
    '{count, plural, one {# salted digest} other {# salted digests}}. What they stand for is in the ledger, sealed. A proof about the person, or their receipt, opens them.',
  closedIs:
    '{count, plural, one {# salted digest} other {# salted digests}}. What they stand for is in the ledger, sealed.',
  clear: 'Open',
  clearIs: 'It is about something published, so it says in clear what was stated, and has a digest of the rest.',
  pseudonym: 'Pseudonym',
  asLogged: 'As it was logged',

  'kind-controller': 'The controller was created',
  'kind-identity-provider': 'The controller’s identity provider',
  'kind-identity-provider-change': 'The identity provider was replaced or removed',
  'kind-key-change': 'A key was replaced',
  'kind-site': 'A site was created',
  'kind-site-origins': 'The origins of a site were changed',
  'kind-site-revocation': 'A site was revoked',
  'kind-policy': 'A version of a policy was published or retracted',
  'kind-presentation': 'A presentation was published',
  'kind-event': 'A person’s event',
  'kind-erased': 'A person was erased',
  'kind-erasure-requested': 'An erasure was begun',
  'kind-erasure-asked': 'A person asked to be erased',
  'kind-erasure-granted': 'A request to be erased was granted',
  'kind-erasure-refused': 'A request to be erased was refused',
  'kind-hold': 'A legal hold was made',
  'kind-hold-released': 'A legal hold was ended',
  'kind-grant': 'An auditor was given a grant',
  'kind-grant-revoked': 'A grant was revoked',
  'kind-endpoint': 'A receiver of messages was set up or changed',
  'kind-completion': 'A receiver reported that it has acted',
  'kind-expiry': 'Consents that ended, or soon will, were looked for',
  'kind-redelivery': 'Messages were to be sent again',
  'kind-link': 'Two identities were linked',
  'kind-unlink': 'A link was ended',
  'kind-mandate': 'A guardian’s or delegate’s mandate',
  'kind-mandate-ended': 'A mandate was ended',
  'kind-read': 'An auditor’s question',
  'kind-act': 'An administrative act',
  'kind-disposition': 'Retention destroyed evidence',
  'kind-time': 'A new hour began',

  'check-event':
    'Ask the controller whose event this is, and get a proof about that person: open it below, and it has to open this leaf. Does the person’s own account agree with it?',
  'check-read':
    'Ask the controller for the reads of that hour, and whether the question was part of the reader’s task.',
  'check-publication':
    'Compare what the leaf states with the public page of the policy and with what was archived elsewhere at the time.',
  'check-erasure':
    'Ask for the request, the ground and the answer. Was it answered in time, and does nothing else of the person remain?',
  'check-hold': 'Ask for the order or decision behind the hold, and whether it still applies.',
  'check-link': 'Ask on what ground the two identities are one person, and what the person was told.',
  'check-mandate': 'Ask for the document behind the mandate, and compare its term with the events under it.',
  'check-time': 'Nothing to ask for: the log notes each new hour. It bounds the time of the leaves after it.',
  'check-setup': 'Ask who did this, by which decision, and whether the present settings agree with it.',
} as const
