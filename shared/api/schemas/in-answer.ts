/** What an answer may hold for each scalar of a record. Nothing is validated on the way out, so texts have no bounds. */
import * as z from 'zod'
import type { Scalars } from '../../consent/zod-schema.ts'
import { id, versionName } from './scalars.ts'
import { localised, sha256Hex } from './texts.ts'

export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time' })

const text = z.string()

export const notBefore = time
  .optional()
  .describe(
    'The person said no, or put it off: do not ask again before this instant. Absent: after a no do not ask again.',
  )

/** One of a list that may grow with later versions, so that the document names no values. Zod itself has a text of any value only. */
export const oneOfGrowing = <T extends string>(): z.ZodType<T, T> => text as z.ZodType<string> as z.ZodType<T, T>

export const inAnswer = {
  id,
  eventId: z.uuid(),
  versionName,
  name: text,
  wording: text,
  localised,
  locale: text,
  sha256Hex,
  instant: time,
  duration: text,
  country: text,
  place: text,
  jurisdiction: text,
  rowName: text,
  leaf: text.describe('Canonical JSON: the bytes that are hashed into the log.'),
  digest: text.describe('base64url, as the inclusion promise has it.'),
  disclosure: text,
  note: text,
  tlogProof: text.describe('c2sp.org/tlog-proof@v1'),
} satisfies Scalars
