/**
 * The mandates that a subject's events name, for the answers about it. They are read, and this module is loaded, only if an event names one, so
 * that other answers cost no further call.
 */
import type { Mandate, RecordedMandate } from '../../consent/mandate.ts'
import type { FoldEvent } from '../../consent/status-answer.ts'
import { compareWithLog } from '../answers/compare-with-log.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'
import { mandatesOf, type OpenedEntry } from './mandate-entries.ts'

/** A mandate as answers list it. */
export type ListedMandate = Mandate & { readonly revokedAt?: string }

/** Adds to each event the mandate that it names, and returns those mandates. */
export async function attachMandates(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  events: readonly (FoldEvent & { mandate?: RecordedMandate })[],
  subject: SubjectKeys,
  askedAt: string,
): Promise<readonly ListedMandate[]> {
  const found = await mandatesOf(ledger.entries, subject)
  const compared = <T>(entries: readonly OpenedEntry<T>[], recordedAt: (stated: T) => string) =>
    compareWithLog(ledger, snapshot, entries, askedAt, ({ key, stated }) => ({ key, recordedAt: recordedAt(stated) }))
  const all = [...found.values()]
  const made = await compared(
    all.map((each) => each.made),
    (mandate) => mandate.recordedAt,
  )
  const ended = await compared(
    all.flatMap((each) => each.ended ?? []),
    (end) => end.revokedAt,
  )
  const known = <T extends object>({ stated, knownFrom }: { stated: T; knownFrom?: string }) => ({
    ...stated,
    ...(knownFrom !== undefined && { knownFrom }),
  })
  const byId = new Map<string, RecordedMandate>()
  for (const one of made) {
    const { mandateId } = one.stated
    const end = ended.find(({ stated }) => stated.mandateId === mandateId)
    byId.set(mandateId, { mandate: known(one), ...(end && { end: known(end) }) })
  }
  const named = new Set<string>()
  for (const each of events) {
    const { mandateId = '' } = each.event.who.actor
    const mandate = byId.get(mandateId)
    if (mandate === undefined) continue
    named.add(mandateId)
    each.mandate = mandate
  }
  return all
    .filter(({ made: { stated } }) => named.has(stated.mandateId))
    .map(({ made: { stated }, ended }) => ({ ...stated, ...(ended && { revokedAt: ended.stated.revokedAt }) }))
}
