/** Ids, instants and device secrets of requests, each bounded. Texts are in `texts.ts`, so that a function which reads none loads none. */
import * as z from 'zod'
import { lastInstant } from '../../consent/duration.ts'
import { readRfc3339 } from '../../consent/rfc3339.ts'

const notAnInstant = 'an RFC 3339 instant, e.g. 2026-03-01T12:00:00Z'

export const id = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and hyphens, 1 to 40')
  .meta({ id: 'Id', description: 'An id: 1 to 40 lower-case letters, digits and hyphens.' })

export const versionName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,40}$/, 'letters, digits, dot, underscore and hyphen, 1 to 40')
  .meta({ id: 'VersionName' })

/** Names a receipt, and by its last event a page of events. */
export const receiptId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'the receiptId of a receipt, or the `next` of a page: 22 base64url characters')

const firstInstant = '1970-01-01T00:00:00.000Z'

/** Any RFC 3339 instant since 1970; inside the ledger UTC with milliseconds, so that instants compare as text. */
export const instant = z
  .string({ error: notAnInstant })
  .transform((text, context) => {
    const read = readRfc3339(text)
    // Instants compare as text, which a fifth digit of the year would break: 9999 in another offset may be 10000 in UTC.
    if (read !== undefined && read.length === lastInstant.length && read >= firstInstant) return read
    const issue = read === undefined ? notAnInstantBut(text) : 'an instant from 1970 to 9999, in UTC'
    context.addIssue({ code: 'custom', message: issue })
    return z.NEVER
  })
  .meta({ format: 'date-time', description: 'RFC 3339 instant, e.g. 2026-03-01T12:00:00Z.' })

/** In a query `+` is a space (WHATWG URL, application/x-www-form-urlencoded), so an offset arrives without its sign. */
function notAnInstantBut(text: string): string {
  return /\d \d\d:\d\d$/.test(text) ? `${notAnInstant}; in a query write the + of an offset as %2B` : notAnInstant
}

export const deviceSecret = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22,128}$/, '22 to 128 base64url characters: 128 random bits or more')
  .meta({
    id: 'DeviceSecret',
    description: 'Made by the client from at least 128 random bits. Anyone who knows it counts as this subject.',
  })
