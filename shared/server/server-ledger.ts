/** The ledger as a server has it: a method for each operation of the API, under the operation's name. */
import type * as wire from './wire.ts'

/** Who a person is to `/v1/me`: the secret of their device, or their token from the controller's identity provider. */
export type Person = { readonly deviceSecret: string } | { readonly token: string }

export interface ServerLedger {
  /**
   * Records what a person decided. The same `eventId` again gives the first answer again, so an event that is kept in a queue
   * gets its `eventId` there. Without one the client makes one, and repeats it when it has to send again.
   */
  recordEvents(event: wire.NewEvent): Promise<wire.Receipt>
  /** Up to 25 at once, with an outcome for each: one that is refused takes nothing from the others. */
  recordEvents(events: readonly wire.NewEvent[]): Promise<wire.Outcomes>

  /** The same for the person whose credential is at hand. */
  recordOwnEvents(person: Person, event: wire.NewOwnEvent): Promise<wire.Receipt>
  recordOwnEvents(person: Person, events: readonly wire.NewOwnEvent[]): Promise<wire.Outcomes>
  /** What the person's decisions amount to, for each purpose and policy. */
  getOwnConsents(person: Person, query?: wire.OwnConsentsQuery): Promise<wire.OwnConsents>
  getOwnReceipts(person: Person, query?: wire.OwnReceiptsQuery): Promise<wire.OwnReceipts>

  /**
   * The text in force, and a token of what was served: `shown: [{ noticeToken }]` proves which text it was. Fetched with the
   * credential of a person, the token is good for that person only.
   */
  getNotice(policyId: string, query?: wire.NoticeQuery, person?: Person): Promise<wire.Notice>

  listPolicies(): Promise<wire.Policies>
  /** The version in force, now or `at` an instant. */
  getPolicy(policyId: string, query?: wire.PolicyQuery): Promise<wire.VersionAt>
  listVersions(policyId: string): Promise<wire.PolicyHistory>
  getVersion(policyId: string, version: string): Promise<wire.OnePolicyVersion>
  diffVersions(policyId: string, query: wire.DifferenceQuery): Promise<wire.Difference>
  getText(sha256: string): Promise<string>
  getOpenApi(): Promise<{ openapi: '3.1.0'; [member: string]: unknown }>

  /** A signed note: the log's newest checkpoint. */
  getCheckpoint(): Promise<string>
  listCheckpoints(query?: wire.CheckpointsQuery): Promise<wire.Checkpoints>
  getLogPolicy(): Promise<string>

  /** Status of a subject, now or `at` an instant. Each question is recorded, so none of the three is sent twice. */
  askConsents(question: wire.ConsentsQuestion): Promise<wire.Consents>
  askTimeline(question: wire.TopicQuestion): Promise<wire.Timeline>
  askProof(question: wire.TopicQuestion): Promise<wire.ConsentProof>

  createController(draft: wire.ControllerDraft): Promise<wire.Controller>
  createSite(draft: wire.SiteDraft): Promise<wire.Site>
  /** The sites of the controller, with the origins that stand. */
  listSites(): Promise<wire.Sites>
  /** States all origins of a site from now on. `change` is one more than `listSites` has for the site. */
  changeOrigins(site: string, draft: wire.OriginsDraft): Promise<wire.SiteOrigins>
  publishVersion(policyId: string, draft: wire.VersionDraft): Promise<wire.PolicyVersion>
  publishPresentation(policyId: string, draft: wire.PresentationDraft): Promise<wire.Presentation>
  retractVersion(policyId: string, draft: wire.RetractionDraft): Promise<wire.Retraction>

  /** Erases one name of a person. Repeat it until it is answered. */
  eraseSubject(request: wire.ErasureRequest): Promise<wire.Erasure>
}
