/**
 * Reads a request's body into memory, within the limit of its route. A body that is declared or grows longer than that is left
 * unread: the handler refuses it by its length, and the client is given the time to see the answer.
 *
 * The first 64 KiB of each body are bounded by the number of connections; what goes beyond comes out of one budget for all
 * requests, so that no number of large bodies takes more memory than that.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** `bytes` is absent without a body, and for one that is longer than its route allows: then `length` says by how much at least. */
export interface RequestBody {
  readonly bytes?: Buffer
  readonly length: number
}

/** Bytes that all bodies may hold beyond their own first 64 KiB. */
export interface BodyBudget {
  take(bytes: number): boolean
  giveBack(bytes: number): void
}

const ownBytes = 64 * 1024
/** How long the rest of an unread body is received and dropped: a client that is cut off while it sends loses the answer. */
const lingerMs = 2_000

export function bodyBudget(maxBytes: number): BodyBudget {
  let taken = 0
  return {
    take(bytes) {
      if (taken + bytes > maxBytes) return false
      taken += bytes
      return true
    },
    giveBack(bytes) {
      taken -= bytes
    },
  }
}

/** What the head says of the body's length; undefined for one that comes in chunks. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined
}

export interface BodyReader {
  /** Bytes that are kept; more are left unread. */
  readonly maxBytes: number
  readonly budget: BodyBudget
  /** Called once, unless the client leaves before its body has ended. */
  readonly onBody: (body: RequestBody) => void
  /** Called instead when the budget is used up. */
  readonly onNoRoom: () => void
}

/** What was taken from the budget is given back when the response is closed. */
export function readBody(request: IncomingMessage, response: ServerResponse, reader: BodyReader): void {
  const { maxBytes, budget, onBody, onNoRoom } = reader
  const declared = declaredLength(request)
  const chunks: Buffer[] = []
  let length = 0
  let taken = 0
  const onData = (chunk: Buffer) => {
    length += chunk.length
    const more = Math.max(0, length - ownBytes) - taken
    if (length > maxBytes) stop(() => onBody({ length }))
    else if (!budget.take(more)) stop(onNoRoom)
    else {
      taken += more
      chunks.push(chunk)
    }
  }
  const onEnd = () => onBody({ bytes: Buffer.concat(chunks, length), length })
  const stop = (then: () => void) => {
    request.off('data', onData).off('end', onEnd).pause()
    chunks.length = 0
    then()
  }
  if (declared === 0 || (declared ?? 0) > maxBytes) onBody({ length: declared ?? 0 })
  else {
    response.once('close', () => budget.giveBack(taken))
    request.on('data', onData).on('end', onEnd)
  }
}

/** Ends a response whose request may still be sending: its body is dropped as it comes, for a while. */
export function endLingering(request: IncomingMessage, response: ServerResponse): void {
  const end = () => response.end()
  const deadline = setTimeout(end, lingerMs)
  response.once('close', () => clearTimeout(deadline))
  request.once('end', end)
  request.resume()
}
