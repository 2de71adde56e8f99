/** Schema of `unreadable`: the stored entries that an answer had to leave out (`shared/consent/unreadable.ts`). */
import * as z from 'zod'
import { id } from './scalars.ts'

const event = z.strictObject({ code: z.literal('event-unreadable'), receiptId: z.string() })
const loggedEvent = event.extend({ leaf: z.string().optional(), tlogProof: z.string().optional() })
const others = [
  z.strictObject({ code: z.literal('keys-unreadable') }),
  z.strictObject({ code: z.literal('publication-unreadable'), policyId: id, name: z.string() }),
  z.strictObject({ code: z.literal('more-unreadable'), count: z.int() }),
] as const

const description =
  'Stored entries that cannot be read; absent when all can. While there is one, every status is `Undetermined` or a no, so nothing is permitted.'

export const unreadable = z
  .array(z.union([event, ...others]))
  .optional()
  .describe(description)

/** In a proof an event comes with its leaf, where the log has it. */
export const unreadableInProof = z
  .array(z.union([loggedEvent, ...others]))
  .optional()
  .describe(description)
