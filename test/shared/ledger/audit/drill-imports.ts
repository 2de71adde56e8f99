/** An import of the drill that was asked for and started. */
import { addImportState, askImport, makeDue, queuedState, unread } from '../../../../shared/imports/import-state.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import type { MemoryLedger } from '../../../support/memory-ledger.ts'

const importId = '0a6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b22'

export async function startedImport(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<void> {
  const draft = {
    importId,
    system: 'crm',
    site: 'web',
    format: 'didomi',
    files: [{ name: 'a.json', bytes: 2 }],
  } as const
  await askImport(ledger, snapshot, { ...draft, files: [...draft.files] }, { issuer: 'urn:test', subject: 'anna' })
  await makeDue(ledger, { controller: 'acme', importId })
  const at = '2026-11-22T11:00:00.000Z'
  const state = queuedState({ state: 'awaiting-files', at, ...unread }, false, at)
  await addImportState(ledger.entries, 'acme', importId, { number: 2, state })
}
