/**
 * Reads a request's body into memory, within the limit of its route. A body that is declared longer, or grows longer, is left unread:
 * the handler refuses it by its length, and the connection stays open long enough for the client to read the answer.
 *
 * The number of connections bounds the first 64 KiB of each body. Bytes beyond those are taken from one budget for all requests, which
 * bounds the memory of all large bodies together.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** `bytes` is absent when there is no body, and when it is longer than its route allows; `length` is then a lower bound. */
export interface RequestBody {
  readonly bytes?: Buffer
  readonly length: number
}

/** The bytes that all bodies together may hold beyond the first 64 KiB of each. */
export interface BodyBudget {
  take(bytes: number): boolean
  giveBack(bytes: number): void
}

const ownBytes = 64 * 1024
/** How long the rest of an unread body is received and dropped: a client whose connection closes while it sends loses the answer. */
const lingerMs = 2_000
/** How long a client may take to send a body that is read into memory. */
const bodyMs = 30_000

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

/** The body's length as the head states it; `undefined` for a chunked body. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined
}

/** Whether reading a body of up to `maxBytes` may take bytes from the budget. A chunked body may, as it states no length. */
export function needsBudget(request: IncomingMessage, maxBytes: number): boolean {
  const length = declaredLength(request) ?? maxBytes
  return length > ownBytes && length <= maxBytes
}

export interface BodyReader {
  /** Greatest length that is read; a longer body is left unread. */
  readonly maxBytes: number
  readonly budget: BodyBudget
  /** Called once, unless the client leaves before its body has ended. */
  readonly onBody: (body: RequestBody) => void
  /** Called instead when the budget is used up. */
  readonly onNoRoom: () => void
}

/** Bytes taken from the budget are given back when the response is closed. */
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

/** Calls `onLate` when the body is not whole after `maxMs`, unless the connection ended. */
export function endLate(request: IncomingMessage, response: ServerResponse, onLate: () => void, maxMs = bodyMs): void {
  const deadline = setTimeout(onLate, maxMs)
  const clear = () => clearTimeout(deadline)
  request.once('end', clear)
  response.once('close', clear)
}

/** Ends a response after its request's body, or after `lingerMs`; until then the body is received and dropped. */
export function endLingering(request: IncomingMessage, response: ServerResponse): void {
  const end = () => response.end()
  const deadline = setTimeout(end, lingerMs)
  response.once('close', () => clearTimeout(deadline))
  request.once('end', end)
  request.resume()
}
