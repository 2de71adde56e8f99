/** The answer with a person's own history. */
import * as z from 'zod'
import * as events from '../../consent/event.ts'
import * as receipts from '../../consent/receipt-file.ts'
import type { Reason, Status } from '../../consent/status-answer.ts'
import { zodMembers, zodRecord } from '../../consent/zod-schema.ts'
import { completion } from './completion.ts'
import { inAnswer, oneOfGrowing, time } from './in-answer.ts'
import { listedMandates } from './mandates.ts'
import { id, versionName } from './scalars.ts'
import { gppFinding, tcfFinding } from './signals.ts'
import { locale, sha256Hex } from './texts.ts'
import { unreadable } from './unreadable.ts'

const decision = z.strictObject({
  purposeId: id.optional(),
  policyId: id.optional(),
  ...zodMembers(receipts.receiptDetails, inAnswer),
  decides: z
    .strictObject({ status: oneOfGrowing<Status>(), reason: oneOfGrowing<Reason>(), endsAt: time.optional() })
    .optional()
    .describe('The present state, where this decision is what it rests on.'),
})

export const historyEvent = z
  .strictObject({
    receiptId: z.string(),
    eventId: z.uuid(),
    site: id,
    decisions: z.array(decision).describe('Each with what it counted as when it was recorded.'),
    times: zodRecord(events.eventTimes, inAnswer),
    who: zodRecord(events.eventWho, inAnswer).describe(
      'Who acted: the person, a guardian, a delegate or the operator.',
    ),
    link: z
      .array(zodRecord(events.policyLink, inAnswer))
      .describe('The version of each policy. Its text is in `texts`, unless no text is known to have been shown.'),
    how: zodRecord(events.eventHow, inAnswer, { tcf: tcfFinding.optional(), gpp: gppFinding.optional() }),
    context: zodRecord(events.eventContext, inAnswer).optional(),
    completions: z
      .array(completion)
      .optional()
      .describe('Receivers that were told of it and have reported that they acted.'),
    contextExpired: z
      .literal(true)
      .optional()
      .describe('IP address, user agent and page were recorded, and are destroyed by now or cannot be read.'),
  })
  .meta({ id: 'HistoryEvent' })

export const shownText = {
  sha256: sha256Hex,
  mediaType: z.string(),
  path: z.string().describe('Where anyone can fetch the text.'),
  of: z
    .array(z.strictObject({ policyId: id, version: versionName, locale }))
    .describe('The versions of which it is the text. Several locales when it is not recorded which was shown.'),
}

const expired = z
  .strictObject({ events: z.int(), until: time.optional().describe('None was recorded after this instant.') })
  .optional()
  .describe('Events that were destroyed when their term of evidence had passed; only their number is left.')

export const ownHistory = z
  .strictObject({
    events: z.array(historyEvent),
    texts: z.array(z.strictObject(shownText).meta({ id: 'ShownTextOfHistory' })).describe('Each text once.'),
    mandates: listedMandates,
    expired,
    unreadable,
    next: z.string().optional().describe('Send it as `after` for the next page; absent on the last.'),
  })
  .meta({ id: 'OwnHistory', description: 'Newest record first.' })
