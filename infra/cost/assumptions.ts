/**
 * What was neither counted nor looked up, and what the deployment of `infra/consent-ledger` consists of, as a stage with a domain and an
 * alarm address has it: a test holds that half against the construct.
 *
 * Nothing here has run on AWS: the milliseconds are judged from the calls that a function waits for one after the other (a few ms each
 * within a region, KMS and S3 some 10 to 30) and from its processor time on the machine of the bench, at the share of a processor that
 * its memory buys (a whole one at 1,769 MB).
 *
 * Without a price here: rules of EventBridge for schedules and for AWS's own events, reading the stream, the queue and the mails of
 * failures, which are free or a few a month; and what DynamoDB itself asks of the tables' key. It keeps that key for each table and role,
 * and asks again after five minutes without a call: under 0.7 dollars a month if all roles paused on all tables all the time. A key
 * that KMS rotates costs another dollar a month from its first and second year on; two of the ledger's and the one of alarms are.
 */

export interface Running {
  readonly memoryMb: number
  readonly ms: number
}

export const assumptions = {
  ingest: { memoryMb: 1_024, ms: 15 },
  read: { memoryMb: 1_024, ms: 25 },
  log: { memoryMb: 512, ms: 20 },
  audit: { memoryMb: 1_769, ms: 60 },
  /** A batch: three calls in a row; and for each event hashing and its part of the inserts. */
  sequence: { memoryMb: 1_769, ms: 40, msPerEvent: 0.2 },
  /** A checkpoint, in whichever function: some fifteen calls in a row; and for each entry its part of the tiles. */
  checkpoint: { memoryMb: 1_769, ms: 250, msPerEntry: 0.1 },
  /** For each controller. */
  sweep: { memoryMb: 512, ms: 150 },
  selfAudit: { memoryMb: 3_008, msPerEntry: 0.3 },

  /** Of all calls; steady traffic has far fewer. INIT is billed like running. */
  coldStartShare: 0.005,
  initMs: 400,
  /** An instance reads a controller's snapshot again when it is asked and has one of this age. */
  snapshotAgeSeconds: 15,

  /** Of an answer, besides its body: ours, and those that API Gateway adds. */
  answerHeaderBytes: 500,
  /** A line of API Gateway's access log, in the fields that name nobody. */
  accessLogBytes: 350,
  /** A line of CloudFront's. */
  edgeLogBytes: 400,
  /** CloudWatch adds this to each line that it ingests. Lambda's own START and REPORT lines are off (log level WARN). */
  logLineOverheadBytes: 26,

  /** A new on-demand table has four partitions, and its stream a shard for each; each shard fills batches of its own. */
  streamShards: 4,
  /** Of tiles and checkpoints that CloudFront has at the edge; the others it gets from S3. */
  edgeHitShare: 0.9,

  daysPerMonth: 365 / 12,
  /** Tables, keyring, checkpoint, witness, receipt; and the alarms' on their way to a person. Buckets have AWS's own. */
  kmsKeys: 6,
  /** Those of `functions/telemetry.ts`, with one dimension. */
  metrics: 10,
  /** Seventeen alarms: one that adds metrics up is billed for each of them. */
  alarmMetrics: 29,
  dashboards: 1,
  wafRules: 4,
} as const
