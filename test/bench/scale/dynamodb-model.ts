/**
 * A DynamoDB in memory, behind the SDK's commands that the ledger's own adapter sends (`functions/aws/dynamodb.ts`), so that its batching
 * and retries are part of what is measured. It has latencies and limits (`aws-figures.ts`, `capacity.ts`), an order of effects that a
 * seed decides, and faults: a call that fails, and one that takes place while its answer is lost.
 */
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  type KeysAndAttributes,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import { toItem } from '../../../functions/aws/attributes.ts'
import type { CallSender } from '../../../functions/aws/dynamodb.ts'
import type { Random } from '../../faults/scheduler.ts'
import { itemSize } from '../calls.ts'
import { type Latency, latencies, processorMs, type Throughput } from './aws-figures.ts'
import { type Capacity, tableCapacity } from './capacity.ts'
import type { Processor, VirtualTime } from './virtual-time.ts'

export type RawItem = Record<string, AttributeValue>

export interface Tally {
  readonly calls: number
  readonly writeUnits: number
  readonly readUnits: number
  /** Requests that the tables refused for their rate. */
  readonly throttled: number
  /** Batches of a log whose place was taken: work that another sequencer did as well. */
  readonly collisions: number
}

export interface DynamoModel {
  /** A client whose calls take the time of this processor. */
  client(of: Processor): CallSender
  /** Puts an item there without a call. */
  place(table: string, item: RawItem): void
  tally(): Tally
}

export interface DynamoFaults {
  /** Share of the calls that fail, half of them after they took place. */
  readonly failing: number
}

const maxPageBytes = 1024 * 1024

interface Stored {
  readonly partitions: Map<string, Map<string, RawItem>>
  readonly sorted: Map<string, string[]>
  readonly capacity: Capacity
}

export function dynamoModel(
  time: VirtualTime,
  random: Random,
  warm: Readonly<Record<string, Throughput | undefined>>,
  faults: DynamoFaults = { failing: 0 },
  onPut: (item: RawItem) => void = () => {},
): DynamoModel {
  const tables = new Map<string, Stored>(
    Object.entries(warm).map(([name, throughput]) => [
      name,
      { partitions: new Map(), sorted: new Map(), capacity: tableCapacity(throughput) },
    ]),
  )
  let calls = 0
  let writeUnits = 0
  let readUnits = 0
  let collisions = 0

  function tableOf(name: string | undefined): Stored {
    const table = tables.get(name ?? '')
    if (table === undefined) throw new Error(`the model has no table ${name}`)
    return table
  }

  /** `undefined`: throttled. */
  function insert(statement: string, parameters: readonly AttributeValue[]): 'inserted' | 'exists' | undefined {
    const { table: name, names } = insertOf(statement)
    const item: RawItem = {}
    names.forEach((attribute, i) => {
      const value = parameters[i]
      if (value !== undefined) item[attribute] = value
    })
    const { pk, sk } = textKey(item)
    const table = tableOf(name)
    const units = Math.ceil(itemSize(toItem(item)) / 1024)
    if (!table.capacity.take('write', pk, units, time.now())) return undefined
    writeUnits += units
    if (!add(table, pk, sk, item)) {
      if (pk.endsWith('#log')) collisions++
      return 'exists'
    }
    return 'inserted'
  }

  /** Replaces an item of a table without sort keys, which is kept nowhere: only its stream is read. */
  function put(name: string | undefined, item: RawItem): boolean {
    const units = Math.ceil(itemSize(toItem(item)) / 1024)
    if (!tableOf(name).capacity.take('write', item.pk?.S ?? '', units, time.now())) return false
    writeUnits += units
    onPut(item)
    return true
  }

  function read(table: Stored, pk: string, bytes: number): boolean {
    const units = Math.max(1, Math.ceil(bytes / 4096))
    if (!table.capacity.take('read', pk, units, time.now())) return false
    readUnits += units
    return true
  }

  function get(table: Stored, key: RawItem): { readonly item: RawItem | undefined } | undefined {
    const { pk, sk } = textKey(key)
    const item = table.partitions.get(pk)?.get(sk)
    return read(table, pk, item === undefined ? 0 : itemSize(toItem(item))) ? { item } : undefined
  }

  /** What the call is answered with; throws what DynamoDB would. */
  function effectOf(command: unknown): { readonly answer: object; readonly items: number; readonly bytes: number } {
    if (command instanceof ExecuteStatementCommand) {
      const { Statement = '', Parameters = [] } = command.input
      const outcome = insert(Statement, Parameters)
      if (outcome === undefined) throw named('ThrottlingException')
      if (outcome === 'exists') throw named('DuplicateItemException')
      return { answer: {}, items: 1, bytes: 0 }
    }
    if (command instanceof BatchExecuteStatementCommand) {
      const { Statements = [] } = command.input
      const Responses = Statements.map(({ Statement = '', Parameters = [] }) => {
        const outcome = insert(Statement, Parameters)
        if (outcome === 'inserted') return {}
        const Code = outcome === 'exists' ? 'DuplicateItem' : 'ThrottlingError'
        return { Error: { Code, Message: Code } }
      })
      return { answer: { Responses }, items: Statements.length, bytes: 0 }
    }
    if (command instanceof PutItemCommand) {
      if (!put(command.input.TableName, command.input.Item ?? {})) throw named('ThrottlingException')
      return { answer: {}, items: 1, bytes: 0 }
    }
    if (command instanceof GetItemCommand) {
      const found = get(tableOf(command.input.TableName), command.input.Key ?? {})
      if (found === undefined) throw named('ThrottlingException')
      return { answer: { Item: found.item }, items: 1, bytes: 0 }
    }
    if (command instanceof BatchGetItemCommand) {
      const [request] = Object.entries(command.input.RequestItems ?? {})
      const name = request?.[0] ?? ''
      const { Keys = [] }: KeysAndAttributes = request?.[1] ?? { Keys: [] }
      const found = Keys.map((key) => get(tableOf(name), key))
      const Items = found.flatMap((each) => (each?.item ? [each.item] : []))
      const left = Keys.filter((_, i) => found[i] === undefined)
      if (left.length === Keys.length && left.length > 0) throw named('ThrottlingException')
      const UnprocessedKeys = left.length === 0 ? {} : { [name]: { Keys: left } }
      return { answer: { Responses: { [name]: Items }, UnprocessedKeys }, items: Keys.length, bytes: 0 }
    }
    if (command instanceof QueryCommand) return queryOf(command)
    throw new Error('the model does not know this command')
  }

  function queryOf({ input }: QueryCommand) {
    const table = tableOf(input.TableName)
    const pk = input.ExpressionAttributeValues?.[':pk']?.S ?? ''
    const prefix = input.ExpressionAttributeValues?.[':prefix']?.S ?? ''
    const after = input.ExclusiveStartKey?.sk?.S
    const isDescending = input.ScanIndexForward === false
    const items: RawItem[] = []
    let bytes = 0
    let last: string | undefined
    const names = sortedKeys(table, pk)
    const start = isDescending ? names.length - 1 : after === undefined ? 0 : lowerBound(names, after)
    for (let i = start; i >= 0 && i < names.length; i += isDescending ? -1 : 1) {
      const sk = names[i] ?? ''
      if (!sk.startsWith(prefix) || (after !== undefined && (isDescending ? sk >= after : sk <= after))) continue
      if (items.length === (input.Limit ?? Number.POSITIVE_INFINITY) || bytes > maxPageBytes) {
        last = textKey(items.at(-1) ?? {}).sk
        break
      }
      const item = table.partitions.get(pk)?.get(sk) ?? {}
      items.push(item)
      bytes += itemSize(toItem(item))
    }
    if (!read(table, pk, bytes)) throw named('ThrottlingException')
    const LastEvaluatedKey = last === undefined ? undefined : { pk: { S: pk }, sk: { S: last } }
    return { answer: { Items: items, LastEvaluatedKey }, items: items.length, bytes }
  }

  async function send(core: Processor, command: unknown): Promise<object> {
    calls++
    const { operation, items, bytes } = sizeOf(command)
    await core.work(processorMs.perCall + items * processorMs.perItem)
    const halfOf = (transferred: number) => latencyOf(latencies[operation], items, transferred, random) / 2
    await time.sleep(halfOf(bytes))
    const isFailing = random.chance(faults.failing)
    if (isFailing && random.chance(0.5)) throw named('InternalServerError')
    const effect = effectOf(command)
    await time.sleep(halfOf(2 * effect.bytes))
    if (isFailing) throw named('InternalServerError')
    if (operation === 'Query') await core.work(effect.items * processorMs.perItem)
    return effect.answer
  }

  return {
    client: (core) => ({ send: ((command: unknown) => send(core, command)) as CallSender['send'] }),
    place(name, item) {
      const { pk, sk } = textKey(item)
      add(tableOf(name), pk, sk, item)
    },
    tally: () => ({
      ...{ calls, writeUnits, readUnits, collisions },
      throttled: [...tables.values()].reduce((sum, { capacity }) => sum + capacity.throttled(), 0),
    }),
  }
}

function add(table: Stored, pk: string, sk: string, item: RawItem): boolean {
  const partition = table.partitions.get(pk) ?? new Map<string, RawItem>()
  table.partitions.set(pk, partition)
  if (partition.has(sk)) return false
  partition.set(sk, item)
  table.sorted.delete(pk)
  return true
}

function sortedKeys({ partitions, sorted }: Stored, pk: string): readonly string[] {
  const known = sorted.get(pk)
  if (known !== undefined) return known
  const names = [...(partitions.get(pk)?.keys() ?? [])].sort()
  sorted.set(pk, names)
  return names
}

function lowerBound(names: readonly string[], name: string): number {
  let [low, high] = [0, names.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((names[middle] ?? '') < name) low = middle + 1
    else high = middle
  }
  return low
}

type Operation = 'PutItem' | 'GetItem' | 'BatchGetItem' | 'ExecuteStatement' | 'BatchExecuteStatement' | 'Query'

/** What is sent: the bytes of a single insert, which may be a batch of a log. */
function sizeOf(command: unknown): { readonly operation: Operation; readonly items: number; readonly bytes: number } {
  if (command instanceof ExecuteStatementCommand) {
    const bytes = (command.input.Parameters ?? []).reduce((sum, { S, B }) => sum + (S?.length ?? B?.length ?? 0), 0)
    return { operation: 'ExecuteStatement', items: 1, bytes }
  }
  if (command instanceof PutItemCommand)
    return { operation: 'PutItem', items: 1, bytes: command.input.Item?.keys?.S?.length ?? 0 }
  if (command instanceof BatchExecuteStatementCommand)
    return { operation: 'BatchExecuteStatement', items: command.input.Statements?.length ?? 0, bytes: 0 }
  if (command instanceof BatchGetItemCommand) {
    const [{ Keys = [] } = {}] = Object.values(command.input.RequestItems ?? {})
    return { operation: 'BatchGetItem', items: Keys.length, bytes: 0 }
  }
  return { operation: command instanceof QueryCommand ? 'Query' : 'GetItem', items: 1, bytes: 0 }
}

const inserts = new Map<string, { readonly table: string; readonly names: readonly string[] }>()

function insertOf(statement: string) {
  const known = inserts.get(statement)
  if (known !== undefined) return known
  const table = /^INSERT INTO "([^"]+)"/.exec(statement)?.[1]
  if (table === undefined) throw new Error('not an insert')
  const found = { table, names: [...statement.matchAll(/'([^']+)': \?/g)].map(([, name]) => name ?? '') }
  inserts.set(statement, found)
  return found
}

function textKey({ pk, sk }: RawItem): { readonly pk: string; readonly sk: string } {
  return { pk: pk?.S ?? '', sk: sk?.S ?? '' }
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name })
}

/** Log-normal with a median of the figure: one answer in a hundred takes twice as long or more. */
export function latencyOf({ ms, msPerItem = 0, msPerKb = 0 }: Latency, items: number, bytes: number, random: Random) {
  const spread = Math.exp(0.3 * normal(random))
  return (ms + items * msPerItem + (bytes / 1024) * msPerKb) * spread
}

/** Box and Muller's. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
