import { createExportHandler } from '../jobs/export.ts'
import { transferFilesOnAws } from './transfer-files.ts'
import { importLedgerOnAws, subjectFinderOnAws } from './wiring.ts'

export const handler = createExportHandler({
  ...importLedgerOnAws(),
  ...{ finder: subjectFinderOnAws(), files: transferFilesOnAws() },
})
