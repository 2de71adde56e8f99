/**
 * Figures that were neither counted nor looked up, and numbers of deployed resources (keys, alarms, metrics) for a stage with a domain and
 * an alarm address. A test compares the latter with the construct.
 *
 * Nothing has run on AWS. The milliseconds are estimated from the calls that a function makes one after the other (a few ms each within a
 * region, 10 to 30 for KMS and S3) and from its processor time on the machine of the benchmark, at the share of a processor that its
 * memory buys (a whole one at 1,769 MB).
 *
 * Not priced, because they are free or rare: EventBridge rules for schedules and AWS's own events, reads of the stream, the queue and the
 * mails of failures. Nor are DynamoDB's own requests for the tables' key: it caches the key for each table and role and asks again after
 * five minutes without a call, which is under 0.7 dollars a month in the worst case. A key that KMS rotates costs another dollar a
 * month after its first year and again after its second; two of the ledger's keys and the alarms' key rotate.
 */

/** Memory and billed time of an invocation. */
export interface Running {
  readonly memoryMb: number
  readonly ms: number
}

export const assumptions = {
  ingest: { memoryMb: 1_024, ms: 15 },
  read: { memoryMb: 1_024, ms: 25 },
  log: { memoryMb: 512, ms: 20 },
  audit: { memoryMb: 1_769, ms: 60 },
  /** A batch makes three calls in a row; each event adds hashing and its part of the inserts. */
  sequence: { memoryMb: 1_769, ms: 40, msPerEvent: 0.2 },
  /** An invocation that hands a batch over makes one call. Its leaves are read again twice: for the batch, and for their bundle. */
  handOver: { memoryMb: 1_769, ms: 20, msPerEvent: 0.1, bundledReadUnits: 1 },
  /** A checkpoint, in any function, makes some fifteen calls in a row; each entry adds its part of the tiles. */
  checkpoint: { memoryMb: 1_769, ms: 250, msPerEntry: 0.1 },
  /** A run at rest makes two calls in a row. */
  sweep: { memoryMb: 512, ms: 30, msPerLook: 150, msPerDueLog: 10 },
  /** A run that finds nothing to import makes four queries in a row. What an import itself costs is its events’. */
  import: { memoryMb: 1_769, ms: 40, readUnits: 2 },
  /** A run without endpoints makes two calls in a row. */
  deliver: { memoryMb: 256, ms: 30, readUnits: 2 },
  /**
   * Where there is an endpoint, a run looks again every two seconds until 50 seconds are over. With one endpoint and nothing to send it makes so
   * many queries and calls of the function `messages`, which a test counts (`test/functions/jobs/deliver.test.ts`).
   */
  delivering: { memoryMb: 256, ms: 50_000, readUnits: 45, calls: 5 },
  messages: { memoryMb: 1_024, ms: 20, readUnits: 1 },
  /** The same for exports, every other minute. What an export costs is its reads: some five units for each event, and three more for a status. */
  export: { memoryMb: 1_769, ms: 40, readUnits: 2, everyMinutes: 2 },
  /** Each hour: a run over a log without a new day makes four calls in a row. What counting costs is its reads. */
  statistics: { memoryMb: 1_024, ms: 40, readUnits: 4, runsPerMonth: 730 },
  /** Each hour: a run over a controller without endpoints makes two calls in a row. With one that asks, a notice is an entry an hour more. */
  expiry: { memoryMb: 512, ms: 30, readUnits: 2, runsPerMonth: 730 },
  /** Each 15 minutes, where there are witnesses, for a log that has grown: a witness's answer over the internet, and its row. */
  witness: { memoryMb: 256, ms: 600, readUnits: 8, writeUnits: 2, served: 1, runsPerMonth: 2_920 },
  /** A checkpoint's object is replicated, and its served copy is not. Tiles and bundles are counted. */
  replication: { objectsPerCheckpoint: 1 },
  /** Processor time, measured on a busy machine with an engine of DynamoDB (`infra/scale.md`), for two entries a subject. */
  selfAudit: { memoryMb: 1_769, msPerEntry: 1.2, msPerNewEntry: 0.13 },

  /** Share of all calls; steady traffic has far fewer. INIT is billed like running. */
  coldStartShare: 0.005,
  initMs: 400,
  /** An instance reads a controller's snapshot again for a call when its copy has this age. */
  snapshotAgeSeconds: 15,

  /** Headers of an answer: the ledger's, and those that API Gateway adds. */
  answerHeaderBytes: 500,
  /** A line of CloudFront's. */
  edgeLogBytes: 400,
  /** CloudWatch adds this to each line that it ingests. Lambda's own START and REPORT lines are off (log level WARN). */
  logLineOverheadBytes: 26,

  /** A new on-demand table has four partitions, and its stream a shard for each; each shard fills batches of its own. */
  streamShards: 4,
  /** Share of tiles and checkpoints that CloudFront has cached; it gets the others from S3. */
  edgeHitShare: 0.9,

  daysPerMonth: 365 / 12,
  /** Keys for tables, keyring, checkpoints, witness, receipts, and the topic of alarms. Buckets use AWS's own. */
  kmsKeys: 6,
  /** Metrics of the nineteen alarms. An alarm on a sum is billed for each metric in it. */
  alarmMetrics: 35,
  dashboards: 0,
  wafRules: 9,
} as const
