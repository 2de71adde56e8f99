/**
 * The ports to what the ledger stores. Two real implementations of `Table`: DynamoDB (`functions/aws/dynamodb.ts`), and the
 * in-memory model of the tests; one contract suite for both (`test/contract/table.ts`).
 */

/** A binary or text attribute; numbers are safe integers. */
export type Attribute = string | number | Uint8Array

export interface Key {
  /** Partition key, at most 2,048 bytes. Never personal data. */
  readonly pk: string
  /** Sort key, at most 1,024 bytes. */
  readonly sk: string
}

export interface Item extends Key {
  readonly values: Readonly<Record<string, Attribute>>
}

/**
 * What became of one item. `exists`: another item had this key before, and is unchanged (also after the answer to our own
 * first try was lost: read it back to know). `error`: nothing is known to be stored for this item; others are not affected.
 */
export type InsertOutcome =
  | { readonly outcome: 'inserted' | 'exists' }
  | { readonly outcome: 'error'; readonly error: Error }

export interface QueryPage {
  readonly items: readonly Item[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

export interface QueryOptions {
  /** Only sort keys that begin with this. */
  readonly prefix?: string
  /** Only sort keys behind this one, in the direction of reading. */
  readonly after?: string
  readonly descending?: boolean
  /** Items a page at most; the engine's own limit (1 MB) may end a page sooner. */
  readonly limit?: number
}

/**
 * An insert-only table. There is no update and no replace: `insert` is the only write, and it never overwrites.
 * All reads are strongly consistent. Throttling and 5xx are retried inside, with jitter, for at most 10 seconds; what fails
 * after that is a `LedgerError` with code `unavailable`. Acknowledged means durable.
 */
export interface Table {
  /** One outcome for each item, in order. The keys of one call are distinct. */
  insert(items: readonly Item[]): Promise<readonly InsertOutcome[]>
  /** One item or `undefined` for each key, in order. Absent means positively answered absent. */
  get(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>
  /** One page of a partition, by sort key (bytewise, ascending unless told otherwise). */
  query(pk: string, options?: QueryOptions): Promise<QueryPage>
}

/** Write-once objects under their names. Two implementations: a directory (`infra/local`), S3 (with the log). */
export interface Objects {
  /** Stores bytes durably. An object that exists with equal bytes is fine; with others: `already-exists`. */
  put(name: string, bytes: Uint8Array): Promise<void>
  get(name: string): Promise<Uint8Array | undefined>
}

/** Unwraps a controller's secrets: KMS on AWS, a key file on one machine. Called once per controller and instance. */
export interface Keyring {
  wrap(controller: string, secret: Uint8Array): Promise<Uint8Array>
  /** Throws when the bytes were not wrapped for this controller. */
  unwrap(controller: string, wrapped: Uint8Array): Promise<Uint8Array>
}

/** Milliseconds since 1970, UTC. */
export type Clock = () => number
/** That many bytes from a cryptographically strong source. */
export type Randomness = (byteCount: number) => Uint8Array

/**
 * Inserts one item. True: it is now the one stored. False: another has its key, or it is ours and the answer to our first try
 * was lost. Throws when nothing is known to be stored.
 */
export async function insertOne(table: Table, item: Item): Promise<boolean> {
  const [result] = await table.insert([item])
  if (result === undefined) throw new Error('the table gave no outcome')
  if (result.outcome === 'error') throw result.error
  return result.outcome === 'inserted'
}

/** Reads a whole partition (or prefix of it), page by page. */
export async function* queryAll(table: Table, pk: string, options: QueryOptions = {}): AsyncGenerator<Item> {
  let after = options.after
  for (;;) {
    const page = await table.query(pk, after === undefined ? options : { ...options, after })
    yield* page.items
    if (page.next === undefined) return
    after = page.next
  }
}
