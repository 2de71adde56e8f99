/**
 * Compares the events of a subject with the log, for answers that are not proofs. Only an event whose time is in doubt is looked up, so a
 * usual answer costs no further call. Three kinds are in doubt: an event that states a future time, one whose client's clock did not agree
 * with it, and one from a period when the log's own clock was ahead. An event that the log contradicts gets the time from which the log
 * knew it, and the rules of consent decide what follows (`consent/disputed-times.ts`). A stored event counts as known when it is asked for, also when
 * another instance's clock is ahead of this one.
 */
import { isAhead } from '../../consent/clocks.ts'
import type { Backdatable } from '../../consent/policy.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { logClock } from '../log/log-clock.ts'
import { checkpointBefore, checkpointSeconds } from '../log/log-reader.ts'
import { mayBeAhead, type SetBack } from '../log/set-backs.ts'
import { contradictionOf } from '../log/time-contradictions.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'
import type { Key } from '../store.ts'

/**
 * @param askedAt when the question arrived, RFC 3339. The clock is not read again, because an event known a millisecond after a question "as
 * known now" would drop out of its answer.
 */
export function compareEventsWithLog(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  events: readonly OpenedEvent[],
  askedAt: string,
): Promise<(OpenedEvent & Backdatable)[]> {
  return compareWithLog(ledger, snapshot, events, askedAt, ({ key, event: { times } }) => ({
    ...{ key, recordedAt: times.recordedAt },
    isDoubtful: times.verdict === 'corrected' || times.verdict === 'rejected',
  }))
}

/** The key of an entry, and the time that it states. */
export interface StatedTime {
  readonly key: Key
  readonly recordedAt: string
  /** Whether another time in it casts doubt on this one. */
  readonly isDoubtful?: boolean
}

/** The same for any entries of a subject. */
export async function compareWithLog<T>(
  ledger: Ledger,
  { controller: { controller }, setBacks = [] }: ControllerSnapshot,
  entries: readonly T[],
  askedAt: string,
  statedIn: (entry: T) => StatedTime,
): Promise<(T & Backdatable)[]> {
  const doubtful = entries.filter((entry) => {
    const { recordedAt, isDoubtful } = statedIn(entry)
    return isDoubtful || isAhead(Date.parse(recordedAt), Date.parse(askedAt)) || mayBeAhead(recordedAt, setBacks)
  })
  const loggedAt =
    doubtful.length === 0 ? undefined : await loggedTimes(ledger, controller, doubtful, statedIn, setBacks)
  return entries.map((entry) => {
    const logged = loggedAt?.get(entry)
    const knownFrom = (logged ?? statedIn(entry).recordedAt) > askedAt ? askedAt : logged
    // The cast is right, because no entry that is compared has another `knownFrom`.
    return knownFrom === undefined ? (entry as T & Backdatable) : { ...entry, knownFrom }
  })
}

/** Times from which the log knew the entries that it contradicts. */
async function loggedTimes<T>(
  ledger: Ledger,
  controller: string,
  entries: readonly T[],
  statedIn: (entry: T) => StatedTime,
  setBacks: readonly SetBack[],
): Promise<Map<T, string>> {
  const [rows, newest] = await Promise.all([
    ledger.log.get(entries.map((entry) => statedIn(entry).key)),
    checkpointBefore(ledger, controller, Number.MAX_SAFE_INTEGER),
  ])
  const size = newest?.size ?? 0
  const clock =
    newest && (await logClock(ledger, controller, { ...newest, seconds: checkpointSeconds(ledger, newest) }, setBacks))
  const found = new Map<T, string>()
  await Promise.all(
    entries.map(async (entry, i) => {
      const { recordedAt } = statedIn(entry)
      const { index, at } = rows[i]?.values ?? {}
      if (clock !== undefined && typeof index === 'number' && index < size) {
        const place = { index, loggedAt: String(at) }
        const contradiction = await contradictionOf(ledger, controller, recordedAt, place, clock)
        if (contradiction) found.set(entry, contradiction.knownFrom)
      }
    }),
  )
  return found
}
