/** The report of rejected records, CSV. A cell of it may quote the file, whose author may be anybody. */
import { csvLine } from '../csv.ts'
import type { RefusalReason } from './refusal.ts'

export interface RejectedRecord {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly reason: RefusalReason
  readonly detail: string
}

export const reportHeader = 'file,line,reason,detail\r\n'

/** More are counted and not told one by one. */
export const maxReported = 100_000

const maxDetail = 300

export function reportLine({ file, line, reason, detail }: RejectedRecord): string {
  return csvLine([file, line, reason, detail.slice(0, maxDetail).replace(/[\r\n]+/g, ' ')])
}
