/**
 * Sends DynamoDB's calls to an engine on this machine: JSON over HTTP, as in AWS's low-level API
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html). The SDK's client does the same with some
 * 0.4 ms of CPU more for each call (middleware, schemas, signing, redirects, retries), which is most of what a small request costs here. Reads
 * are pipelined (RFC 9112, section 9.3.2), because a check of a hundred people is hundreds of them at once.
 * On AWS, and for another DynamoDB than the embedded engine, the SDK's client is used.
 *
 * It takes the SDK's commands, so that the table adapter (`functions/aws/dynamodb.ts`) is the same code on both. Errors have the SDK's
 * shape: the code as `name`, the status in `$metadata`, and Node's own `code` when there was no answer.
 */

import { errors, Pool } from 'undici'
import type { RawItem as SdkItem } from '../../../functions/aws/attributes.ts'
import type { CallSender } from '../../../functions/aws/dynamodb.ts'

type AttributeValue = SdkItem[string]

export interface EngineClient extends CallSender {
  destroy(): void
}

interface SentCommand {
  readonly input: object
}

/** A read seldom waits behind a write, which takes as long as the disk does. */
const pipelined = { connections: 8, pipelining: 32 }
/** Engines require a signature and a date, and do not check them. */
const unsigned = {
  'content-type': 'application/x-amz-json-1.0',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  'x-amz-date': '20260101T000000Z',
}
const reads = ['GetItem', 'BatchGetItem', 'Query'] as const
/** The calls of the table adapter; it sends no other. */
const operations = [...reads, 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'] as const
type Operation = (typeof operations)[number]
const isRead = (operation: Operation): boolean => reads.some((name) => name === operation)

/**
 * @param endpoint `http://host:port` of the engine
 * @param timeoutMs how long an answer may take to begin, and between two parts of it
 */
export function engineClient(endpoint: string, timeoutMs = 5_000): EngineClient {
  const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
  const pool = new Pool(endpoint, { ...pipelined, ...timeouts })

  async function post(operation: Operation, text: string, signal: AbortSignal | undefined) {
    const { statusCode, body } = await pool.request({
      ...{ path: '/', method: 'POST', body: text },
      headers: { ...unsigned, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      // Reads follow each other on a connection, and are sent again when it breaks. A write has its connection alone.
      ...(isRead(operation) ? { idempotent: true, blocking: false } : { signal: signal ?? null }),
    })
    return { status: statusCode, text: await body.text() }
  }

  async function send(command: SentCommand, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) {
    const operation = operations.find((name) => `${name}Command` === command.constructor.name)
    if (operation === undefined) throw new Error(`${command.constructor.name} is no call of the table adapter`)
    const sent = post(operation, JSON.stringify(written(command.input)), abortSignal).catch((error: unknown) => {
      throw withNodesCode(error)
    })
    const { status, text } = await untilAborted(sent, abortSignal)
    if (status !== 200) throw refusal(status, text)
    return read(JSON.parse(text))
  }

  return { send: send as CallSender['send'], destroy: () => void pool.destroy() }
}

/** Gives an answer up without its connection, which other reads share. */
function untilAborted<Answer>(sent: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal === undefined) return sent
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    sent.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The pool has codes of its own for an answer that did not come in time, and for a connection that broke. */
function withNodesCode(error: unknown): unknown {
  const isLate = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
  if (isLate || error instanceof errors.ConnectTimeoutError) return Object.assign(error, { name: 'TimeoutError' })
  return error instanceof errors.UndiciError ? Object.assign(error, { code: 'ECONNRESET' }) : error
}

/** `__type` is the code, after a namespace and `#`. */
function refusal(status: number, text: string): Error {
  const error = new Error('the engine refused the call')
  const code = /"__type"\s*:\s*"(?:[^"#]*#)?([A-Za-z]+)"/.exec(text)?.[1]
  error.name = code ?? 'UnknownError'
  return Object.assign(error, { $metadata: { httpStatusCode: status } })
}

type Statement = { readonly Parameters?: readonly AttributeValue[] }
/** An item as it is in JSON. */
type RawItem = Readonly<Record<string, { readonly B?: unknown }>>

/** Bytes are base64 in JSON. The adapter sends some in the parameters of statements only. */
function written(input: object): object {
  const { Parameters, Statements, TransactStatements } = input as Statement & {
    readonly Statements?: readonly Statement[]
    readonly TransactStatements?: readonly Statement[]
  }
  return {
    ...input,
    ...(Parameters && { Parameters: Parameters.map(writtenValue) }),
    ...(Statements && { Statements: Statements.map(written) }),
    ...(TransactStatements && { TransactStatements: TransactStatements.map(written) }),
  }
}

function writtenValue(value: AttributeValue): object {
  if (value.B === undefined) return value
  const { buffer, byteOffset, byteLength } = value.B
  return { B: Buffer.from(buffer, byteOffset, byteLength).toString('base64') }
}

interface Read {
  readonly Item?: RawItem
  readonly Items?: readonly RawItem[]
  readonly Responses?: Readonly<Record<string, readonly RawItem[]>> | readonly unknown[]
}

function read(answer: Read): object {
  const { Item, Items, Responses } = answer
  return {
    ...answer,
    ...(Item && { Item: readItem(Item) }),
    ...(Items && { Items: Items.map(readItem) }),
    // A batch of statements answers with a list, which holds no items: inserts return none.
    ...(Responses && !isList(Responses) && { Responses: mapped(Responses) }),
  }
}

const isList = (value: object): value is readonly unknown[] => Array.isArray(value)

function mapped(responses: Readonly<Record<string, readonly RawItem[]>>): object {
  return Object.fromEntries(Object.entries(responses).map(([table, items]) => [table, items.map(readItem)]))
}

/** Strings and numbers are as the SDK has them. The adapter skips an attribute of any other type. */
function readItem(raw: RawItem): object {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, typeof value.B === 'string' ? { B: bytesOf(value.B) } : value]),
  )
}

function bytesOf(base64: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(base64, 'base64')
  return new Uint8Array(buffer, byteOffset, byteLength)
}
