/** The interface of the client: the options that `openConsent` takes, and what it returns. */

import type { ClientEvent } from '../consent/client-event.ts'
import type { Verb } from '../consent/event.ts'
import type { Notice, OwnConsents, Receipt } from './ledger-answers.ts'
import type { ClientStorage } from './storage.ts'

/** Options of `openConsent`. Only `url` and `key` are required. */
export interface ConsentOptions {
  /** Address of the ledger, e.g. `https://ledger.example`. */
  readonly url: string
  /** The site's publishable key. */
  readonly key: string
  /** Language of the notices and of what the person saw, as a BCP 47 tag. @default the page's language */
  readonly locale?: string
  /** Where the person decides. @default web */
  readonly channel?: 'web' | 'ios' | 'android' | 'app'
  /**
   * Returns the access token (a JWT with `sub`) of the signed-in person. Decisions then belong to the account; earlier ones of the device
   * stay with the device. While the token cannot be read, a decision waits on the device and `onError` gets `unreadable-token`.
   */
  readonly token?: () => string | undefined
  /**
   * Called with each error, for the site's operator. Decisions are kept whatever it does.
   * @default one warning on the console for each `code`
   */
  readonly onError?: (error: ConsentError) => void
  /** Where the client keeps what it knows. @default the browser's localStorage; memory where there is none */
  readonly storage?: ClientStorage
  /** Whether the person sends the Global Privacy Control signal. @default navigator.globalPrivacyControl */
  readonly globalPrivacyControl?: boolean
  /** Sends the requests. @default globalThis.fetch */
  readonly fetch?: typeof fetch
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number
  /** Returns so many random bytes from a cryptographic source. @default crypto.getRandomValues */
  readonly randomBytes?: (length: number) => Uint8Array
}

/** An error, as `onError` gets it. */
export interface ConsentError {
  /**
   * A stable code. From the ledger, e.g. `origin-not-allowed` or `unknown-purpose`, or the HTTP status if an answer has no code. From the
   * client: `unreachable`, `unreadable-token`, `dropped` (more than 100 events wait), `failed` (an error in the client or in a listener of
   * the page). From an adapter: `unmapped`, `no-cmp`, `signal-too-long`.
   */
  readonly code: string
  /** A sentence for the site's developer. */
  readonly detail?: string
  /** The value that was refused, such as the name of an unknown purpose. Other members of the ledger's problem document are here too. */
  readonly given?: unknown
  /** The event that was refused, held back or dropped. */
  readonly eventId?: string
}

/** Decisions by purposeId, or by `policy/<policyId>`. `true` means given (accepted), `false` refused (declined). */
export type Decisions = Readonly<Record<string, boolean | Verb>>

/** How the person was asked and answered. A yes without an act, or from a control that was already on, counts for less. */
export type How = Partial<
  Pick<ClientEvent, 'surface' | 'act' | 'control' | 'layer' | 'presentationId' | 'initialState' | 'signals' | 'page'> &
    Pick<ClientEvent, 'occurredAt' | 'ageGate' | 'actor' | 'onBehalfOf' | 'device'>
> & {
  /** Policies that were shown. @default those that declare what was decided, as far as this device got their notices */
  readonly shown?: readonly (string | NonNullable<ClientEvent['shown']>[number])[]
}

/** What `record` and `withdraw` return. */
export interface Recording {
  /** Id of the event, a UUID; empty if the event could not be made. */
  readonly eventId: string
  /**
   * Fetched when it is read, after the first attempt to send: one more call, so do not read it without need. `undefined` if that attempt or
   * the fetch failed: the event is kept, and `receipts` has it later. Also `undefined` if twenty later events were recorded before it
   * was read, because only the newest twenty are fetched.
   */
  readonly receipt: Promise<Receipt | undefined>
}

/** The client. No method throws or rejects: one that fails returns `undefined` and reports to `onError`. */
export interface Consent {
  /** Fetches the text in force and all that a person needs to know to decide (`GET /v1/notices/{policyId}`). */
  notice(policyId: string): Promise<Notice | undefined>
  /** Records one act of the person. The event is stored on the device before this returns, and sent afterwards. */
  record(decisions: Decisions, how?: How): Recording
  /** Records that the person withdrew their consent to these purposes. */
  withdraw(purposeIds: readonly string[], how?: How): Recording
  /**
   * Returns at once, from this device, whether a yes (`true`) or a no (`false`) stands; `undefined`: ask the person. After a no it is `undefined` from
   * `notBefore` on, when the ledger has answered one (`state`).
   */
  permits(target: string): boolean | undefined
  /** Returns the purposes of the notice that rest on consent and on which the person has not decided. */
  undecided(notice: Notice): readonly string[]
  /** Fetches what all events of the person amount to (`GET /v1/me/consents`). */
  state(): Promise<OwnConsents | undefined>
  /** Fetches the person's receipts (`GET /v1/me/receipts`). */
  receipts(): Promise<readonly Receipt[] | undefined>
  /** Calls `listener` when a choice changes: here, in another client of this page, or in another tab. Returns a function that ends this. */
  onChange(listener: () => void): () => void
  /** Returns how many events wait for an answer of the ledger. */
  pending(): number
  /** Sends the waiting events now. */
  flush(): Promise<void>
  /** Whether the person sends the Global Privacy Control signal. */
  readonly globalPrivacyControl: boolean
  /** Passes an error to the option `onError`. Adapters report through this. */
  onError(error: ConsentError): void
  /** Stops listening and sending. Waiting events stay on the device. */
  close(): void
}
