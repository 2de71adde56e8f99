/**
 * Makes messages for the function `deliver`, which calls it and waits: the endpoints of a controller, or signed messages to one. It opens
 * events and holds the endpoints' secrets, and it reaches no address but those of AWS. Nobody else may call it.
 */
import type { MessageSource, MessagesRequest } from '../../shared/ledger/fan-out/message-source.ts'

export type SourceCall =
  | { readonly call: 'endpoints'; readonly controller: string }
  | { readonly call: 'messages'; readonly request: MessagesRequest }

export function createMessagesHandler(source: MessageSource) {
  return async (call: SourceCall): Promise<unknown> =>
    call.call === 'endpoints' ? source.endpoints(call.controller) : source.messages(call.request)
}
