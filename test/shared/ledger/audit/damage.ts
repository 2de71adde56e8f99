/** A damage of the tampering drill: something that is done past the ledger. */
import type { Drill } from './drill-items.ts'

/** What is done, and the checks that must find it. */
export type Damage = [what: string, damage: (d: Drill) => unknown, checks: string[]]
