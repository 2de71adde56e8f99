/** The file `consent-own-record@1`: everything that the ledger has about a person, for that person. */
import * as z from 'zod'
import * as events from '../../consent/event.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { ownConsents, receipt } from './answers.ts'
import { ownErasureRequests } from './asked-erasures.ts'
import { inAnswer, time } from './in-answer.ts'
import { linkId } from './links.ts'
import { listedMandates } from './mandates.ts'
import { historyEvent, shownText } from './own-history.ts'
import { ownReads } from './reads.ts'
import { id } from './scalars.ts'
import { localised } from './texts.ts'
import { unreadable } from './unreadable.ts'

const leftOut = z
  .looseObject({
    what: z.enum(['linked-subjects', 'events', 'contexts', 'text', 'reads', 'readers', 'other-systems']),
    why: z.enum([
      'record-of-its-own',
      'evidence-term-passed',
      'term-passed',
      'unreadable',
      'too-large',
      'not-found',
      'too-many',
      'data-of-others',
      'not-in-this-ledger',
    ]),
    count: z.int().optional(),
    until: time.optional(),
    sha256: z.string().optional(),
    path: z.string().optional().describe('Where it can be fetched.'),
    after: z.string().optional().describe('For `GET /v1/me/reads`, which has the others.'),
  })
  .meta({ id: 'LeftOut' })

const state = ownConsents.pick({ at: true, consents: true, mandates: true, joint: true, unreadable: true })

const onFirstPage = 'Only on the first page.'

export const ownRecord = z
  .strictObject({
    format: z.literal('consent-own-record@1'),
    madeAt: time,
    controller: z.strictObject({ controller: id, name: z.string(), contact: z.string() }),
    subject: z
      .strictObject({ type: z.string(), id: z.string() })
      .describe('The person, as the ledger knows them; of a device the hash of its secret.'),
    state: state.optional().describe(`What applies now, for each purpose and policy. ${onFirstPage}`),
    events: z.array(historyEvent).describe('Newest record first.'),
    receipts: z.array(receipt).describe('One for each event, in the same order.'),
    texts: z
      .array(z.strictObject({ ...shownText, text: z.string().optional() }).meta({ id: 'TextOfRecord' }))
      .describe('Each text that was shown, once. Without `text` where `leftOut` says why.'),
    reads: ownReads.shape.reads.optional().describe(`Who read about the person, newest first. ${onFirstPage}`),
    links: z
      .array(
        z.strictObject({
          linkId,
          linkedAt: time,
          endedAt: time.optional(),
          shown: z.array(zodRecord(events.policyLink, inAnswer)).optional(),
          ground: z.string().optional(),
        }),
      )
      .optional()
      .describe(`Links with other identities of the person, and those that have ended. ${onFirstPage}`),
    mandates: listedMandates.describe(`All mandates for the person. ${onFirstPage}`),
    erasureRequests: ownErasureRequests.shape.requests.optional().describe(`Requests to be erased. ${onFirstPage}`),
    titles: z.record(z.string(), localised).describe('By purposeId, and by `policy/<policyId>`.'),
    leftOut: z.array(leftOut).describe('What is not in this file, and why.'),
    unreadable,
    next: z.string().optional().describe('Send it as `after` for the next page, which is another file.'),
  })
  .meta({
    id: 'OwnRecord',
    description: 'A page also has the form of an answer with receipts: `consent-ledger verify` checks it.',
  })
