/**
 * Compares the events of a subject with the log, for answers that are not proofs. Only an event whose time is in doubt is looked up, so a
 * usual answer costs no further call. Three kinds are in doubt: an event that states a future time, one whose client's clock did not agree
 * with it, and one from a period when the log's own clock was ahead. An event that the log contradicts gets the time from which the log
 * knew it, and the rules of consent decide what follows (`consent/disputed-times.ts`). A stored event counts as known when it is asked for, also when
 * another instance's clock is ahead of this one.
 */
import { isAhead } from '../consent/clocks.ts'
import type { Backdatable } from '../consent/policy.ts'
import type { ControllerSnapshot } from './controller-snapshots.ts'
import type { Ledger } from './ledger.ts'
import { logClock } from './log/log-clock.ts'
import { checkpointBefore, checkpointSeconds } from './log/log-reader.ts'
import { mayBeAhead } from './log/set-backs.ts'
import { contradictionOf } from './log/time-contradictions.ts'
import type { OpenedEvent } from './sealed-event.ts'

/**
 * @param askedAt when the question arrived, RFC 3339. The clock is not read again, because an event known a millisecond after a question "as
 * known now" would drop out of its answer.
 */
export async function compareEventsWithLog(
  ledger: Ledger,
  { controller: { controller }, setBacks = [] }: ControllerSnapshot,
  events: readonly OpenedEvent[],
  askedAt: string,
): Promise<(OpenedEvent & Backdatable)[]> {
  const isDoubtful = ({ event: { times } }: OpenedEvent) =>
    times.verdict === 'corrected' ||
    times.verdict === 'rejected' ||
    isAhead(Date.parse(times.recordedAt), Date.parse(askedAt)) ||
    mayBeAhead(times.recordedAt, setBacks)
  const doubtful = events.filter(isDoubtful)
  const loggedAt = doubtful.length === 0 ? undefined : await loggedTimes(ledger, controller, doubtful)
  return events.map((opened) => {
    const logged = loggedAt?.get(opened)
    const knownFrom = (logged ?? opened.event.times.recordedAt) > askedAt ? askedAt : logged
    return knownFrom === undefined ? opened : { ...opened, knownFrom }
  })
}

/** Times from which the log knew the events that it contradicts. */
async function loggedTimes(
  ledger: Ledger,
  controller: string,
  events: readonly OpenedEvent[],
): Promise<Map<OpenedEvent, string>> {
  const [rows, newest] = await Promise.all([
    ledger.log.get(events.map(({ key }) => key)),
    checkpointBefore(ledger, controller, Number.MAX_SAFE_INTEGER),
  ])
  const size = newest?.size ?? 0
  const clock =
    newest && (await logClock(ledger, controller, { ...newest, seconds: checkpointSeconds(ledger, newest) }))
  const found = new Map<OpenedEvent, string>()
  await Promise.all(
    events.map(async (opened, i) => {
      const { recordedAt } = opened.event.times
      const { index, at } = rows[i]?.values ?? {}
      if (clock !== undefined && typeof index === 'number' && index < size) {
        const place = { index, loggedAt: String(at) }
        const contradiction = await contradictionOf(ledger, controller, recordedAt, place, clock)
        if (contradiction) found.set(opened, contradiction.knownFrom)
      }
    }),
  )
  return found
}
