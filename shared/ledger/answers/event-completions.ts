/**
 * What receivers did about events, for auditors: reports that they have acted (`completions.ts`), and reports that are expected and not there.
 *
 * The endpoints are one query, and where there are any the person's reports are another. What is missing is looked for only where an endpoint expects reports now, only for the topic
 * that was asked about, and only in the newest deliveries, so that an answer costs a bounded number of reads however long a history is.
 */
import type { Completion } from '../../consent/completion.ts'
import { type RecordedEvent, targetId } from '../../consent/event.ts'
import { completionKey, completionsOf, isReportedBy } from '../fan-out/completions.ts'
import { outcomeKey, readOutcome } from '../fan-out/delivery-state.ts'
import { newestEndpoints } from '../fan-out/endpoint-entries.ts'
import type { Ledger } from '../ledger.ts'
import { readPosition } from '../log/log-view.ts'
import { type OpenedEvent, receiptIdOf } from '../recording/sealed-event.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import type { Topic } from './answers-for-subject.ts'

/** The decision that a message was about. */
type Target = Pick<RecordedEvent['decisions'][number], 'purposeId' | 'policyId'>

export interface ReportedCompletion extends Completion, Target {
  /** Index of the report's own leaf; absent while the log lacks it. */
  readonly reportLeaf?: number
}

export interface MissingCompletion extends Target {
  readonly endpoint: string
  readonly deliveredAt: string
  /** Until when the receiver is expected to report. */
  readonly dueAt: string
  /** `dueAt` has passed at the instant that the answer is as known at. */
  readonly isLate: boolean
}

export interface EventCompletions {
  readonly completions?: readonly ReportedCompletion[]
  readonly notReported?: readonly MissingCompletion[]
}

/** Deliveries that are looked at for reports that are missing. */
const maxDeliveries = 100

/**
 * By receiptId. Only what was reported or delivered by `knownAt`.
 *
 * @param events of one person, oldest record first
 */
export async function completionsForEvents(
  { entries, log }: Pick<Ledger, 'entries' | 'log'>,
  scope: VaultScope,
  events: readonly OpenedEvent[],
  topic: Topic,
  knownAt: string,
): Promise<ReadonlyMap<string, EventCompletions>> {
  const [first] = events
  if (first === undefined) return new Map()
  const { controller } = scope
  const sub = first.key.pk.slice(controller.length + 1)
  const byReceipt = new Map(events.map((opened) => [receiptIdOf(opened.key), opened]))
  const endpoints = await newestEndpoints(entries, scope)
  // An endpoint is never removed, so without any there is no report.
  if (endpoints.length === 0) return new Map()
  const expecting = endpoints.flatMap(({ settings }) =>
    settings.completionHours === undefined ? [] : [settings.endpoint],
  )
  const all = await completionsOf(entries, scope, sub)
  const known = all.filter(({ stated }) => byReceipt.has(stated.receiptId ?? '') && stated.reportedAt <= knownAt)
  const rows = known.length === 0 ? [] : await log.get(known.map(({ key }) => key))
  const reported = known.map(({ stated }, i): ReportedCompletion => {
    const decision = byReceipt.get(stated.receiptId ?? '')?.event.decisions[stated.part]
    return { ...stated, ...targetOf(decision), ...(rows[i] && { reportLeaf: readPosition(rows[i]).index }) }
  })
  const awaited = await awaitedCompletions({ entries, log }, controller, events, topic, expecting, knownAt)
  const reports =
    awaited.length === 0 ? [] : await entries.get(awaited.map((each) => completionKey(controller, sub, each)))
  const notReported = awaited.filter((_, i) => !reports[i] || !isReportedBy(scope, reports[i], knownAt))
  return new Map(
    [...byReceipt.keys()].flatMap((receiptId): [string, EventCompletions][] => {
      const completions = reported.filter((each) => each.receiptId === receiptId)
      const absent = notReported.filter((each) => each.receiptId === receiptId).map(({ shown }) => shown)
      if (completions.length === 0 && absent.length === 0) return []
      return [
        [
          receiptId,
          { ...(completions.length > 0 && { completions }), ...(absent.length > 0 && { notReported: absent }) },
        ],
      ]
    }),
  )
}

/** A delivery after which a report is awaited. */
interface Awaited {
  readonly receiptId: string
  readonly endpoint: string
  readonly leaf: number
  readonly part: number
  readonly shown: MissingCompletion
}

/** What was delivered by `knownAt` and is to be reported, of the newest deliveries. */
async function awaitedCompletions(
  { entries, log }: Pick<Ledger, 'entries' | 'log'>,
  controller: string,
  events: readonly OpenedEvent[],
  topic: Topic,
  endpoints: readonly string[],
  knownAt: string,
): Promise<Awaited[]> {
  if (endpoints.length === 0) return []
  const target = targetId(topic)
  const newest = events
    .toReversed()
    .flatMap(({ key, event }) => {
      const part = event.decisions.findIndex((decision) => targetId(decision) === target)
      return part < 0 ? [] : [{ key, part, decision: event.decisions[part] }]
    })
    .slice(0, Math.floor(maxDeliveries / endpoints.length))
  if (newest.length === 0) return []
  const positions = await log.get(newest.map(({ key }) => key))
  const places = newest.flatMap(({ key, part, decision }, i) => {
    const row = positions[i]
    if (row === undefined) return []
    const { index: leaf } = readPosition(row)
    return endpoints.map((endpoint) => ({ receiptId: receiptIdOf(key), endpoint, leaf, part, decision }))
  })
  if (places.length === 0) return []
  const outcomes = await entries.get(places.map((place) => outcomeKey(controller, place.endpoint, place, 0)))
  return places.flatMap(({ decision, ...place }, i): Awaited[] => {
    const outcome = outcomes[i] && readOutcome(outcomes[i])
    if (outcome?.outcome !== 'delivered' || outcome.dueAt === undefined || outcome.at > knownAt) return []
    const { endpoint } = place
    const times = { deliveredAt: outcome.at, dueAt: outcome.dueAt, isLate: outcome.dueAt < knownAt }
    return [{ ...place, shown: { endpoint, ...targetOf(decision), ...times } }]
  })
}

function targetOf(decision: Target | undefined): Target {
  const { purposeId, policyId } = decision ?? {}
  return { ...(purposeId !== undefined && { purposeId }), ...(policyId !== undefined && { policyId }) }
}
