/** What the OpenAPI document says of imports. */
import { importDraft, importedState, importPage, importStart, importsQuery } from '../../shared/api/schemas/imports.ts'

export const importDescriptions = {
  makeImport: {
    summary: 'Ask for an import of another tool’s records; the answer has a URL for each file to upload',
    body: importDraft,
    answers: { '202': importedState, '200': importedState },
  },
  listImports: {
    summary: 'The imports of a controller',
    query: importsQuery,
    answers: { '200': importPage },
  },
  getImport: {
    summary: 'How far an import is, with URLs of what is to be uploaded or can be fetched',
    answers: { '200': importedState },
  },
  startImport: {
    summary: 'Start an import whose files are all there, or a dry run of it',
    body: importStart,
    answers: { '202': importedState, '200': importedState },
  },
  cancelImport: {
    summary: 'Cancel an import: what it recorded stays',
    answers: { '200': importedState },
  },
}
