/**
 * The ports of the ledger: tables, the vault's deletions, objects, keys, clock and randomness. `Table` has two implementations, DynamoDB
 * (`functions/aws/dynamodb.ts`) and the in-memory model of the tests; both pass `test/contract/table.ts`. A port that fails for longer
 * than it retries throws `LedgerError` with code `unavailable`.
 */

/** The value of an attribute. A number is a safe integer. */
export type Attribute = string | number | Uint8Array

/** The key of an item. */
export interface Key {
  /** Partition key, at most 2,048 bytes. Never personal data. */
  readonly pk: string
  /** Sort key, at most 1,024 bytes. */
  readonly sk: string
}

/** An item of a table: its key and its other attributes by name. */
export interface Item extends Key {
  readonly values: Readonly<Record<string, Attribute>>
}

/**
 * The result of inserting one item. `exists`: the key is taken and its item unchanged; it may be our own item, when the answer to a first
 * try was lost, so read it back. `error`: whether the item is stored is not known; the outcomes of other items are not affected.
 */
export type InsertOutcome =
  | { readonly outcome: 'inserted' | 'exists' }
  | { readonly outcome: 'error'; readonly error: Error }

/** Items of one partition, in the order of their sort keys. */
export interface QueryPage {
  readonly items: readonly Item[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

export interface QueryOptions {
  /** Only sort keys that begin with this. */
  readonly prefix?: string
  /** Only sort keys after this one, in the direction of reading. */
  readonly after?: string
  readonly descending?: boolean
  /** Most items in a page. The engine ends a page at 1 MB as well. */
  readonly limit?: number
}

/**
 * An insert-only table: `insert` is the only write and never overwrites. All reads are strongly consistent. An acknowledged insert is durable.
 * Throttling and 5xx answers are retried inside, with jitter, for at most 10 seconds.
 */
export interface Table {
  /**
   * @param items with distinct keys
   * @returns one outcome for each item, in order
   */
  insert(items: readonly Item[]): Promise<readonly InsertOutcome[]>
  /**
   * @returns for each key, in order, its item or `undefined`. `undefined` is a positive answer: what cannot be answered throws.
   * @throws `unavailable`
   */
  get(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>
  /**
   * One page of a partition, in the bytewise order of its sort keys.
   *
   * @throws `unavailable`
   */
  query(pk: string, options?: QueryOptions): Promise<QueryPage>
}

/** The vault for erasure and retention. Only these two components can delete, and they cannot insert. */
export interface VaultEraser extends Pick<Table, 'get' | 'query'> {
  /**
   * Deletes each of these rows if it is unchanged since it was read. When this returns, they are gone, durably; a row that has changed
   * meanwhile stays.
   *
   * @throws `unavailable`: some rows may be deleted and some not, so read again
   */
  remove(rows: readonly Item[]): Promise<void>
}

/** The vault for retention, which also removes single keys from a row and reads the whole table. */
export interface RetentionVault extends VaultEraser, TableScan {
  /**
   * Removes single attributes of a row if the row is unchanged since it was read.
   *
   * @throws `unavailable`
   */
  removeValues(row: Item, names: readonly string[]): Promise<void>
}

/**
 * Reads a whole table, for the self-audit and retention. Not part of `Table`, because no writer has this right. Strongly consistent, and
 * retried like the table's own reads. Partitions come in any order, and the items of each one after the other, in the order of their sort keys. An
 * item that exists throughout the scan is in one page, once; an item inserted meanwhile may be in none.
 */
export interface TableScan {
  /**
   * One page, at most 1 MB of items, possibly none.
   *
   * @param slice only items of this slice, which is read on with the same slice
   */
  scan(after?: Key, slice?: TableSlice): Promise<ScanPage>
}

/** One of equal parts of a table, by a hash of the partition key: an item is always in the same one. */
export interface TableSlice {
  /** 0 to `of` - 1. */
  readonly index: number
  readonly of: number
}

/** Items of a table, in any order. */
export interface ScanPage {
  readonly items: readonly Item[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: Key
}

/**
 * Finds rows of the vault by the attribute `holder` (`vault/vault-rows.ts`): a secondary index, for the jobs that walk a log and know
 * pseudonyms only. Eventually consistent: a new row is found within seconds, and a deleted one may be found for as long. A row claims its
 * holder; only one that opens with the controller's key and has that pseudonym is the holder's (`vault/find-by-pseudonym.ts`).
 */
export interface SubjectFinder {
  /**
   * @returns keys of rows that claim the holder, in no order: one, unless rows were planted, of which it returns thousands at most
   * @throws `unavailable`
   */
  find(holder: string): Promise<readonly Key[]>
}

/**
 * Object storage: a directory (`infra/local`) or S3 (`functions/aws`). Objects are write-once, except below `served/`: copies for static
 * serving, and nothing depends on their being the newest. Names: `object-names.ts`.
 */
export interface Objects {
  /**
   * Stores bytes durably. Does nothing when the object exists with equal bytes.
   *
   * @throws `already-exists` when the object has other bytes
   */
  put(name: string, bytes: Uint8Array): Promise<void>
  get(name: string): Promise<Uint8Array | undefined>
  /** The bytewise first name below a folder (`prefix` ends in a slash). Sees every put acknowledged before the call. */
  first(prefix: string): Promise<string | undefined>
  /** A served copy, with a tag that identifies its present state. */
  readServed(name: string): Promise<ServedCopy | undefined>
  /** Compare and swap. `tag` is that of the state to replace; `undefined` when there is none yet. False when the state is another by now. */
  replaceServed(name: string, bytes: Uint8Array, tag: string | undefined): Promise<boolean>
}

export interface ServedCopy {
  readonly bytes: Uint8Array
  readonly tag: string
}

/** An Ed25519 key ([RFC 8032](https://www.rfc-editor.org/rfc/rfc8032)) whose private half stays in a key file or KMS. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /**
   * @returns 64 bytes over the message itself, never pre-hashed
   * @throws `unavailable` when it cannot sign
   */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** Wraps the secrets of controllers: KMS on AWS, a key file on one machine. An instance unwraps those of a controller once. */
export interface Keyring {
  wrap(controller: string, secret: Uint8Array): Promise<Uint8Array>
  /** @throws when the bytes were not wrapped for this controller */
  unwrap(controller: string, wrapped: Uint8Array): Promise<Uint8Array>
}

/** Milliseconds since 1970, UTC. */
export type Clock = () => number
/** Bytes from a cryptographically strong source. */
export type Randomness = (byteCount: number) => Uint8Array

/**
 * Inserts one item.
 *
 * @returns false when the key is taken, by another item or by this one when the answer to a first try was lost
 * @throws when it is not known whether the item is stored
 */
export async function insertOne(table: Table, item: Item): Promise<boolean> {
  const [result] = await table.insert([item])
  if (result === undefined) throw new Error('the table gave no outcome')
  if (result.outcome === 'error') throw result.error
  return result.outcome === 'inserted'
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

/** Replaces the item of a log in the table of hand-overs. It throws unless the item is stored. */
export type PutHandover = (controller: string, values: Item['values']) => Promise<void>
