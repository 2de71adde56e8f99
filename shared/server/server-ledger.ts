/** The client's methods: one for each operation of the API, under the operation's id in the OpenAPI document. */
import type * as wire from './wire.ts'

/** Credential of a person for `/v1/me`: the secret of their device, or their token from the controller's identity provider. */
export type Person = { readonly deviceSecret: string } | { readonly token: string }

/**
 * The ledger, as a server uses it. Every method rejects with a `ProblemError` if the ledger refuses the call or cannot be reached. The
 * codes of each operation are in the OpenAPI document.
 */
export interface ServerLedger {
  /**
   * Records what a person decided. The same `eventId` again returns the first answer again, so give an event its `eventId` before you put
   * it in a queue. Without one the client makes one, and repeats it when it sends again.
   */
  recordEvents(event: wire.NewEvent): Promise<wire.Receipt>
  /** The same with a short answer: what was recorded, without the receipt, which its person can fetch. */
  recordEvents(event: wire.NewEvent, query: wire.MinimalAnswer): Promise<wire.Acknowledgement>
  /** Records up to 25 events, each with an outcome of its own: a refused event does not affect the others. */
  recordEvents(events: readonly wire.NewEvent[], query?: wire.MinimalAnswer): Promise<wire.Outcomes>

  /** Records what a person decided, with the person's own credential. */
  recordOwnEvents(person: Person, event: wire.NewOwnEvent): Promise<wire.Receipt>
  /** The same with a short answer. */
  recordOwnEvents(person: Person, event: wire.NewOwnEvent, query: wire.MinimalAnswer): Promise<wire.Acknowledgement>
  /** Records up to 25 events of the person, each with an outcome of its own. */
  recordOwnEvents(
    person: Person,
    events: readonly wire.NewOwnEvent[],
    query?: wire.MinimalAnswer,
  ): Promise<wire.Outcomes>
  /** Returns what the person's decisions amount to, for each purpose and policy. */
  getOwnConsents(person: Person, query?: wire.OwnConsentsQuery): Promise<wire.OwnConsents>
  /** Returns a page of the reads about the person: who read, and when. */
  getOwnReads(person: Person, query?: wire.OwnReadsQuery): Promise<wire.OwnReads>
  /** Returns a page of the person’s events, newest first: what was decided, by whom, and the texts that were shown. */
  getOwnHistory(person: Person, query?: wire.OwnHistoryQuery): Promise<wire.OwnHistory>
  /** Returns a page of all that the ledger has about the person, `consent-own-record@1`: give it to them as a file. */
  getOwnRecord(person: Person, query?: wire.OwnRecordQuery): Promise<wire.OwnRecord>
  /** Returns the person’s requests to be erased, and what became of them. */
  listOwnErasureRequests(person: Person): Promise<wire.OwnErasureRequests>
  /** Asks, for the person, to be erased. An open request is not repeated. */
  askErasure(person: Person): Promise<wire.OwnErasureRequests>
  /** Returns a page of the person's receipts, newest first. */
  getOwnReceipts(person: Person, query?: wire.OwnReceiptsQuery): Promise<wire.OwnReceipts>

  /** Links the account of the token with the device whose secret is in the request. After an error repeat it with the same `requestId`. */
  linkOwn(person: { readonly token: string }, request: wire.OwnLinkRequest): Promise<wire.Link>
  /** Ends a link, from either side. */
  unlinkOwn(person: Person, request: wire.OwnUnlinkRequest): Promise<wire.Link>

  /**
   * Returns the text in force and a token of what was served: `shown: [{ noticeToken }]` in an event proves which text it was. Fetched with
   * a person's credential, the token is valid for that person only.
   */
  getNotice(policyId: string, query?: wire.NoticeQuery, person?: Person): Promise<wire.Notice>

  /** Returns the policies of the controller. */
  listPolicies(): Promise<wire.Policies>
  /** Returns the version in force, now or `at` an instant. */
  getPolicy(policyId: string, query?: wire.PolicyQuery): Promise<wire.VersionAt>
  /** Returns all versions of a policy. */
  listVersions(policyId: string): Promise<wire.PolicyHistory>
  /** Returns one version of a policy. */
  getVersion(policyId: string, version: string): Promise<wire.OnePolicyVersion>
  /** Returns the differences between two versions of a policy. */
  diffVersions(policyId: string, query: wire.DifferenceQuery): Promise<wire.Difference>
  /** Returns the text with this SHA-256 (lower-case hex). */
  getText(sha256: string): Promise<string>
  /** Returns the OpenAPI document of the ledger. */
  getOpenApi(): Promise<{ openapi: '3.1.0'; [member: string]: unknown }>

  /** Returns the log's newest checkpoint, a signed note (https://c2sp.org/tlog-checkpoint). */
  getCheckpoint(): Promise<string>
  /** Returns a page of the log's checkpoints, smallest size first. */
  listCheckpoints(query?: wire.CheckpointsQuery): Promise<wire.Checkpoints>
  /** Returns the log's keys as a policy (https://c2sp.org/tlog-policy), which verifiers take. */
  getLogPolicy(): Promise<string>

  /** Returns the status of all purposes and policies of a person, now or `at` an instant. Recorded as a read, so it is sent once. */
  askConsents(question: wire.ConsentsQuestion): Promise<wire.Consents>
  /**
   * Returns when the status of one purpose or policy changed, and every event of the person, oldest record first: all pages, or with `limit`
   * or `after` that page alone. Each page is recorded as a read, so it is sent once.
   */
  askTimeline(question: wire.TimelineQuestion): Promise<wire.Timeline>
  /** Returns a random sample of the log, which `consent-ledger sample` checks. Recorded as a read, so it is sent once. */
  askSample(question: wire.SampleQuestion): Promise<wire.Sample>
  /** Returns a proof that can be verified offline. Recorded as a read, so it is sent once. */
  askProof(question: wire.TopicQuestion): Promise<wire.ConsentProof>

  /**
   * Asks of up to 1,000 people at once whether one purpose or policy permits something now. The results are in the order of `subjects`; an
   * entry that names nobody spoils only its own. Recorded as one read; each person is told who checked, once a month.
   */
  checkConsents(request: wire.ChecksRequest): Promise<wire.Checks>

  /** Creates a controller. */
  createController(draft: wire.ControllerDraft): Promise<wire.Controller>
  /**
   * Replaces the identity provider of the controller, or removes it with `null`. Tokens of the one before are refused, at the latest after
   * 30 s. A refusal of `change` states the next number.
   */
  changeIdentityProvider(draft: wire.IdentityProviderDraft): Promise<wire.IdentityProviderChange>
  /**
   * Replaces the notice key or the pepper of the controller, or tells its log of a new checkpoint or receipt key. No row, event or proof changes,
   * and each person stays who they are. A refusal of `change` states the next number.
   */
  changeKeys(draft: wire.KeyChangeDraft): Promise<wire.KeyChange>
  /** Creates a site and its publishable key. */
  createSite(draft: wire.SiteDraft): Promise<wire.Site>
  /** Returns the sites of the controller, with their present origins. A revoked one has `revokedAt`. */
  listSites(): Promise<wire.Sites>
  /** Sets all origins of a site from now on. `change` is one more than `listSites` states for the site. */
  changeOrigins(site: string, draft: wire.OriginsDraft): Promise<wire.SiteOrigins>
  /** Revokes a site for ever: its key is refused, at the latest after 30 s. What it recorded stays and counts. */
  revokeSite(site: string): Promise<wire.SiteRevocation>
  /** Publishes a version of a policy. */
  publishVersion(policyId: string, draft: wire.VersionDraft): Promise<wire.PolicyVersion>
  /** Publishes a layout of a policy's notice. */
  publishPresentation(policyId: string, draft: wire.PresentationDraft): Promise<wire.Presentation>
  /** Retracts a version that is not yet in force. */
  retractVersion(policyId: string, draft: wire.RetractionDraft): Promise<wire.Retraction>

  /** Returns how many people were asked, agreed and refused, of complete days; nothing of fewer than `k` people. */
  getStatistics(query?: wire.StatisticsQuery): Promise<wire.Statistics>
  /** Returns a page of the reads of a day: who read when about what, and never about whom. */
  listReads(query?: wire.ReadsQuery): Promise<wire.Reads>
  /** Grants an auditor, or a program that reads, what it may read. After an error repeat it with the same `grantId`. */
  makeGrant(draft: wire.GrantDraft): Promise<wire.Grant>
  /** Returns a page of the controller's grants, with those that have ended. */
  listGrants(query?: wire.GrantsQuery): Promise<wire.Grants>
  /** Revokes a grant: it permits nothing, at the latest after 30 s. */
  revokeGrant(grantId: string): Promise<wire.Grant>

  /** Makes an endpoint that is told what happened. The answer has its secret, once. */
  makeEndpoint(draft: wire.EndpointDraft): Promise<wire.MadeEndpoint>
  /** Returns all endpoints of the controller, and how deliveries to them stand. */
  listEndpoints(): Promise<wire.Endpoints>
  /** Replaces all settings of an endpoint. */
  changeEndpoint(endpoint: string, change: wire.EndpointChange): Promise<wire.MadeEndpoint>
  /** Makes a new secret, which the answer has, once. The one before it signs as well until the overlap ends. */
  rotateSecret(endpoint: string, draft: wire.SecretDraft): Promise<wire.MadeEndpoint>
  /** Asks for one delivery, a range of leaves or a test message to be sent again. */
  askRedelivery(endpoint: string, draft: wire.RedeliveryDraft): Promise<wire.Redelivery>
  /** Returns a page of the deliveries to an endpoint: those that wait, or those that ended, newest leaf first. */
  listDeliveries(endpoint: string, query?: wire.DeliveriesQuery): Promise<wire.Deliveries>
  /** Returns a page of what retention destroyed and by which rules, newest first. */
  listDispositions(query?: wire.DispositionsQuery): Promise<wire.Dispositions>

  /** Asks for an import of another tool's records. `PUT` each file to its URL in the answer, then start it. */
  makeImport(draft: wire.ImportDraft): Promise<wire.Import>
  /** Returns a page of the controller's imports. */
  listImports(query?: wire.ImportsQuery): Promise<wire.Imports>
  /** Returns how far an import is, with URLs of what is to be uploaded or can be fetched. */
  getImport(importId: string): Promise<wire.Import>
  /** Starts an import whose files are all there, or a dry run of it, which records nothing. */
  startImport(importId: string, start?: wire.ImportStart): Promise<wire.Import>
  /** Cancels an import. What it recorded stays. */
  cancelImport(importId: string): Promise<wire.Import>

  /** Asks for an export of events or statuses. Identifiers in clear need the scope `consent.export.clear` too. */
  makeExport(draft: wire.ExportDraft): Promise<wire.Export>
  /** Returns a page of the controller's exports. */
  listExports(query?: wire.ExportsQuery): Promise<wire.Exports>
  /** Returns how far an export is, with URLs of its parts and its manifest. */
  getExport(exportId: string, query?: wire.ExportPartsQuery): Promise<wire.Export>
  /** Cancels an export. Its files are removed. */
  cancelExport(exportId: string): Promise<wire.Export>

  /** Returns a page of what people asked to have erased, with the instant by which each has to have an answer. */
  listErasureRequests(query?: wire.ErasureRequestsQuery): Promise<wire.ErasureRequestsOfPeople>
  /** Grants or refuses a person's request to be erased. */
  decideErasure(decision: wire.ErasureDecision): Promise<wire.ErasureRequestOfPerson>
  /** Erases one name of a person. After an error repeat it: the erasure is complete only when this resolves. */
  eraseSubject(request: wire.ErasureRequest): Promise<wire.Erasure>
  /** Links two identifiers of one person. After an error repeat it with the same `requestId`. */
  linkIdentifiers(draft: wire.LinkDraft): Promise<wire.Link>
  /** Ends a link between two identifiers. */
  unlinkIdentifiers(draft: wire.UnlinkDraft): Promise<wire.Link>
  /** Records the mandate of a guardian or delegate. Wait for it before the first event under it. */
  recordMandate(draft: wire.MandateDraft): Promise<wire.Mandate>
  /** Ends a mandate now. */
  revokeMandate(mandateId: string, subject: wire.Identifier): Promise<wire.Mandate>
  /** Makes a legal hold. After an error repeat it with the same `holdId`: what it covers is kept only when this resolves. */
  makeHold(draft: wire.HoldDraft): Promise<wire.Hold>
  /** Ends a legal hold. */
  releaseHold(holdId: string): Promise<wire.Hold>
  /** Returns a page of the controller's legal holds, with those that have ended. */
  listHolds(query?: wire.HoldsQuery): Promise<wire.Holds>

  /** Returns a link with which a person unsubscribes, and the header lines of RFC 8058 for the letter that it goes into. */
  mintUnsubscribeLink(request: wire.UnsubscribeLinkRequest): Promise<wire.UnsubscribeLink>
  /**
   * Records a yes that needs a second step, and hands a letter with a link to the ledger's outbox, for the person (double opt-in). The same
   * `eventId` again asks for another letter, from `confirmation.againAfter` on. The link is in the letter only.
   */
  requestConfirmation(event: wire.NewConfirmation): Promise<wire.RequestedConfirmation>
}
