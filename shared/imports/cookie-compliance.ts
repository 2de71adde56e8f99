/**
 * Cookie Compliance's export (https://cookie-compliance.co/documentation/export-format), close to a Kantara receipt: `jti` names the record, `sub` the
 * visitor, `lat` is the time in seconds since 1970, `consent` is Accept or Reject, `purpose` one or several.
 */
import { Refusal } from './refusal.ts'
import { fieldNamed, isYes, listIn, type RecordReader, textNamed } from './source-record.ts'
import { readTime } from './times.ts'

export const cookieComplianceRecord: RecordReader = (fields) => {
  const isGiven = isYes(fieldNamed(fields, 'consent'))
  const purposes = listIn(fieldNamed(fields, 'purpose'))
  if (purposes.length === 0) throw new Refusal('no-decision', 'there is no purpose')
  return {
    originId: textNamed(fields, 'no-origin-id', 'jti'),
    identifier: { id: textNamed(fields, 'no-identifier', 'sub') },
    occurredAt: readTime(textNamed(fields, 'no-time', 'lat'), { format: 'epoch-s' }),
    decisions: purposes.map((purpose) => ({ purpose, verb: isGiven ? 'given' : 'refused' })),
  }
}
