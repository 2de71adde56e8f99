/**
 * The variables of each Lambda function. One table decides three things: what CDK puts into a function's environment, which dependencies
 * the function makes from it at its start (a function without `vault` has no vault to read), and, held to it by a test, what its IAM role
 * allows (`infra/consent-ledger/permissions.ts`).
 */
import type { Variable } from './environment.ts'

const tables = ['host', 'ledger', 'entries', 'log'] as const
/** Opens sealed events: subjects' keys are in the vault, and controllers' secrets are wrapped by the keyring key. */
const opensEvents = [...tables, 'vault', 'keyringKey'] as const
/** Serves or checks with the public keys of the logs. */
const logPolicy = ['checkpointKey', 'witnessKey', 'baseUrl'] as const
const logJob = [
  ...tables,
  ...(['objects', 'served', 'checkpointKey', 'witnessKey', 'receiptKey', 'publishEvery'] as const),
] as const

export const roles = {
  /** Records events. The only function that signs with the receipt key. */
  ingest: [...opensEvents, 'objects', 'receiptKey', 'viewer', 'controllerLimit'],
  read: [...opensEvents, 'objects', 'console', 'filesOrigin'],
  log: [...tables, 'objects', ...logPolicy],
  audit: [...opensEvents, 'objects', 'files', ...logPolicy],
  administer: [...opensEvents, 'objects', 'files', 'administrators'],
  erase: [...opensEvents, 'objects'],
  /** Makes links in letters, with the public address, and records what people decide by them. It signs no receipt. */
  letters: [...opensEvents, 'viewer', 'baseUrl', 'letterBus'],
  link: opensEvents,
  sequence: [...logJob, 'handovers'],
  sweep: logJob,
  redrive: [...logJob, 'failures'],
  release: logJob,
  retain: [...opensEvents, 'objects'],
  import: [...opensEvents, 'objects', 'files'],
  /** Makes messages. Only `deliver` calls it. */
  messages: [...opensEvents, 'baseUrl'],
  /** Sends them. It holds no key and has no vault, because it alone reaches addresses that others chose. */
  deliver: [...tables, 'objects', 'messagesFunction', 'messageBus'],
  export: [...opensEvents, 'objects', 'files'],
  /** Counts what the log has. It opens every event of every person. */
  statistics: [...opensEvents, 'objects'],
  /** Looks for consents that end. It opens the events of everyone who said yes. */
  expiry: [...opensEvents, 'objects'],
  /** Asks outside witnesses. It reaches their addresses, so it holds no key. */
  witness: [...tables, 'objects', 'served', 'witnesses'],
  'self-audit': [...opensEvents, 'objects', 'served', 'checkpointKey', 'witnessKey'],
} as const satisfies Readonly<Record<string, readonly Variable[]>>

export function hasVariable(role: keyof typeof roles, name: Variable): boolean {
  return (roles[role] as readonly Variable[]).includes(name)
}
