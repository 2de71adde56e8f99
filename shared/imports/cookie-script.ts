/**
 * CookieScript's record of visitors' consents (https://cookie-script.com/record-visitor-consents.html): CSV files of a day each, from the ZIP that it
 * gives out, with the key of the visitor, accept or reject, the masked address, the time by the browser's clock, page, browser, categories, and the text
 * of the box. The page describes the columns and not their names, so each is known by any of a few.
 */
import { Refusal } from './refusal.ts'
import { fieldNamed, isYes, listIn, optionalText, type RecordReader, textNamed } from './source-record.ts'
import { readTime } from './times.ts'

export const cookieScriptRecord: RecordReader = (fields) => {
  const id = textNamed(fields, 'no-identifier', 'key', 'unique key', 'consent key', 'user key', 'consent id')
  const time = textNamed(fields, 'no-time', 'time', 'date', 'timestamp', 'consent date', 'date and time')
  const isGiven = isYes(fieldNamed(fields, 'action', 'user action', 'consent', 'decision', 'accept/reject', 'status'))
  const categories = listIn(fieldNamed(fields, 'categories', 'category', 'accepted categories', 'selected categories'))
  if (isGiven && categories.length === 0)
    throw new Refusal('no-decision', 'an acceptance without categories does not say of what')
  const page = optionalText(fields, 'page', 'url', 'page url', 'consent page')
  return {
    originId: `${id} ${time}`,
    identifier: { id },
    occurredAt: readTime(time, { format: /^\d{12,}$/.test(time) ? 'epoch-ms' : 'iso', zone: 'UTC' }),
    decisions: isGiven ? categories.map((purpose) => ({ purpose, verb: 'given' as const })) : [],
    refusesOthers: true,
    details: { ...(page !== undefined && { page: page.slice(0, 2048) }) },
  }
}
