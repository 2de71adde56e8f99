/** What a page has of the client: the options that it is opened with, and what it then can do. */
import type { ClientEvent, Verb } from '../consent/event.ts'
import type { Notice, OwnConsents, Receipt } from './ledger-answers.ts'
import type { ClientStorage } from './storage.ts'

export interface ConsentOptions {
  /** Address of the ledger. */
  readonly url: string
  /** The site's publishable key. */
  readonly key: string
  /** BCP 47; of the notices, and of what the person saw. @default the page's language */
  readonly locale?: string
  /** @default web */
  readonly channel?: 'web' | 'ios' | 'android' | 'app'
  /**
   * The access token (a JWT with `sub`) of the person who is signed in. Decisions are then the account's, and earlier ones of the device
   * stay the device's. With a token that cannot be read a decision is held back on the device, and `onError` gets `unreadable-token`.
   */
  readonly token?: () => string | undefined
  /**
   * Called with each error, for the site's operator. Decisions are kept whatever it does.
   * @default one warning on the console for each `code`
   */
  readonly onError?: (error: ConsentError) => void
  /** @default the browser's localStorage; in memory where there is none */
  readonly storage?: ClientStorage
  /** @default navigator.globalPrivacyControl */
  readonly globalPrivacyControl?: boolean
  readonly fetch?: typeof fetch
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly randomBytes?: (length: number) => Uint8Array
}

export interface ConsentError {
  /**
   * A stable code of the ledger, such as `origin-not-allowed` or `unknown-purpose`; of the client: `unreachable`, `unreadable-token`,
   * `dropped` (more than 100 events wait), `failed` (an error in the client or in a listener of the page); of an adapter: `unmapped`,
   * `no-cmp`, `signal-too-long`; or the HTTP status of an answer that has no code.
   */
  readonly code: string
  readonly detail?: string
  /** The value that was refused, such as the name of an unknown purpose. Other members of the ledger's problem document are here too. */
  readonly given?: unknown
  /** The event that was refused, held back or dropped. */
  readonly eventId?: string
}

/** By purposeId, or `policy/<policyId>`. `true` is given (accepted), `false` refused (declined). */
export type Decisions = Readonly<Record<string, boolean | Verb>>

/** How the person was asked and answered. A yes without an act or from a control that was on counts for less. */
export type How = Partial<
  Pick<ClientEvent, 'surface' | 'act' | 'control' | 'layer' | 'presentationId' | 'initialState' | 'signals' | 'page'> &
    Pick<ClientEvent, 'occurredAt' | 'ageGate' | 'actor' | 'onBehalfOf' | 'device'>
> & {
  /** Policies that were shown. @default those that declare what was decided, as far as this device got their notices */
  readonly shown?: readonly (string | NonNullable<ClientEvent['shown']>[number])[]
}

export interface Recording {
  readonly eventId: string
  /** Of the first attempt. `undefined` when that failed: the event is kept, and `receipts` has it later. */
  readonly receipt: Promise<Receipt | undefined>
}

export interface Consent {
  notice(policyId: string): Promise<Notice | undefined>
  record(decisions: Decisions, how?: How): Recording
  withdraw(purposeIds: readonly string[], how?: How): Recording
  /** At once and from this device: whether a yes (`true`) or a no (`false`) stands, or there is to be asked (`undefined`). */
  permits(target: string): boolean | undefined
  /** Purposes of the notice that rest on consent and were not decided on. */
  undecided(notice: Notice): readonly string[]
  /** What all events amount to, as the ledger has it. */
  state(): Promise<OwnConsents | undefined>
  receipts(): Promise<readonly Receipt[] | undefined>
  /** Calls `listener` when a choice changes: here, by another client in this page, or in another tab. Returns a function that ends this. */
  onChange(listener: () => void): () => void
  /** Events that the ledger has not answered for. */
  pending(): number
  /** Sends them now. */
  flush(): Promise<void>
  readonly globalPrivacyControl: boolean
  /** Passes an error to the option `onError`, or to the console without one. For adapters. */
  onError(error: ConsentError): void
  /** Stops listening and sending; what waits stays on the device. */
  close(): void
}
