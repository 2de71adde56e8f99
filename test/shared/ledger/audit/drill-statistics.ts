/** Statistics of the drill: a day and a state. */
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { emptyState } from '../../../../shared/ledger/statistics/running-counts.ts'
import { storeDays, storeState } from '../../../../shared/ledger/statistics/statistics-items.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import type { MemoryLedger } from '../../../support/memory-ledger.ts'

export async function countedDay(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<void> {
  const scope = vaultScope(snapshot)
  await storeDays(ledger, scope, [{ day: '2026-11-21', cells: [], standing: [], unopened: 0 }])
  await storeState(ledger, scope, 0, emptyState)
}
