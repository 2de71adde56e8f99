/** What a proof names of the events that it cannot open: those whose keys are destroyed, and those that cannot be read. */
import { isEventLeafOf } from '../../consent/leaf.ts'
import type { ConsentProof, Logged } from '../../consent/proof-file.ts'
import type { Unreadable } from '../../consent/unreadable.ts'
import { isRecordedBy } from '../answers/answers-for-subject.ts'
import { isDamagedLogError } from '../log/damage.ts'
import type { LogView } from '../log/log-view.ts'
import { receiptIdOf } from '../recording/sealed-event.ts'
import type { Item } from '../store.ts'
import type { PendingList } from './pending-entries.ts'

/** Events whose keys are destroyed, for the end of the file, without disclosures. With one, a verifier's verdict is undetermined. */
export async function expiredEvents(
  view: LogView,
  closed: readonly Item[],
  knownAt: string,
  pending: PendingList,
): Promise<{ readonly item: Item; readonly logged: ConsentProof['events'][number] }[]> {
  const places = await view.positionsOf(closed)
  closed.forEach((item, i) => {
    if (places[i] === undefined) pending.addClosed(item)
  })
  const there = closed.flatMap((item, i) => {
    const place = places[i]
    return place && isRecordedBy(knownAt, item) ? [{ item, leaf: String(item.values.leaf), index: place.index }] : []
  })
  const proofs = await view.proofs(there)
  return there.map(({ item, leaf }, i) => ({ item, logged: { leaf, tlogProof: proofs[i] ?? '', disclosures: [] } }))
}

/** The unreadable entries for the file. An event has its leaf and tlog-proof where the log has it, so that a verifier can count it. */
export async function unreadableParts(
  view: LogView,
  unreadable: readonly Unreadable[],
  rows: readonly Item[],
): Promise<NonNullable<ConsentProof['unreadable']>> {
  const sound = rows.filter(({ pk, values }) => isEventLeafOf(values.leaf, pk.slice(pk.indexOf('#') + 1)))
  const places = await view.positionsOf(sound)
  const logged = new Map<string, Pick<Logged, 'leaf' | 'tlogProof'>>()
  for (const [i, item] of sound.entries()) {
    const place = places[i]
    if (place === undefined) continue
    const leaf = String(item.values.leaf)
    // A row that nobody can read may have any leaf: that the log has another is no reason to withhold what can be proven.
    const [tlogProof] = await view.proofs([{ leaf, index: place.index }]).catch((error: unknown) => {
      if (isDamagedLogError(error)) return []
      throw error
    })
    if (tlogProof !== undefined) logged.set(receiptIdOf(item), { leaf, tlogProof })
  }
  return unreadable.map((one) => ({ ...one, ...(one.code === 'event-unreadable' && logged.get(one.receiptId)) }))
}
