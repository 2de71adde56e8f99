/**
 * The operator's bus on one machine: a private folder with one file for each message of endpoints with the URL `bus:`, `<webhook-id>.json`. A
 * program of the operator's takes and deletes them. A message that is sent again has the same file.
 */
import { join } from 'node:path'
import type { Send } from '../../../shared/ledger/fan-out/send-lanes.ts'
import { writeOnce } from './write-once-file.ts'

export function messageFolder(path: string): Send {
  return async (_url, { id, body }) => {
    try {
      await writeOnce(join(path, `${id}.json`), Buffer.from(`${body}\n`))
      return { isDelivered: true, status: 200 }
    } catch {
      return { isDelivered: false, error: 'not-written' }
    }
  }
}
