/**
 * Environment variables of the deployed functions: names and addresses, never a secret. CDK sets them and the functions read them.
 * `roles.ts` lists the variables of each function.
 */
import { LedgerError } from '../../shared/errors.ts'

export const variables = {
  /** First part of every log's origin. It must never change: another host names other logs. */
  host: 'LEDGER_HOST',
  /** Name of the ledger within its account: the stage. Dimension of its metrics. */
  ledger: 'LEDGER_NAME',
  /** Public address of the ledger, below which `/log/...` is served: `https://...` without a trailing slash. */
  baseUrl: 'LEDGER_BASE_URL',
  entries: 'ENTRIES_TABLE',
  log: 'LOG_TABLE',
  vault: 'VAULT_TABLE',
  objects: 'OBJECTS_BUCKET',
  /** Bucket of the copies for static serving. Only these objects are ever replaced. */
  served: 'SERVED_BUCKET',
  /** Bucket of batches that the stream could not deliver. */
  failures: 'FAILURES_BUCKET',
  /** Bucket of what imports take and exports give. */
  files: 'FILES_BUCKET',
  /** Origin of presigned URLs of that bucket, which the console's page may call. */
  filesOrigin: 'FILES_ORIGIN',
  /** KMS keys, by ARN. */
  keyringKey: 'KEYRING_KEY',
  /** One or several: `functions/aws/checkpoint-keys.ts`. */
  checkpointKey: 'CHECKPOINT_KEY',
  witnessKey: 'WITNESS_KEY',
  receiptKey: 'RECEIPT_KEY',
  /** JSON of the identity provider whose tokens with scope `ledger.admin` create controllers. It holds public keys at most. */
  administrators: 'LEDGER_ADMINISTRATORS',
  /** JSON of the console's `config.json`: where people sign in for each controller. */
  console: 'CONSOLE_CONFIG',
  /** Minimum seconds between two checkpoints of a log. The sweep's are not limited. */
  publishEvery: 'PUBLISH_EVERY_SECONDS',
  /** Entries a second by which one controller's log may grow, and after a colon those at once: `1000:100000`. */
  controllerLimit: 'CONTROLLER_LIMIT',
  /** EventBridge bus to which letters go, by ARN; `none`: no letters go. */
  letterBus: 'LETTER_BUS',
  /** The function that makes messages, by the ARN of its alias. */
  messagesFunction: 'MESSAGES_FUNCTION',
  /** EventBridge bus to which messages of endpoints with the URL `bus:` go, by ARN; `none`: there is none. */
  messageBus: 'MESSAGE_BUS',
  /** JSON list of outside witnesses of the logs, each `<verifier key> <address>`; `[]`: there are none. */
  witnesses: 'WITNESSES',
  /** Table into which `sequence` puts keys of announced entries; `none`: it hands nothing over. */
  handovers: 'HANDOVERS_TABLE',
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
