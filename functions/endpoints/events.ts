/**
 * Records consent events. One event is answered with 201, or 200 when it was recorded before; a batch with 200 and an outcome
 * for each of its events. The function that answers these routes inserts into entries and vault and cannot change or delete there.
 */
import * as z from 'zod'
import { clientEvent, event, maxEventsPerCall, ownEvent } from '../../shared/api/schemas/events.ts'
import { recordQuery } from '../../shared/api/schemas/queries.ts'
import type { Site } from '../../shared/consent/site.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { acknowledge, issueReceipt } from '../../shared/ledger/recording/issue-receipts.ts'
import { type RecordingOutcome, recordEvents } from '../../shared/ledger/recording/record-events.ts'
import type { ReceivedEvent } from '../../shared/ledger/recording/recorded-event.ts'
import { namedSubject, siteOf, subjectOf } from '../http/access.ts'
import { type Answer, type Call, type Endpoint, header, ok, parseQuery, parseWith } from '../http/call.ts'
import { problemOf } from '../http/problem.ts'
import { admitController } from '../http/rate-limits.ts'
import { findingsIn } from '../http/tcf-gpp-signals.ts'
import { transport } from '../http/transport.ts'

export const eventEndpoints = {
  async recordEvents(call) {
    const { snapshot, site } = await siteOf(call)
    return record(call, snapshot, async (given) => {
      const parsed = parseWith(event, given)
      const subject = await namedSubject(call, snapshot, parsed.subject)
      return receivedEvent(call, site, parsed, subject, parsed.subject.new)
    })
  },

  async recordOwnEvents(call) {
    const { snapshot, site } = await siteOf(call)
    const subject = await subjectOf(call, snapshot)
    return record(call, snapshot, async (given) => {
      const parsed = parseWith(ownEvent, given)
      return receivedEvent(call, site, parsed, subject, parsed.new)
    })
  },
} satisfies Record<string, Endpoint>

async function receivedEvent(
  call: Call,
  { site }: Site,
  parsed: Parameters<typeof clientEvent>[0],
  { identity, assurance }: Awaited<ReturnType<typeof subjectOf>>,
  announcedNew = false,
): Promise<ReceivedEvent> {
  const findings = await findingsIn(parsed.signals)
  return { event: clientEvent(parsed), identity, assurance, announcedNew, site, findings, ...transport(call) }
}

async function record(
  call: Call,
  snapshot: ControllerSnapshot,
  read: (given: unknown) => Promise<ReceivedEvent>,
): Promise<Answer> {
  admitController(call, snapshot)
  const { ledger } = call.instance
  const { isShort, headers } = answerAskedFor(call)
  const batch = batchOf(call.body)
  if (batch === undefined) {
    const one = await recordEvents(ledger, snapshot, [await read(call.body)])
    const [outcome] = one.outcomes
    if (outcome === undefined || outcome.outcome === 'refused') throw outcome?.error
    const { opened } = outcome
    const body = isShort ? acknowledge(one.snapshot, opened) : await issueReceipt(ledger, one.snapshot, opened)
    return { statusCode: statusOf(outcome), body, headers }
  }
  const given = await Promise.all(batch.map((one) => read(one).catch(refused)))
  const submissions = given.filter((one) => 'event' in one)
  const recording = await recordEvents(ledger, snapshot, submissions)
  const recorded = recording.outcomes.values()
  const outcomes = given.map((one) => ('event' in one ? recorded.next().value : one))
  const members = outcomes.map(
    (outcome, i) => outcome && memberOf(ledger, recording.snapshot, outcome, `/events/${i}`, isShort),
  )
  return ok({ outcomes: await Promise.all(members) }, headers)
}

const minimal = /(?:^|,)\s*return\s*=\s*"?minimal"?\s*(?:[;,]|$)/i

/**
 * Whether the caller asks for what was recorded only, without the receipt. A page says so in the query, because the header would need a
 * preflight; a server may send `Prefer: return=minimal` (RFC 7240, https://www.rfc-editor.org/rfc/rfc7240).
 */
function answerAskedFor(call: Call): { readonly isShort: boolean; readonly headers: Record<string, string> } {
  const asked = parseQuery(call, recordQuery).return
  if (asked !== undefined) return { isShort: asked === 'minimal', headers: {} }
  const isPreferred = minimal.test(header(call, 'prefer') ?? '')
  return { isShort: isPreferred, headers: isPreferred ? { 'preference-applied': 'return=minimal' } : {} }
}

/** The unparsed events of a batch; `undefined` when the body is a single event. */
function batchOf(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('events' in body)) return undefined
  return parseWith(batch, body).events
}

const batch = z.strictObject({ events: z.array(z.unknown()).min(1).max(maxEventsPerCall) })

function refused(error: unknown): Extract<RecordingOutcome, { outcome: 'refused' }> {
  if (error instanceof LedgerError) return { outcome: 'refused', error }
  throw error
}

/** `pointer` is the event's place in the body (RFC 6901). Field errors are relative to the event, so it is put before them. */
async function memberOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  outcome: RecordingOutcome,
  pointer: string,
  isShort: boolean,
) {
  if (outcome.outcome === 'refused') {
    const { statusCode, body } = problemOf(outcome.error)
    const problem = JSON.parse(body)
    return { status: statusCode, problem: { ...problem, ...(problem.field && { field: pointer + problem.field }) } }
  }
  const status = statusOf(outcome)
  if (isShort) return { status, recorded: acknowledge(snapshot, outcome.opened) }
  return { status, receipt: await issueReceipt(ledger, snapshot, outcome.opened) }
}

function statusOf({ outcome }: Exclude<RecordingOutcome, { outcome: 'refused' }>): number {
  return outcome === 'recorded' ? 201 : 200
}
