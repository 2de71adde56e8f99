/**
 * The `Table` port on DynamoDB: PartiQL inserts and strongly consistent reads. Concurrent requests share calls (`batching.ts`), which also
 * does all retries, because errors inside a 200 answer must be retried one by one anyway.
 *
 * If an answer is lost, the retried insert finds its own item and returns `exists`; the caller reads it back.
 */
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type ConsumedCapacity,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { Clock, InsertOutcome, Item, Key, QueryPage, Table } from '../../shared/ledger/store.ts'
import { refusedBy, type Service } from './attempts.ts'
import { insertStatements, keyText, toItem, toRawKey } from './attributes.ts'
import { coalesce, type RetryOptions, type Verdict } from './batching.ts'
import { type AwsClientOptions, clientConfig, withoutLogger } from './client-config.ts'
import { isDuplicate, isTransient, isTransientCode } from './dynamodb-errors.ts'
import { rangeOf } from './query-range.ts'

type Operation =
  | 'ExecuteStatement'
  | 'BatchExecuteStatement'
  | 'ExecuteTransaction'
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
const writes: readonly Operation[] = ['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']

/** One call to DynamoDB, answered or not. Units are absent when the engine does not report them. */
export interface DynamoCall {
  readonly operation: Operation
  /** Items written, keys asked for, or pages. */
  readonly items: number
  readonly consumedWriteUnits?: number
  readonly consumedReadUnits?: number
}

export interface DynamoTableOptions {
  /** Receives each call. Consumed units are requested only when it is set. */
  readonly onCall?: (call: DynamoCall) => void
  /** Concurrent calls of each kind (inserts, gets). More calls make smaller batches, which measured slower. @default 2 */
  readonly maxInFlight?: number
  /**
   * Sends the inserts of one call as a transaction, and as a batch when it is cancelled. For local engines, which otherwise commit to disk
   * after each statement. On AWS a transaction costs twice as much and saves nothing. @default false
   */
  readonly inTransactions?: boolean
  /**
   * Reads keys of one partition by one query of the range between them. DynamoDB charges a query for the bytes that it found together, and
   * a batch one unit for each key, absent ones too. Only for a table of small partitions, because the query reads the whole range. Keys of
   * several partitions still share a batch, which on one machine saves calls. @default false
   */
  readonly readsRanges?: boolean
  readonly deadlineMs?: number
  /** How long transient failures are retried, within the deadline (`batching.ts`). @default deadlineMs */
  readonly retryMs?: number
  readonly clock?: Clock
  readonly sleep?: (ms: number) => Promise<void>
  readonly random?: () => number
}

const service: Service = { name: 'The database' }
const maxInsertsPerCall = 25
const maxInsertsPerTransaction = 100
const maxGetsPerCall = 100

const inserted: Verdict<InsertOutcome> = { result: { outcome: 'inserted' } }
const exists: Verdict<InsertOutcome> = { result: { outcome: 'exists' } }

/** What sends a table's calls: the SDK's client, or one that takes the same commands. */
export type CallSender = Pick<DynamoDBClient, 'send'>

export function dynamoTable(client: CallSender, tableName: string, options: DynamoTableOptions = {}): Table {
  const { onCall, maxInFlight = 2, inTransactions = false, readsRanges = false } = options
  const ReturnConsumedCapacity = onCall === undefined ? undefined : 'TOTAL'
  const retry: RetryOptions = {
    clock: options.clock ?? (() => performance.now()),
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    random: options.random ?? Math.random,
    deadlineMs: options.deadlineMs ?? 10_000,
    retryMs: options.retryMs,
  }
  const statementFor = insertStatements(tableName)

  async function observed<Output extends { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] | undefined }>(
    operation: DynamoCall['operation'],
    items: number,
    answer: Promise<Output>,
  ): Promise<Output> {
    let units: number | undefined
    try {
      const output = await answer
      units = unitsOf(output.ConsumedCapacity)
      return output
    } finally {
      const consumed =
        units === undefined
          ? {}
          : writes.includes(operation)
            ? { consumedWriteUnits: units }
            : { consumedReadUnits: units }
      onCall?.({ operation, items, ...consumed })
    }
  }

  async function sendInserts(
    items: readonly Item[],
    abortSignal: AbortSignal,
  ): Promise<readonly Verdict<InsertOutcome>[]> {
    const [only] = items
    if (only !== undefined && items.length === 1) {
      const command = new ExecuteStatementCommand({ ...statementFor(only), ReturnConsumedCapacity })
      try {
        await observed('ExecuteStatement', 1, client.send(command, { abortSignal }))
        return [inserted]
      } catch (error) {
        if (error instanceof Error && isDuplicate(error.name)) return [exists]
        throw error
      }
    }
    if (inTransactions && (await sendTransaction(items, abortSignal))) return items.map(() => inserted)
    const calls: Promise<readonly Verdict<InsertOutcome>[]>[] = []
    for (let at = 0; at < items.length; at += maxInsertsPerCall)
      calls.push(sendBatch(items.slice(at, at + maxInsertsPerCall), abortSignal))
    return (await Promise.all(calls)).flat()
  }

  /** False if nothing was inserted, because an item exists already or cannot be inserted. */
  async function sendTransaction(items: readonly Item[], abortSignal: AbortSignal): Promise<boolean> {
    const command = new ExecuteTransactionCommand({
      TransactStatements: items.map(statementFor),
      ReturnConsumedCapacity,
    })
    try {
      await observed('ExecuteTransaction', items.length, client.send(command, { abortSignal }))
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionCanceledException') return false
      throw error
    }
  }

  async function sendBatch(
    items: readonly Item[],
    abortSignal: AbortSignal,
  ): Promise<readonly Verdict<InsertOutcome>[]> {
    const command = new BatchExecuteStatementCommand({ Statements: items.map(statementFor), ReturnConsumedCapacity })
    const answer = await observed('BatchExecuteStatement', items.length, client.send(command, { abortSignal }))
    return (answer.Responses ?? []).map(({ Error: failure }) => {
      if (failure === undefined) return inserted
      const code = failure.Code ?? 'an error without a code'
      if (isDuplicate(code)) return exists
      const error = new Error(failure.Message ?? code)
      error.name = code
      return { error, transient: isTransientCode(code) }
    })
  }

  async function sendGets(
    keys: readonly Key[],
    abortSignal: AbortSignal,
  ): Promise<readonly Verdict<Item | undefined>[]> {
    const [only] = keys
    if (only !== undefined && keys.length === 1) {
      const input = { TableName: tableName, Key: toRawKey(only), ConsistentRead: true, ReturnConsumedCapacity } as const
      const answer = await observed('GetItem', 1, client.send(new GetItemCommand(input), { abortSignal }))
      return [{ result: answer.Item && toItem(answer.Item) }]
    }
    const inRange = readsRanges ? await readRange(keys, abortSignal) : undefined
    if (inRange !== undefined) return keys.map((key) => ({ result: inRange.get(keyText(key)) }))
    const command = new BatchGetItemCommand({
      RequestItems: { [tableName]: { Keys: keys.map(toRawKey), ConsistentRead: true } },
      ReturnConsumedCapacity,
    })
    const answer = await observed('BatchGetItem', keys.length, client.send(command, { abortSignal }))
    const found = new Map<string, Item>()
    for (const item of (answer.Responses?.[tableName] ?? []).map(toItem)) found.set(keyText(item), item)
    const unprocessed = new Set((answer.UnprocessedKeys?.[tableName]?.Keys ?? []).map((raw) => keyText(toItem(raw))))
    return keys.map((key) => {
      const text = keyText(key)
      if (!unprocessed.has(text)) return { result: found.get(text) }
      return { error: new Error('DynamoDB left the key unprocessed'), transient: true }
    })
  }

  /** `undefined` when the keys are of several partitions, or the range does not fit one page: then nothing is known of the rest. */
  async function readRange(
    keys: readonly Key[],
    abortSignal: AbortSignal,
  ): Promise<ReadonlyMap<string, Item> | undefined> {
    const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk)))
    const [first, last] = [sorted[0], sorted.at(-1)]
    if (first === undefined || last === undefined || keys.some(({ pk }) => pk !== first.pk)) return undefined
    const input: QueryCommandInput = {
      TableName: tableName,
      ConsistentRead: true,
      ReturnConsumedCapacity,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': { S: first.pk }, ':first': { S: first.sk }, ':last': { S: last.sk } },
    }
    const answer = await observed('Query', 1, client.send(new QueryCommand(input), { abortSignal }))
    if (answer.LastEvaluatedKey !== undefined) return undefined
    return new Map((answer.Items ?? []).map(toItem).map((item) => [keyText(item), item]))
  }

  async function sendQuery(
    [input]: readonly QueryCommandInput[],
    abortSignal: AbortSignal,
  ): Promise<readonly Verdict<QueryPage>[]> {
    if (input === undefined) return []
    const answer = await observed('Query', 1, client.send(new QueryCommand(input), { abortSignal }))
    const items = (answer.Items ?? []).map(toItem)
    const next = answer.LastEvaluatedKey?.sk?.S
    return [{ result: next === undefined ? { items } : { items, next } }]
  }

  const askInsert = coalesce<Item, InsertOutcome>(
    {
      maxItems: inTransactions ? maxInsertsPerTransaction : maxInsertsPerCall,
      maxInFlight,
      equalKeys: 'wait',
      keyOf: keyText,
      send: sendInserts,
      isTransient,
    },
    retry,
  )
  const askGet = coalesce<Key, Item | undefined>(
    { maxItems: maxGetsPerCall, maxInFlight, equalKeys: 'share', keyOf: keyText, send: sendGets, isTransient },
    retry,
  )
  /** DynamoDB cannot batch queries: each is sent at once, and only the retry logic is shared. */
  const askQuery = coalesce<QueryCommandInput, QueryPage>(
    { maxItems: 1, maxInFlight: Infinity, equalKeys: 'wait', keyOf: () => '', send: sendQuery, isTransient },
    retry,
  )

  return {
    insert: (items) =>
      Promise.all(
        askInsert(items).map((answer) =>
          answer.catch((error: unknown): InsertOutcome => ({ outcome: 'error', error: refusedBy(service, error) })),
        ),
      ),
    get: (keys) => orRefuse(askGet(keys)),
    async query(pk, queryOptions = {}) {
      const range = rangeOf(pk, queryOptions)
      if (range === undefined) return { items: [] }
      const input: QueryCommandInput = { TableName: tableName, ConsistentRead: true, ReturnConsumedCapacity, ...range }
      const [page] = await orRefuse(askQuery([input]))
      return page ?? { items: [] }
    },
  }
}

async function orRefuse<Result>(answers: readonly Promise<Result>[]): Promise<Result[]> {
  try {
    return await Promise.all(answers)
  } catch (error) {
    throw refusedBy(service, error)
  }
}

function unitsOf(consumed: ConsumedCapacity | ConsumedCapacity[] | undefined): number | undefined {
  if (consumed === undefined) return undefined
  return [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
}

/** Create one for each process and engine: its connections are kept alive and shared by all tables. */
export function createDynamoClient(options: AwsClientOptions): DynamoDBClient {
  return withoutLogger(new DynamoDBClient(clientConfig(options, 64)))
}
