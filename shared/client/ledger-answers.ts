/**
 * What the ledger answers, as far as the client reads it. Fields may come that stand nowhere here: a ledger may be newer than
 * its clients.
 */
import type { ControllerDraft } from '../consent/controller.ts'
import type { PolicyText, PolicyVersion, Presentation } from '../consent/policy.ts'

/** Who answers for the processing, and whom to turn to. */
export type ControllerFacts = Pick<
  ControllerDraft,
  'controller' | 'name' | 'address' | 'contact' | 'dataProtectionOfficer' | 'supervisoryAuthority' | 'glossary'
>

/** `GET /v1/notices/{policyId}`: the text in force and all that a person needs to know to decide. */
export interface Notice extends PolicyVersion {
  readonly controller: ControllerFacts
  readonly text: PolicyText & { readonly text: string }
  readonly presentations: readonly Presentation[]
  /** Evidence of what was served; the client sends it along with decisions. */
  readonly noticeToken: string
  readonly noticeTokenExpiresAt: string
}

interface Topic {
  readonly purposeId?: string
  readonly policyId?: string
}

/** What all events amount to for one purpose or policy. */
export interface TopicAnswer extends Topic {
  readonly status: string
  readonly basis?: string
  readonly permittedByConsent?: boolean
  /** Versions: in force now, and shown when it was decided. */
  readonly inForce?: string
  readonly shown?: string
  /** Of a policy that was accepted: no major version since. */
  readonly current?: boolean
  readonly endsAt?: string
  readonly reason: string
  readonly sentence: string
}

/** `GET /v1/me/consents`. */
export interface OwnConsents {
  readonly at: string
  readonly knownAt: string
  /** Of the sentences: absent when they are English. */
  readonly language?: 'sv'
  readonly consents: readonly TopicAnswer[]
}

/** `consent-receipt@1`, what the person is handed. */
export interface Receipt {
  readonly receiptId: string
  readonly controller: string
  readonly eventId: string
  readonly times: { readonly recordedAt: string; readonly effectiveAt: string }
  readonly decisions: readonly (Topic & {
    readonly verb: string
    readonly effect: string
    readonly reason?: string
  })[]
  readonly leaf: string
  readonly disclosures: readonly string[]
  readonly inclusionPromise: { readonly jws: string; readonly certificates: readonly [string, string] }
  readonly tlogProof?: string
}

/** The members of a problem document (RFC 9457) that the client reads. */
export interface Problem {
  readonly code: string
  readonly detail?: string
}

/** One of `POST /v1/events` for a batch: a receipt, or the problem that kept the event out. */
export interface Outcome {
  readonly status: number
  readonly receipt?: Receipt
  readonly problem?: Problem
}
