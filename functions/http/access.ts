/**
 * Authenticates callers and authorises what they ask. Every credential is valid for one controller only:
 *
 *   site key     `?key=` (beacons and preflights cannot set headers), `x-site-key`, or a path parameter; names controller and site
 *   device       `Authorization: Device <secret>`, or in an event's body; the secret of an anonymous subject
 *   token        `Authorization: Bearer <JWT>` of the controller's identity provider; its scopes grant further rights
 */
import { hash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { SubjectReference } from '../../shared/api/schemas/events.ts'
import { deviceSecret, id } from '../../shared/api/schemas/scalars.ts'
import type { Assurance, Identity } from '../../shared/consent/event.ts'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import { parseSiteKey, type Site } from '../../shared/consent/site.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { recordable } from '../../shared/ledger/vault/checked-identity.ts'
import { type Call, header, parseBody, parseWith, pathParameter } from './call.ts'
import { admitSubject, siteKeyIn } from './rate-limits.ts'
import type { Bearer, TokenCheck } from './tokens.ts'

/** Token verification is loaded with the first token, because most calls carry none. */
const tokens = () => import('./tokens.ts')

async function verifyToken(provider: IdentityProvider | undefined, token: string): Promise<Bearer> {
  return (await tokens()).verifyToken(provider, token)
}

export interface SiteAccess {
  readonly snapshot: ControllerSnapshot
  readonly site: Site
}

/** The controller and site of the call's site key. Afterwards a page of an allowed origin may read the answer. */
export async function siteOf(call: Call): Promise<SiteAccess> {
  const { controllers } = call.instance.ledger
  const key = siteKeyIn(call)
  const named = key === undefined ? undefined : parseSiteKey(key)
  if (key === undefined || named === undefined)
    throw noSite(key === undefined ? 'a site key is needed' : 'not a site key')
  const origin = header(call, 'origin')
  let snapshot = await controllers.recent(named.controller)
  if (snapshot !== undefined && !allows(call, snapshot.sites.get(named.site), origin))
    snapshot = await controllers.current(named.controller)
  const site = snapshot?.sites.get(named.site)
  if (snapshot === undefined || site === undefined || !equal(site.key, key)) throw noSite('no site has this key')
  if (site.revokedAt !== undefined) throw noSite('the site of this key was revoked')
  if (origin !== undefined) {
    if (!allows(call, site, origin)) {
      throw new LedgerError('origin-not-allowed', 'this site does not allow the origin; an administrator can add it', {
        given: origin,
      })
    }
    call.allowedOrigin = origin
  }
  return { snapshot, site }
}

/** Whether the site exists and allows the origin. If not, the cached snapshot may be out of date, and the caller reads it again. */
function allows({ instance }: Call, site: Site | undefined, origin: string | undefined): boolean {
  if (site === undefined || origin === undefined) return site !== undefined
  return site.origins.includes(origin) || instance.allowsOrigin?.(site, origin) === true
}

function noSite(message: string): LedgerError {
  return new LedgerError('unauthenticated', message, {
    field: 'key',
    allowed: 'the key of a site, in ?key= or x-site-key',
  })
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/** The subject that the Authorization header proves. @throws LedgerError `unauthenticated` without one */
export async function subjectOf(call: Call, snapshot: ControllerSnapshot): Promise<Subject> {
  const subject = await optionalSubjectOf(call, snapshot)
  if (subject) return subject
  throw new LedgerError('unauthenticated', 'an Authorization header in one of the allowed forms is needed', {
    field: 'authorization',
    allowed: ['Device <secret>', 'Bearer <token of the controller’s identity provider>'],
  })
}

export async function optionalSubjectOf(
  call: Call,
  snapshot: ControllerSnapshot,
): Promise<{ identity: Identity; assurance: Assurance } | undefined> {
  const [scheme, credential] = authorization(call)
  if (scheme === 'device') return admitted(call, snapshot, ofDevice(secretIn(credential)))
  if (scheme !== 'bearer') return undefined
  return admitted(call, snapshot, ofAccount(await verifyToken(snapshot.identityProvider, credential)))
}

/** The refusal does not repeat a malformed secret, which may be nearly the real one. */
function secretIn(credential: string, field = 'authorization'): string {
  if (deviceSecret.safeParse(credential).success) return credential
  throw new LedgerError('invalid-request', 'the credential is not a device secret', {
    field,
    allowed: `${field === 'authorization' ? 'Device ' : ''}<22 to 128 base64url characters: 128 random bits or more>`,
  })
}

/** The subject that an event names. Its credential is in the event, or for identifiers in the Authorization header. */
export async function namedSubject(
  call: Call,
  snapshot: ControllerSnapshot,
  subject: SubjectReference,
): Promise<Subject> {
  if ('deviceSecret' in subject) return admitted(call, snapshot, ofDevice(subject.deviceSecret))
  if ('token' in subject) {
    return admitted(call, snapshot, ofAccount(await verifyToken(snapshot.identityProvider, subject.token)))
  }
  const assurance = subject.assurance ?? 'operator'
  await requireScope(call, snapshot, assurance === 'imported' ? 'consent.import' : 'consent.write')
  return { identity: await recordable(subject.identifier, snapshot, '/subject/identifier/id'), assurance }
}

/** A token of the controller's identity provider with this scope. */
async function requireScope(call: Call, snapshot: ControllerSnapshot, scope: string): Promise<Bearer> {
  return withScope(await bearerOf(call, snapshot.identityProvider), scope)
}

/** A token of the ledger's own identity provider with scope `ledger.admin`. */
export async function requireLedgerAdministrator(call: Call): Promise<Bearer> {
  return withScope(await bearerOf(call, call.instance.administrators), 'ledger.admin')
}

/**
 * Admits a caller that names a controller, by a token of that controller's provider with the scope. Without such a token the answer is the
 * same whether or not the controller exists.
 */
export async function controllerFor(
  call: Call,
  controller: string,
  scope: string,
): Promise<{ snapshot: ControllerSnapshot; bearer: Bearer }> {
  const { controllers } = call.instance.ledger
  const token = tokenIn(call)
  const { checkForm, failedCheck, verifyToken: verify } = await tokens()
  checkForm(token)
  const snapshot = (await controllers.recent(controller)) ?? (await controllers.current(controller))
  if (snapshot === undefined) throw stranger()
  const bearer = await verify(snapshot.identityProvider, token).catch((error: unknown) => {
    const check = failedCheck(error)
    throw check !== undefined && revealing.has(check) ? stranger(error) : error
  })
  return { snapshot, bearer: withScope(bearer, scope) }
}

/** The controller in the path, if the caller's token may administer it (scope `consent.admin`). */
export async function administered(
  call: Call,
): Promise<{ readonly controller: string; readonly snapshot: ControllerSnapshot; readonly bearer: Bearer }> {
  const controller = parseWith(id, pathParameter(call, 'controller'))
  return { controller, ...(await controllerFor(call, controller, 'consent.admin')) }
}

/** Checks that depend on the controller. Naming the one that failed would reveal that the controller exists. */
const revealing: ReadonlySet<TokenCheck> = new Set(['key', 'signature', 'issuer', 'audience'])

/**
 * The same for a controller that is named in the body. A caller without a sufficient token is refused before the rest of the body is
 * validated, so that validation errors describe the schema to authorised callers only.
 */
export async function controllerInBody(call: Call, scope: string): ReturnType<typeof controllerFor> {
  tokenIn(call)
  return controllerFor(call, parseBody(call, namesController).controller, scope)
}

const namesController = z.object({ controller: id })

/** The controller in the path of a public route. */
export async function publicSnapshot(call: Call): Promise<ControllerSnapshot> {
  const { controllers } = call.instance.ledger
  const controller = pathParameter(call, 'controller')
  const snapshot = (await controllers.recent(controller)) ?? (await controllers.current(controller))
  if (snapshot === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  return snapshot
}

function stranger(cause?: unknown): LedgerError {
  const allowed = 'Bearer <token of the controller’s identity provider>'
  const facts = { field: 'authorization', allowed }
  return new LedgerError(
    'unauthenticated',
    'the token is not valid for this controller, or there is no such controller',
    facts,
    cause,
  )
}

async function bearerOf(call: Call, provider: IdentityProvider | undefined): Promise<Bearer> {
  return verifyToken(provider, tokenIn(call))
}

function tokenIn(call: Call): string {
  const [scheme, credential] = authorization(call)
  if (scheme !== 'bearer') throw tokenNeeded()
  return credential
}

function tokenNeeded(): LedgerError {
  const facts = { field: 'authorization', allowed: 'Bearer <token>' }
  return new LedgerError('unauthenticated', 'an Authorization header with a bearer token is needed', facts)
}

function withScope(bearer: Bearer, scope: string): Bearer {
  if (bearer.scopes.has(scope)) return bearer
  throw new LedgerError('forbidden', 'the token lacks the scope', {
    given: [...bearer.scopes].slice(0, 20),
    allowed: [scope],
  })
}

/** RFC 9110, section 11.4: one or more spaces separate scheme and credential. */
function authorization(call: Call): [scheme: string, credential: string] {
  const [scheme = '', credential = ''] = (header(call, 'authorization') ?? '').trim().split(/ +/)
  return [scheme.toLowerCase(), credential]
}

export function deviceIdentity(secret: string): Identity {
  return { type: 'device', id: hash('sha256', secret, 'base64url') }
}

interface Subject {
  readonly identity: Identity
  readonly assurance: Assurance
}

function admitted(call: Call, snapshot: ControllerSnapshot, subject: Subject): Subject {
  admitSubject(call, snapshot.controller.controller, subject.identity)
  return subject
}

/** The device whose secret is in a body or header beside a token. The caller has checked its form. */
export function deviceSubject(call: Call, snapshot: ControllerSnapshot, secret: string): Subject {
  return admitted(call, snapshot, ofDevice(secret))
}

/** The device of the header `x-device-secret`, which may come with the account's token; `undefined` without it. */
export function secondDeviceOf(call: Call, snapshot: ControllerSnapshot): Subject | undefined {
  const secret = header(call, deviceHeader)
  return secret === undefined ? undefined : deviceSubject(call, snapshot, secretIn(secret, deviceHeader))
}

export const deviceHeader = 'x-device-secret'

function ofDevice(secret: string): Subject {
  return { identity: deviceIdentity(secret), assurance: 'anonymous' }
}

/** A token without a subject belongs to a program and cannot act for a person. */
function ofAccount({ subject }: Bearer): Subject {
  if (subject === undefined) {
    const facts = { field: 'authorization', allowed: 'a token with the claim "sub"', members: { check: 'subject' } }
    throw new LedgerError('unauthenticated', 'the token belongs to a program and names no person', facts)
  }
  return { identity: { type: 'account', id: subject }, assurance: 'authenticated' }
}
