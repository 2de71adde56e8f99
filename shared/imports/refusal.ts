/** Why a record of a file was not imported. Reasons are stable codes, which the counters and the error report have. */
export const refusalReasons = [
  // A whole file is refused, at the line where reading ended.
  'file-missing',
  'file-damaged',
  'file-replaced',
  'file-expands-too-far',
  'not-the-format',
  'aggregate-report',
  'too-many-records',
  // One record is refused.
  'line-too-long',
  'encoding',
  'quotes',
  'columns',
  'not-json',
  'too-large',
  'too-deep',
  'no-identifier',
  'bad-identifier',
  'no-time',
  'bad-time',
  'no-origin-id',
  'no-decision',
  'unknown-value',
  'unknown-purpose',
  'unknown-policy',
  'in-the-future',
  'conflict',
  'not-accepted',
] as const

export type RefusalReason = (typeof refusalReasons)[number]

/** A record that is refused; thrown by readers. `detail` may quote the file, so it goes into the error report and nowhere else. */
export class Refusal extends Error {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, detail: string) {
    super(detail)
    this.name = 'Refusal'
    this.reason = reason
  }
}
