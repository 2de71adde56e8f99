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

/**
 * The vault, for who erases: of all ports of the ledger the only one that takes anything away, and the only one who has it is the
 * eraser. It cannot insert, so it brings nothing back either.
 */
export interface VaultEraser extends Pick<Table, 'get' | 'query'> {
  /**
   * Deletes each of these rows if it is still as it was read. When this returns, none of them is there any more, durably; what is not
   * there, or is another row by now, stays as it is. When it throws (`unavailable`), some may be gone and some not: read again.
   */
  remove(rows: readonly Item[]): Promise<void>
}

/** The vault, for the retention that comes by and by: it also takes single keys out of a row whose others live. */
export interface RetentionVault extends VaultEraser, TableScan {
  /** As `remove`, for single values of a row: what is not there, or is another row by now, stays as it is. */
  removeValues(row: Item, names: readonly string[]): Promise<void>
}

/**
 * A whole table, for the self-audit and the retention alone: no writer has the right to read one, so it is no part of `Table`. Strongly consistent,
 * retried as the table's own reads; pages come in any order. An item that is there all the time is in one page, once; what is
 * inserted meanwhile may be in none.
 */
export interface TableScan {
  /** One page, at most 1 MB of items, possibly none. */
  scan(after?: Key): Promise<ScanPage>
}

export interface ScanPage {
  readonly items: readonly Item[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: Key
}

/**
 * Objects under their names: a directory (`infra/local`), or S3 (`functions/aws`). Write-once, but for what lies below `served/`:
 * copies for static serving, of which nothing depends on being the newest. Names are `[A-Za-z0-9._-]` between slashes.
 */
export interface Objects {
  /** Stores bytes durably. An object that exists with equal bytes is fine; with others: `already-exists`. */
  put(name: string, bytes: Uint8Array): Promise<void>
  get(name: string): Promise<Uint8Array | undefined>
  /** The first name, bytewise, below a folder (`prefix` ends in a slash); sees every put that was acknowledged before. */
  first(prefix: string): Promise<string | undefined>
  /** A served copy with the tag of this state of it. */
  readServed(name: string): Promise<ServedCopy | undefined>
  /** Replaces the state with this tag (`undefined`: there is none yet). False: it is another by now, and stays. */
  replaceServed(name: string, bytes: Uint8Array, tag: string | undefined): Promise<boolean>
}

export interface ServedCopy {
  readonly bytes: Uint8Array
  readonly tag: string
}

/** An Ed25519 key that never shows itself: a key file, or KMS. */
export interface Signer {
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array
  /** 64 bytes over the message as it is (never pre-hashed). Throws `unavailable` when it cannot sign. */
  sign(message: Uint8Array): Promise<Uint8Array>
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

/** Reads a whole table; the next page is on its way while the caller looks at this one. */
export async function* scanPages(table: TableScan): AsyncGenerator<readonly Item[]> {
  let coming: Promise<ScanPage> | undefined = table.scan()
  while (coming !== undefined) {
    const page: ScanPage = await coming
    coming = page.next && table.scan(page.next)
    // Who stops early, or fails, leaves it unanswered.
    coming?.catch(() => {})
    yield page.items
  }
}

/** Reads a whole partition (or prefix of it), page by page. */
export async function* queryAll(
  table: Pick<Table, 'query'>,
  pk: string,
  options: QueryOptions = {},
): AsyncGenerator<Item> {
  let after = options.after
  for (;;) {
    const page = await table.query(pk, after === undefined ? options : { ...options, after })
    yield* page.items
    if (page.next === undefined) return
    after = page.next
  }
}
