/**
 * The log's part of a deployment, simulated: the stream of the entries table with a shard for each of its partitions, Lambda's poller of
 * each shard, and instances of `sequence` that are the ledger's own code, each with one processor and a memory of its own.
 */
import type { DynamoDBRecord } from 'aws-lambda'
import { dynamoTable } from '../../../functions/aws/dynamodb.ts'
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
import { objectModel } from './object-model.ts'
import { type Processor, processor, type VirtualTime, virtualTime } from './virtual-time.ts'

export interface DeploymentPlan {
  readonly controllers: number
  readonly events: number
  /** Events a second, steadily; without a rate all of them are in the stream when it begins. */
  readonly eventsPerSecond?: number
  /** What both tables take at once. @default a new table's */
  readonly warmThroughput?: Throughput
  /** Instances of `sequence` at a time. */
  readonly concurrency: number
  /** The most records of an invocation. */
  readonly batchSize: number
  readonly windowMs: number
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
  /** From an event's insert to the end of the invocation that sequenced it, in seconds: the longest. */
  readonly longestWaitSeconds: number
}

export async function runDeployment(plan: DeploymentPlan): Promise<DeploymentRun> {
  const time = virtualTime()
  const random = seededRandom(plan.seed)
  const warm = plan.warmThroughput ?? newTable
  const dynamo = dynamoModel(time, random, { entries: warm, log: warm }, plan.faults)
  const storage = objectModel(time, random)
  const faults: string[] = []
  const startsAt = Date.parse('2026-11-22T10:00:00.000Z')

  function logWriterOf(core: Processor): LogWriter {
    const client = dynamo.client(core)
    const table = (name: string, maxInFlight: number) =>
      dynamoTable(client, name, { clock: time.now, sleep: time.sleep, random: random.next, maxInFlight })
    return {
      entries: table('entries', 2),
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
    const job: LogJobDependencies = {
      logWriter: logWriterOf(core),
      controllers: async () => [],
      receiptPublicKey: new Uint8Array(32),
      publishEveryMs: plan.publishEveryMs,
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
  const shards = shardsOf(plan, tableCapacity(warm))
  const firstEntries = controllersOf(plan).map((controller, i) => modelEntry(controller, -1 - i, 0))
  for (const { key, leaf } of [...firstEntries, ...shards.flat()])
    dynamo.place('entries', { pk: { S: key.pk }, sk: { S: key.sk }, leaf: { S: leaf }, payload: { S: sealedPayload } })
  let longestWaitMs = 0
  let invocations = 0

  /** Waits until the window has passed since the first record, or the batch is full before. */
  async function windowOf(entries: readonly ModelEntry[], next: number): Promise<void> {
    const first = entries[next]
    const lastOfBatch = entries[next + plan.batchSize - 1]
    if (first === undefined) return
    const closesAt = first.at + plan.windowMs
    const endsAt = lastOfBatch === undefined ? closesAt : Math.min(closesAt, lastOfBatch.at)
    await time.sleep(beganAt + endsAt + streamDelayMs - time.now())
  }

  async function poll(entries: readonly ModelEntry[]): Promise<void> {
    let next = 0
    while (next < entries.length) {
      await time.sleep(beganAt + (entries[next]?.at ?? 0) + streamDelayMs - time.now())
      await windowOf(entries, next)
      const taken = takeFrom(entries, next, plan.batchSize, time.now() - beganAt)
      const instance = await pool.take()
      invocations++
      await time.sleep(invokeMs)
      await instance.core.work(taken.length * processorMs.perRecord)
      const { batchItemFailures } = await instance.handler({ Records: taken.map(recordOf) })
      pool.giveBack(instance)
      const failed = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier))
      const done = failed.length === 0 ? taken.length : Math.min(...failed)
      const oldest = taken[0]
      if (done > 0 && oldest !== undefined) longestWaitMs = Math.max(longestWaitMs, time.now() - beganAt - oldest.at)
      next += done
    }
  }

  /** The rest is published as an interval's is: by an instance, when it is due. What none of them did, the sweep does. */
  async function publishRest(controller: string): Promise<void> {
    const last = shards.flat().findLast(({ key }) => key.pk.startsWith(`${controller}#`))
    const instance = await pool.take()
    if (last !== undefined) await instance.handler({ Records: [recordOf(last, 0)] })
    pool.giveBack(instance)
    const startedAt = time.now()
    const { published } = await publishCheckpoint(logWriterOf(processor(time)), controller)
    if (!published) idleMs = Math.max(idleMs, time.now() - startedAt)
  }

  /** Each log has a first event and a checkpoint, as that of any controller has which was there yesterday. */
  async function open(): Promise<void> {
    await newInstance().handler({ Records: firstEntries.map(recordOf) })
    beganAt = time.now()
  }

  let idleMs = 0
  let beganAt = 0
  let sequencedAt = 0
  const work = async () => {
    await open()
    await Promise.all(shards.map(poll))
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
    s3Writes: storage.writes(),
    longestWaitSeconds: longestWaitMs / 1_000,
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
