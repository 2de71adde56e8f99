/**
 * The identity provider of a local ledger, for development: an Ed25519 key in the data folder that signs whatever its owner asks for.
 * Controllers created on this machine trust its public key (as inline JWKS), each for an audience of its own.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type JWTPayload, SignJWT } from 'jose'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import { Misuse } from '../command-line.ts'
import { readOrMake } from './data/key-files.ts'
import { readIfThere } from './data/write-once-file.ts'

export const developmentIssuer = 'urn:consent-ledger:development-issuer'

/** The audience of tokens for the ledger itself, and of tokens for one of its controllers. */
export const ledgerAudience = 'consent-ledger'
export const audienceOf = (controller: string) => `${ledgerAudience}/${controller}`

/** Scopes of tokens for a controller; tokens for the ledger itself have `ledger.admin`. */
export const controllerScopes: readonly string[] = [
  ...['consent.audit', 'consent.write', 'consent.import', 'consent.admin', 'consent.erase', 'consent.hold'],
  ...['consent.mandate', 'consent.check', 'consent.statistics', 'consent.export', 'consent.export.clear'],
]

export interface TokenRequest {
  readonly audience: string
  readonly subject: string
  readonly scope: string
  readonly lifetimeSeconds: number
  /** Claim of OpenID Connect. */
  readonly email?: string
}

/** An ID token of OpenID Connect Core 1.0, section 2. Its audience is a client, so it is no token for a controller. */
export interface IdTokenRequest {
  readonly clientId: string
  readonly subject: string
  readonly nonce: string | undefined
  readonly lifetimeSeconds: number
}

export interface DevelopmentIssuer {
  provider(audience: string): IdentityProvider
  token(request: TokenRequest): Promise<string>
  idToken(request: IdTokenRequest): Promise<string>
}

const fileIn = (dataFolder: string) => join(dataFolder, 'keys', 'development-issuer.pem')

/** For the server of the folder: makes the key when there is none. */
export async function openDevelopmentIssuer(dataFolder: string): Promise<DevelopmentIssuer> {
  const make = () => Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return issuerWith(await readOrMake(fileIn(dataFolder), make))
}

/**
 * For other programs, which must not create a key.
 *
 * @throws Misuse when no ledger was ever started in the folder
 */
export async function existingDevelopmentIssuer(dataFolder: string): Promise<DevelopmentIssuer> {
  const pem = await readIfThere(fileIn(dataFolder))
  if (pem) return issuerWith(pem)
  throw new Misuse(
    `there is no ledger in ${dataFolder}: name the folder of one with --data DIR, or start one there with npm start -- --data '${dataFolder}'`,
  )
}

function issuerWith(pem: Buffer): DevelopmentIssuer {
  const key = createPrivateKey(pem)
  const signed = (claims: JWTPayload, audience: string, subject: string, lifetimeSeconds: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(developmentIssuer)
      .setAudience(audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(key)
  return {
    provider: (audience) => ({ issuer: developmentIssuer, audience, jwks: { keys: [publicJwk(key)] } }),
    token: ({ audience, subject, scope, lifetimeSeconds, email }) =>
      signed({ scope, ...(email && { email }) }, audience, subject, lifetimeSeconds),
    idToken: ({ clientId, subject, nonce, lifetimeSeconds }) =>
      signed({ ...(nonce !== undefined && { nonce }) }, clientId, subject, lifetimeSeconds),
  }
}

function publicJwk(key: KeyObject): Record<string, unknown> {
  return { ...createPublicKey(key).export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig' }
}
