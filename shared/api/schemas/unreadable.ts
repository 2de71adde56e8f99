/** Schema of `unreadable`: the stored entries that an answer had to leave out (`shared/consent/unreadable.ts`). */
import * as z from 'zod'
import * as entries from '../../consent/unreadable.ts'
import { zodOf } from '../../consent/zod-schema.ts'
import { inAnswer } from './in-answer.ts'

const description =
  'Stored entries that cannot be read; absent when all can. While there is one, every status is `Undetermined` or a no, so nothing is permitted.'

export const unreadable = z.array(zodOf(entries.unreadable, inAnswer)).optional().describe(description)

/** In a proof an event comes with its leaf, where the log has it. */
export const unreadableInProof = z.array(zodOf(entries.unreadableInProof, inAnswer)).optional().describe(description)
