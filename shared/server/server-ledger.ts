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
  /** Returns a page of the person's receipts, newest first. */
  getOwnReceipts(person: Person, query?: wire.OwnReceiptsQuery): Promise<wire.OwnReceipts>

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
  /** Returns each event on one purpose or policy of a person. Recorded as a read, so it is sent once. */
  askTimeline(question: wire.TopicQuestion): Promise<wire.Timeline>
  /** Returns a proof that can be verified offline. Recorded as a read, so it is sent once. */
  askProof(question: wire.TopicQuestion): Promise<wire.ConsentProof>

  /** Creates a controller. */
  createController(draft: wire.ControllerDraft): Promise<wire.Controller>
  /** Creates a site and its publishable key. */
  createSite(draft: wire.SiteDraft): Promise<wire.Site>
  /** Returns the sites of the controller, with their present origins. */
  listSites(): Promise<wire.Sites>
  /** Sets all origins of a site from now on. `change` is one more than `listSites` states for the site. */
  changeOrigins(site: string, draft: wire.OriginsDraft): Promise<wire.SiteOrigins>
  /** Publishes a version of a policy. */
  publishVersion(policyId: string, draft: wire.VersionDraft): Promise<wire.PolicyVersion>
  /** Publishes a layout of a policy's notice. */
  publishPresentation(policyId: string, draft: wire.PresentationDraft): Promise<wire.Presentation>
  /** Retracts a version that is not yet in force. */
  retractVersion(policyId: string, draft: wire.RetractionDraft): Promise<wire.Retraction>

  /** Erases one name of a person. After an error repeat it: the erasure is complete only when this resolves. */
  eraseSubject(request: wire.ErasureRequest): Promise<wire.Erasure>
}
