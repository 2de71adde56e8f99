/**
 * The marks by which the release finds the erasures of a day. A mark is inserted before the entry, so that no entry is without one; a crash in
 * between leaves a mark without an erasure, which the release passes over.
 *
 *   PK `#erased#<day>`   SK `<controller>#<sub>`
 */
import { controllerOf, erasedPk } from '../log/log-items.ts'
import type { Item, Key } from '../store.ts'

const marksPk = '#erased#'

/** Partition of the marks of a day's erasures, over all controllers. */
export const erasureMarksPk = (day: string): string => marksPk + day

export const erasureMark = (controller: string, sub: string, day: string): Item => ({
  pk: erasureMarksPk(day),
  sk: `${controller}#${sub}`,
  values: {},
})

export const isErasureMark = ({ pk }: Key): boolean => pk.startsWith(marksPk)

/** Key of the erasure that the mark is of. */
export function erasureOfMark({ sk }: Key): Key {
  const controller = controllerOf({ pk: sk, sk })
  return { pk: erasedPk(controller), sk: sk.slice(controller.length + 1) }
}
