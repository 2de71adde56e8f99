/**
 * What a call, a batch of the log and a minute at rest ask of AWS: counts, not money. The figures in `usage.json` were found by running
 * the deployed functions against an embedded engine and doubles of S3 and KMS (`test/infra/cost`); a test counts again, and fails
 * when they differ.
 */
import found from './usage.json' with { type: 'json' }

export interface Counted {
  readonly dynamoDbCalls: number
  readonly writeUnits: number
  readonly readUnits: number
  readonly kmsSymmetric: number
  /** Signatures, and reads of public keys. */
  readonly kmsAsymmetric: number
  /** PUT and LIST: one price. */
  readonly s3Writes: number
  readonly s3Reads: number
  readonly logLines: number
  readonly logBytes: number
  /** Kept from then on, with what DynamoDB adds to each item. */
  readonly tableBytes: number
  readonly objectBytes: number
}

/** One call of the API. */
export interface Request extends Counted {
  readonly responseBytes: number
}

/** One invocation by the stream, with so many events of one controller; its checkpoint is apart. */
export interface Batch extends Counted {
  readonly events: number
}

export interface Usage {
  readonly event: {
    /** On a warm instance, of a subject that the vault has. */
    readonly known: Request
    /** The client said that it is new. */
    readonly announced: Request
  }
  /** What an instance's first event asks more: the controller's secrets and policies, and a certificate for the instance's key. */
  readonly coldStart: Counted
  readonly notice: Request
  /** In growing order of events. */
  readonly batches: readonly Batch[]
  /** One publication of a log that has grown. */
  readonly checkpoint: {
    readonly each: Counted
    /** What `entriesPerTile` entries add: their tiles and bundle, for which their leaves are read again, and their batches. */
    readonly perTile: Counted
  }
  /** Of a subject with three events. */
  readonly proof: Request
  /** For proofs that the client makes itself. */
  readonly tiles: {
    /** Tiles for one proof in a log of a million leaves. */
    readonly perProof: number
    readonly checkpoint: Request
    readonly full: Request
    readonly partial: Request
  }
  /** Of a ledger at rest, with so many controllers. */
  readonly sweep: Counted & { readonly controllers: number }
  /** One run over so many entries. */
  readonly selfAudit: Counted & { readonly entries: number }
}

export const entriesPerTile = 256

export const usage: Usage = found
