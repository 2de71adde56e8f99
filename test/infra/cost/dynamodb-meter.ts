/**
 * A meter between the SDK and the embedded engine: every call passes, and is counted with the units that AWS bills for it by the sizes
 * of its items (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html), because an engine is no
 * authority on AWS's bill. What the engine itself reports is kept beside it. The ledger reads strongly, always.
 *
 *   write   one unit for each begun KB of the item; an insert that finds its key taken costs the same
 *   read    one unit for each begun 4 KB of an item; an absent one costs one; a page of a query or scan is rounded up as a whole
 *   stored  bytes of names and values, and 100 more for each item
 *   index   an item with the key of an index is written to it too: one unit, its keys, and 100 bytes more
 *
 * Puts are the ledger's hand-overs, whose table is only a stream: they are counted and kept here, and the engine does not get them.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AttributeValue, ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import { type RawItem, toItem } from '../../../functions/aws/attributes.ts'
import { itemSize } from '../../bench/calls.ts'
import { postToEngine } from '../../support/engine-request.ts'

export interface DynamoTally {
  readonly calls: number
  readonly writeUnits: number
  readonly readUnits: number
  readonly storedBytes: number
  /** As the engine has it. */
  readonly reportedUnits: number
}

export interface DynamoMeter {
  readonly endpoint: string
  /** Since it was started. */
  tally(): DynamoTally
  /** The items of the puts since it was asked last. */
  takePuts(): RawItem[]
  stop(): Promise<void>
}

interface Statement {
  readonly Statement: string
  readonly Parameters?: readonly AttributeValue[]
}

interface Sent extends Partial<Statement> {
  /** What a put stores. */
  readonly Item?: RawItem
  readonly Statements?: readonly Statement[]
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly RawItem[]; readonly ConsistentRead?: boolean }>
  >
  readonly ConsistentRead?: boolean
}

interface Received {
  readonly Item?: RawItem
  readonly Items?: readonly RawItem[]
  readonly Responses?: Readonly<Record<string, readonly RawItem[]>>
  readonly ConsumedCapacity?: ConsumedCapacity | readonly ConsumedCapacity[]
}

type Cost = Pick<DynamoTally, 'writeUnits' | 'readUnits' | 'storedBytes'>

const contentType = { 'content-type': 'application/x-amz-json-1.0' }
const storedOverheadBytes = 100

export async function startDynamoMeter(engineEndpoint: string): Promise<DynamoMeter> {
  let total: DynamoTally = { calls: 0, writeUnits: 0, readUnits: 0, storedBytes: 0, reportedUnits: 0 }
  const puts: RawItem[] = []
  const server = createServer((request, response) => {
    void pass(request, response).catch(() => response.destroy())
  })

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '')
    const sent: Sent = JSON.parse(await textOf(request))
    if (operation === 'PutItem' && sent.Item) {
      puts.push(sent.Item)
      const { writeUnits } = writeCost([sent.Item], false)
      total = { ...total, calls: total.calls + 1, writeUnits: total.writeUnits + writeUnits }
      total = { ...total, reportedUnits: total.reportedUnits + writeUnits }
      response.writeHead(200, contentType).end('{}')
      return
    }
    const metered = JSON.stringify({ ...sent, ReturnConsumedCapacity: 'TOTAL' })
    const { status, body } = await postToEngine(engineEndpoint, headersOf(request), metered)
    const received: Received = JSON.parse(body)
    const { writeUnits, readUnits, storedBytes } = costOf(operation, sent, received, status === 200)
    total = {
      calls: total.calls + 1,
      writeUnits: total.writeUnits + writeUnits,
      readUnits: total.readUnits + readUnits,
      storedBytes: total.storedBytes + storedBytes,
      reportedUnits: total.reportedUnits + reportedBy(received),
    }
    response.writeHead(status, contentType).end(body)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    tally: () => total,
    takePuts: () => puts.splice(0),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function costOf(operation: string, sent: Sent, received: Received, isDone: boolean): Cost {
  switch (operation) {
    case 'ExecuteStatement':
      return writeCost([itemOf(sent)], isDone)
    case 'BatchExecuteStatement':
      return writeCost((sent.Statements ?? []).map(itemOf), isDone)
    case 'GetItem':
      requireStrong(sent.ConsistentRead)
      return readCost(readUnitsOf(received.Item ? sizeOf(received.Item) : 0))
    case 'BatchGetItem':
      return readCost(batchGetUnits(sent, received))
    case 'Query':
    case 'Scan':
      requireStrong(sent.ConsistentRead)
      return readCost(readUnitsOf((received.Items ?? []).reduce((bytes, item) => bytes + sizeOf(item), 0)))
    default:
      throw new Error(`the ledger does not use ${operation}`)
  }
}

function batchGetUnits({ RequestItems = {} }: Sent, { Responses = {} }: Received): number {
  return Object.entries(RequestItems).reduce((units, [table, { Keys, ConsistentRead }]) => {
    requireStrong(ConsistentRead)
    const found = Responses[table] ?? []
    const absent = Keys.length - found.length
    return units + absent + found.reduce((sum, item) => sum + readUnitsOf(sizeOf(item)), 0)
  }, 0)
}

function requireStrong(isConsistent: boolean | undefined): void {
  if (isConsistent !== true) throw new Error('a read that is not strongly consistent: it costs half of what is counted')
}

function writeCost(items: readonly RawItem[], isDone: boolean): Cost {
  const sizes = items.flatMap((item) => [sizeOf(item), ...indexed(item).map(sizeOf)])
  return {
    writeUnits: sizes.reduce((units, bytes) => units + Math.ceil(bytes / 1_024), 0),
    readUnits: 0,
    storedBytes: isDone ? sizes.reduce((sum, bytes) => sum + bytes + storedOverheadBytes, 0) : 0,
  }
}

/** What the index `holders` of the vault holds of an item. */
function indexed({ pk, sk, holder }: RawItem): RawItem[] {
  return pk && sk && holder ? [{ pk, sk, holder }] : []
}

const readCost = (readUnits: number): Cost => ({ writeUnits: 0, readUnits, storedBytes: 0 })
const readUnitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4_096))

/** Of `INSERT INTO "table" VALUE {'pk': ?, ...}`. */
function itemOf({ Statement = '', Parameters = [] }: Partial<Statement>): RawItem {
  const names = [...Statement.matchAll(/'([^']+)': \?/g)].map(([, name]) => name ?? '')
  if (!Statement.startsWith('INSERT') || names.length !== Parameters.length) throw new Error('not an insert')
  return Object.fromEntries(names.map((name, i) => [name, Parameters[i] as AttributeValue]))
}

/** On the wire bytes are base64. */
function sizeOf(item: RawItem): number {
  const decoded = Object.entries(item).map(([name, value]) => [
    name,
    value.B === undefined ? value : { B: Buffer.from(String(value.B), 'base64') },
  ])
  return itemSize(toItem(Object.fromEntries(decoded)))
}

function reportedBy({ ConsumedCapacity }: Received): number {
  return [ConsumedCapacity ?? []]
    .flat()
    .reduce((sum, { CapacityUnits = 0 }: ConsumedCapacity) => sum + CapacityUnits, 0)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const names = ['content-type', 'x-amz-target', 'authorization', 'x-amz-date']
  return Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')]))
}
