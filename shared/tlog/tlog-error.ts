/**
 * The only error that parsers and verifiers of this folder throw, whatever their input. The code is stable. Messages are for people and
 * quote at most 60 characters of the input.
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

/** A quoted excerpt of the input for a message. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
