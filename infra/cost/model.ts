/**
 * What a ledger uses, in billed units: from what was counted, what is assumed, and how it is asked. All of it is arithmetic; dollars
 * come from `bill.ts`.
 *
 * How often the stream rings decides most: each batch is two signatures, two listings and two objects, whether it has one event or a
 * thousand. A batch begins with a record and ends when the window does, or when it is full, in each shard of the stream by itself.
 * With several controllers it is a batch for each of those that have an event in it: the figures are of one.
 */
import { assumptions, type Running } from './assumptions.ts'
import { type BilledUnit, type Quantities, sum, times } from './bill.ts'
import type { Batch, Counted, Request, Usage } from './usage.ts'

export interface Traffic {
  /** Steady, over the whole ledger. */
  readonly eventsPerSecond: number
  /** 0 to 1: events of subjects that the ledger did not know. */
  readonly newSubjectShare: number
}

export interface Setting {
  /** The stream's batching window. */
  readonly windowSeconds: number
  readonly streamShards: number
  /** What the stream's event source is set to; Lambda's own default is 100. */
  readonly maxEventsPerBatch: number
  /** CloudFront and WAF, as in production. */
  readonly hasFront: boolean
  readonly controllers: number
}

export const defaultTraffic: Traffic = { eventsPerSecond: 10, newSubjectShare: 0 }
export const defaultSetting: Setting = {
  windowSeconds: 10,
  streamShards: assumptions.streamShards,
  maxEventsPerBatch: 1_000,
  hasFront: false,
  controllers: 1,
}

const million = 1_000_000
const minutesPerMonth = assumptions.daysPerMonth * 24 * 60

export function eventsPerBatch(eventsPerSecond: number, setting: Setting): number {
  const { windowSeconds, streamShards, maxEventsPerBatch } = setting
  return Math.min(maxEventsPerBatch, 1 + (eventsPerSecond / streamShards) * windowSeconds)
}

/** The rate at which the batches have that many events. */
export function eventsPerSecondFor(events: number, { windowSeconds, streamShards }: Setting): number {
  return ((events - 1) * streamShards) / windowSeconds
}

/** A million calls with one event each, and their place in the log. */
export function millionEvents(usage: Usage, traffic: Traffic, setting: Setting): Quantities {
  const { eventsPerSecond, newSubjectShare } = traffic
  const { known, announced } = usage.event
  const callOf = (request: Request) => apiCall(request, assumptions.ingest, setting.hasFront)
  return times(
    million,
    sum(
      times(1 - newSubjectShare, callOf(known)),
      times(newSubjectShare, callOf(announced)),
      times(assumptions.coldStartShare, coldStart(usage)),
      times(bookReadsPerCall(eventsPerSecond), { readUnit: usage.coldStart.readUnits }),
      placeInLog(usage, eventsPerBatch(eventsPerSecond, setting)),
    ),
  )
}

/** A million fetches of the text in force, with its token: what a banner shows before there is an event. */
export function millionNotices({ notice }: Usage, { hasFront }: Setting): Quantities {
  return times(million, apiCall(notice, assumptions.read, hasFront))
}

/** A million questions of auditors, each recorded in the log among `eventsPerBatch` others. */
export function millionProofs(usage: Usage, events: number, setting: Setting): Quantities {
  return times(million, sum(apiCall(usage.proof, assumptions.audit, setting.hasFront), placeInLog(usage, events)))
}

/** A million proofs that clients make themselves from a checkpoint and tiles, keeping none of them. */
export function millionProofsFromTiles({ tiles }: Usage, setting: Setting): Quantities {
  const fetched = (request: Request) => apiCall(request, assumptions.log, setting.hasFront)
  const full = setting.hasFront
    ? sum(
        times(1 - assumptions.tileHitShare, fetched(tiles.full)),
        times(assumptions.tileHitShare, atTheEdge(tiles.full)),
      )
    : fetched(tiles.full)
  return times(million, sum(fetched(tiles.checkpoint), fetched(tiles.partial), times(tiles.perProof - 1, full)))
}

/** A month without a call: keys, alarms and metrics, and the sweep each minute. */
export function idleMonth({ sweep }: Usage, { controllers, hasFront }: Setting): Quantities {
  const { memoryMb, ms } = assumptions.sweep
  const share = controllers / sweep.controllers
  const running = invocation(times(share, counted(sweep)), { memoryMb, ms: ms * controllers })
  return sum(times(minutesPerMonth, running), {
    kmsKeyMonth: assumptions.kmsKeys,
    metricMonth: assumptions.metrics,
    alarmMonth: assumptions.alarms,
    dashboardMonth: assumptions.dashboards,
    ...(hasFront && { wafAclMonth: 1, wafRuleMonth: assumptions.wafRules }),
  })
}

/** One self-audit of a million entries. */
export function millionEntriesAudited({ selfAudit }: Usage): Quantities {
  const { memoryMb, msPerEntry } = assumptions.selfAudit
  const perEntry = times(1 / selfAudit.entries, counted(selfAudit))
  return times(million, sum(perEntry, { lambdaMbMs: memoryMb * msPerEntry }))
}

/** A month of keeping a million events, with their places in the log. */
export function millionEventsKept(usage: Usage, newSubjectShare: number, events: number): Quantities {
  const { known, announced } = usage.event
  const batch = batchOf(usage.batches, events)
  const ownBytes = known.tableBytes + newSubjectShare * (announced.tableBytes - known.tableBytes)
  const tableBytes = million * (ownBytes + batch.tableBytes / events)
  return {
    tableByteMonth: tableBytes,
    recoveryByteMonth: tableBytes,
    objectByteMonth: million * (batch.objectBytes / events),
  }
}

/** Between the sizes that were counted it is on the line through its neighbours. */
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

function placeInLog({ batches }: Usage, events: number): Quantities {
  const { memoryMb, ms, msPerEvent } = assumptions.sequence
  const running = invocation(counted(batchOf(batches, events)), { memoryMb, ms: ms + msPerEvent * events })
  return times(1 / events, running)
}

function coldStart({ coldStart: more }: Usage): Quantities {
  return sum(counted(more), { lambdaMbMs: assumptions.ingest.memoryMb * assumptions.initMs })
}

/** As many instances as calls are under way; the first call behind a book's age reads it again. */
function bookReadsPerCall(callsPerSecond: number): number {
  const instances = Math.max(1, (callsPerSecond * assumptions.ingest.ms) / 1_000)
  return 1 / (1 + assumptions.bookAgeSeconds * (callsPerSecond / instances))
}

function apiCall(request: Request, running: Running, hasFront: boolean): Quantities {
  const accessLog = assumptions.accessLogBytes + assumptions.logLineOverheadBytes
  const behind = sum(invocation(counted(request), running), { httpApiRequest: 1, logByte: accessLog })
  return sum(behind, hasFront ? atTheEdge(request) : { transferByte: request.responseBytes })
}

/** What reaches CloudFront from within AWS is free; from there on it is CloudFront's. */
function atTheEdge({ responseBytes }: Request): Quantities {
  return { cloudFrontRequest: 1, cloudFrontByte: responseBytes, wafRequest: 1 }
}

function invocation(used: Quantities, { memoryMb, ms }: Running): Quantities {
  return sum(used, { lambdaRequest: 1, lambdaMbMs: memoryMb * ms })
}

function counted(count: Counted): Quantities {
  const used: Partial<Record<BilledUnit, number>> = {
    writeUnit: count.writeUnits,
    readUnit: count.readUnits,
    kmsSymmetric: count.kmsSymmetric,
    kmsAsymmetric: count.kmsAsymmetric,
    s3Write: count.s3Writes,
    s3Read: count.s3Reads,
    logByte: count.logBytes + count.logLines * assumptions.logLineOverheadBytes,
  }
  return used
}
