/** The letters that a ledger on this machine handed over. */
import { join } from 'node:path'
import { lettersIn as lettersInFolder } from '../../infra/local/data/mailbox-folder.ts'
import type { Letter } from '../../shared/ledger/letters/letter-outbox.ts'

export const lettersIn = (dataFolder: string): Promise<Letter[]> => lettersInFolder(join(dataFolder, 'mailbox'))
