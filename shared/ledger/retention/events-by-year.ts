/**
 * The events of a subject by the year whose keys seal them, for what decides about keys: retention and holds. The hour of an event is in
 * clear and may have been changed, so the key that opens an event decides, and not its hour.
 */
import type { RecordedMandate } from '../../consent/mandate.ts'
import { mandatesOf } from '../mandates/mandate-entries.ts'
import { openEvent, yearOfItem } from '../recording/sealed-event.ts'
import { type Item, queryAll, type Table } from '../store.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'
import type { YearOfEvents } from './lapse-ends.ts'

interface Gathered extends YearOfEvents {
  readonly events: YearOfEvents['events'][number][]
  isWhole: boolean
}

/** The years whose keys exist. `undefined` for a subject that has no events at all. */
export async function eventsByYear(
  entries: Pick<Table, 'query'>,
  keys: SubjectKeys,
): Promise<YearOfEvents[] | undefined> {
  const years = new Map<number, Gathered>()
  for (const year of keys.years.keys()) years.set(year, { year, events: [], isWhole: true })
  let count = 0
  for await (const item of queryAll(entries, keys.pk, { prefix: 'event#' })) {
    count++
    const year = Math.max(yearOfItem(item), keys.firstYear)
    const { state, opened } = openEvent(item, keys)
    if (opened) years.get(year)?.events.push(opened.event)
    else if (state === 'unreadable') gatherUnreadable(years, year, item, keys)
  }
  if (count === 0) return undefined
  const all = [...years.values()]
  if (!all.some(({ events }) => events.some(({ who }) => who.actor.mandateId !== undefined))) return all
  const mandates = new Map<string, RecordedMandate>()
  for (const [mandateId, { made, ended }] of await mandatesOf(entries, keys))
    mandates.set(mandateId, { mandate: made.stated, ...(ended && { end: ended.stated }) })
  return all.map((year) => ({ ...year, mandates }))
}

/** @param year that its hour names, whose key does not open it */
function gatherUnreadable(years: ReadonlyMap<number, Gathered>, year: number, item: Item, keys: SubjectKeys): void {
  for (const each of years.values()) {
    const hour = `${String(each.year).padStart(4, '0')}-01-01T00`
    const { opened } = openEvent({ ...item, values: { ...item.values, hour } }, keys)
    if (opened) {
      each.events.push(opened.event)
      return
    }
  }
  // It may be anything, of the year that its hour names, or of any when there is no such year.
  const named = years.get(year)
  for (const each of named ? [named] : years.values()) each.isWhole = false
}
