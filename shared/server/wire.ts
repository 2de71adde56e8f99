/**
 * Types of requests and answers. They are inferred from the schemas that validate requests and test answers, so this client always agrees
 * with the OpenAPI document.
 */
import type * as z from 'zod'
import type * as answers from '../api/schemas/answers.ts'
import type * as asked from '../api/schemas/asked-erasures.ts'
import type * as checks from '../api/schemas/checks.ts'
import type { confirmationRequest } from '../api/schemas/confirmation-request.ts'
import type * as controllers from '../api/schemas/controllers.ts'
import type * as dispositions from '../api/schemas/dispositions.ts'
import type * as endpoints from '../api/schemas/endpoints.ts'
import type * as erasures from '../api/schemas/erasures.ts'
import type * as events from '../api/schemas/events.ts'
import type * as exports from '../api/schemas/exports.ts'
import type * as grants from '../api/schemas/grants.ts'
import type * as holds from '../api/schemas/holds.ts'
import type * as identifiers from '../api/schemas/identifier.ts'
import type * as imports from '../api/schemas/imports.ts'
import type * as letters from '../api/schemas/letters.ts'
import type * as links from '../api/schemas/links.ts'
import type * as mandates from '../api/schemas/mandates.ts'
import type * as ownHistories from '../api/schemas/own-history.ts'
import type * as ownQueries from '../api/schemas/own-queries.ts'
import type * as ownRecords from '../api/schemas/own-record.ts'
import type * as policies from '../api/schemas/policies.ts'
import type { proof } from '../api/schemas/proof.ts'
import type * as queries from '../api/schemas/queries.ts'
import type * as questions from '../api/schemas/questions.ts'
import type * as reads from '../api/schemas/reads.ts'
import type { requestedConfirmation } from '../api/schemas/requested-confirmation.ts'
import type * as sampled from '../api/schemas/sample-answer.ts'
import type * as samples from '../api/schemas/sample-question.ts'
import type * as sites from '../api/schemas/sites.ts'
import type * as statistics from '../api/schemas/statistics.ts'

/** Arguments are only read, so they may be constants. */
type Given<T> = T extends readonly (infer E)[]
  ? readonly Given<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T
type Sent<S extends z.ZodType> = Given<z.input<S>>

/** Members that the client fills in if they are absent: once, and the same at each attempt. */
type FilledIn = { readonly eventId?: string; readonly occurredAt?: string }
/** Members that callers need not give. The client sets `sentAt` anew at each attempt. */
type ClientsOwn = keyof FilledIn | 'sentAt'

/** Type and value of a name of a person, e.g. an email address. */
export type Identifier = Sent<typeof identifiers.identifier>
/** An event for `recordEvents`: a person, and what they decided. */
export type NewEvent = Omit<Sent<typeof events.event>, ClientsOwn> & FilledIn
/** An event for `recordOwnEvents`: what the person with the credential decided. */
export type NewOwnEvent = Omit<Sent<typeof events.ownEvent>, ClientsOwn> & FilledIn

/** The client fills in the controller. */
type OfItsController<Q> = Omit<Q, 'controller'>
/** The same of each member of a union. */
type OfEach<Q> = Q extends object ? OfItsController<Q> : never
/** Question for the status of a person's consents: the subject, and instants. */
export type ConsentsQuestion = OfItsController<Sent<typeof questions.consentsQuestion>>
/** Question about one purpose or policy of a person. */
export type TopicQuestion = OfItsController<Sent<typeof questions.topicQuestion>>
/** A question about one purpose or policy over time. Without `limit` and `after` the client follows the pages. */
export type TimelineQuestion = OfItsController<Sent<typeof questions.timelineQuestion>>
/** What a random sample of the log is drawn from. */
export type SampleQuestion = OfItsController<Sent<typeof samples.sampleQuestion>>
/** Whom a machine asks about at once, and about what. */
export type ChecksRequest = OfItsController<Sent<typeof checks.checksRequest>>
/** Request to erase one name of a person. */
export type ErasureRequest = OfItsController<Sent<typeof erasures.erasureRequest>>

/** A grant of an auditor to make. `grantId` is a new UUID of the caller's. */
export type GrantDraft = Sent<typeof grants.grantDraft>
/** What `makeExport` sends. */
export type ExportDraft = Sent<typeof exports.exportDraft>
/** Query of `listExports`. */
export type ExportsQuery = Sent<typeof exports.exportsQuery>
/** Query of `getExport`. */
export type ExportPartsQuery = Sent<typeof exports.exportPartsQuery>
/** What `makeImport` sends. */
export type ImportDraft = Sent<typeof imports.importDraft>
/** What `startImport` sends. */
export type ImportStart = Sent<typeof imports.importStart>
/** Query of `listImports`. */
export type ImportsQuery = Sent<typeof imports.importsQuery>
/** Query of `listReads`. */
export type ReadsQuery = Sent<typeof reads.readsQuery>
/** Query of `getStatistics`. */
export type StatisticsQuery = Omit<Sent<typeof statistics.statisticsQuery>, 'format' | 'k'> & { readonly k?: number }
/** Query of `getOwnReads`. */
export type OwnReadsQuery = Omit<Sent<typeof reads.ownReadsQuery>, 'key'>
/** Query of `getOwnHistory`. */
export type OwnHistoryQuery = Omit<Sent<typeof ownQueries.ownHistoryQuery>, 'key' | 'limit'> & {
  readonly limit?: number
}
/** Query of `getOwnRecord`. */
export type OwnRecordQuery = Omit<Sent<typeof ownQueries.ownRecordQuery>, 'key'>
/** The answer to a person's request to be erased. */
export type ErasureDecision = OfEach<Sent<typeof asked.erasureDecision>>
/** Query of `listErasureRequests`. */
export type ErasureRequestsQuery = Sent<typeof asked.askedErasuresQuery>
/** What `makeEndpoint` sends. */
export type EndpointDraft = Sent<typeof endpoints.endpointDraft>
/** What `changeEndpoint` sends: all settings from now on. */
export type EndpointChange = Sent<typeof endpoints.endpointChange>
/** What `rotateSecret` sends. */
export type SecretDraft = Sent<typeof endpoints.secretDraft>
/** What `askRedelivery` sends. */
export type RedeliveryDraft = Sent<typeof endpoints.redeliveryDraft>
/** Query of `listDeliveries`. */
export type DeliveriesQuery = Sent<typeof endpoints.deliveriesQuery>
/** Query of `listGrants`. */
export type GrantsQuery = Sent<typeof grants.grantsQuery>
/** A mandate to record. `mandateId` is a new UUID of the caller's. */
export type MandateDraft = OfItsController<Sent<typeof mandates.mandateDraft>>
/** A device and the text that said what linking does. `requestId` is a new UUID of the caller's. */
export type OwnLinkRequest = Sent<typeof links.linkRequest>
/** A link to end. */
export type OwnUnlinkRequest = Sent<typeof links.unlinkRequest>
/** Two identifiers of one person, and the ground. `requestId` is a new UUID of the caller's. */
export type LinkDraft = OfItsController<Sent<typeof links.operatorLink>>
/** A link to end, named with one of the two. */
export type UnlinkDraft = OfItsController<Sent<typeof links.operatorUnlink>>
/** A legal hold to make. `holdId` is a new UUID of the caller's. */
export type HoldDraft = OfItsController<Sent<typeof holds.holdDraft>>
/** Query of `listHolds`. */
export type HoldsQuery = Sent<typeof holds.holdsQuery>
/** Query of `listDispositions`. */
export interface DispositionsQuery {
  /** The `next` of the page before. */
  readonly after?: number
}

/** Person and purposes of a link to unsubscribe. */
export type UnsubscribeLinkRequest = Sent<typeof letters.unsubscribeLinkRequest>

/** An event for `requestConfirmation`: an address, and a yes that awaits its confirmation. */
export type NewConfirmation = Omit<Sent<typeof confirmationRequest>, ClientsOwn> & FilledIn

/** Query of `recordEvents` and `recordOwnEvents` for a short answer. */
export type MinimalAnswer = {
  /** What was recorded, in place of the receipt. */
  readonly return: 'minimal'
}
/** Query of `getNotice`. */
export type NoticeQuery = Omit<Sent<typeof queries.noticeQuery>, 'key'>
/** Query of `getOwnConsents`. */
export type OwnConsentsQuery = Omit<Sent<typeof queries.ownConsentsQuery>, 'key'>
/** Query of `getOwnReceipts`. Answers are JSON here, so there is no `format`. */
export type OwnReceiptsQuery = Omit<Sent<typeof queries.ownReceiptsQuery>, 'key' | 'format' | 'limit'> & {
  readonly limit?: number
}
/** Query of `diffVersions`: the two versions. Answers are JSON here, so there is no `format`. */
export type DifferenceQuery = Omit<Sent<typeof queries.diffQuery>, 'format'>
/** Query of `getPolicy`. */
export type PolicyQuery = Sent<typeof queries.policyQuery>
/** Query of `listCheckpoints`. */
export type CheckpointsQuery = Omit<Sent<typeof queries.checkpointsQuery>, 'after'> & { readonly after?: number }

/** A controller to create. */
export type ControllerDraft = Sent<typeof controllers.controllerDraft>
/** Whose tokens speak for the controller from now on; `identityProvider: null` removes the provider. */
export type IdentityProviderDraft = Sent<typeof controllers.identityProviderDraft>
/** Which keys of the controller to replace. */
export type KeyChangeDraft = Sent<typeof controllers.keyChangeDraft>
/** A site to create. */
export type SiteDraft = Sent<typeof sites.siteDraft>
/** All origins of a site from now on. */
export type OriginsDraft = Sent<typeof sites.originsDraft>
/** A version of a policy to publish, with its texts. */
export type VersionDraft = Sent<typeof policies.versionDraft>
/** A layout of a policy's notice to publish. */
export type PresentationDraft = Sent<typeof policies.presentationDraft>
/** A version to retract before it is in force. */
export type RetractionDraft = Sent<typeof policies.retractionDraft>

/** Receipt of one event, `consent-receipt@1`. */
export type Receipt = z.output<typeof answers.receipt>
/** Short answer for one event: what was recorded and what it counts as. */
export type Acknowledgement = z.output<typeof answers.acknowledgement>
/** Outcome of each event of a batch: a receipt, or a problem. */
export type Outcomes = z.output<typeof answers.outcomes>
/** What the person's events amount to. */
export type OwnConsents = z.output<typeof answers.ownConsents>
/** A page of the person's receipts. */
export type OwnReceipts = z.output<typeof answers.ownReceipts>
/** The text in force, and all that a person needs to know to decide. */
export type Notice = z.output<typeof answers.notice>
/** Policies of the controller. */
export type Policies = z.output<typeof answers.policies>
/** The version of a policy that is in force at an instant. */
export type VersionAt = z.output<typeof answers.versionAt>
/** All versions, retractions and layouts of a policy. */
export type PolicyHistory = z.output<typeof answers.history>
/** One version of a policy. */
export type OnePolicyVersion = z.output<typeof answers.oneVersion>
/** Differences between two versions of a policy, and the class of each. */
export type Difference = z.output<typeof answers.difference>
/** A page of the log's checkpoints. */
export type Checkpoints = z.output<typeof answers.checkpoints>
/** Status of all purposes and policies of a person at an instant. */
export type Consents = z.output<typeof answers.consents>
/** Each event on one purpose or policy, and what it changed. */
export type Timeline = z.output<typeof answers.timeline>
/** A proof for one purpose or policy, `consent-proof@1`: the input of `@consent-ledger/verify`. */
export type ConsentProof = z.output<typeof proof>
/** A controller, as created. */
export type Controller = z.output<typeof answers.controller>
/** A change of the identity provider, as recorded. */
export type IdentityProviderChange = z.output<typeof answers.identityProviderChange>
/** A change of keys, as recorded. */
export type KeyChange = z.output<typeof answers.keyChange>
/** A site, with its publishable key. */
export type Site = z.output<typeof answers.site>
/** Sites of the controller. */
export type Sites = z.output<typeof answers.sites>
/** When a site was revoked. */
export type SiteRevocation = z.output<typeof answers.siteRevocation>
/** The origins that a site now has. */
export type SiteOrigins = z.output<typeof answers.siteOrigins>
/** A published version of a policy. */
export type PolicyVersion = z.output<typeof answers.version>
/** A published layout. */
export type Presentation = z.output<typeof answers.presentation>
/** A retraction, as recorded. */
export type Retraction = z.output<typeof answers.retraction>
/** Statistics of complete days. */
export type Statistics = z.output<typeof statistics.statisticsAnswer>
/** Answers to a batch of checks, in the order in which the people were named. */
export type Checks = z.output<typeof checks.checksAnswer>
/** A random sample of the log, `consent-sample@1`. */
export type Sample = z.output<typeof sampled.sampleAnswer>
/** A page of the reads of a day. */
export type Reads = z.output<typeof reads.readPage>
/** A page of the reads about a person. */
export type OwnReads = z.output<typeof reads.ownReads>
/** A page of the person's events. */
export type OwnHistory = z.output<typeof ownHistories.ownHistory>
/** A page of all that the ledger has about the person, `consent-own-record@1`. */
export type OwnRecord = z.output<typeof ownRecords.ownRecord>
/** A person's own requests to be erased. */
export type OwnErasureRequests = z.output<typeof asked.ownErasureRequests>
/** A person's request to be erased, as the controller sees it. */
export type ErasureRequestOfPerson = z.output<typeof asked.erasureRequestOfPerson>
/** A page of what people asked to have erased. */
export type ErasureRequestsOfPeople = z.output<typeof asked.askedErasures>
/** A grant of an auditor, as recorded. */
export type Grant = z.output<typeof grants.grant>
/** An endpoint, with its new secret when there is one. */
export type MadeEndpoint = z.output<typeof endpoints.madeEndpoint>
/** The endpoints of a controller. */
export type Endpoints = z.output<typeof endpoints.endpoints>
/** A redelivery that was asked for. */
export type Redelivery = z.output<typeof endpoints.redelivery>
/** A page of deliveries. */
export type Deliveries = z.output<typeof endpoints.deliveryPage>
/** An export, and how far it is. */
export type Export = z.output<typeof exports.exportedState>
/** A page of exports. */
export type Exports = z.output<typeof exports.exportPage>
/** An import, and how far it is. */
export type Import = z.output<typeof imports.importedState>
/** A page of imports. */
export type Imports = z.output<typeof imports.importPage>
/** A page of grants. */
export type Grants = z.output<typeof grants.grantPage>
/** A link, or its end, as recorded. */
export type Link = z.output<typeof links.linkResult>
/** A mandate, as recorded. */
export type Mandate = z.output<typeof mandates.mandate>
/** A legal hold, as recorded. */
export type Hold = z.output<typeof holds.hold>
/** A page of legal holds. */
export type Holds = z.output<typeof holds.holdPage>
/** A page of what retention destroyed. */
export type Dispositions = z.output<typeof dispositions.dispositionPage>
/** A link to unsubscribe, and the header lines of its letter. */
export type UnsubscribeLink = z.output<typeof letters.unsubscribeLink>
/** What was recorded, and until when its link works. */
export type RequestedConfirmation = z.output<typeof requestedConfirmation>
/** Outcome of an erasure. */
export type Erasure = z.output<typeof erasures.erasure>
/** A problem document (RFC 9457), as the ledger sends it. */
export type Problem = z.output<typeof answers.problem>
