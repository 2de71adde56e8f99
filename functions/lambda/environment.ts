/**
 * What a deployed function is told by its environment: names and addresses, and never a secret. CDK writes these variables and the
 * functions read them; each function gets those that it has a use for, and reading another one fails at its start.
 */
import { LedgerError } from '../../shared/errors.ts'

export const variables = {
  /** First part of every log's origin. It never changes: with another one, the logs would be others. */
  host: 'LEDGER_HOST',
  /** Which ledger, where an account has several: the stage. The dimension of its metrics. */
  ledger: 'LEDGER_NAME',
  /** Where `/log/...` is served for everybody: `https://...`, without a slash at the end. */
  baseUrl: 'LEDGER_BASE_URL',
  entries: 'ENTRIES_TABLE',
  log: 'LOG_TABLE',
  vault: 'VAULT_TABLE',
  objects: 'OBJECTS_BUCKET',
  /** Bucket of the copies for static serving, the only objects that are replaced. */
  served: 'SERVED_BUCKET',
  /** Bucket of what the stream could not deliver. */
  failures: 'FAILURES_BUCKET',
  /** KMS keys, by ARN. */
  keyringKey: 'KEYRING_KEY',
  checkpointKey: 'CHECKPOINT_KEY',
  witnessKey: 'WITNESS_KEY',
  receiptKey: 'RECEIPT_KEY',
  /** JSON: whose tokens with scope `ledger.admin` create controllers. Public keys at most. */
  administrators: 'LEDGER_ADMINISTRATORS',
  /** Seconds from one checkpoint of a log to the next, but for those of the sweep. */
  publishEvery: 'PUBLISH_EVERY_SECONDS',
  /** `edge`: all requests come through one, and its header says from whom; else the peer is the caller. */
  viewer: 'VIEWER_ADDRESS',
} as const

export type Variable = keyof typeof variables

export function variable(name: Variable, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[variables[name]]
  if (value) return value
  throw new LedgerError('internal', 'this function was deployed without a variable that it needs', {
    given: variables[name],
  })
}
