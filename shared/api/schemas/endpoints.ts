/** Endpoints that are told what happened: requests and answers. It uses no Node API, so the console reads it, too. */
import * as z from 'zod'
import { busUrl } from '../../consent/endpoint.ts'
import { defaultExpiringDays, maxExpiringDays } from '../../consent/expiry.ts'
import { messageTypes } from '../../consent/message-types.ts'
import { time } from './in-answer.ts'
import { id } from './scalars.ts'
import { tokenHolder } from './token-holder.ts'

/** A bound of the log's own: a controller has fewer leaves. */
const leafIndex = z.int().min(0).max(999_999_999_999_999)
const change = z.int().min(1).max(1_000_000)

/** Refused as well, where the instance does not deliver to its own machine. */
export const isPlainLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

const url = z
  .string()
  .max(1000)
  .refine((text) => {
    const read = URL.parse(text)
    if (text === busUrl) return true
    if (read === null || read.username || read.password || read.hash) return false
    return read.protocol === 'https:' || isPlainLoopback(read)
  }, 'an https address without user name, password and fragment, or `bus:`')
  .describe(
    'Where messages are posted, over https. Private, loopback and link-local addresses are refused when a message is sent; redirects are not followed. `bus:`: to the ledger’s own EventBridge bus, or folder on one machine.',
  )

const settings = {
  url,
  types: z
    .array(z.enum(messageTypes))
    .min(1)
    .max(messageTypes.length)
    .describe(
      'The types of messages that it gets. `consent.expired`: within an hour or so of the end of a consent by its validity, or by age. `consent.expiring`: days before. A new version of a policy ends consents too: `policy.published` says so.',
    ),
  purposes: z
    .array(id)
    .min(1)
    .max(100)
    .optional()
    .describe('Without it, every purpose. With it, messages about these, and those that are about no purpose.'),
  payload: z
    .enum(['thin', 'fat'])
    .default('thin')
    .describe(
      '`thin`: a message names the person by pseudonym, and `ask` is where a token with scope `consent.audit` and a grant gets the identifier and the status. `fat`: the message has the identifier and the decision.',
    ),
  state: z
    .enum(['enabled', 'disabled'])
    .default('enabled')
    .describe('What happened while it was disabled is sent afterwards.'),
  completionHours: z
    .int()
    .min(1)
    .max(8760)
    .optional()
    .describe(
      'Hours after each message within which the receiver is expected to report its completion. What needs no report belongs to another endpoint.',
    ),
  expiringDays: z
    .int()
    .min(1)
    .max(maxExpiringDays)
    .optional()
    .describe(
      `With \`consent.expiring\`: how many days before its end a consent is announced. Without it: ${defaultExpiringDays}. A consent that ends sooner is announced at once.`,
    ),
}

/** A lead without the type would be a wish that is never heard. */
const hasLeadForType = ({ types, expiringDays }: { types: readonly string[]; expiringDays?: number | undefined }) =>
  expiringDays === undefined || types.includes('consent.expiring')
const leadRefusal = { path: ['expiringDays'], message: 'only with the type `consent.expiring`' }

export const endpointDraft = z
  .strictObject({
    endpoint: id.describe('Unique within the controller.'),
    ...settings,
    from: z
      .union([z.literal('now'), leafIndex])
      .default('now')
      .describe('Its first leaf: `now`, or the index of an earlier one.'),
  })
  .refine(hasLeadForType, leadRefusal)
  .meta({
    id: 'EndpointDraft',
    example: {
      endpoint: 'crm',
      url: 'https://crm.example.org/consent',
      types: ['consent.withdrawn', 'consent.objected', 'subject.erased'],
    },
  })

export const endpointChange = z
  .strictObject({ change: change.describe('One more than the `change` of the endpoint.'), ...settings })
  .refine(hasLeadForType, leadRefusal)
  .meta({ id: 'EndpointChange', description: 'All settings from now on.' })

export const secretDraft = z
  .strictObject({
    change: change.describe('One more than the `change` of the endpoint.'),
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('How long the secrets before it sign as well. 0: not at all, for a secret that was stolen.'),
  })
  .meta({ id: 'SecretDraft' })

const number = z.int().min(1).max(1_000_000).describe('1 for the first of the endpoint, then one more each time.')
export const redeliveryDraft = z
  .union([
    z.strictObject({ redelivery: number, deliveryId: z.string().max(120) }),
    z.strictObject({
      redelivery: number,
      from: leafIndex,
      to: leafIndex,
      only: z.enum(['all', 'dead']).default('all'),
    }),
    z.strictObject({ redelivery: number, test: z.literal(true) }),
  ])
  .meta({
    id: 'RedeliveryDraft',
    description:
      'One delivery; the messages of a range of leaves, or those of them that were given up; or a test message.',
    example: { redelivery: 1, from: 1200, to: 1450, only: 'dead' },
  })

/** How deliveries to an endpoint stand. */
const deliveryStanding = z.strictObject({
  next: z.int().describe('The first leaf of which no message was made yet.'),
  logSize: z.int(),
  delivered: z.int(),
  dead: z.int().describe('Given up after the last attempt.'),
  waiting: z.int().describe('Failed, or held back by an earlier message of the same person.'),
  failingSince: time.optional(),
  pausedUntil: time.optional().describe('After several failures, or because the receiver asked for it.'),
  isGone: z.boolean().describe('The receiver answered 410: nothing is sent until the endpoint is changed.'),
  redelivered: z.int().describe('Redeliveries that were done.'),
  lateCompletions: z.int(),
})

export const endpoint = z
  .strictObject({
    endpoint: id,
    url: z.string(),
    types: z.array(z.enum(messageTypes)),
    purposes: z.array(z.string()).optional(),
    payload: z.enum(['thin', 'fat']),
    state: z.enum(['enabled', 'disabled']),
    completionHours: z.int().optional(),
    expiringDays: z.int().optional(),
    change: z.int(),
    from: z.int(),
    changedAt: time,
    changedBy: tokenHolder,
    publicKey: z.string().describe('`whpk_` and the Ed25519 key that verifies `v1a` signatures.'),
    secrets: z.int().describe('How many secrets sign now: more than one during a rotation.'),
    deliveries: deliveryStanding,
    lastRedelivery: z.int().describe('Number of the latest redelivery; 0 before the first.'),
  })
  .meta({ id: 'Endpoint' })

export const madeEndpoint = endpoint
  .extend({ secret: z.string().optional().describe('`whsec_` and the new secret. Shown once.') })
  .meta({ id: 'MadeEndpoint' })

export const endpoints = z.strictObject({ endpoints: z.array(endpoint) }).meta({ id: 'Endpoints' })

export const deliveriesQuery = z.strictObject({
  list: z
    .enum(['waiting', 'ended'])
    .default('waiting')
    .describe(
      '`waiting`: those that wait for an attempt, all in one page. `ended`: those that were delivered or given up, newest leaf first.',
    ),
  after: z.string().max(60).optional().describe('The `next` of the page before.'),
})

export const delivery = z
  .strictObject({
    deliveryId: z.string().describe('The header `webhook-id`.'),
    leaf: z.int(),
    part: z.int().describe('Which message of the leaf, from 0.'),
    sequence: z.int().optional().describe('The number of the message for this endpoint, from 1 without gaps.'),
    redelivery: z.int().describe('0: it was no redelivery.'),
    state: z
      .enum(['waiting', 'held', 'delivered', 'dead', 'closed'])
      .describe(
        '`held`: an earlier message of the same person waits. `closed`: its content was erased before it could be sent.',
      ),
    attempts: z.int(),
    nextAttemptAt: time.optional(),
    firstAttemptAt: time.optional(),
    endedAt: time.optional(),
    lastStatus: z.int().optional(),
    lastError: z
      .string()
      .optional()
      .describe('Why there was no answer, such as `timeout`, `tls` or `address-refused`.'),
    isCompleted: z.boolean().optional().describe('Whether the receiver reported that it has acted.'),
  })
  .meta({ id: 'Delivery' })

export const deliveryPage = z
  .strictObject({
    deliveries: z.array(delivery),
    next: z.string().optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'Deliveries' })

export const redelivery = z
  .strictObject({
    redelivery: z.int(),
    kind: z.enum(['range', 'dead', 'one', 'test']),
    from: z.int(),
    to: z.int(),
    askedAt: time,
  })
  .meta({ id: 'Redelivery' })
