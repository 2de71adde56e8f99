/** What the OpenAPI document says of exports. */
import {
  exportDraft,
  exportedState,
  exportPage,
  exportPartsQuery,
  exportsQuery,
} from '../../shared/api/schemas/exports.ts'

export const exportDescriptions = {
  makeExport: {
    summary: 'Ask for an export of events or statuses as NDJSON, CSV or Parquet',
    body: exportDraft,
    answers: { '202': exportedState, '200': exportedState },
  },
  listExports: {
    summary: 'The exports of a controller',
    query: exportsQuery,
    answers: { '200': exportPage },
  },
  getExport: {
    summary: 'How far an export is, with URLs of its parts and its manifest',
    query: exportPartsQuery,
    answers: { '200': exportedState },
  },
  cancelExport: {
    summary: 'Cancel an export: its files are removed',
    answers: { '200': exportedState },
  },
}
