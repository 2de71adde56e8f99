/** What a request may hold for each scalar of a record. Where a member has narrower bounds, its schema states them. */
import * as z from 'zod'
import type { Scalars } from '../../consent/zod-schema.ts'
import { country, jurisdiction, place } from './countries.ts'
import { id, instant, versionName } from './scalars.ts'
import { locale, localised, sha256Hex, shortText } from './texts.ts'

/** Publication checks that it is one (`purpose-check.ts`). */
export const duration = z.string().max(40)

const inNoRequest = z.never()

export const inRequest: Scalars = {
  id,
  eventId: z.uuid().transform((uuid) => uuid.toLowerCase()),
  versionName,
  name: shortText,
  wording: shortText,
  localised,
  locale,
  sha256Hex,
  instant,
  duration,
  country,
  place,
  jurisdiction,
  rowName: inNoRequest,
  leaf: inNoRequest,
  digest: inNoRequest,
  disclosure: inNoRequest,
  note: inNoRequest,
  tlogProof: inNoRequest,
}
