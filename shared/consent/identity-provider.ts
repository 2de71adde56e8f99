/** Identity providers, whose tokens speak for a controller. */
import { conforms, extended, instant, integer, list, opaque, optional, record, type TypeOf, wording } from './schema.ts'

/** Tokens of this issuer and audience, signed by these keys, speak for the controller. It has either `jwksUri` or `jwks`. */
export const identityProvider = record({
  issuer: wording,
  audience: wording,
  jwksUri: optional(wording),
  /** JSON Web Keys (RFC 7517). */
  jwks: optional(record({ keys: list(opaque<Readonly<Record<string, unknown>>>()) })),
})
export interface IdentityProvider extends TypeOf<typeof identityProvider> {}

/** An identity provider as it is recorded next to its controller, with a leaf of its own. */
export const recordedIdentityProvider = extended(identityProvider, { createdAt: instant })
export interface RecordedIdentityProvider extends TypeOf<typeof recordedIdentityProvider> {}

const identityProviderDraft = record({
  /** 1 for the controller's first change, then one more each time. */
  change: integer,
  /** Absent: no tokens are accepted from then on. */
  identityProvider: optional(identityProvider),
})
/** Whose tokens speak for a controller from a change on. It replaces the provider before it. */
export interface IdentityProviderDraft extends TypeOf<typeof identityProviderDraft> {}

export const identityProviderChange = extended(identityProviderDraft, { changedAt: instant })
export interface IdentityProviderChange extends TypeOf<typeof identityProviderChange> {}

export const isIdentityProviderChange = (value: unknown): value is IdentityProviderChange =>
  conforms(identityProviderChange, value)
