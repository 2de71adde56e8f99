/**
 * The report of rejected records, CSV (RFC 4180). A cell of it may quote the file, whose author may be anybody, so one that a spreadsheet would
 * take for a formula begins with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).
 */
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
  return `${cell(file)},${line},${reason},${cell(detail.slice(0, maxDetail))}\r\n`
}

function cell(text: string): string {
  const plain = text.replace(/[\r\n\t]+/g, ' ')
  const safe = /^\s*[=+\-@]/.test(plain) ? `'${plain}` : plain
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
