/**
 * What the OpenAPI document says of the messages that endpoints get: `webhooks` of OpenAPI 3.1
 * (https://spec.openapis.org/oas/v3.1.0#oas-webhooks), one for each type, signed by Standard Webhooks 1.0.0.
 */
import * as z from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { messages } from '../../shared/api/schemas/messages.ts'
import { endingTypes, type MessageType, pingType, typeOfVerb } from '../../shared/consent/message-types.ts'

const headers = z.object({
  'webhook-id': z.string().max(120).describe('The id of the delivery: drop one that was received before.'),
  'webhook-timestamp': z
    .string()
    .regex(/^\d+$/)
    .describe('Seconds since 1970, of this attempt. Refuse one that is more than five minutes off.'),
  'webhook-signature': z
    .string()
    .describe(
      'Of `<webhook-id>.<webhook-timestamp>.<body>`: `v1,` and HMAC-SHA256 under the secret of the endpoint, once for each secret that signs; `v1a,` and Ed25519. Separated by spaces; one that verifies is enough.',
    ),
})

const responses = {
  '2XX': { description: 'Received. The answer has to come within 15 seconds; its body is not read.' },
  '3XX': { description: 'A failed attempt: redirects are not followed.' },
  '410': { description: 'The endpoint gets nothing more until it is changed. Nothing is lost.' },
  '429': {
    description: 'A failed attempt, and the ledger waits before the next message. So are 502, 503 and 504.',
    headers: z.object({
      'retry-after': z.string().optional().describe('Seconds, or a date. It is obeyed up to a day.'),
    }),
  },
  default: {
    description:
      'A failed attempt. There are ten, over three days; then the message is given up, and can be asked for again.',
  },
}

const summaries: Readonly<Partial<Record<MessageType | typeof pingType, string>>> = {
  'consent.expired': 'A consent ended by itself, by its validity or by age',
  'consent.expiring': 'A consent ends by itself in some days',
  'policy.published': 'A version of a policy was published',
  'policy.retracted': 'A version of a policy was retracted before its date',
  'subject.erased': 'A person was erased: the last message about this pseudonym',
  'link.made': 'Two identities of one person were linked, told for each of them',
  'link.ended': 'A link was ended, told for each of the two identities',
  [pingType]: 'A test, which was asked for',
}

function summaryOf(type: string): string {
  const known = new Map<string, string>(Object.entries(summaries)).get(type)
  if (known !== undefined) return known
  const [verb] = Object.entries(typeOfVerb).find(([, each]) => each === type) ?? [type]
  const ends = (endingTypes as ReadonlySet<string>).has(type) ? ': it ends a permission, if there was one' : ''
  return `A decision was recorded, ${verb}${ends}`
}

/** By the type of the message. */
export const webhooks: ZodOpenApiPathsObject = Object.fromEntries(
  [...messages].map(([type, body]) => [
    type,
    {
      post: {
        operationId: `on ${type}`,
        summary: summaryOf(type),
        security: [],
        requestParams: { header: headers },
        requestBody: { required: true, content: { 'application/json': { schema: body } } },
        responses,
      },
    },
  ]),
)
