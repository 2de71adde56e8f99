/**
 * The log's part of a deployment, simulated: the stream of the entries table with a shard for each of its partitions, Lambda's poller of
 * each shard, and instances of `sequence` that are the ledger's own code, each with one processor and a memory of its own.
 */
import type { DynamoDBRecord } from 'aws-lambda'
import { dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { dynamoPutHandover } from '../../../functions/aws/put-handover.ts'
import type { LogJobDependencies } from '../../../functions/jobs/extend-logs.ts'
import { createSequenceHandler } from '../../../functions/jobs/sequence.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { seededRandom } from '../../faults/scheduler.ts'
import {
  coldStartMs,
  invokeMs,
  maxInvocationBytes,
  newTable,
  processorMs,
  recordOverheadBytes,
  streamDelayMs,
  type Throughput,
} from './aws-figures.ts'
import { type Capacity, placeOf, tableCapacity } from './capacity.ts'
import { type DynamoFaults, dynamoModel, type Tally } from './dynamodb-model.ts'
import { type ModelEntry, modelEntry } from './entries.ts'
import { handoverLanes } from './handover-lanes.ts'
import { objectModel } from './object-model.ts'
import { type Processor, processor, type VirtualTime, virtualTime } from './virtual-time.ts'

export interface DeploymentPlan {
  readonly controllers: number
  readonly events: number
  /** They come steadily. Without a rate all of them are in the stream when it begins. */
  readonly eventsPerSecond?: number
  /** The stream's batching window. */
  readonly windowMs?: number
  /** What both tables take at once. @default a new table's */
  readonly warmThroughput?: Throughput
  /** Instances of `sequence` at a time. */
  readonly concurrency: number
  readonly handsOver?: boolean
  /** The most records of an invocation. */
  readonly batchSize: number
  readonly publishEveryMs: number
  readonly faults?: DynamoFaults
  /** Calls of each kind that an instance has under way at the tables. */
  readonly maxInFlight: number
  readonly seed: number
}

export interface DeploymentRun extends Tally {
  /** Until a checkpoint of every log covers its last event, in simulated seconds, without the interval that it waits for. */
  readonly seconds: number
  /** Until every event has its index row. */
  readonly sequencedSeconds: number
  readonly eventsPerSecond: number
  readonly invocations: number
  readonly instances: number
  readonly s3Writes: number
  /** Faults that the function reported. */
  readonly faults: readonly string[]
  /** Hand-overs that an invocation took. */
  readonly handedOver: number
  /** From an event's insert to the end of the invocation that sequenced it, in seconds: the longest. */
  readonly longestWaitSeconds: number
}

export async function runDeployment(plan: DeploymentPlan): Promise<DeploymentRun> {
  const time = virtualTime()
  const random = seededRandom(plan.seed)
  const warm = plan.warmThroughput ?? newTable
  const tables = { entries: warm, log: warm, handovers: newTable }
  const dynamo = dynamoModel(time, random, tables, plan.faults, (item) => lanes.arrived(item))
  const storage = objectModel(time, random)
  const faults: string[] = []
  const startsAt = Date.parse('2026-11-22T10:00:00.000Z')

  function logWriterOf(core: Processor): LogWriter {
    const client = dynamo.client(core)
    const table = (name: string, maxInFlight: number) =>
      dynamoTable(client, name, { clock: time.now, sleep: time.sleep, random: random.next, maxInFlight })
    return {
      entries: table('entries', plan.maxInFlight),
      log: table('log', plan.maxInFlight),
      objects: storage.objects(core),
      clock: () => Math.floor(startsAt + time.now()),
      random: (count) => random.bytes(count),
      host: 'ledger.example',
      checkpointSigner: storage.signer(core, 1),
      witnessSigner: storage.signer(core, 2),
    }
  }

  function newInstance(): Instance {
    const core = processor(time)
    const waits = { clock: time.now, sleep: time.sleep, random: random.next }
    const job: LogJobDependencies = {
      logWriter: logWriterOf(core),
      controllers: async () => [],
      receiptPublicKey: new Uint8Array(32),
      publishEveryMs: plan.publishEveryMs,
      ...(plan.handsOver && { putHandover: dynamoPutHandover(dynamo.client(core), 'handovers', waits) }),
      sleep: time.sleep,
      telemetry: {
        add: () => {},
        log: ({ level, event, code }) => {
          if (level === 'error') faults.push(code === undefined ? event : `${event} (${code})`)
        },
      },
    }
    return { core, handler: createSequenceHandler(job) }
  }

  const pool = instancePool(time, plan.concurrency, newInstance)
  const lanes = handoverLanes(time, async (records) => {
    const keys = records.flatMap(({ dynamodb }) => JSON.parse(dynamodb?.NewImage?.keys?.S ?? '[]'))
    const failed = await invoke(records, keys.length * processorMs.perRecord)
    if (failed.length > 0) return false
    handedOver += records.length
    for (const [, sk] of keys) waited(insertedAt.get(sk))
    return true
  })
  const shards = shardsOf(plan, tableCapacity(warm))
  const firstEntries = controllersOf(plan).map((controller, i) => modelEntry(controller, -1 - i))
  for (const { key, leaf } of [...firstEntries, ...shards.flat()])
    dynamo.place('entries', { pk: { S: key.pk }, sk: { S: key.sk }, leaf: { S: leaf }, payload: { S: sealedPayload } })
  const insertedAt = new Map(shards.flat().map(({ key, at }) => [key.sk, at]))
  let longestWaitMs = 0
  let invocations = 0
  let handedOver = 0

  const waited = (at: number | undefined) => {
    if (at !== undefined && sequencedAt === 0) longestWaitMs = Math.max(longestWaitMs, time.now() - beganAt - at)
  }

  /** Resolves to the sequence numbers of the records that are to be sent again. */
  async function invoke(Records: DynamoDBRecord[], workMs: number): Promise<number[]> {
    const instance = await pool.take()
    invocations++
    await time.sleep(invokeMs)
    await instance.core.work(workMs)
    const { batchItemFailures } = await instance.handler({ Records })
    pool.giveBack(instance)
    return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier))
  }

  /** Waits for the next record, and then until the window has passed or the batch is full. */
  async function windowOf(entries: readonly ModelEntry[], next: number): Promise<void> {
    const closesAt = (entries[next]?.at ?? 0) + (plan.windowMs ?? 0)
    const fullAt = entries[next + plan.batchSize - 1]?.at ?? closesAt
    await time.sleep(beganAt + Math.min(closesAt, fullAt) + streamDelayMs - time.now())
  }

  async function poll(entries: readonly ModelEntry[]): Promise<void> {
    let next = 0
    while (next < entries.length) {
      await windowOf(entries, next)
      const taken = takeFrom(entries, next, plan.batchSize, time.now() - beganAt)
      const failed = await invoke(taken.map(recordOf), taken.length * processorMs.perRecord)
      const done = failed.length === 0 ? taken.length : Math.min(...failed)
      if (done > 0 && !plan.handsOver) waited(taken[0]?.at)
      next += done
    }
  }

  /** Publishes the rest as at the end of any interval: an instance does it when it is due, and the sweep does what no instance did. */
  async function publishRest(controller: string): Promise<void> {
    const last = shards.flat().findLast(({ key }) => key.pk.startsWith(`${controller}#`))
    const instance = await pool.take()
    if (last !== undefined) await instance.handler({ Records: [recordOf(last, 0)] })
    pool.giveBack(instance)
    await lanes.idle()
    const startedAt = time.now()
    const { published } = await publishCheckpoint(logWriterOf(processor(time)), controller)
    if (!published) idleMs = Math.max(idleMs, time.now() - startedAt)
  }

  /** Gives each log a first event and a checkpoint, as the log of a controller in use has. */
  async function open(): Promise<void> {
    await newInstance().handler({ Records: firstEntries.map(recordOf) })
    await lanes.idle()
    beganAt = time.now()
  }

  let idleMs = 0
  let beganAt = 0
  let sequencedAt = 0
  const work = async () => {
    await open()
    await Promise.all(shards.map(poll))
    await lanes.idle()
    sequencedAt = time.now()
    await time.sleep(plan.publishEveryMs)
    await Promise.all(controllersOf(plan).map(publishRest))
  }
  await time.run(work())
  const seconds = (time.now() - beganAt - plan.publishEveryMs - idleMs) / 1_000
  return {
    ...dynamo.tally(),
    sequencedSeconds: (sequencedAt - beganAt) / 1_000,
    ...{ seconds, eventsPerSecond: plan.events / seconds, invocations, instances: pool.made(), faults },
    ...{ handedOver, longestWaitSeconds: longestWaitMs / 1_000, s3Writes: storage.writes() },
  }
}

/** As many bytes as an event's: its item is one unit. */
const sealedPayload = 'x'.repeat(240)

interface Instance {
  readonly core: Processor
  readonly handler: ReturnType<typeof createSequenceHandler>
}

/** Lambda gives an invocation to an idle instance, the one used last, or starts another; beyond the concurrency it waits. */
function instancePool(time: VirtualTime, concurrency: number, start: () => Instance) {
  const idle: Instance[] = []
  const waiting: ((instance: Instance) => void)[] = []
  let made = 0
  return {
    async take(): Promise<Instance> {
      const used = idle.pop()
      if (used !== undefined) return used
      if (made === concurrency) return new Promise((resolve) => waiting.push(resolve))
      made++
      await time.sleep(coldStartMs)
      return start()
    },
    giveBack(instance: Instance): void {
      const next = waiting.shift()
      if (next === undefined) idle.push(instance)
      else next(instance)
    },
    made: () => made,
  }
}

const controllersOf = ({ controllers }: DeploymentPlan): string[] =>
  Array.from({ length: controllers }, (_, i) => `c${i}`)

/** The entries of each shard in the order of their inserts: those of all logs, spread by their partition keys. */
function shardsOf(plan: DeploymentPlan, capacity: Capacity): ModelEntry[][] {
  const count = capacity.partitionCount()
  const shards = Array.from({ length: count }, (): ModelEntry[] => [])
  const msPerEvent = plan.eventsPerSecond === undefined ? 0 : 1_000 / plan.eventsPerSecond
  for (let n = 0; n < plan.events; n++) {
    const entry = modelEntry(`c${n % plan.controllers}`, n, n * msPerEvent)
    shards[Math.floor(placeOf(entry.key.pk) * count)]?.push(entry)
  }
  return shards
}

function takeFrom(entries: readonly ModelEntry[], next: number, batchSize: number, nowMs: number): ModelEntry[] {
  const taken: ModelEntry[] = []
  let bytes = 0
  for (let i = next; i < entries.length && taken.length < batchSize; i++) {
    const entry = entries[i]
    if (entry === undefined || entry.at + streamDelayMs > nowMs) break
    bytes += entry.leaf.length + recordOverheadBytes
    if (bytes > maxInvocationBytes) break
    taken.push(entry)
  }
  return taken
}

function recordOf({ key: { pk, sk }, leaf }: ModelEntry, i: number): DynamoDBRecord {
  const Keys = { pk: { S: pk }, sk: { S: sk } }
  return {
    eventName: 'INSERT',
    dynamodb: { Keys, NewImage: { ...Keys, leaf: { S: leaf } }, SequenceNumber: String(i) },
  }
}
