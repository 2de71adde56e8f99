/**
 * Usercentrics' consent report, CSV (https://support.usercentrics.com/hc/en-us/articles/15209263427740): one row for each service that a
 * visitor decided on. The other report, of opt-ins, counts rows by service and day and names nobody, so there is nothing to import in it.
 */
import { Refusal } from './refusal.ts'
import { fieldNamed, isYes, optionalText, type RecordReader, textNamed } from './source-record.ts'
import { readTime } from './times.ts'

export const usercentricsRecord: RecordReader = (fields) => {
  if (fieldNamed(fields, 'OptIn') !== undefined && fieldNamed(fields, 'Controller ID') === undefined)
    throw new Refusal('aggregate-report', 'the report of opt-ins has counts and no persons; take the consent report')
  const id = textNamed(fields, 'no-identifier', 'Controller ID')
  const time = textNamed(fields, 'no-time', 'Timestamp')
  const purpose = optionalText(fields, 'Data Processing Service ID')
  if (purpose === undefined) throw new Refusal('no-decision', 'there is no Data Processing Service ID')
  const given = fieldNamed(fields, 'Consent Given')
  if (given === undefined) throw new Refusal('no-decision', 'there is no Consent Given')
  const tcString = optionalText(fields, 'Consent String')
  const version = optionalText(fields, 'CMP Configuration Version')
  return {
    originId: `${id} ${time} ${purpose}`,
    identifier: { id },
    // Numbers are seconds or milliseconds since 1970; a report of before 2001 would be ambiguous, and there is none.
    occurredAt: readTime(time, {
      format: /^\d{12,}$/.test(time) ? 'epoch-ms' : /^\d+$/.test(time) ? 'epoch-s' : 'iso',
      zone: 'UTC',
    }),
    decisions: [{ purpose, verb: isYes(given) ? 'given' : 'refused' }],
    ...(version !== undefined && { version }),
    details: { ...actIn(optionalText(fields, 'Consent Action')), ...(tcString && { signals: { tcString } }) },
  }
}

/** The action says which control was used. Implicit ones, such as settings that were on before anybody touched them, state none. */
function actIn(action = ''): {
  readonly act?: 'button'
  readonly control?: 'accept-all' | 'refuse-all' | 'save-choices'
} {
  const plain = action.toLowerCase().replace(/[^a-z]/g, '')
  if (/acceptall/.test(plain)) return { act: 'button', control: 'accept-all' }
  if (/denyall|rejectall/.test(plain)) return { act: 'button', control: 'refuse-all' }
  if (/updateservices|save/.test(plain)) return { act: 'button', control: 'save-choices' }
  return {}
}
