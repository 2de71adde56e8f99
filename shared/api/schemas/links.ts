/** Links between two subjects of one person: requests and answers. */
import * as z from 'zod'
import * as clients from '../../consent/client-event.ts'
import * as records from '../../consent/event.ts'
import { aloneState } from '../../consent/joint-status.ts'
import { optional } from '../../consent/schema.ts'
import type { Status } from '../../consent/status-answer.ts'
import { zodMembers, zodRecord } from '../../consent/zod-schema.ts'
import { identifier } from './identifier.ts'
import { inAnswer, oneOfGrowing, time } from './in-answer.ts'
import { inRequest } from './in-request.ts'
import { deviceSecret, id } from './scalars.ts'

const requestId = z
  .uuid()
  .describe('UUID of the request. Sent again, it changes nothing, even if the link has been ended since.')

/** `linkId` as an answer has it. */
export const linkId = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'the linkId of a link: 22 base64url characters')

/** Unlike that of an event, it must name a text: a link may be made only where a text that was published says what it does. */
const shownText = z
  .strictObject({
    noticeToken: z.string().min(1).max(1024).optional(),
    ...zodMembers({ ...clients.referenceMembers, policyId: optional(clients.referenceMembers.policyId) }, inRequest),
  })
  .refine(
    ({ noticeToken, policyId, version, textSha256 }) =>
      noticeToken === undefined
        ? policyId !== undefined && (version !== undefined || textSha256 !== undefined)
        : policyId === undefined,
    'a noticeToken, or policyId with version or textSha256',
  )
  .meta({ id: 'ShownText', description: 'The text that said what linking does.' })

/** The union types of the record say what the refinement above has checked. */
export function shownTexts(parsed: readonly z.output<typeof shownText>[] | undefined): clients.ClientEvent['shown'] {
  return parsed as clients.ClientEvent['shown']
}

export const linkRequest = z
  .strictObject({
    deviceSecret: deviceSecret.describe('Proves the device; the bearer token of the request proves the account.'),
    requestId,
    shown: z.array(shownText).min(1).max(8).describe('The published text that said what linking does.'),
    presentationId: id.optional().describe('The published first layer that said it.'),
  })
  .meta({
    id: 'LinkRequest',
    description: 'Both identities prove themselves in one request.',
    example: {
      deviceSecret: 'YWxpY2UtZGV2aWNlLXNlY3JldA',
      requestId: '0b0f7c1e-6a7b-4c55-9a43-0c5b9d6c1a11',
      shown: [{ policyId: 'privacy-policy', version: '2', locale: 'en' }],
    },
  })

export const unlinkRequest = z.strictObject({ linkId, requestId }).meta({ id: 'UnlinkRequest' })

const ground = z.string().min(1).max(500).describe('Why the operator states that both are one person, or no longer.')

export const operatorLink = z
  .strictObject({
    controller: id,
    subjects: z.tuple([identifier, identifier]),
    ground,
    requestId,
    shown: z.array(shownText).max(8).optional(),
    presentationId: id.optional(),
  })
  .meta({ id: 'OperatorLink' })

export const operatorUnlink = z
  .strictObject({ controller: id, subject: identifier.describe('Either of the two.'), linkId, ground, requestId })
  .meta({ id: 'OperatorUnlink' })

export const linkResult = z
  .strictObject({
    linkId,
    recordedAt: time.describe('From then on the link counts, or its end.'),
    stands: z.boolean().describe('Whether the link stands now.'),
    shown: z.array(zodRecord(records.policyLink, inAnswer)).optional(),
  })
  .meta({ id: 'Link' })

const status = oneOfGrowing<Status>()
const alone = zodRecord(aloneState, inAnswer, { status })

/** What a joint answer has in addition to a status. */
export const jointMembers = {
  subjects: z.array(alone).describe('Each subject alone: first the one asked about, then the linked ones by linkId.'),
  contradiction: z
    .strictObject({ yes: z.array(alone), no: z.array(alone) })
    .optional()
    .describe('Present when one says yes and another no. The later act counts, and at one instant the no.'),
}

export const standingLinks = z.array(z.strictObject({ linkId, linkedAt: time })).describe('The links that stand.')
