/** A receiver's report, in answers. */
import * as z from 'zod'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'
import { sha256Hex } from './texts.ts'

const members = {
  endpoint: id,
  leaf: z.int(),
  part: z.int(),
  completedAt: time.describe('When the receiver acted, as it states.'),
  reportedAt: time,
  receiptId: z.string().optional(),
  evidence: z.union([z.strictObject({ sha256: sha256Hex }), z.strictObject({ url: z.string() })]).optional(),
}

export const completion = z
  .strictObject(members)
  .meta({ id: 'Completion', description: 'A receiver’s statement that it has acted on a message.' })

const target = { purposeId: id.optional(), policyId: id.optional() }

/** Members of an event in an auditor's timeline. */
export const eventCompletions = {
  completions: z
    .array(
      z
        .strictObject({
          ...members,
          ...target,
          reportLeaf: z.int().optional().describe('Index of the report’s own leaf, once the log has it.'),
        })
        .meta({ id: 'ReportedCompletion' }),
    )
    .optional()
    .describe('Receivers that were told of it and have reported that they acted.'),
  notReported: z
    .array(
      z
        .strictObject({ endpoint: id, ...target, deliveredAt: time, dueAt: time, isLate: z.boolean() })
        .meta({ id: 'MissingCompletion' }),
    )
    .optional()
    .describe(
      'Receivers that were told of the decision asked about, have to report by `dueAt` that they acted, and have not. Of the newest deliveries only.',
    ),
}
