/**
 * Where the sender gets its messages. Bodies are stored nowhere: each attempt makes its message again from the log, so that an erasure reaches
 * messages which still wait. The implementation holds the keys (`make-messages.ts`); the sender, which reaches out to other
 * machines, holds none, and gets requests that are signed already.
 */
import type { DeliveryPlace } from './delivery-id.ts'

/** Most messages of an answer. With bodies below 20 KB an answer stays far below the 6 MB of a Lambda call. */
export const messagesAtOnce = 50
/** The size that Standard Webhooks recommends as the largest of a payload. */
export const maxBodyBytes = 20_000

export interface MessagesRequest {
  readonly controller: string
  readonly endpoint: string
  readonly work:
    | { readonly kind: 'new'; readonly from: number; readonly sequence: number }
    | { readonly kind: 'again'; readonly places: readonly (DeliveryPlace & { readonly sequence: number })[] }
    | { readonly kind: 'redelivery'; readonly number: number; readonly from: number }
}

/** A message, signed for an attempt now. Receivers accept it for five minutes. */
export interface ReadyMessage extends DeliveryPlace {
  readonly id: string
  readonly lane: string
  /** Absent from a redelivery of what the endpoint was not sent before, and from a test. */
  readonly sequence?: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Hours within which the receiver is expected to say that it has acted. */
  readonly completionHours?: number | undefined
}

export interface MessagesAnswer {
  /** The endpoint as it is now. */
  readonly change: number
  readonly isEnabled: boolean
  readonly url: string
  readonly messages: readonly ReadyMessage[]
  /** Asked-for places whose content was erased, or cannot be read. */
  readonly closed: readonly DeliveryPlace[]
  /** Where to go on reading. */
  readonly next: number
  /** There is nothing at or after `next`: at present, or in this redelivery. */
  readonly isEnd: boolean
}

export interface ListedEndpoint {
  readonly endpoint: string
  /** Number of its latest change. */
  readonly change: number
  readonly isEnabled: boolean
}

export interface MessageSource {
  /** The endpoints of a controller that can be read. */
  endpoints(controller: string): Promise<readonly ListedEndpoint[]>
  /** @throws `not-found` when there is no such endpoint; `unavailable` when the log cannot be read now */
  messages(request: MessagesRequest): Promise<MessagesAnswer>
}
