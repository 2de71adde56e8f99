/**
 * What a verifier accepts for each scalar of a record. The schemas made with it refuse unknown members: a leaf commits to the whole record,
 * so a record with more members cannot be the logged one.
 */
import * as z from 'zod'
import type { Scalars } from '../consent/zod-schema.ts'

/** An instant in the ledger's one spelling, so that instants compare as text. */
export const instant = z
  .string()
  .refine((text) => isInstant(text), 'not an instant in UTC with milliseconds, e.g. 2026-03-01T12:00:00.000Z')

function isInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text
}

/** Ids, names and wordings. The limit keeps sentences that quote one readable. */
export const name = z.string().min(1).max(200)
export const wording = z.string().max(10_000)
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'not a lower-case hex SHA-256')
export const digest = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'not 32 bytes in base64url')

/** Records in a proof or receipt. Rules on ids, durations and countries were checked at publication and are not checked again. */
export const inProof = {
  id: name,
  eventId: name,
  versionName: name,
  name,
  wording,
  localised: z.record(z.string().min(1).max(60), wording),
  locale: name,
  sha256Hex,
  instant,
  duration: wording,
  country: wording,
  place: wording,
  jurisdiction: wording,
  rowName: z.string().max(2048),
  leaf: z.string().max(16 * 1024),
  digest,
  disclosure: z.string().max(200_000),
  note: z.string().max(1_000_000),
  tlogProof: z.string().max(2_100_000),
} satisfies Scalars
