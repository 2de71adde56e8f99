/**
 * What is sent and answered, as types. They are taken from the schemas that validate requests and that answers are tested by, so
 * this client cannot say anything else than the OpenAPI document does.
 */
import type * as z from 'zod'
import type * as answers from '../api/schemas/answers.ts'
import type * as erasures from '../api/schemas/erasures.ts'
import type * as events from '../api/schemas/events.ts'
import type * as identifiers from '../api/schemas/identifier.ts'
import type * as policies from '../api/schemas/policies.ts'
import type { proof } from '../api/schemas/proof.ts'
import type * as questions from '../api/schemas/questions.ts'

/** What is given to the client is only read, so constants may be given. */
type Given<T> = T extends readonly (infer E)[]
  ? readonly Given<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T
type Sent<S extends z.ZodType> = Given<z.input<S>>

/** What the client fills in: once, and the same at each attempt. */
type FilledIn = { readonly eventId?: string; readonly occurredAt?: string }
/** `sentAt` is the client's: anew at each attempt. */
type ClientsOwn = keyof FilledIn | 'sentAt'

export type Identifier = Sent<typeof identifiers.identifier>
export type NewEvent = Omit<Sent<typeof events.event>, ClientsOwn> & FilledIn
export type NewOwnEvent = Omit<Sent<typeof events.ownEvent>, ClientsOwn> & FilledIn

/** The client knows whose it is. */
type OfItsController<Q> = Omit<Q, 'controller'>
export type ConsentsQuestion = OfItsController<Sent<typeof questions.consentsQuestion>>
export type TopicQuestion = OfItsController<Sent<typeof questions.topicQuestion>>
export type ErasureRequest = OfItsController<Sent<typeof erasures.erasureRequest>>

export type NoticeQuery = Omit<Sent<typeof questions.noticeQuery>, 'key'>
export type OwnConsentsQuery = Omit<Sent<typeof questions.ownConsentsQuery>, 'key'>
/** Receipts and differences are had as JSON here: no `format`. */
export type OwnReceiptsQuery = Omit<Sent<typeof questions.ownReceiptsQuery>, 'key' | 'format' | 'limit'> & {
  readonly limit?: number
}
export type DifferenceQuery = Omit<Sent<typeof questions.diffQuery>, 'format'>
export type PolicyQuery = Sent<typeof questions.policyQuery>
export type CheckpointsQuery = Omit<Sent<typeof questions.checkpointsQuery>, 'after'> & { readonly after?: number }

export type ControllerDraft = Sent<typeof policies.controllerDraft>
export type SiteDraft = Sent<typeof policies.siteDraft>
export type OriginsDraft = Sent<typeof policies.originsDraft>
export type VersionDraft = Sent<typeof policies.versionDraft>
export type PresentationDraft = Sent<typeof policies.presentationDraft>
export type RetractionDraft = Sent<typeof policies.retractionDraft>

export type Receipt = z.output<typeof answers.receipt>
export type Outcomes = z.output<typeof answers.outcomes>
export type OwnConsents = z.output<typeof answers.ownConsents>
export type OwnReceipts = z.output<typeof answers.ownReceipts>
export type Notice = z.output<typeof answers.notice>
export type Policies = z.output<typeof answers.policies>
export type VersionAt = z.output<typeof answers.versionAt>
export type PolicyHistory = z.output<typeof answers.history>
export type OnePolicyVersion = z.output<typeof answers.oneVersion>
export type Difference = z.output<typeof answers.difference>
export type Checkpoints = z.output<typeof answers.checkpoints>
export type Consents = z.output<typeof answers.consents>
export type Timeline = z.output<typeof answers.timeline>
export type ConsentProof = z.output<typeof proof>
export type Controller = z.output<typeof answers.controller>
export type Site = z.output<typeof answers.site>
export type Sites = z.output<typeof answers.sites>
export type SiteOrigins = z.output<typeof answers.siteOrigins>
export type PolicyVersion = z.output<typeof answers.version>
export type Presentation = z.output<typeof answers.presentation>
export type Retraction = z.output<typeof answers.retraction>
export type Erasure = z.output<typeof erasures.erasure>
export type Problem = z.output<typeof answers.problem>
