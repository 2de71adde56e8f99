/**
 * Computes what a ledger uses, in billed units, from counts (`usage.ts`), assumptions, traffic and settings. `bill.ts` turns units into
 * dollars.
 *
 * Little traffic is expensive for each event, because batches and checkpoints have fixed costs. A batch starts with a record and ends with
 * the window, or when it is full, in each shard of the stream separately: one Lambda call and two writes. A checkpoint is two signatures,
 * two listings and two objects, whether it adds one entry or a thousand. It comes with the first batch, or the first sweep, an interval
 * after the checkpoint before. There are never more checkpoints than batches.
 *
 * The figures are for one controller. With several, each controller with an event in a batch adds a batch and a checkpoint of its own.
 */
import { assumptions, type Running } from './assumptions.ts'
import { type Quantities, sum, times } from './bill.ts'
import { type Batch, type Counted, entriesPerTile, type Request, type Usage } from './usage.ts'

export interface Traffic {
  /** Steady, over the whole ledger. */
  readonly eventsPerSecond: number
  /** 0 to 1: events of subjects that the ledger did not know. */
  readonly newSubjectShare: number
}

export interface Setting {
  /** The stream's batching window. */
  readonly windowSeconds: number
  /** Least time from one checkpoint of a log to the next. */
  readonly checkpointSeconds: number
  readonly streamShards: number
  /** Batch size of the stream's event source mapping. */
  readonly maxEventsPerBatch: number
  /** CloudFront and WAF, as in production. */
  readonly hasFront: boolean
  readonly controllers: number
  /** Events are answered with their receipts, for callers that do not ask for a short answer. */
  readonly hasReceipts: boolean
  /** With the construct's `handsOver`. */
  readonly handsOver: boolean
}

export const defaultTraffic: Traffic = { eventsPerSecond: 10, newSubjectShare: 0 }
export const defaultSetting: Setting = {
  windowSeconds: 10,
  checkpointSeconds: 30,
  streamShards: assumptions.streamShards,
  maxEventsPerBatch: 1_000,
  hasFront: false,
  controllers: 1,
  hasReceipts: false,
  handsOver: false,
}

const million = 1_000_000
const secondsPerSweep = 60
const sweepsPerMonth = (assumptions.daysPerMonth * 24 * 60 * 60) / secondsPerSweep
/** The sweep looks at each log once in so many runs, and stores its position once in five minutes. */
const sweepsPerPass = 256
const sweepsPerPosition = 5
/** A mark covers the batches of five minutes. The sweeps of at least so many minutes look at its log, in two queries. */
const secondsPerMark = 300
const looksPerMark = 21
const readUnitsPerDueLog = 2
const passesPerMonth = assumptions.daysPerMonth / 30

export function eventsPerBatch(eventsPerSecond: number, setting: Setting): number {
  const { windowSeconds, streamShards, maxEventsPerBatch } = setting
  return Math.min(maxEventsPerBatch, 1 + (eventsPerSecond / streamShards) * windowSeconds)
}

/**
 * The share of batches that are followed by a checkpoint: one comes with the first batch, or the first sweep, an interval after the last
 * checkpoint. On average the next sweep is half a minute away.
 */
export function checkpointsPerBatch(eventsPerSecond: number, setting: Setting): number {
  const secondsPerBatch = eventsPerBatch(eventsPerSecond, setting) / eventsPerSecond
  const waited = Math.min(secondsPerBatch, secondsPerSweep / 2)
  return Math.min(1, secondsPerBatch / (setting.checkpointSeconds + waited))
}

/** A million calls with one event each, and their place in the log. */
export function millionEvents(usage: Usage, traffic: Traffic, setting: Setting): Quantities {
  const { eventsPerSecond, newSubjectShare } = traffic
  const { known, announced, receipt } = usage.event
  const answerOf = ({ responseBytes }: Request) => (setting.hasReceipts ? receipt.responseBytes : responseBytes)
  const callOf = (request: Request) =>
    apiCall({ ...request, responseBytes: answerOf(request) }, assumptions.ingest, setting.hasFront)
  return times(
    million,
    sum(
      times(1 - newSubjectShare, callOf(known)),
      times(newSubjectShare, callOf(announced)),
      times(assumptions.coldStartShare, coldStart(usage, setting)),
      times(snapshotReadsPerCall(eventsPerSecond), { readUnit: usage.coldStart.readUnits }),
      placeInLog(usage, eventsPerSecond, setting),
    ),
  )
}

/** A million fetches of the text in force, with its token: what a banner shows before there is an event. */
export function millionNotices({ notice }: Usage, { hasFront }: Setting): Quantities {
  return times(million, apiCall(notice, assumptions.read, hasFront))
}

/** A million proofs for auditors; each read is recorded in the log, among other events at this rate. */
export function millionProofs(usage: Usage, eventsPerSecond: number, setting: Setting): Quantities {
  const call = apiCall(usage.proof, assumptions.audit, setting.hasFront)
  return times(million, sum(call, placeInLog(usage, eventsPerSecond, setting)))
}

/** A million proofs that clients make themselves from a checkpoint and tiles, keeping none of them. */
export function millionProofsFromTiles({ tiles }: Usage, { hasFront }: Setting): Quantities {
  const file = (request: Request) => (hasFront ? fileAtTheEdge(request) : apiCall(request, assumptions.log, false))
  const partial = apiCall(tiles.partial, assumptions.log, hasFront)
  return times(million, sum(file(tiles.checkpoint), partial, times(tiles.perProof - 1, file(tiles.full))))
}

/** A month without a call and without endpoints: keys and alarms, and each minute the sweep with its metrics, the look for imports and that for deliveries; every other one that for exports, each hour those for statistics and for ends of consents. */
export function idleMonth(usage: Usage, { controllers, hasFront }: Setting): Quantities {
  const running = invocation(counted(usage.sweep.atRest), assumptions.sweep)
  const looking = [assumptions.import, assumptions.deliver].map((job) => invocation({ readUnit: job.readUnits }, job))
  const { everyMinutes, readUnits } = assumptions.export
  const forExports = times(1 / everyMinutes, invocation({ readUnit: readUnits }, assumptions.export))
  const hourly = [assumptions.statistics, assumptions.expiry].map((job) =>
    times(job.runsPerMonth, invocation({ readUnit: job.readUnits }, job)),
  )
  return sum(
    times(sweepsPerMonth, sum(running, ...looking, forExports)),
    ...hourly,
    times(controllers, controllerAtRest(usage)),
    {
      writeUnit: sweepsPerMonth / sweepsPerPosition,
      kmsKeyMonth: assumptions.kmsKeys,
      metricMonth: usage.sweep.metrics,
      alarmMetricMonth: assumptions.alarmMetrics,
      dashboardMonth: assumptions.dashboards,
      ...(hasFront && { wafAclMonth: 1, wafRuleMonth: assumptions.wafRules }),
    },
  )
}

/** What an endpoint adds to a month without a call: the runs of `deliver` look again until their minute is nearly over. */
export function endpointAtRest(): Quantities {
  const { deliver, delivering, messages } = assumptions
  const instead = invocation({ readUnit: delivering.readUnits - deliver.readUnits }, delivering)
  const calls = times(delivering.calls, invocation({ readUnit: messages.readUnits }, messages))
  const saved = { lambdaRequest: -1, lambdaMbMs: -deliver.memoryMb * deliver.ms }
  return times(sweepsPerMonth, sum(instead, saved, calls))
}

/** A month in which one witness cosigns a log that grows all the time. */
export function witnessedMonth(): Quantities {
  const { memoryMb, ms, readUnits, writeUnits, served, runsPerMonth } = assumptions.witness
  const counts = { readUnit: readUnits, writeUnit: writeUnits, s3Write: served, s3Read: 4 * served }
  return times(runsPerMonth, invocation(counts, { memoryMb, ms }))
}

/** What a controller adds to a month without a call. */
export function controllerAtRest({ sweep }: Usage): Quantities {
  const { memoryMb, msPerLook } = assumptions.sweep
  return times(sweepsPerMonth / sweepsPerPass, sum(counted(sweep.look), { lambdaMbMs: memoryMb * msPerLook }))
}

/** The self-audit's daily comparison of a million new entries, each once. */
export function millionNewAudited({ selfAudit }: Usage): Quantities {
  const { memoryMb, msPerNewEntry } = assumptions.selfAudit
  const perEntry = times(1 / selfAudit.entries, counted(selfAudit.newLeaves))
  return times(million, sum(perEntry, { lambdaMbMs: memoryMb * msPerNewEntry }))
}

/** A month's share of the self-audit's passes over a million entries. */
export function millionEntriesAudited({ selfAudit }: Usage): Quantities {
  const { memoryMb, msPerEntry } = assumptions.selfAudit
  const perEntry = times(1 / selfAudit.entries, counted(selfAudit.pass))
  return times(passesPerMonth * million, sum(perEntry, { lambdaMbMs: memoryMb * msPerEntry }))
}

/** A month of keeping a million events, with their places in the log. */
export function millionEventsKept(usage: Usage, { eventsPerSecond, newSubjectShare }: Traffic, setting: Setting) {
  const { known, announced } = usage.event
  const ownBytes = known.tableBytes + newSubjectShare * (announced.tableBytes - known.tableBytes)
  const inLog = partsOfLog(usage, eventsPerSecond, setting)
  const bytes = (name: 'tableBytes' | 'objectBytes') =>
    inLog.reduce((total, { count, share }) => total + share * count[name], 0)
  const tableBytes = million * (ownBytes + bytes('tableBytes'))
  return {
    tableByteMonth: tableBytes,
    recoveryByteMonth: tableBytes,
    objectByteMonth: million * bytes('objectBytes'),
  } satisfies Quantities
}

/** The counts of a batch of this size, interpolated between the sizes that were counted. */
export function batchOf(counts: readonly Batch[], events: number): Batch {
  const above = counts.findIndex((batch) => batch.events >= events)
  const [left, right] = [counts[Math.max(0, above - 1)], counts[above]]
  if (left === undefined || right === undefined || events < 1)
    throw new Error(`no batch of ${events} events was counted`)
  const share = left === right ? 0 : (events - left.events) / (right.events - left.events)
  const entries = Object.entries(left).map(([name, count]) => [
    name,
    count + share * (right[name as keyof Batch] - count),
  ])
  return Object.fromEntries(entries)
}

/** The parts of the log that an event shares with others, and its share of each. */
function partsOfLog({ batches, checkpoint }: Usage, eventsPerSecond: number, setting: Setting) {
  const events = eventsPerBatch(eventsPerSecond, setting)
  return [
    { count: batchOf(batches, events) as Counted, share: 1 / events },
    { count: checkpoint.each, share: checkpointsPerBatch(eventsPerSecond, setting) / events },
    { count: checkpoint.perTile, share: 1 / entriesPerTile },
  ]
}

/** A checkpoint has no invocation of its own: it comes with a batch or a sweep. */
function placeInLog(usage: Usage, eventsPerSecond: number, setting: Setting): Quantities {
  const { sequence, checkpoint } = assumptions
  const batches = 1 / eventsPerBatch(eventsPerSecond, setting)
  const checkpoints = batches * checkpointsPerBatch(eventsPerSecond, setting)
  return sum(
    ...partsOfLog(usage, eventsPerSecond, setting).map(({ count, share }) => times(share, counted(count))),
    times(batches, { lambdaRequest: 1, lambdaMbMs: sequence.memoryMb * sequence.ms }),
    times(batches, sweptBatch(eventsPerSecond, setting)),
    times(checkpoints, { lambdaMbMs: checkpoint.memoryMb * checkpoint.ms }),
    { lambdaMbMs: sequence.memoryMb * sequence.msPerEvent + checkpoint.memoryMb * checkpoint.msPerEntry },
    setting.handsOver ? handedOver(usage, batches) : {},
  )
}

/** What handing over adds to an event. No instance has leaves in memory from the stream, so each is read for its bundle. */
function handedOver({ handOver: { perBatch, perEvent } }: Usage, batches: number): Quantities {
  const { memoryMb, ms, msPerEvent, bundledReadUnits } = assumptions.handOver
  return sum(
    times(batches, sum(counted(perBatch), { lambdaRequest: 1, lambdaMbMs: memoryMb * ms })),
    counted(perEvent),
    { readUnit: bundledReadUnits, lambdaMbMs: memoryMb * msPerEvent },
  )
}

/** What the sweep's marks of, and looks at, a log that is written to cost for each batch. Each shard has an instance that marks. */
function sweptBatch(eventsPerSecond: number, setting: Setting): Quantities {
  const { memoryMb, msPerDueLog } = assumptions.sweep
  const secondsPerBatch = eventsPerBatch(eventsPerSecond, setting) / eventsPerSecond
  const looks = Math.min(looksPerMark, secondsPerBatch / secondsPerSweep)
  return {
    writeUnit: Math.min(1, (secondsPerBatch * setting.streamShards) / secondsPerMark),
    readUnit: readUnitsPerDueLog * looks,
    lambdaMbMs: memoryMb * msPerDueLog * looks,
  }
}

function coldStart({ coldStart: more, certificate }: Usage, { hasReceipts }: Setting): Quantities {
  return sum(counted(more), hasReceipts ? counted(certificate) : {}, {
    lambdaMbMs: assumptions.ingest.memoryMb * assumptions.initMs,
  })
}

/** There are as many instances as concurrent calls; on each, the first call after the snapshot's age reads it again. */
function snapshotReadsPerCall(callsPerSecond: number): number {
  const instances = Math.max(1, (callsPerSecond * assumptions.ingest.ms) / 1_000)
  return 1 / (1 + assumptions.snapshotAgeSeconds * (callsPerSecond / instances))
}

function apiCall(request: Request, running: Running, hasFront: boolean): Quantities {
  const behind = sum(invocation(counted(request), running), { httpApiRequest: 1 })
  return sum(behind, hasFront ? atTheEdge(request, 1) : { transferByte: answerBytes(request) })
}

/** Checkpoints and full tiles come from S3; functions at the edge name the object and let origins read it. */
function fileAtTheEdge(request: Request): Quantities {
  return sum(atTheEdge(request, 2), { s3Read: 1 - assumptions.edgeHitShare })
}

/** Transfer from AWS to CloudFront is free; to viewers it has CloudFront's price. */
function atTheEdge(request: Request, cloudFrontFunction: number): Quantities {
  const logByte = assumptions.edgeLogBytes + assumptions.logLineOverheadBytes
  return { cloudFrontRequest: 1, cloudFrontByte: answerBytes(request), cloudFrontFunction, wafRequest: 1, logByte }
}

const answerBytes = ({ responseBytes }: Request): number => responseBytes + assumptions.answerHeaderBytes

function invocation(used: Quantities, { memoryMb, ms }: Running): Quantities {
  return sum(used, { lambdaRequest: 1, lambdaMbMs: memoryMb * ms })
}

export function counted(count: Counted): Quantities {
  return {
    writeUnit: count.writeUnits,
    readUnit: count.readUnits,
    kmsSymmetric: count.kmsSymmetric,
    kmsAsymmetric: count.kmsAsymmetric,
    s3Write: count.s3Writes,
    s3Read: count.s3Reads,
    logByte: count.logBytes + count.logLines * assumptions.logLineOverheadBytes,
  }
}
