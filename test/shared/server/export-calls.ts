/** The calls of a client that are about exports. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'

const exportOfAll = {
  exportId: '7c2e9c34-7a61-4f0e-9b8e-0d3c5a1b7f22',
  what: 'events',
  format: 'csv',
  identifiers: 'none',
} as const

export const exportCalls = {
  makeExport: (ledger: ServerLedger) => ledger.makeExport(exportOfAll),
  listExports: async (ledger: ServerLedger) => {
    await ledger.makeExport(exportOfAll)
    return ledger.listExports({ after: '00000000-0000-0000-0000-000000000000' })
  },
  getExport: async (ledger: ServerLedger) => {
    await ledger.makeExport(exportOfAll)
    return ledger.getExport(exportOfAll.exportId, { afterPart: '1' })
  },
  cancelExport: async (ledger: ServerLedger) => {
    await ledger.makeExport(exportOfAll)
    return ledger.cancelExport(exportOfAll.exportId)
  },
}
