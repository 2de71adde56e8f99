/**
 * The subjects that were erased since a pass of the self-audit began, found by the marks of the days (`erasure-marks.ts`). A mark alone explains nothing:
 * each subject has its erasure entry too.
 */
import { erasureMarksPk, erasureOfMark } from '../erasure/erasure-marks.ts'
import { type Key, queryAll } from '../store.ts'
import type { Audit } from './audit-run.ts'
import { mapInParallel } from './audited-controllers.ts'
import { dayMs } from './check-sealed-entries.ts'

export interface ErasedSubjects {
  /** `<controller>#<sub>` */
  readonly owners: readonly string[]
  /** False when there are more than are read. */
  readonly areAll: boolean
}

/** Bounds the memory (about 400 MB) and time (about 50 s) of comparing them. */
const maxErased = 800_000
/** Marks whose erasures are read by one call. */
const atOnce = 100

export async function erasedSince(audit: Audit): Promise<ErasedSubjects> {
  const owners: string[] = []
  // One day more on either side, because an erasure states the day on which it began, by the clock of another machine.
  for (let ms = audit.pass.startedMs - dayMs; ms <= audit.nowMs + dayMs; ms += dayMs) {
    const marks = queryAll(audit.ledger.entries, erasureMarksPk(new Date(ms).toISOString().slice(0, 10)))
    for await (const { sk } of marks) {
      if (owners.length === maxErased) return { owners: await withErasure(audit, owners), areAll: false }
      owners.push(sk)
    }
  }
  return { owners: await withErasure(audit, owners), areAll: true }
}

async function withErasure({ ledger }: Audit, owners: readonly string[]): Promise<string[]> {
  const lists = Array.from({ length: Math.ceil(owners.length / atOnce) }, (_, i) =>
    owners.slice(i * atOnce, (i + 1) * atOnce),
  )
  const erased = await mapInParallel(lists, async (list) => {
    const stored = await ledger.entries.get(list.map((owner): Key => erasureOfMark({ pk: '', sk: owner })))
    return list.filter((_, i) => stored[i] !== undefined)
  })
  return erased.flat()
}
