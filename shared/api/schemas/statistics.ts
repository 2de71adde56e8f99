/** Statistics for people who may see no person: counts by day and by how was asked, without those of fewer than k people. */
import * as z from 'zod'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'

const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day, e.g. 2026-11-22')

export const statisticsBy = ['day', 'version', 'presentation', 'channel', 'locale'] as const
const byList = /^(day|version|presentation|channel|locale)(,(day|version|presentation|channel|locale)){0,4}$/

export const statisticsQuery = z.strictObject({
  from: day.optional().describe('In UTC. Without it, 29 days before `to`.'),
  to: day.optional().describe('The last day of the period. Without it, the last complete day.'),
  by: z
    .string()
    .regex(byList, `some of ${statisticsBy.join(', ')}, with commas between`)
    .default('day')
    .describe(`What the rows are by, besides purpose and policy: some of ${statisticsBy.join(', ')}, with commas.`),
  purposeId: id.optional().describe('Only rows about this purpose.'),
  policyId: id
    .optional()
    .describe('Only rows about this policy itself, such as who accepted terms; with `purposeId`, about both.'),
  k: z.coerce
    .number()
    .int()
    .min(10)
    .max(100_000)
    .default(10)
    .describe('Least number of people that is shown. The numbers of fewer are withheld or merged with others.'),
  format: z.enum(['json', 'csv']).optional().describe('`csv`, or `Accept: text/csv`: the rows as a table.'),
})

const count = z.int().min(0)
const dimension = z.string().nullable().optional()
const measureNames = ['shown', 'given', 'refused', 'withdrawn', 'expired', 'ignored'] as const

const topic = { purposeId: id.optional(), policyId: id.optional() }

const row = z
  .strictObject({
    ...topic,
    day: day.optional(),
    version: dimension.describe('The version that was shown, otherwise that in force.'),
    presentation: dimension,
    channel: dimension,
    locale: dimension,
    shown: count.describe('Were asked (`requested`).'),
    given: count.describe('Said yes (`given`, `accepted`).'),
    refused: count.describe('Said no (`refused`, `declined`, `objected`), a browser signal included.'),
    withdrawn: count.describe('Took a yes back (`withdrawn`).'),
    expired: count.describe('Had a consent that ended by its validity or by a later version.'),
    ignored: count.describe('Were asked on the day before, and had not answered by the end of this one.'),
    withheld: z
      .array(z.enum(measureNames))
      .optional()
      .describe('Measures from which fewer than k people are left out.'),
  })
  .describe('`null` where it is not known, or where too few people share it.')

const upcoming = z.strictObject({
  policyId: id,
  version: z.string(),
  effectiveFrom: time,
  day: day.describe('The people are those of the end of this day.'),
  topics: z.array(
    z.strictObject({
      ...topic,
      standing: count.describe('People whose consent or acceptance stands, in multiples of k.'),
      askedAgain: count.describe('Those of them for whom this version ends it, in multiples of k; 0: fewer than k.'),
    }),
  ),
})

export const statisticsAnswer = z
  .strictObject({
    controller: id,
    from: day,
    to: day,
    by: z.array(z.enum(statisticsBy)),
    k: z.int(),
    through: day
      .optional()
      .describe('The last day that is complete. Its numbers no longer change; later days come once they are complete.'),
    rows: z.array(row),
    unopened: count.describe(
      'Events in no row, because their keys were gone when they were counted; in multiples of k.',
    ),
    unreadableDays: z.array(day).optional().describe('Days whose stored record is damaged: in no row.'),
    upcoming: z.array(upcoming).describe('Versions that are scheduled, and how many people each will ask again.'),
  })
  .meta({ id: 'Statistics' })
