/** The members of the ledger's answers that the client reads. A newer ledger may send more. */
import type { ControllerDraft } from '../consent/controller.ts'
import type { PolicyText, PolicyVersion, Presentation } from '../consent/policy.ts'

/** The controller, and whom a person can turn to. */
export type ControllerFacts = Pick<
  ControllerDraft,
  'controller' | 'name' | 'address' | 'contact' | 'dataProtectionOfficer' | 'supervisoryAuthority' | 'glossary'
>

/** Answer of `GET /v1/notices/{policyId}`: the text in force and all that a person needs to know to decide. */
export interface Notice extends PolicyVersion {
  /** The controller of the processing. */
  readonly controller: ControllerFacts
  /** The text in the language that was asked for. */
  readonly text: PolicyText & { readonly text: string }
  /** Layouts that the controller has published for this policy. */
  readonly presentations: readonly Presentation[]
  /** Evidence of what was served. The client sends it along with decisions. */
  readonly noticeToken: string
  /** End of the token's life, RFC 3339. */
  readonly noticeTokenExpiresAt: string
}

/** A purpose or a policy: one of the two is there. */
interface Topic {
  readonly purposeId?: string
  readonly policyId?: string
}

/** What all events amount to for one purpose or policy. */
export interface TopicAnswer extends Topic {
  /** Status, e.g. `Given`, `Withdrawn` or `Unknown`. */
  readonly status: string
  /** Legal basis of the purpose. */
  readonly basis?: string
  /** Whether consent permits the processing now. */
  readonly permittedByConsent?: boolean
  /** The version in force now. */
  readonly inForce?: string
  /** The version that was shown when the person decided. */
  readonly shown?: string
  /** For an accepted policy: whether no major version has followed. */
  readonly current?: boolean
  /** Instant at which a yes ends, RFC 3339. */
  readonly endsAt?: string
  /** Instant before which the person is not to be asked again, RFC 3339. Absent after a no: do not ask again. */
  readonly notBefore?: string
  /** Stable code of the reason for the status. */
  readonly reason: string
  /** The status as a sentence for people. */
  readonly sentence: string
}

/** Answer of `GET /v1/me/consents`. */
export interface OwnConsents {
  /** The instant that the answer is about, RFC 3339, by the ledger's clock. */
  readonly at: string
  /** The answer counts what was recorded by this instant, RFC 3339. */
  readonly knownAt: string
  /** Language of the sentences; absent when they are English. */
  readonly language?: 'sv'
  /** One for each purpose and policy. */
  readonly consents: readonly TopicAnswer[]
  /** For an account that is linked with devices: what they amount to together. Absent without a link. */
  readonly joint?: {
    readonly links: readonly { readonly linkId: string; readonly linkedAt: string }[]
    readonly consents: readonly (TopicAnswer & {
      /** Present when one of them says yes and another no. */
      readonly contradiction?: { readonly yes: readonly AloneState[]; readonly no: readonly AloneState[] }
    })[]
  }
}

/** What one of several linked subjects amounts to alone. */
export interface AloneState {
  /** The link by which it belongs; absent for the one that asked. */
  readonly linkId?: string
  /** Its status. */
  readonly status: string
  /** The event that decided. */
  readonly decidedBy?: string
}

/** A receipt for one event, `consent-receipt@1`: the person's own evidence. */
export interface Receipt {
  /** Id of the receipt. */
  readonly receiptId: string
  /** The controller that recorded the event. */
  readonly controller: string
  /** Id of the event, as it was sent. */
  readonly eventId: string
  /** When the event was recorded, and from when it counts, RFC 3339. */
  readonly times: { readonly recordedAt: string; readonly effectiveAt: string }
  /** The decisions of the event, and the effect of each. */
  readonly decisions: readonly (Topic & {
    readonly verb: string
    readonly effect: string
    readonly reason?: string
  })[]
  /** The event's entry in the transparency log: canonical JSON. */
  readonly leaf: string
  /** SD-JWT disclosures (RFC 9901) that open the digests of the leaf. */
  readonly disclosures: readonly string[]
  /** The ledger's signed promise that the log will have the leaf, and the certificates of its key (compact JWS). */
  readonly inclusionPromise: { readonly jws: string; readonly certificates: readonly [string, string] }
  /** Proof that the log has the leaf (https://c2sp.org/tlog-proof), once it has. */
  readonly tlogProof?: string
}

/** The members of a problem document (RFC 9457) that the client reads. */
export interface Problem {
  readonly code: string
  readonly detail?: string
}

/** The members of a receipt that a short answer has. */
export type Recorded = Pick<Receipt, 'receiptId' | 'decisions'>

/** Outcome of one event of `POST /v1/events`: what was recorded, or the problem because of which it was refused. */
export interface Outcome {
  readonly status: number
  readonly receipt?: Receipt
  /** In place of the receipt, with `return=minimal`. */
  readonly recorded?: Recorded
  readonly problem?: Problem
}
