/** An export of the drill that was asked for, with its items. */
import { askExport } from '../../../../shared/exports/export-state.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import type { MemoryLedger } from '../../../support/memory-ledger.ts'

export async function exportAskedFor(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<void> {
  const exportId = '3f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90'
  const draft = { exportId, what: 'events', format: 'ndjson', identifiers: 'none' } as const
  const officer = { issuer: 'urn:test', subject: 'officer' }
  await askExport(ledger, snapshot, draft, officer, { from: 0, to: 3 })
}
