/**
 * What recording an event asks of DynamoDB, counted on a ledger of its own, request by request over HTTP: calls, and the units
 * that the engine reports. The log is off, because its calls come at any time; `log-sequencer.ts` counts those. An insert that finds its
 * key taken is a call, and on AWS costs units too; the engine reports none, so it is counted by itself. Sizes are those that DynamoDB bills by: names and values of an item's attributes, in bytes.
 */
import type { DynamoCall } from '../../functions/aws/dynamodb.ts'
import { type Attribute, type Item, queryAll, type Table } from '../../shared/ledger/store.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading, vaultKey } from '../../shared/ledger/vault/vault.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { browserHeaders, controller, locale, newVisitor, policyId, site, type Visitor, visitBody } from './visits.ts'

export interface CallCount {
  readonly operations: readonly DynamoCall['operation'][]
  readonly writeUnits: number
  readonly readUnits: number
  readonly refusedInserts: number
}

export interface CallCounts {
  readonly known: CallCount
  readonly announcedNew: CallCount
  /** The client said that it is new, and it was not. */
  readonly wronglyAnnounced: CallCount
  /** New, and the client did not say so. */
  readonly notAnnounced: CallCount
  readonly replay: CallCount
  /** The first event of a subject, sent again as it was: still announced as new. */
  readonly replayOfAnnounced: CallCount
  /** A fourth decision, on the policy itself. */
  readonly fourDecisions: CallCount
  readonly itemBytes: { readonly event: number; readonly subject: number }
  /** Calls for each event of known subjects when 32 requests are under way at any time. */
  readonly callsPerEventAtConcurrency32: number
}

const connections = 32
const eventsPerConnection = 10

export async function countCalls(): Promise<CallCounts> {
  const calls: DynamoCall[] = []
  const ledger = await startLedger({ log: 'off', onCall: (call) => calls.push(call) })
  /** What one request costs; right when it is the only one under way. */
  async function costOf(body: string, expectedStatus: number): Promise<CallCount> {
    const before = calls.length
    await post(ledger, body, expectedStatus)
    return countOf(calls.slice(before))
  }
  try {
    const visitor = await notifiedVisitor(ledger)
    const first = visitBody(visitor, true)
    const announcedNew = await costOf(first, 201)
    const replayOfAnnounced = await costOf(first, 200)
    const second = visitBody(visitor, false)
    const known = await costOf(second, 201)
    const replay = await costOf(second, 200)
    const wronglyAnnounced = await costOf(visitBody(visitor, true), 201)
    const notAnnounced = await costOf(visitBody(await notifiedVisitor(ledger), false), 201)
    const itemBytes = await sizesOf(ledger, visitor)
    const three = JSON.parse(visitBody(visitor, false))
    const four = { ...three, decisions: [...three.decisions, { policyId, verb: 'accepted' }] }
    const fourDecisions = await costOf(JSON.stringify(four), 201)
    const callsPerEventAtConcurrency32 = await callsUnderLoad(ledger, calls)
    return {
      known,
      announcedNew,
      wronglyAnnounced,
      notAnnounced,
      replay,
      replayOfAnnounced,
      fourDecisions,
      itemBytes,
      callsPerEventAtConcurrency32,
    }
  } finally {
    await ledger.close()
  }
}

async function post(ledger: RunningLedger, body: string, expectedStatus: number): Promise<void> {
  const path = `/v1/events?key=${ledger.key(`${controller}/${site}`)}`
  const { status, text } = await ledger.post(path, body, browserHeaders)
  if (status !== expectedStatus || !text.includes('"served"'))
    throw new Error(`expected ${expectedStatus} and a served notice: ${status} ${text.slice(0, 500)}`)
}

function countOf(calls: readonly DynamoCall[]): CallCount {
  const sum = (units: (call: DynamoCall) => number | undefined) => calls.reduce((n, call) => n + (units(call) ?? 0), 0)
  return {
    operations: calls.map((call) => call.operation),
    writeUnits: sum((call) => call.consumedWriteUnits),
    readUnits: sum((call) => call.consumedReadUnits),
    refusedInserts: calls.filter((c) => c.operation === 'ExecuteStatement' && c.consumedWriteUnits === undefined)
      .length,
  }
}

/** A device that has fetched the notice, with its secret, as a banner does. The fetch also has the policies read and kept. */
async function notifiedVisitor(ledger: RunningLedger): Promise<Visitor> {
  const visitor = newVisitor(() => '')
  const key = ledger.key(`${controller}/${site}`)
  const { json } = await ledger.get(`/v1/notices/${policyId}?key=${key}&locale=${locale}`, {
    authorization: `Device ${visitor.deviceSecret}`,
  })
  return { ...visitor, noticeToken: String(json.noticeToken) }
}

/** All events of the visitor are alike but for ids and times: the largest item counts. */
async function sizesOf({ local: { ledger } }: RunningLedger, { identity }: Visitor): Promise<CallCounts['itemBytes']> {
  const snapshot = await ledger.controllers.current(controller)
  if (snapshot === undefined) throw new Error(`there is no controller ${controller}`)
  const name = vaultKey(vaultScope(snapshot), identity)
  const vault = await itemsOf(ledger.vault, name)
  const keys = await subjectKeysForReading(ledger, vaultScope(snapshot), identity)
  const events = await itemsOf(ledger.entries, keys?.pk ?? '')
  return { event: Math.max(...events.map(itemSize)), subject: Math.max(...vault.map(itemSize)) }
}

async function itemsOf(table: Table, pk: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of queryAll(table, pk)) items.push(item)
  return items
}

/** A number takes a byte for every two digits, and one more. */
export function itemSize({ pk, sk, values }: Item): number {
  const attributes: Record<string, Attribute> = { pk, sk, ...values }
  return Object.entries(attributes).reduce((bytes, [name, value]) => {
    const length =
      typeof value === 'string'
        ? Buffer.byteLength(value)
        : typeof value === 'number'
          ? Math.ceil(String(value).length / 2) + 1
          : value.length
    return bytes + Buffer.byteLength(name) + length
  }, 0)
}

/** Calls for known subjects, where the requests of all connections share calls as they do in a server. */
async function callsUnderLoad(ledger: RunningLedger, calls: readonly DynamoCall[]): Promise<number> {
  const visitors = await Promise.all(Array.from({ length: connections }, () => notifiedVisitor(ledger)))
  await Promise.all(visitors.map((visitor) => post(ledger, visitBody(visitor, true), 201)))
  const before = calls.length
  await Promise.all(
    visitors.map(async (visitor) => {
      for (let n = 0; n < eventsPerConnection; n++) await post(ledger, visitBody(visitor, false), 201)
    }),
  )
  return (calls.length - before) / (connections * eventsPerConnection)
}
