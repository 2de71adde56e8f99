/**
 * Figures of AWS that the model is made of. Sources, as read in November 2026:
 *
 *   limits     a partition has at most 1,000 write and 3,000 read units a second, and splits when it stays near that, unless the heat
 *              is one item or a partition key whose sort keys only grow: docs.aws.amazon.com/amazondynamodb/latest/developerguide/
 *              bp-partition-key-design.html and burst-adaptive-capacity.html; AWS Database Blog, "Scaling DynamoDB: How partitions, hot
 *              keys, and split for heat impact performance", parts 1 to 3
 *   a table    a new one on demand takes 4,000 writes and 12,000 reads a second, then twice its earlier peak within 30 minutes, or its warm
 *              throughput at once: on-demand-capacity-mode.html, warm-throughput.html
 *   latency    "single-digit milliseconds" on average for GetItem and PutItem (repost.aws/knowledge-center/dynamodb-high-latency); an
 *              insert of 136 KB took 14.1 ms and one of 277 KB 19.7 ms as seen by a client in the same region (github.com/ifedorenko/ddb-m-latency)
 *   S3         at least 3,500 writes and 5,500 reads a second for a prefix, "roughly 100–200 milliseconds" for small objects:
 *              docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html. The model is slower than what is commonly seen
 *   Lambda     one invocation at a time for each shard of a stream, or up to ten that keep the order of each item, at most 6 MB:
 *              docs.aws.amazon.com/lambda/latest/dg/with-ddb.html;
 *              one virtual processor at 1,769 MB: configuration-memory.html
 *
 * AWS documents no latency for batches, queries and KMS: those are assumptions, as are all milliseconds of a processor. The processor's
 * were measured with the SDK of package.json in front of an engine that answers at once, on the machine of the benchmark under load
 * (an SDK call 0.5 ms; a thousand events 80 to 90 ms to sequence and 45 to 60 ms to publish).
 */
export interface Latency {
  readonly ms: number
  readonly msPerItem?: number
  readonly msPerKb?: number
}

export interface Throughput {
  readonly writeUnitsPerSecond: number
  readonly readUnitsPerSecond: number
}

export const partitionLimits: Throughput = { writeUnitsPerSecond: 1_000, readUnitsPerSecond: 3_000 }
export const newTable: Throughput = { writeUnitsPerSecond: 4_000, readUnitsPerSecond: 12_000 }

/** A partition splits after so long near its limit, and its halves not again for as long. An assumption: AWS says "sustained". */
export const splitAfterMs = 10 * 60_000
export const splitAgainAfterMs = 30 * 60_000

/** Medians. An answer takes between half of it and, rarely, several times as long. */
export const latencies = {
  GetItem: { ms: 4 },
  BatchGetItem: { ms: 6, msPerItem: 0.06 },
  ExecuteStatement: { ms: 6, msPerKb: 0.06 },
  PutItem: { ms: 6, msPerKb: 0.06 },
  BatchExecuteStatement: { ms: 8, msPerItem: 0.2 },
  Query: { ms: 5, msPerKb: 0.05 },
  s3Get: { ms: 100 },
  s3Put: { ms: 100 },
  s3List: { ms: 100 },
  kmsSign: { ms: 15 },
} as const satisfies Record<string, Latency>

/** A write to a table is in its stream after this. */
export const streamDelayMs = 250
/** From the stream to the handler's first line, on an instance that is warm. */
export const invokeMs = 15
export const coldStartMs = 400
export const maxInvocationBytes = 6_000_000
/** What a stream's record takes in an invocation more than its leaf: payload in base64, keys, names. */
export const recordOverheadBytes = 1_100
/** A new table has four partitions, and its stream a shard for each. */
export const newTableShards = 4
/** The mapping of the stream of hand-overs (`infra/consent-ledger/job-triggers.ts`). */
export const handoverLanesOfShard = 10
export const handoverBatchSize = 100

/** Work of one virtual processor. */
export const processorMs = {
  perCall: 0.5,
  /** To write or read one item of a call. */
  perItem: 0.02,
  /** A record of the stream: parse, group, hash its leaf. */
  perRecord: 0.025,
  /** A leaf that is published: read from its batch, hashed again into the tree and into its bundle. */
  perPublishedLeaf: 0.035,
} as const
