/**
 * What is sent and answered, as types. They are taken from the schemas that validate requests and that answers are tested by, so
 * this client cannot say anything else than the OpenAPI document does.
 */
import type * as z from 'zod'
import type * as answers from '../../functions/http/schemas/answers.ts'
import type * as erasures from '../../functions/http/schemas/erasures.ts'
import type * as events from '../../functions/http/schemas/events.ts'
import type * as policies from '../../functions/http/schemas/policies.ts'
import type * as questions from '../../functions/http/schemas/questions.ts'

/** What the client fills in: once, and the same at each attempt. */
type FilledIn = { eventId?: string; occurredAt?: string }
/** `sentAt` is the client's: anew at each attempt. */
type ClientsOwn = keyof FilledIn | 'sentAt'

export type Identifier = z.input<typeof events.identifier>
export type NewEvent = Omit<z.input<typeof events.event>, ClientsOwn> & FilledIn
export type NewOwnEvent = Omit<z.input<typeof events.ownEvent>, ClientsOwn> & FilledIn

type OfThisController<Q> = Omit<Q, 'controller'>
export type ConsentsQuestion = OfThisController<z.input<typeof questions.consentsQuestion>>
export type TopicQuestion = OfThisController<z.input<typeof questions.topicQuestion>>
export type ErasureRequest = OfThisController<z.input<typeof erasures.erasureRequest>>

export type NoticeQuery = Omit<z.input<typeof questions.noticeQuery>, 'key'>
export type OwnConsentsQuery = Omit<z.input<typeof questions.ownConsentsQuery>, 'key'>
/** Receipts and differences are had as JSON here: no `format`. */
export type OwnReceiptsQuery = Omit<z.input<typeof questions.ownReceiptsQuery>, 'key' | 'format' | 'limit'> & {
  limit?: number
}
export type DifferenceQuery = Omit<z.input<typeof questions.diffQuery>, 'format'>
export type PolicyQuery = z.input<typeof questions.policyQuery>
export type CheckpointsQuery = Omit<z.input<typeof questions.checkpointsQuery>, 'after'> & { after?: number }

export type ControllerDraft = z.input<typeof policies.controllerDraft>
export type SiteDraft = z.input<typeof policies.siteDraft>
export type VersionDraft = z.input<typeof policies.versionDraft>
export type PresentationDraft = z.input<typeof policies.presentationDraft>
export type RetractionDraft = z.input<typeof policies.retractionDraft>

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
export type ConsentProof = z.output<typeof answers.proof>
export type Controller = z.output<typeof answers.controller>
export type Site = z.output<typeof answers.site>
export type PolicyVersion = z.output<typeof answers.version>
export type Presentation = z.output<typeof answers.presentation>
export type Retraction = z.output<typeof answers.retraction>
export type Erasure = z.output<typeof erasures.erasure>
export type Problem = z.output<typeof answers.problem>
