/**
 * Counts of what a call, a batch of the log and a minute without calls use on AWS. The figures in `usage.json` were measured by running the
 * deployed functions against an embedded engine and doubles of S3 and KMS (`test/infra/cost`); a test counts again and fails when they
 * differ.
 */
import found from './usage.json' with { type: 'json' }

export interface Counted {
  readonly dynamoDbCalls: number
  readonly writeUnits: number
  readonly readUnits: number
  readonly kmsSymmetric: number
  /** Signatures, and reads of public keys. */
  readonly kmsAsymmetric: number
  /** PUT and LIST, which have the same price. */
  readonly s3Writes: number
  readonly s3Reads: number
  readonly logLines: number
  readonly logBytes: number
  /** Bytes stored for good, with DynamoDB's overhead for each item. */
  readonly tableBytes: number
  readonly objectBytes: number
}

/** One call of the API. */
export interface Request extends Counted {
  readonly responseBytes: number
}

/** One invocation by the stream, with events of one controller, without its checkpoint. */
export interface Batch extends Counted {
  readonly events: number
}

export interface Usage {
  readonly event: {
    /** On a warm instance, for a subject that has a row in the vault, with a short answer. */
    readonly known: Request
    /** For a subject that the client announced as new, with a short answer. */
    readonly announced: Request
    /** As `known`, answered with the receipt. */
    readonly receipt: Request
  }
  /** What the first event of an instance adds: the controller's secrets and policies. */
  readonly coldStart: Counted
  /** What the first receipt of an instance adds: a certificate for the key that signs its promises. */
  readonly certificate: Counted
  readonly notice: Request
  /** In ascending order of events. */
  readonly batches: readonly Batch[]
  /** What a ledger with `handsOver` adds: to each batch, for an instance that goes on after another's batch, and to each event. */
  readonly handOver: { readonly perBatch: Counted; readonly perEvent: Counted }
  /** One publication of a log that has grown. */
  readonly checkpoint: {
    readonly each: Counted
    /** What `entriesPerTile` entries add: their tiles and bundle, of leaves that the instance has from the stream, and their batches. */
    readonly perTile: Counted
  }
  /** For a subject with three events. */
  readonly proof: Request
  /** For proofs that the client makes itself. */
  readonly tiles: {
    /** Tiles for one proof in a log of a million leaves. */
    readonly perProof: number
    readonly checkpoint: Request
    readonly full: Request
    readonly partial: Request
  }
  readonly sweep: {
    /** Those that its line sends. A metric is billed for the hours in which it is sent. */
    readonly metrics: number
    /** One run that finds no log to look at. */
    readonly atRest: Counted
    /** What the look at one log adds that its turn came for, and that nothing was written to. */
    readonly look: Counted
  }
  /** The self-audit of so many entries: what is new compared once, and a pass. */
  readonly selfAudit: { readonly entries: number; readonly newLeaves: Counted; readonly pass: Counted }
}

export const entriesPerTile = 256

export const usage: Usage = found
