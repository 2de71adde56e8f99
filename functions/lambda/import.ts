import { createImportHandler } from '../jobs/import.ts'
import { transferFilesOnAws } from './transfer-files.ts'
import { importLedgerOnAws } from './wiring.ts'

export const handler = createImportHandler({ ...importLedgerOnAws(), files: transferFilesOnAws() })
