/**
 * Lambda handler: records events and hands out receipts, whose promises it alone may sign. It inserts into entries and vault, and can
 * do nothing else to them. One event gives 201 (200 when it was recorded before); a batch gives 200 with an outcome for each of its events.
 */
import * as z from 'zod'
import { clientEvent, event, maxEventsPerCall, ownEvent } from '../../shared/api/schemas/events.ts'
import { ownReceiptsQuery } from '../../shared/api/schemas/questions.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controller-snapshots.ts'
import { issueReceipt, ownReceipt, ownReceipts } from '../../shared/ledger/issue-receipts.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { type RecordingOutcome, recordEvents } from '../../shared/ledger/record-events.ts'
import type { ReceivedEvent } from '../../shared/ledger/recorded-event.ts'
import { c15tRecording } from '../c15t/recording.ts'
import { namedSubject, siteOf, subjectOf } from '../http/access.ts'
import type { Endpoints } from '../http/app.ts'
import { type Answer, type Call, ok, parseQuery, parseWith } from '../http/call.ts'
import { problemOf } from '../http/problem.ts'
import { findingsIn } from '../http/signals.ts'
import { transport } from '../http/transport.ts'

export const eventEndpoints: Endpoints<'ingest'> = {
  async recordEvents(call) {
    const { snapshot, site } = await siteOf(call)
    return record(call, snapshot, async (given) => {
      const parsed = parseWith(event, given)
      const { identity, assurance } = await namedSubject(call, snapshot, parsed.subject)
      return {
        event: clientEvent(parsed),
        identity,
        assurance,
        announcedNew: parsed.subject.new ?? false,
        site: site.site,
        findings: await findingsIn(parsed.signals),
        ...transport(call),
      }
    })
  },

  async recordOwnEvents(call) {
    const { snapshot, site } = await siteOf(call)
    const { identity, assurance } = await subjectOf(call, snapshot)
    return record(call, snapshot, async (given) => {
      const parsed = parseWith(ownEvent, given)
      return {
        event: clientEvent(parsed),
        identity,
        assurance,
        announcedNew: parsed.new ?? false,
        site: site.site,
        findings: await findingsIn(parsed.signals),
        ...transport(call),
      }
    })
  },

  async getOwnReceipts(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const { receiptId, limit, after, format } = parseQuery(call, ownReceiptsQuery)
    const { ledger } = call.instance
    if (receiptId === undefined) {
      if (format === 'json') return ok(await ownReceipts(ledger, snapshot, identity, { limit, after }))
      const facts = { field: '/receiptId', allowed: 'the receiptId of one receipt' }
      throw new LedgerError('invalid-request', 'a .tlog-proof file is of one receipt', facts)
    }
    const receipt = await ownReceipt(ledger, snapshot, identity, receiptId)
    if (format === 'json') return ok({ receipts: [receipt] })
    if (receipt.tlogProof === undefined) {
      throw new LedgerError('not-found', 'no checkpoint has it yet; the receipt carries the promise of one')
    }
    return ok(receipt.tlogProof, {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${receiptId}.tlog-proof"`,
    })
  },

  ...c15tRecording,
}

async function record(
  call: Call,
  snapshot: ControllerSnapshot,
  read: (given: unknown) => Promise<ReceivedEvent>,
): Promise<Answer> {
  const { ledger } = call.instance
  const batch = batchOf(call.body)
  if (batch === undefined) {
    const one = await recordEvents(ledger, snapshot, [await read(call.body)])
    const [outcome] = one.outcomes
    if (outcome === undefined || outcome.outcome === 'refused') throw outcome?.error
    return { statusCode: statusOf(outcome), body: await issueReceipt(ledger, one.snapshot, outcome.opened) }
  }
  const given = await Promise.all(batch.map((one) => read(one).catch(refused)))
  const submissions = given.filter((one) => 'event' in one)
  const recording = await recordEvents(ledger, snapshot, submissions)
  const recorded = recording.outcomes.values()
  const outcomes = given.map((one) => ('event' in one ? recorded.next().value : one))
  const members = outcomes.map((outcome, i) => outcome && memberOf(ledger, recording.snapshot, outcome, `/events/${i}`))
  return ok({ outcomes: await Promise.all(members) })
}

/** The events of a batch as they were given; `undefined` for a body that is one event. */
function batchOf(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('events' in body)) return undefined
  return parseWith(batch, body).events
}

const batch = z.strictObject({ events: z.array(z.unknown()).min(1).max(maxEventsPerCall) })

function refused(error: unknown): Extract<RecordingOutcome, { outcome: 'refused' }> {
  if (error instanceof LedgerError) return { outcome: 'refused', error }
  throw error
}

/** `pointer` is where the event stands in the body, so that a problem points into what was sent. */
async function memberOf(ledger: Ledger, snapshot: ControllerSnapshot, outcome: RecordingOutcome, pointer: string) {
  if (outcome.outcome === 'refused') {
    const { statusCode, body } = problemOf(outcome.error)
    const problem = JSON.parse(body)
    return { status: statusCode, problem: { ...problem, ...(problem.field && { field: pointer + problem.field }) } }
  }
  return { status: statusOf(outcome), receipt: await issueReceipt(ledger, snapshot, outcome.opened) }
}

function statusOf({ outcome }: Exclude<RecordingOutcome, { outcome: 'refused' }>): number {
  return outcome === 'recorded' ? 201 : 200
}
