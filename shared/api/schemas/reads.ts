/** Recorded reads, as the controller and the person are shown them. Nothing in an answer names a subject. */
import * as z from 'zod'
import { time } from './in-answer.ts'
import { tokenHolder } from './token-holder.ts'

const after = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .optional()
  .describe('The `next` of the page before.')

export const readsQuery = z.strictObject({
  day: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, 'a day, e.g. 2026-11-22')
    .optional()
    .describe('In UTC. Without it, today.'),
  after,
})

export const ownReadsQuery = z.strictObject({ key: z.string().optional(), after })

const asked = {
  route: z.string().optional().describe('Operation that asked.'),
  purposeId: z.string().optional(),
  policyId: z.string().optional(),
}
const next = z.string().optional().describe('Absent on the last page.')

export const readPage = z
  .strictObject({
    day: z.string(),
    reads: z
      .array(
        z.strictObject({
          hour: z.string().describe('In UTC, e.g. `2026-11-22T10`.'),
          reader: z
            .strictObject({
              auditor: tokenHolder,
              name: z.string(),
            })
            .optional()
            .describe('Absent when no grant names the reader, or the reader was erased.'),
          ...asked,
          subjects: z.int().optional().describe('About how many people.'),
        }),
      )
      .describe('In no order.'),
    next,
  })
  .meta({ id: 'Reads' })

export const ownReads = z
  .strictObject({
    reads: z
      .array(
        z.strictObject({
          readAt: time,
          month: z
            .string()
            .optional()
            .describe(
              'In UTC, e.g. `2026-11`: a program checks many people at once, as often as it sends, and this is its first check of the month. Absent for a read by itself.',
            ),
          reader: z
            .string()
            .optional()
            .describe(
              'Who audits, in the controller’s words. Absent when no grant names the reader, or the reader was erased.',
            ),
          ...asked,
        }),
      )
      .describe('Newest first within a page.'),
    next,
  })
  .meta({ id: 'OwnReads' })
