/** People's requests to be erased: the person's own list, the controller's list, and the controller's answer. */
import * as z from 'zod'
import { refusalGrounds } from '../../ledger/erasure/asked-erasure-entries.ts'
import { holdAgainstErasure } from './holds.ts'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'

const requestId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}\.[0-9]{1,6}$/, 'the requestId of a request')
  .describe('Names nobody: it has the pseudonym that the person’s events have in the log.')

const ground = z
  .enum(refusalGrounds)
  .describe(
    'The exceptions of GDPR article 17(3); `not-identified` (articles 11 and 12(2)), `unfounded` (article 12(5)), `no-ground-to-erase` (none of article 17(1) applies).',
  )

export const erasureDecision = z
  .discriminatedUnion('decision', [
    z.strictObject({ controller: id, requestId, decision: z.literal('granted') }),
    z.strictObject({ controller: id, requestId, decision: z.literal('refused'), ground }),
  ])
  .meta({ id: 'ErasureDecision' })

const members = {
  requestId,
  requestedAt: time,
  answerBy: time.describe('A month after the request (GDPR, article 12(3)).'),
  refusal: z.strictObject({ ground, refusedAt: time }).optional(),
}

export const ownErasureRequests = z
  .strictObject({
    requests: z.array(
      z.strictObject({
        ...members,
        state: z
          .enum(['open', 'held', 'granted', 'refused'])
          .describe(
            '`held`: a legal hold stands in the way. `granted`: it is carried out by the nightly retention, within a week. After that the caller is unknown to the ledger.',
          ),
        held: z.array(holdAgainstErasure.omit({ holdId: true })).optional(),
      }),
    ),
  })
  .meta({ id: 'OwnErasureRequests', description: 'Oldest first.' })

export const erasureRequestOfPerson = z
  .strictObject({ ...members, state: z.enum(['open', 'granted', 'refused', 'done']) })
  .meta({ id: 'ErasureRequestOfPerson' })

export const askedErasuresQuery = z.strictObject({
  after: requestId.optional().describe('The `next` of the page before.'),
})

export const askedErasures = z
  .strictObject({
    requests: z.array(erasureRequestOfPerson),
    next: z.string().optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'ErasureRequestsOfPeople', description: 'In the order of the pseudonyms.' })
