/** The request for a letter that asks to confirm. A module of its own, so that links to unsubscribe do not load the schema of events. */
import * as z from 'zod'
import { event } from './events.ts'
import { identifier } from './identifier.ts'

const isNew = event.shape.subject.options[0].shape.new

export const confirmationRequest = event
  .extend({
    subject: z
      .union([
        z.strictObject({ token: z.string().min(1).max(8192), new: isNew }),
        z.strictObject({ identifier: identifier.extend({ type: z.literal('email') }), new: isNew }),
      ])
      .describe('An e-mail address (servers, with scope consent.write), or a token with the claim `email`.'),
  })
  .meta({
    id: 'ConfirmationRequest',
    description: 'An event with a yes that awaits its confirmation. The letter is in its `locale`, Swedish or English.',
  })
