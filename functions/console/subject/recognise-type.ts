/** The type of an identifier, where its spelling leaves no doubt, so that a reader who pastes one does not have to choose it. */
import type { IdentifierType } from './identifier-type-field.tsx'

const spellings: readonly (readonly [IdentifierType, RegExp])[] = [
  ['email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ['phone', /^\+[\d\s()-]{7,}$/],
  // SHA-256 in base64url without padding.
  ['device', /^[\w-]{43}$/],
]

/** `undefined`: it may be of several types, or is not finished. */
export function recogniseType(id: string): IdentifierType | undefined {
  return spellings.find(([, spelling]) => spelling.test(id.trim()))?.[0]
}
