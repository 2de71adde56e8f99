/**
 * Every way in which the transparency log's formats say no. Parsers and verifiers of this folder throw nothing else, whatever
 * they are given. The code is stable; messages are for people and carry no more than a short piece of what was given.
 */
export type TlogErrorCode =
  | 'malformed-note'
  | 'malformed-key'
  | 'malformed-checkpoint'
  | 'malformed-tile'
  | 'malformed-bundle'
  | 'malformed-path'
  | 'malformed-proof'
  | 'malformed-policy'
  | 'malformed-base64'
  | 'malformed-number'
  | 'bad-signature'
  | 'not-signed'
  | 'quorum-not-met'
  | 'proof-mismatch'
  | 'out-of-range'

export class TlogError extends Error {
  readonly code: TlogErrorCode

  constructor(code: TlogErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'TlogError'
    this.code = code
  }
}

/** A piece of what was given, short enough for a message. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
