/** Why the ledger refused, in English, by the code of its answer: what is wrong, and what the person can do. */
import type { ErrorCode } from '../../shared/errors.ts'

const pageFault = 'This page is not set up rightly. Please tell the company; see “Who is responsible”.'
const ledgerFault = 'There is a fault in the ledger, which its operator has to mend.'
const notAllowed = 'You cannot decide this here.'
const outdated = 'This page is out of date. Load it again, and then choose.'
const loggedOut = 'Your log-in has ended. Log in again.'

/** The codes of the ledger, and those of the client that concern a decision. */
export type RefusalCode = ErrorCode | 'dropped' | 'unreadable-token'

export const english: Readonly<Record<RefusalCode, string>> = {
  'origin-not-allowed':
    'The site does not let this page record choices. Please tell the company; see “Who is responsible”.',
  unauthenticated:
    'The ledger does not know this page, or your log-in has ended. Log in again, or go back to the site.',
  'token-expired': loggedOut,
  'unreadable-token': loggedOut,
  forbidden: notAllowed,
  'grant-needed': notAllowed,
  'verb-not-allowed': notAllowed,
  'unknown-purpose': outdated,
  'unknown-policy': outdated,
  'not-found': outdated,
  'rate-limited': 'That was many choices in a short time. Wait a minute.',
  'limit-reached': 'As much is recorded about you as there is room for.',
  dropped: 'Too many choices wait on this device, and this one was given up.',
  unavailable: 'The ledger cannot answer right now.',
  'malformed-json': pageFault,
  'invalid-request': pageFault,
  'body-too-large': pageFault,
  'unsupported-media-type': pageFault,
  'method-not-allowed': pageFault,
  'leaf-too-large': pageFault,
  'event-conflict': pageFault,
  'already-exists': ledgerFault,
  'version-conflict': ledgerFault,
  'undeclared-change': ledgerFault,
  'invalid-policy': ledgerFault,
  'too-late-to-retract': ledgerFault,
  'event-unreadable': ledgerFault,
  'keys-unreadable': ledgerFault,
  'log-forked': ledgerFault,
  'log-damaged': ledgerFault,
  internal: ledgerFault,
}
