/**
 * What was neither counted nor looked up. Nothing here has run on AWS: the milliseconds are judged from the calls that a function waits
 * for one after the other (a few ms each within a region, KMS and S3 some 10 to 30) and from its processor time on the machine of the
 * bench, at the share of a processor that its memory buys (a whole one at 1,769 MB).
 */

export interface Running {
  readonly memoryMb: number
  readonly ms: number
}

export const assumptions = {
  ingest: { memoryMb: 512, ms: 20 },
  read: { memoryMb: 512, ms: 10 },
  log: { memoryMb: 512, ms: 15 },
  audit: { memoryMb: 1_024, ms: 80 },
  /** A batch: some fifteen calls in a row; and for each event hashing, its part of the inserts and of the tiles. */
  sequence: { memoryMb: 512, ms: 300, msPerEvent: 0.8 },
  /** For each controller. */
  sweep: { memoryMb: 512, ms: 150 },
  selfAudit: { memoryMb: 1_024, msPerEntry: 0.5 },

  /** Of all calls; steady traffic has far fewer. INIT is billed like running. */
  coldStartShare: 0.005,
  initMs: 400,
  /** An instance reads a controller's book again when it is asked and has one of this age. */
  bookAgeSeconds: 15,

  /** A line of API Gateway's access log, in the fields that name nobody. */
  accessLogBytes: 350,
  /** CloudWatch adds this to each line that it ingests. Lambda's own START and REPORT lines are off (log level WARN). */
  logLineOverheadBytes: 26,

  /** A new on-demand table has four partitions, and its stream a shard for each; each shard fills batches of its own. */
  streamShards: 4,
  /** Of tiles that CloudFront has at the edge; a checkpoint is never there. */
  tileHitShare: 0.9,

  daysPerMonth: 365 / 12,
  /** Keyring, checkpoint, witness, receipt. Tables and buckets with AWS's own keys. */
  kmsKeys: 4,
  /** Those of `functions/telemetry.ts`, with one dimension. */
  metrics: 9,
  alarms: 15,
  dashboards: 1,
  wafRules: 3,
} as const
